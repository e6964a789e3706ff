"""What the mails about tiers say: one reached with its perks, and one about to be lost or just lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plugin.rules.formats import long_date, money, number, one_line, reader_locale
from plugin.rules.messages import Common, common_values, optional_address
from plugin.rules.tiers.tier_rules import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class TierReachedContext(Common):
    """The tier, what it brings, and until when it is sure (None: no last day)."""

    tier: str
    perks: tuple[str, ...] = ()
    multiplier: Decimal = Decimal(1)
    last_day: date | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "tier": one_line(self.tier, 60),
            "perks": [one_line(perk, 200) for perk in self.perks],
            "multiplier": f"{self.multiplier.normalize():f}" if self.multiplier > 1 else "",
            "last_day": long_date(self.last_day, locale) if self.last_day else "",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TierEndingContext(Common):
    """The tier, its last day, and what keeps it; `ended` when it is already lost, with the tier that follows."""

    tier: str
    last_day: date
    ended: bool = False
    next_tier: str = ""
    metric: Metric = "spend"
    missing: int = 0
    keep_by: date | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        shown = money(self.missing, self.currency, locale) if self.metric == "spend" else number(self.missing, locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "tier": one_line(self.tier, 60),
            "last_day": long_date(self.last_day, locale),
            "ended": self.ended,
            "next_tier": one_line(self.next_tier, 60),
            "metric": self.metric,
            "missing": shown if self.missing > 0 else "",
            "count": self.missing,
            "keep_by": long_date(self.keep_by, locale) if self.keep_by else "",
        }
