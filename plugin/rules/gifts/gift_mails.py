"""What the mail about a gift says: what it is, why, and the code where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from plugin.rules.formats import long_date, money, one_line, reader_locale, web_address
from plugin.rules.messages import Common, common_values, optional_address
from plugin.rules.types import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardGivenContext(Common):
    """Points, a reward by its name, or both. `code_value` is empty as long as there is none; `terms` are sentences."""

    why: Reason
    points: int = 0
    reward: str = ""
    code_value: str = ""
    is_discount: bool = True
    valid_until: date | None = None
    terms: tuple[str, ...] = ()
    rewards_url: str = ""
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        code = one_line(self.code_value, 64)
        shop = web_address(self.shop_url).rstrip("/")
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "earned": max(0, self.points),
            "gift": one_line(self.reward, 80),
            "code": code,
            "until": long_date(self.valid_until, locale) if self.valid_until else "",
            "terms": [one_line(term, 300) for term in self.terms],
            "use_url": f"{shop}/discount/{quote(code, safe='')}" if code and self.is_discount else shop,
            "rewards_url": optional_address(self.rewards_url),
            "why": {"key": f"gifts.{self.why.code}", "values": self._shown()},
        }

    def _shown(self) -> dict[str, object]:
        shown: dict[str, object] = {}
        for name, value in self.why.values.items():
            if name == "amount_minor":
                shown["amount"] = money(int(str(value)), self.currency, reader_locale(self.locale))
            else:
                shown[name] = value if isinstance(value, int) else one_line(str(value), 100)
        return shown
