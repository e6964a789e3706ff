"""What happened to a member, newest first: the entries of the ledger, and between them the events that are no entry.

Every entry that is younger than the first event has one, too; it is shown once, by the entry, which says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.rules import formats
from plugin.rules.events import (
    EventKind,
    MemberJoined,
    PointsExpiring,
    PointsUsable,
    Recorded,
    ReferralClaimed,
    ReferralOrdered,
    ReferralRefused,
    RewardGiven,
    RewardRedeemed,
    RewardReturned,
    RewardUsed,
    SurveyAnswered,
    TierAtRisk,
    TierLost,
    TierReached,
)
from plugin.rules.message_kinds import LABELS
from plugin.store.members import bulk_acts, member_pages, members
from plugin.store.members.member_pages import ShownEntry
from plugin.store.members.members import Member
from plugin.store.rewards import redemptions
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, events, messages
from plugin.store.work.activity_pages import StaffAct
from plugin.web.admin.activity import staff_words
from plugin.web.admin.frame.layout import link
from plugin.web.current import shop
from plugin.web.shown import money, who
from plugin.web.words import language, t

EVENTS_SHOWN: Final = 200
BESIDE_ENTRIES: Final = (
    EventKind.POINTS_USABLE, EventKind.POINTS_EXPIRING, EventKind.REWARD_REDEEMED, EventKind.REWARD_USED,
    EventKind.REWARD_RETURNED, EventKind.REWARD_GIVEN, EventKind.TIER_REACHED, EventKind.TIER_AT_RISK,
    EventKind.TIER_LOST, EventKind.REFERRAL_CLAIMED, EventKind.REFERRAL_ORDERED, EventKind.REFERRAL_REFUSED,
    EventKind.MEMBER_JOINED, EventKind.MEMBER_LEFT, EventKind.MEMBER_CAME_BACK, EventKind.MEMBER_MERGED,
    EventKind.MEMBER_ERASED, EventKind.SURVEY_ANSWERED,
)  # fmt: skip
"""Kinds of which no entry tells."""
BY_ENTRY: Final = ("adjust_points", "undo_adjustment", "give_birthday")
"""Acts of staff that an entry tells of, and by whom."""
_PLAIN: Final[Mapping[EventKind, str]] = {
    EventKind.MEMBER_LEFT: "members.timeline.left",
    EventKind.MEMBER_CAME_BACK: "members.timeline.back",
    EventKind.MEMBER_MERGED: "members.timeline.merged",
    EventKind.MEMBER_ERASED: "members.timeline.erased",
}


@dataclass(frozen=True)
class Happened:
    """One event in words."""

    at: datetime
    words: str
    entry: None = None
    href: str = ""


@dataclass(frozen=True)
class _Names:
    """What ids and keys are called."""

    rewards: Mapping[int, str]
    tiers: Mapping[str, str]
    points: str


def beside(
    conn: Connection,
    member_id: int,
    entries: Sequence[ShownEntry],
    before: int | None,
    *,
    last: bool,
    show: str = "",
) -> list[Happened]:
    """What happened in the time that a page of entries is about, newest first, without the entries themselves: events,
    orders, emails and acts on many, or only what `show` names. `last`: no older entries follow."""
    since = entries[-1].created_at if entries and not last else None
    until = member_pages.written_at(conn, shop().id, member_id, before) if before else None
    when = _When(conn, member_id, since, until)
    sources = {"events": _events, "orders": _orders, "emails": _emails, "staff": _by_staff}
    return [one for name, source in sources.items() if show in ("", name) for one in source(when)]


@dataclass(frozen=True)
class _When:
    """Whose time it is about, and from when until when (None: no bound)."""

    conn: Connection
    member_id: int
    since: datetime | None
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether a moment is in it."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def _events(when: _When) -> list[Happened]:
    kinds = [kind.value for kind in BESIDE_ENTRIES]
    found = events.between(when.conn, shop().id, when.member_id, kinds, when.since, when.until, EVENTS_SHOWN)
    names = _names(when.conn, found)
    return [Happened(one.happened_at, words) for one in found if (words := said(one, names))]


def _orders(when: _When) -> list[Happened]:
    found = member_pages.orders_between(
        when.conn, shop().id, when.member_id, when.since, when.until, EVENTS_SHOWN
    )  # fmt: skip
    return [
        Happened(
            one.placed_at, t("members.timeline.order", name=one.name or one.order_id, total=money(one.total_minor))
        )
        for one in found
        if one.placed_at is not None
    ]


def _emails(when: _When) -> list[Happened]:
    found = messages.between(when.conn, shop().id, when.member_id, when.since, when.until, EVENTS_SHOWN)
    return [
        Happened(
            one.created_at,
            t(
                "members.timeline.email",
                subject=one.mail_subject or LABELS.get(one.kind, one.kind),
                state=t(f"members.member.message.{one.state}"),
            ),
            href=link("letter", message_id=one.id),
        )
        for one in found
    ]


def _by_staff(when: _When) -> list[Happened]:
    """What staff did to them, as far as no entry says so, and acts on many that they were among."""
    return [*_acts(when), *_among_many(when)]


def _acts(when: _When) -> list[Happened]:
    found = activity_pages.staff_acts_on(when.conn, shop().id, when.member_id, BY_ENTRY, when.since, when.until)
    people = members.by_ids(when.conn, shop().id, [when.member_id]) if found else {}
    return [Happened(act.at, _act(act, people)) for act in found]


def _act(act: StaffAct, people: Mapping[int, Member]) -> str:
    note, what = str(act.detail.get("note") or ""), staff_words.words(act, people)
    key = "members.timeline.staff_note" if note else "members.timeline.staff"
    return t(key, what=what, who=who(act.actor), note=note)


def _among_many(when: _When) -> list[Happened]:
    return [
        Happened(
            one.created_at,
            t("members.timeline.bulk", number=one.id, who=who(one.actor)),
            href=link("bulk_act", act_id=one.id),
        )
        for one in bulk_acts.of_member(when.conn, shop().id, when.member_id, EVENTS_SHOWN)
        if when.holds(one.created_at)
    ]


def _names(conn: Connection, found: Sequence[Recorded]) -> _Names:
    payloads = [one.payload for one in found]
    about = [one for one in payloads if isinstance(one, RewardRedeemed | RewardUsed | RewardReturned | RewardGiven)]
    versions = programmes.versions(conn, shop().id)
    tiers = {tier.key: tier.name for version in versions for tier in version.programme.tiers.levels}
    made = redemptions.by_ids(conn, shop().id, {one.redemption for one in about}) if about else {}
    return _Names({number: one.title for number, one in made.items()}, tiers, versions[-1].programme.points_name)


def said(one: Recorded, names: _Names) -> str:
    """The event in a few words; empty where an entry says the same."""
    what = one.payload
    if isinstance(what, RewardRedeemed | RewardUsed | RewardReturned | RewardGiven):
        return _reward(what, names.rewards.get(what.redemption, what.reward))
    if isinstance(what, TierReached | TierAtRisk | TierLost):
        return _tier(what, names.tiers.get(what.tier, what.tier))
    if isinstance(what, PointsUsable | PointsExpiring):
        return _points(what, formats.points(what.points, names.points, language()))
    if isinstance(what, MemberJoined):
        return t("members.timeline.joined_guest" if what.guest else "members.timeline.joined")
    if isinstance(what, SurveyAnswered):
        return t(f"members.timeline.answered.{what.survey}", score=what.score)
    if isinstance(what, ReferralClaimed):
        return t("members.timeline.claimed")
    if isinstance(what, ReferralOrdered):
        return t("members.timeline.ordered")
    if isinstance(what, ReferralRefused):
        return t("members.timeline.declined")
    return t(_PLAIN[one.kind]) if one.kind in _PLAIN else ""


def _reward(what: RewardRedeemed | RewardUsed | RewardReturned | RewardGiven, name: str) -> str:
    if isinstance(what, RewardRedeemed):
        return t("members.timeline.redeemed", reward=name) if what.held else ""
    if isinstance(what, RewardReturned):
        return "" if what.points else t("members.timeline.taken_back", reward=name)
    if isinstance(what, RewardGiven):
        return t("members.timeline.given", reward=name)
    return t("members.timeline.used", reward=name)


def _tier(what: TierReached | TierAtRisk | TierLost, name: str) -> str:
    if isinstance(what, TierReached):
        return t("members.timeline.reached", tier=name)
    if isinstance(what, TierLost):
        return t("members.timeline.lost", tier=name)
    return t("members.timeline.at_risk", tier=name, day=formats.long_date(what.ends_on, language()))


def _points(what: PointsUsable | PointsExpiring, points: str) -> str:
    if isinstance(what, PointsUsable):
        return t("members.timeline.usable", points=points)
    day = formats.long_date(shop().last_day(what.ends_at), language())
    return t("members.timeline.expiring", points=points, day=day)
