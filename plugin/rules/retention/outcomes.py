"""How the programme does, day by day: what Home, its file and its page of definitions say, and nothing else.

The words of each figure are in the panel's catalogue (`home.define.*`); what an order is, in decision 0034.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Final

PERIODS: Final = (7, 30, 90)
"""The numbers of days that one can look at."""
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "earned": (
            "earned", "welcome", "activity", "gift", "goodwill", "milestone", "automatic", "referral", "tier_bonus",
        ),
        "adjusted": ("adjusted",),
        "reversed": (
            "taken_back", "milestone_back", "automatic_back", "referral_back", "tier_bonus_back", "undone", "forgiven",
            "set_off",
        ),
        "redeemed": ("spent",),
        "released": ("returned",),
        "expired": ("expired", "expired_back"),
        "moved": ("merged",),
    }
)  # fmt: skip
"""Under which heading each kind of ledger entry is counted; what is moved between two accounts of one person is under
none."""
OF_KIND: Final = {kind: column for column, kinds in COLUMNS.items() for kind in kinds}
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a day or several: orders that count and what is kept of them (minor units of the shop's currency), those of
    members and those with a code of ours among them; who joined; and points, with the ledger's own sign."""

    orders: int = 0
    net_minor: int = 0
    member_orders: int = 0
    member_net_minor: int = 0
    code_orders: int = 0
    code_net_minor: int = 0
    joined: int = 0
    earned: int = 0
    adjusted: int = 0
    reversed: int = 0
    redeemed: int = 0
    released: int = 0
    expired: int = 0

    @property
    def given(self) -> int:
        """Points that members got, less what was taken back of them."""
        return self.earned + self.adjusted + self.reversed

    @property
    def used(self) -> int:
        """Points that were redeemed, less what came back."""
        return -(self.redeemed + self.released)

    @property
    def redemption_percent(self) -> Decimal | None:
        """What was used of a hundred points given in the same days; None where none were given."""
        return share(self.used, self.given)

    @property
    def member_percent(self) -> Decimal | None:
        """The part of what is kept that members bought."""
        return share(self.member_net_minor, self.net_minor)


NAMES: Final = tuple(field.name for field in fields(Figures))
NOTHING: Final = Figures()


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the shop, both ends included; the days before are as many."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + timedelta(days=k) for k in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> Period:
        """The same number of days, ending on the day before the first."""
        return Period(self.first - (self.last - self.first) - timedelta(days=1), self.first - timedelta(days=1))


def up_to(today: date, days: int) -> Period:
    """So many days, today the last."""
    return Period(today - timedelta(days=days - 1), today)


def total(days: Iterable[Figures]) -> Figures:
    """All of them together."""
    found = list(days)
    return Figures(**{name: sum(getattr(each, name) for each in found) for name in NAMES})


def share(part: int, whole: int) -> Decimal | None:
    """Per cent, to a tenth; None of nothing."""
    return (Decimal(part * 100) / whole).quantize(_TENTH, ROUND_HALF_UP) if whole > 0 else None


def change(now: int, before: int) -> Decimal | None:
    """By how many per cent it is more (or less, below nought) than before; None where there was nothing before."""
    return share(now - before, before)
