"""To the friend: the code that a friend's invitation brings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

from plugin.messages.head import head, insist_on_code
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules import subjects
from plugin.rules.formats import long_date, money, one_line, percent, reader_locale, web_address
from plugin.rules.messages import CodeOffer, Common, common_values, own_code
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.referrals.advocate_name import shown_name
from plugin.store.members import members
from plugin.store.referrals import referrals
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption


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
            "code": own_code(
                value,
                f"{web_address(self.shop_url).rstrip('/')}/discount/{quote(value, safe='')}",
                off=off,
                minimum=money(self.minimum_minor, self.currency, locale) if self.minimum_minor > 0 else "",
                until=long_date(self.valid_until, locale) if self.valid_until else "",
            ),
        }


def build(occasion: Occasion) -> FriendsCodeContext | None:
    """The code of one claim (`referral:ID`); None when it was used or taken back. NotYet, NotFound: it is not made."""
    conn, shop = occasion.conn, occasion.shop
    found = referrals.get(conn, shop.id, subjects.Referral.parse(occasion.message.subject).referral_id)
    code = redemptions.get(conn, shop.id, found.redemption_id) if found is not None and found.redemption_id else None
    if found is None or code is None or code.state != "reserved":
        return None
    if code.code_state == "wanted":
        insist_on_code(occasion.message, occasion.now)
    if code.code_state != "created":
        return None
    advocate = members.get(conn, shop.id, found.member_id)
    least = to_minor(code.terms.get("minimum_order") or 0, minor_digits(str(code.terms["currency"])))
    return FriendsCodeContext(
        **head(shop, occasion.member, occasion.message.locale),
        points_name=occasion.programme.points_name,
        advocate=shown_name(advocate.first_name) if advocate else "",
        code=code.code,
        offer=_offer(code),
        minimum_minor=least,
        valid_until=shop.last_day(code.expires_at) if code.expires_at else None,
    )


def _offer(code: Redemption) -> CodeOffer | None:
    if code.kind == "free_shipping":
        return None
    value, digits = code.terms["value"], minor_digits(str(code.terms["currency"]))
    if code.kind == "percent_off":
        return CodeOffer(code.code, percent_off=Decimal(str(value)))
    return CodeOffer(code.code, amount_off_minor=to_minor(value, digits))


def samples(shop: SampleShop) -> tuple[FriendsCodeContext, ...]:
    """A percentage; then an amount with the least order, and free shipping from somebody without a name."""
    code = "FRIEND-7F3K"
    share = FriendsCodeContext(
        **shop.head,
        points_name=shop.points_name,
        advocate=shop.said("friend"),
        code=code,
        offer=CodeOffer(code, percent_off=Decimal(10)),
        valid_until=shop.today + timedelta(days=30),
    )
    amount = CodeOffer(code, amount_off_minor=5 * shop.unit)
    return (
        share,
        replace(share, offer=amount, minimum_minor=30 * shop.unit, first_name=""),
        replace(share, offer=None, advocate="", valid_until=None),
    )


MAIL = Kind(build, samples)
