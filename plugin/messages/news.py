"""What the news of a member's points and rewards have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from babel import Locale

from plugin.rules import explain
from plugin.rules.formats import long_date, one_line, reader_locale, web_address
from plugin.rules.messages import Common, common_values, own_code
from plugin.rules.rewards import reward_names, reward_terms
from plugin.rules.types import Reason
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsNews(Common):
    """Points that came, or can be spent now: for what, and what was written of it."""

    points: int
    activity: str = ""
    note: str = ""
    year: int = 0

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "points": self.amount(self.points, locale),
            "activity": one_line(self.activity, 80),
            "told": one_line(self.note, 300),
            "year": str(self.year or ""),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardNews(Common):
    """A reward with its code, if it has one. `points` is what it cost."""

    reward: str
    points: int = 0
    code_value: str = ""
    is_discount: bool = True
    valid_until: date | None = None
    worth: str = ""
    terms: tuple[str, ...] = ()
    expired: bool = False

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "gift": one_line(self.reward, 80),
            "points_back": self.amount(self.points, locale),
            "expired": self.expired,
            "terms": " ".join(one_line(term, 300) for term in self.terms),
            "code": self.code(locale),
        }

    def code(self, locale: Locale) -> dict[str, object]:
        """The code; a discount is applied by its link, anything else begins in the shop."""
        code, shop = one_line(self.code_value, 64), web_address(self.shop_url).rstrip("/")
        return own_code(
            code,
            f"{shop}/discount/{quote(code, safe='')}" if code and self.is_discount else shop,
            off=one_line(self.worth, 100),
            until=long_date(self.valid_until, locale) if self.valid_until else "",
        )


def about_reward(made: Redemption, shop: Shop, language: str) -> dict[str, object]:
    """The fields of RewardNews that a redemption's own terms say, in the reader's language."""
    worth = reward_terms.brings(made.terms)
    return {
        "reward": reward_names.redeemed(made.terms, made.title, reader_locale(language)),
        "points": made.points,
        "code_value": "" if made.is_reference else made.code,
        "valid_until": shop.last_day(made.expires_at) if made.expires_at else None,
        "worth": _said(worth, language) if worth else "",
        "terms": tuple(_said(one, language) for one in reward_terms.terms(made.terms)),
    }


def _said(one: Reason, language: str) -> str:
    return explain.words(one, reader_locale(language), "shopper")
