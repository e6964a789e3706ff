"""What merchants can print in an email: ready words, by names that the editor's picker shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from babel import Locale

from plugin.rules.formats import counted_points, number


class Amount(int):
    """Points: a number for conditions and sums, and printed as words ("1,200 points")."""

    words: str

    def __new__(cls, points: int, points_name: str, locale: Locale) -> Amount:
        """So many, in the reader's language and by the shop's own name for them.

        >>> str(Amount(1200, "points", Locale("en"))), Amount(1200, "points", Locale("en")) > 100
        ('1,200 points', True)
        """
        made = super().__new__(cls, points)
        made.words = counted_points(points, number(points, locale), points_name, locale)
        return made

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Variable:
    """One value by its path (`first_name`, `reward.name`).

    `blank`: it may be empty, and wants a fallback. `sample` is its printed form in previews; `address`: a link may
    lead to it.
    """

    path: str
    sample: str
    blank: bool = False
    address: bool = False

    @property
    def label(self) -> str:
        """The key of what staff call it."""
        return f"emails.variable.{self.path.replace('.', '_')}"


COMMON: Final = (
    Variable("first_name", "Ana", blank=True),
    Variable("shop_name", "Aling Nena"),
    Variable("points_name", "points"),
    Variable("balance", "1,200 points"),
    Variable("pending", "150 points"),
    Variable("tier", "Gold", blank=True),
    Variable("next_tier", "Platinum", blank=True),
    Variable("tier_missing", "₱800.00", blank=True),
    Variable("reward.name", "Free mug", blank=True),
    Variable("reward.missing", "300 points", blank=True),
    Variable("rewards_in_reach", "Free mug, Free shipping", blank=True),
    Variable("rewards_url", "https://example.com/apps/suki/rewards", address=True),
    Variable("account_url", "https://example.com/account", address=True),
    Variable("shop_url", "https://example.com", address=True),
    Variable("invitation_url", "https://example.com/apps/suki/r/ANA-7F3K", blank=True, address=True),
    Variable("preferences_url", "https://example.com/apps/suki/preferences", blank=True, address=True),
    Variable("unsubscribe_url", "https://example.com/apps/suki/unsubscribe", blank=True, address=True),
)
"""What every kind has."""


def named(variables: Sequence[Variable]) -> Mapping[str, Variable]:
    """The variables by their paths."""
    return {each.path: each for each in variables}
