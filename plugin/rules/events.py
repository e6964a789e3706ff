"""What happens to members and to the programme: the one list of kinds, each with the payload of the same name.

A payload holds ids, numbers, moments and keys; never a name, an address or a text.
`plugin.store.work.event_values` checks it when it is written and when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Final, get_args

Key = Annotated[str, "key"]
"""A word of the code or of the programme that names one of a few: `order`, `gold`, `orders/paid`."""


class EventKind(StrEnum):
    """Every kind of event."""

    POINTS_EARNED = "points_earned"
    POINTS_TAKEN_BACK = "points_taken_back"
    POINTS_USABLE = "points_usable"
    POINTS_EXPIRING = "points_expiring"
    POINTS_EXPIRED = "points_expired"
    POINTS_SPENT = "points_spent"
    POINTS_RETURNED = "points_returned"
    POINTS_CORRECTED = "points_corrected"
    REWARD_REDEEMED = "reward_redeemed"
    REWARD_USED = "reward_used"
    REWARD_RETURNED = "reward_returned"
    REWARD_GIVEN = "reward_given"
    TIER_REACHED = "tier_reached"
    TIER_AT_RISK = "tier_at_risk"
    TIER_LOST = "tier_lost"
    REFERRAL_CLAIMED = "referral_claimed"
    REFERRAL_ORDERED = "referral_ordered"
    REFERRAL_PAID = "referral_paid"
    REFERRAL_REFUSED = "referral_refused"
    ACTIVITY_DONE = "activity_done"
    SURVEY_ANSWERED = "survey_answered"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    MEMBER_CAME_BACK = "member_came_back"
    MEMBER_MERGED = "member_merged"
    MEMBER_ERASED = "member_erased"
    CAMPAIGN_BEGUN = "campaign_begun"
    CAMPAIGN_ENDED = "campaign_ended"
    PROGRAMME_PUBLISHED = "programme_published"
    DELIVERY_FAILED = "delivery_failed"
    JOB_FAILED = "job_failed"


@dataclass(frozen=True, slots=True)
class PointsEarned:
    """A ledger entry gave points; `why` is its kind. They can be spent from `usable_at` on."""

    entry: int
    points: int
    balance: int
    why: Key
    usable_at: datetime


@dataclass(frozen=True, slots=True)
class PointsTakenBack:
    """A ledger entry took back what had been given."""

    entry: int
    points: int
    balance: int
    why: Key


@dataclass(frozen=True, slots=True)
class PointsUsable:
    """The pending window of a lot is over; points that could be spent at once have no event of their own."""

    lot: int
    points: int


@dataclass(frozen=True, slots=True)
class PointsExpiring:
    """Points of one or more lots end at a moment that is near; `lot` is one of them, `warning` counts from one."""

    lot: int
    points: int
    ends_at: datetime
    warning: int


@dataclass(frozen=True, slots=True)
class PointsExpired:
    """What was left of a lot ended."""

    entry: int
    points: int
    balance: int
    lot: int


@dataclass(frozen=True, slots=True)
class PointsSpent:
    """A redemption took points."""

    entry: int
    points: int
    balance: int


@dataclass(frozen=True, slots=True)
class PointsReturned:
    """Points came back that had been spent, or had expired; `why` is the entry's kind."""

    entry: int
    points: int
    balance: int
    why: Key


@dataclass(frozen=True, slots=True)
class PointsCorrected:
    """Points that were set right, up or down: by staff, an import, a merge, or what is forgiven."""

    entry: int
    points: int
    balance: int
    why: Key


@dataclass(frozen=True, slots=True)
class RewardRedeemed:
    """A member bought a reward. `held`: the points are taken by the order that uses it."""

    redemption: int
    reward: Key
    points: int
    held: bool


@dataclass(frozen=True, slots=True)
class RewardUsed:
    """The reward was used: by an order, spent, or fulfilled by staff."""

    redemption: int
    reward: Key
    order: int | None = None


@dataclass(frozen=True, slots=True)
class RewardReturned:
    """The reward was taken back unused; its points go back."""

    redemption: int
    reward: Key
    points: int


@dataclass(frozen=True, slots=True)
class RewardGiven:
    """A member got a reward for nothing; `why` is the reason's code."""

    redemption: int
    reward: Key
    why: Key


@dataclass(frozen=True, slots=True)
class TierReached:
    """A member is in a higher tier than before; `was` is empty for none. `told`: it is news to them. `order`: the one
    that lifted them, where one did."""

    tier: Key
    was: Key
    why: Key
    told: bool
    order: int | None = None


@dataclass(frozen=True, slots=True)
class TierAtRisk:
    """The member was warned that the tier ends on a day."""

    tier: Key
    ends_on: date
    days: int


@dataclass(frozen=True, slots=True)
class TierLost:
    """A member is in a lower tier than before; `now` is empty for none."""

    tier: Key
    now: Key
    why: Key


@dataclass(frozen=True, slots=True)
class ReferralClaimed:
    """A friend claimed the member's link; `friend` is a member, too."""

    referral: int
    friend: int


@dataclass(frozen=True, slots=True)
class ReferralOrdered:
    """The friend ordered."""

    referral: int
    friend: int
    order: int


@dataclass(frozen=True, slots=True)
class ReferralPaid:
    """The member got the reward for it."""

    referral: int
    friend: int
    order: int


@dataclass(frozen=True, slots=True)
class ReferralRefused:
    """The referral does not count, or no longer; `why` is the reason's code."""

    referral: int
    friend: int
    why: Key


@dataclass(frozen=True, slots=True)
class ActivityDone:
    """The member did something that earns points."""

    record: int
    activity: Key
    points: int


@dataclass(frozen=True, slots=True)
class SurveyAnswered:
    """The member answered a survey; `score` is the answer in figures."""

    survey: Key
    answer: int
    score: int | None = None


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Somebody is a member from now on. `guest`: without an account."""

    guest: bool


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """The member left the programme."""


@dataclass(frozen=True, slots=True)
class MemberCameBack:
    """The member is in the programme again."""


@dataclass(frozen=True, slots=True)
class MemberMerged:
    """Another member became part of this one."""

    removed: int


@dataclass(frozen=True, slots=True)
class MemberErased:
    """The member's personal data are gone."""


@dataclass(frozen=True, slots=True)
class CampaignBegun:
    """A rule that holds for a time holds from now on."""

    rule: Key
    version: int


@dataclass(frozen=True, slots=True)
class CampaignEnded:
    """A rule that held for a time holds no longer."""

    rule: Key
    version: int


@dataclass(frozen=True, slots=True)
class ProgrammePublished:
    """A version of the programme was saved; it is in force from `begins_at` on."""

    version: int
    begins_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A webhook was given up; what went wrong is with the delivery."""

    delivery: int
    topic: Key
    attempts: int


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job was given up; what went wrong is with the job."""

    job: int
    what: Key
    attempts: int


Payload = (
    PointsEarned | PointsTakenBack | PointsUsable | PointsExpiring | PointsExpired | PointsSpent | PointsReturned
    | PointsCorrected | RewardRedeemed | RewardUsed | RewardReturned | RewardGiven | TierReached | TierAtRisk | TierLost
    | ReferralClaimed | ReferralOrdered | ReferralPaid | ReferralRefused | ActivityDone | SurveyAnswered | MemberJoined
    | MemberLeft | MemberCameBack | MemberMerged | MemberErased | CampaignBegun | CampaignEnded | ProgrammePublished
    | DeliveryFailed | JobFailed
)  # fmt: skip
TYPES: Final[Mapping[EventKind, type[Any]]] = MappingProxyType(
    {
        kind: next(one for one in get_args(Payload) if one.__name__ == kind.title().replace("_", ""))
        for kind in EventKind
    }
)
"""Each kind's payload: the class of the same name."""
KINDS: Final[Mapping[type[Any], EventKind]] = MappingProxyType({one: kind for kind, one in TYPES.items()})
WEBHOOKS: Final = "webhooks"
"""The reader that tells other programs: it reads only while a shop has an endpoint."""
READERS: Final[Mapping[str, frozenset[EventKind]]] = {
    "mails": frozenset(
        {
            EventKind.TIER_REACHED,
            EventKind.REWARD_RETURNED,
            EventKind.POINTS_USABLE,
            EventKind.SURVEY_ANSWERED,
        }
    ),
    WEBHOOKS: frozenset(EventKind),
}
"""Who reads events as they happen, and which kinds: `plugin/what_follows.py` says what follows; a test compares."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, to be written down. `member_id` is None where it is about nobody."""

    payload: Payload
    subject: str
    member_id: int | None = None
    happened_at: datetime | None = None
    """When, if not just now."""

    @property
    def kind(self) -> EventKind:
        """Which kind it is, by its payload."""
        return KINDS[type(self.payload)]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as it was written down."""

    id: int
    kind: EventKind
    member_id: int | None
    subject: str
    payload: Payload
    happened_at: datetime
