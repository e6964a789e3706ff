"""What members can earn with besides orders: the activities of a programme, each kind with exactly its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from plugin.rules.fields import End, Name, Rules, Start, WrongAt, shaped
from plugin.rules.formats import web_address
from plugin.rules.subjects import SocialDeed
from plugin.rules.words.texts import Said


def _web_address(value: str) -> str:
    try:
        return web_address(value)
    except ValueError:
        raise ValueError(Said("programme.activities.wrong.url")) from None


ActivityId = Annotated[str, StringConstraints(pattern=r"^a[0-9a-z]{1,16}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    shaped("[a-z0-9][a-z0-9-]{1,39}", Said("programme.activities.wrong.word")),
]
Url = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_web_address)]
Times = Annotated[int, Field(ge=1, le=1_000_000)]
TierKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
TierPoints = Annotated[int, Field(ge=1, le=1_000_000)]
Network = Literal["instagram", "facebook", "tiktok", "x", "youtube", "pinterest", "threads", "whatsapp"]


class _Activity(Rules):
    """`note` is what members read below the name. Without a start and an end it is there for good."""

    id: ActivityId
    name: Name
    points: int = Field(ge=1, le=1_000_000)
    active: bool = True
    starts_at: Start = None
    ends_at: End = None
    note: Text = ""


class Repeated(_Activity):
    """How often one member may earn with it: per day, week, month and year of the shop, ever, and how soon again."""

    per_day: Times | None = None
    per_week: Times | None = None
    per_month: Times | None = None
    per_year: Times | None = None
    in_total: Times | None = None
    cooldown_hours: int = Field(default=0, ge=0, le=8760)


class Newsletter(_Activity):
    """Consent to marketing mails, once. `existing`: also consent from before this was offered."""

    kind: Literal["newsletter"] = "newsletter"
    existing: bool = False


class Birthday(_Activity):
    """The member's day, once a year. A day given or changed less than `waiting_days` before waits a year.

    `tier_points` are those of the members who stand in a tier on the day, by its key; the others get `points`.
    """

    kind: Literal["birthday"] = "birthday"
    tier_points: Annotated[Mapping[TierKey, TierPoints], Field(max_length=50)] = {}
    waiting_days: int = Field(default=30, ge=0, le=365)
    member_days: int = Field(default=0, ge=0, le=3650)
    leap_day: Literal["28 February", "1 March"] = "28 February"


class Anniversary(_Activity):
    """Each year on the day on which the member joined; 29 February as `leap_day` says."""

    kind: Literal["anniversary"] = "anniversary"
    leap_day: Literal["28 February", "1 March"] = "28 February"


class Social(_Activity):
    """A link to follow or share, once. Nobody can verify it: networks do not tell."""

    kind: Literal["social"] = "social"
    network: Network
    deed: Literal["follow", "share"] = "follow"
    url: Url


class Visit(Repeated):
    """A page of the shop with a link that carries the word."""

    kind: Literal["visit"] = "visit"
    word: Word


class Profile(_Activity):
    """The questions of the shop, all answered, once; `birthday`: the day is one of them."""

    kind: Literal["profile"] = "profile"
    birthday: bool = True
    questions: Annotated[tuple[Name, ...], Field(max_length=8)] = ()

    @field_validator("questions")
    @classmethod
    def _different(cls, questions: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if len({question.casefold() for question in questions}) != len(questions):
            raise ValueError(Said("programme.activities.wrong.same_question"))
        if not questions and not info.data.get("birthday"):
            raise ValueError(Said("programme.activities.wrong.no_question"))
        return questions


class _ByApi(Repeated):
    """Reported by another app or by the shop itself, which names it by its word."""

    word: Word


class Review(_ByApi):
    """A product review."""

    kind: Literal["review"] = "review"


class Survey(_ByApi):
    """A survey that was answered."""

    kind: Literal["survey"] = "survey"


class Custom(_ByApi):
    """Anything else."""

    kind: Literal["custom"] = "custom"


Activity = Annotated[
    Newsletter | Birthday | Anniversary | Social | Visit | Profile | Review | Survey | Custom,
    Field(discriminator="kind"),
]
KINDS = (Newsletter, Birthday, Anniversary, Social, Visit, Profile, Review, Survey, Custom)
NETWORKS = {
    "instagram": "Instagram",
    "facebook": "Facebook",
    "tiktok": "TikTok",
    "x": "X",
    "youtube": "YouTube",
    "pinterest": "Pinterest",
    "threads": "Threads",
    "whatsapp": "WhatsApp",
}
ONLY_ONE = ("newsletter", "birthday", "anniversary", "profile")
BY_API = ("review", "survey", "custom")


def consistent(activities: tuple[Activity, ...]) -> tuple[Activity, ...]:
    """The activities, if ids, words, networks and the kinds that there is one of are each there once."""
    for place, one in enumerate(activities):
        for earlier in activities[:place]:
            if clash := _clash(earlier, one):
                raise WrongAt(f"{place}.{clash[0]}", clash[1])
    return activities


def _clash(one: Activity, other: Activity) -> tuple[str, str] | None:
    """The field in which two activities meet, and the words; None where they go together."""
    if one.id == other.id:
        return "id", Said("programme.activities.wrong.id_taken")
    if one.kind == other.kind and one.kind in ONLY_ONE:
        return "name", Said("programme.activities.wrong.one_of_kind")
    if isinstance(one, Social) and isinstance(other, Social) and (one.network, one.deed) == (other.network, other.deed):
        return "network", Said("programme.activities.wrong.network_taken")
    if word_of(one) and word_of(one) == word_of(other):
        return "word", Said("programme.activities.wrong.word_taken")
    return None


def word_of(activity: Activity) -> str:
    """The word in a link or a call that means this activity; empty where it has none."""
    return activity.word if isinstance(activity, Visit | Review | Survey | Custom) else ""


def points_for(activity: Activity, tier: str) -> int:
    """What it brings somebody who stands in the tier with this key; an empty one is none.

    >>> points_for(Birthday(id="a1", name="Birthday", points=50, tier_points={"gold": 200}), "gold")
    200
    """
    own = activity.tier_points if isinstance(activity, Birthday) else {}
    return own.get(tier, activity.points)


def find(activities: Iterable[Activity], named: str) -> Activity | None:
    """The activity with this id or this word."""
    return next((one for one in activities if named and named in (one.id, word_of(one))), None)


def counted_as(activity: Activity) -> str:
    """What its limits are counted by: a kind that is there once stays the same when it is removed and added again."""
    if isinstance(activity, Social):
        return str(SocialDeed(activity.network, activity.deed))
    return activity.kind if activity.kind in ONLY_ONE else activity.id
