"""By what a shop's facts are counted, and how far a rebuild of them is: as both stand in the shop's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

COUNTED_BY: Final = "facts_counted_by"
UNDER_WAY: Final = "facts_rebuild"


@dataclass(frozen=True, slots=True)
class CountedBy:
    """What a change of makes other facts of the same orders."""

    zone: str
    currency: str
    first_month: date

    def setting(self) -> dict[str, Any]:
        """As it is kept."""
        return {COUNTED_BY: {**asdict(self), "first_month": self.first_month.isoformat()}}


@dataclass(frozen=True, slots=True)
class Rebuild:
    """How far it is: the last order or member, how many of them, and in which zone days are counted."""

    zone: str
    stage: str = "orders"
    after: int = 0
    orders: int = 0
    members: int = 0
    changed: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self.stage == "over"

    def setting(self) -> dict[str, Any]:
        """As it is kept."""
        return {UNDER_WAY: {} if self.over else asdict(self)}


def counted_by(settings: Mapping[str, Any]) -> CountedBy | None:
    """By what the facts are counted; None before they were ever computed."""
    kept = settings.get(COUNTED_BY)
    return CountedBy(kept["zone"], kept["currency"], date.fromisoformat(kept["first_month"])) if kept else None


def under_way(settings: Mapping[str, Any]) -> Rebuild | None:
    """How far the rebuild is, where one was begun and is not over."""
    kept = settings.get(UNDER_WAY)
    return Rebuild(**kept) if kept else None


def zone_of_days(settings: Mapping[str, Any], zone: str) -> str:
    """In which zone the days of orders are counted now. A shop that moves to another, and perhaps back, keeps counting
    in the one it had until everything is computed anew: never some orders in one and some in the other.

    >>> zone_of_days({}, "Asia/Manila"), zone_of_days({UNDER_WAY: {"zone": "UTC"}}, "Asia/Manila")
    ('Asia/Manila', 'UTC')
    """
    at, kept = under_way(settings), counted_by(settings)
    return at.zone if at else kept.zone if kept else zone
