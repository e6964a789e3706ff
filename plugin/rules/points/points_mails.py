"""What the mails about points themselves say: which of them end, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plugin.rules.formats import long_date, reader_locale
from plugin.rules.messages import Common, NextReward, common_values, optional_address, reward_values


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiringContext(Common):
    """`points` that can be used up to and including `last_day`."""

    points: int
    last_day: date
    balance_available: int
    balance_pending: int = 0
    next_reward: NextReward | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "expiring": max(0, self.points),
            "last_day": long_date(self.last_day, locale),
            "balance": self.balance_available,
            "pending": self.balance_pending,
            "reward": reward_values(self.next_reward),
        }
