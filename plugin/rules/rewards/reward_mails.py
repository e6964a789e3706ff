"""What the mail about something that staff fulfil says: it is done, or it could not be."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.rules.formats import one_line, reader_locale
from plugin.rules.messages import Common, common_values, optional_address


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardDoneContext(Common):
    """The reward, and what staff wrote to the member; `points_back` of one that was cancelled."""

    reward: str
    told: str = ""
    cancelled: bool = False
    points_back: int = 0
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        return {
            **common_values(self, reader_locale(self.locale)),
            "account_url": optional_address(self.account_url),
            "reward": one_line(self.reward, 80),
            "told": one_line(self.told, 500),
            "cancelled": self.cancelled,
            "points_back": max(0, self.points_back),
        }
