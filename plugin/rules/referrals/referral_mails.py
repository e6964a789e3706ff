"""What the mails about referrals say: to the friend the code, to the advocate how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

from plugin.rules.formats import long_date, money, one_line, percent, reader_locale, web_address
from plugin.rules.messages import CodeOffer, Common, common_values, optional_address

End = Literal["refused", "reversed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendsCodeContext(Common):
    """The friend's code; `offer` is None where it takes off the shipping."""

    advocate: str
    code: str
    offer: CodeOffer | None
    minimum_minor: int = 0
    valid_until: date | None = None

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        offer, off = self.offer, ""
        if offer is not None and offer.percent_off is not None:
            off = percent(offer.percent_off, locale)
        elif offer is not None:
            off = money(offer.amount_off_minor or 0, self.currency, locale)
        value = one_line(self.code, 64)
        return {
            **common_values(self, locale),
            "advocate": one_line(self.advocate, 60),
            "off": off,
            "code": {
                "value": value,
                "minimum": money(self.minimum_minor, self.currency, locale) if self.minimum_minor > 0 else "",
                "until": long_date(self.valid_until, locale) if self.valid_until else "",
                "url": f"{web_address(self.shop_url).rstrip('/')}/discount/{quote(value, safe='')}",
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocateContext(Common):
    """How a referral went. `points` or `code` is the reward; `due_on` when it is expected."""

    points: int = 0
    code: str = ""
    due_on: date | None = None
    ended: End | Literal[""] = ""
    taken_back: bool = False
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "points": self.points,
            "code": one_line(self.code, 64),
            "due_on": long_date(self.due_on, locale) if self.due_on else "",
            "ended": self.ended,
            "taken_back": self.taken_back,
        }
