"""A gift: what it is, why, and the code where there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import quote

from babel import Locale
from sqlalchemy import Connection

from plugin.messages import promotional
from plugin.messages.head import account, await_code, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules import explain, subjects
from plugin.rules.formats import long_date, one_line, reader_locale, web_address
from plugin.rules.messages import Common, common_values, optional_address, own_code
from plugin.rules.rewards import reward_names, reward_terms
from plugin.rules.types import Reason
from plugin.store.gifts import gifts
from plugin.store.gifts.gifts import Gift
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption


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
            "earned": self.amount(max(0, self.points), locale),
            "gift": one_line(self.reward, 80),
            "code": own_code(
                code,
                f"{shop}/discount/{quote(code, safe='')}" if code and self.is_discount else shop,
                until=long_date(self.valid_until, locale) if self.valid_until else "",
            ),
            "terms": " ".join(one_line(term, 300) for term in self.terms),
            "rewards_url": optional_address(self.rewards_url),
            "why": self._why(locale),
        }

    def _why(self, locale: Locale) -> str:
        """The reason as the shopper's page says it; of one without words, thanks."""
        code = self.why.code if explain.known(self.why.code) else "other_gift"
        return one_line(explain.words(Reason(code, self.why.values), locale, "shopper", currency=self.currency), 300)


def build(occasion: Occasion) -> RewardGivenContext | None:
    """The gift of one message (`gift:ID:ROUND`); None when it no longer stands. NotYet while the code is made.

    Asking somebody back is marketing; every other gift is for something that they did.
    """
    shop, message = occasion.shop, occasion.message
    gift = occasion.together("gift", _gifts, lambda one: subjects.Gift.parse(one.subject).gift_id)
    if gift is None or gift.state != "given" or gift.subject != message.subject:
        return None
    if gift.terms.get("trigger") == "lapsed":
        promotional.insist(occasion)
    made = _made(occasion, gift)
    if made is not None and made.state == "released" and not gift.points:
        return None
    if made is not None and made.code_state == "wanted":
        await_code(message, occasion.now)
    good = made is not None and (made.code_state == "created" or made.kind == "pool_code") and made.state != "released"
    common = head(shop, occasion.member)
    return RewardGivenContext(
        **common,
        points_name=occasion.programme.points_name,
        why=gift.why,
        points=gift.points,
        reward=_named(made, common["locale"]) if made is not None and made.state != "released" else "",
        code_value=made.code if made is not None and good and not made.is_reference else "",
        valid_until=shop.last_day(made.expires_at) if made is not None and good and made.expires_at else None,
        terms=_terms(made, common["locale"]) if made is not None and good else (),
        rewards_url=f"{shop.storefront}/apps/suki/rewards",
        account_url=account(shop),
    )


def _gifts(conn: Connection, shop_id: int, ids: list[int]) -> dict[int, Gift]:
    return {gift.id: gift for gift in gifts.by_ids(conn, shop_id, ids)}


def _made(occasion: Occasion, gift: Gift) -> Redemption | None:
    reward = str(gift.terms.get("reward") or "")
    found = redemptions.by_subjects(occasion.conn, occasion.shop.id, reward, [gift.subject]) if reward else {}
    return found.get(gift.subject)


def _named(made: Redemption, language: str) -> str:
    return reward_names.redeemed(made.terms, made.title, reader_locale(language))


def _terms(made: Redemption, language: str) -> tuple[str, ...]:
    """What it is worth, and what it can be used for, in the reader's language."""
    brings = reward_terms.brings(made.terms)
    said = (*([brings] if brings else []), *reward_terms.terms(made.terms))
    locale = reader_locale(language)
    return tuple(explain.words(one, locale, "shopper") for one in said)


def samples(shop: SampleShop) -> tuple[RewardGivenContext, ...]:
    """Points and a code for orders; then points for a birthday, and a reward whose code is still being made."""
    gift = RewardGivenContext(
        **shop.head,
        points_name=shop.points_name,
        why=Reason("milestone_orders", {"name": "Third", "count": 3, "order": "#1001"}),
        points=50,
        reward=shop.said("mug"),
        code_value="SUKI-7F3K",
        valid_until=shop.today + timedelta(days=60),
        rewards_url=f"{shop.shop_url}/apps/suki/rewards",
        account_url=shop.account_url,
    )
    spent = Reason("milestone_spend", {"amount_minor": 50 * shop.unit})
    return (
        gift,
        replace(gift, reward="", code_value="", why=Reason("automatic_birthday", {"year": "2026"})),
        replace(gift, code_value="", points=0, why=spent),
    )


MAIL = Kind(build, samples)
