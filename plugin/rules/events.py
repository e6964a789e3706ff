"""What happens to members and to the programme: the one list of kinds, each with the payload of the same name.

A payload is checked when it is written and when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType, NoneType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from plugin.rules.event_payloads import Key, Payload

_KEY: Final = re.compile(r"[A-Za-z0-9_.:/-]{0,200}")


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


TYPES: Final[Mapping[EventKind, type[Any]]] = MappingProxyType(
    {
        kind: next(one for one in get_args(Payload) if one.__name__ == kind.title().replace("_", ""))
        for kind in EventKind
    }
)
"""Each kind's payload: the class of the same name."""
KINDS: Final[Mapping[type[Any], EventKind]] = MappingProxyType({one: kind for kind, one in TYPES.items()})
FOLLOWED: Final[frozenset[EventKind]] = frozenset()
"""The kinds from which something follows at once; `plugin/what_follows.py` says what, and a test compares the two."""


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


def written(event: Event) -> dict[str, object]:
    """The payload as JSON. ValueError for anything but the ids, numbers, moments and keys that its type names."""
    _key(event.subject)
    return {name: write(getattr(event.payload, name)) for name, (write, _) in _SHAPES[type(event.payload)].items()}


def read(kind: str, values: Mapping[str, object]) -> Payload:
    """The payload again. ValueError for a kind that is not in the list, and for values that are not of its type."""
    type_ = TYPES[EventKind(kind)]
    shape = _SHAPES[type_]
    if strange := values.keys() - shape.keys():
        raise ValueError(f"{kind} has no {sorted(strange)}")
    missing = {one.name for one in fields(type_) if one.default is MISSING} - values.keys()
    if missing:
        raise ValueError(f"{kind} needs {sorted(missing)}")
    payload: Payload = type_(**{name: shape[name][1](value) for name, value in values.items()})
    return payload


_Way = tuple[Callable[[Any], object], Callable[[Any], object]]


def _shape(type_: type[Any]) -> dict[str, _Way]:
    """How each field is written and read."""
    hints = get_type_hints(type_, include_extras=True)
    return {one.name: _way(hints[one.name]) for one in fields(type_)}


def _way(hint: Any) -> _Way:
    parts = get_args(hint) if get_origin(hint) is not Annotated else (hint,)
    if NoneType in parts:
        write, back = _way(next(one for one in parts if one is not NoneType))
        return (lambda value: None if value is None else write(value)), (
            lambda value: None if value is None else back(value)
        )
    return WAYS[hint]


def _number(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is no whole number")
    return value


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError(f"{value!r} is neither yes nor no")
    return value


def _key(value: object) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError(f"{value!r} is no key")
    return str(value)


def _moment(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{value!r} is no moment")
    return value.isoformat()


def _day(value: object) -> str:
    if type(value) is not date:
        raise ValueError(f"{value!r} is no day")
    return value.isoformat()


WAYS: Final[Mapping[Any, _Way]] = MappingProxyType(
    {
        int: (_number, _number),
        bool: (_flag, _flag),
        Key: (_key, _key),
        datetime: (_moment, lambda value: datetime.fromisoformat(str(value))),
        date: (_day, lambda value: date.fromisoformat(str(value))),
    }
)
"""What a payload may hold, and how it is written and read."""
_SHAPES: Final[Mapping[type[Any], Mapping[str, _Way]]] = {one: _shape(one) for one in KINDS}
