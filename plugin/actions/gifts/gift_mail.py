"""What the mail about a gift says, as of when it is sent; None when the gift no longer stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.mail_heads import CODE_WAIT, account, await_code, head
from plugin.clients.shopper_texts import translator
from plugin.errors import LeftOut, NotYet
from plugin.rules import explain, subjects
from plugin.rules.formats import reader_locale
from plugin.rules.gifts.gift_mails import RewardGivenContext
from plugin.rules.rewards import reward_terms
from plugin.rules.types import SUBSCRIBED
from plugin.store.gifts import gifts
from plugin.store.members import customer_facts
from plugin.store.members.members import Member
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work.messages import Message

NO_CONSENT = "the customer did not agree to marketing mails"


def reward_given(
    conn: Connection, shop: Shop, member: Member, message: Message, now: datetime
) -> RewardGivenContext | None:
    """The mail of one message (`gift:ID:ROUND`). NotYet while the code is being made."""
    gift = gifts.get(conn, shop.id, subjects.Gift.parse(message.subject).gift_id)
    if gift is None or gift.state != "given" or gift.subject != message.subject:
        return None
    if gift.terms.get("trigger") == "lapsed":
        _check_consent(conn, shop, member, message, now)
    reward = str(gift.terms.get("reward") or "")
    made = redemptions.by_subjects(conn, shop.id, reward, [gift.subject]).get(gift.subject) if reward else None
    if made is not None and made.state == "released" and not gift.points:
        return None
    if made is not None and made.code_state == "wanted":
        await_code(message, now)
    good = made is not None and (made.code_state == "created" or made.kind == "pool_code") and made.state != "released"
    common = head(shop, member)
    language = common["locale"]
    return RewardGivenContext(
        **common,
        points_name=programmes.current(conn, shop.id, now).programme.points_name,
        why=gift.why,
        points=gift.points,
        reward=made.title if made is not None and made.state != "released" else "",
        code_value=made.code if made is not None and good and not made.is_reference else "",
        valid_until=shop.last_day(made.expires_at) if made is not None and good and made.expires_at else None,
        terms=_terms(made, language) if made is not None and good else (),
        rewards_url=f"{shop.storefront}/apps/suki/rewards",
        account_url=account(shop),
    )


def _check_consent(conn: Connection, shop: Shop, member: Member, message: Message, now: datetime) -> None:
    """Asking somebody back is marketing: it goes to those who agreed to that, and to nobody of whom we do not know."""
    if not agreed(conn, shop.id, [member], now):
        facts = customer_facts.known(conn, shop.id, [member.customer_id] if member.customer_id else [], now)
        if member.customer_id and not facts and now - message.created_at < CODE_WAIT:
            raise NotYet("it is not known yet whether the customer agreed to marketing mails", retry_after_seconds=60)
        raise LeftOut(NO_CONSENT)


def agreed(conn: Connection, shop_id: int, people: Iterable[Member], now: datetime) -> set[int]:
    """Those of whom it is known that they agreed to marketing mails."""
    by_customer = {one.customer_id: one.id for one in people if one.customer_id is not None}
    known = customer_facts.known(conn, shop_id, by_customer, now)
    return {by_customer[key] for key, facts in known.items() if facts.email_consent == SUBSCRIBED}


def _terms(made: Redemption, language: str) -> tuple[str, ...]:
    """What it is worth, and what it can be used for, in the reader's language."""
    brings = reward_terms.brings(made.terms)
    said = (*([brings] if brings else []), *reward_terms.terms(made.terms))
    locale, say = reader_locale(language), translator(language)
    return tuple(explain.words(one, locale, "shopper", translate=say) for one in said)
