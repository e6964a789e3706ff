"""Who agreed to marketing: whom promotional emails go to, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from plugin.errors import LeftOut, NotYet
from plugin.messages.kind import Occasion
from plugin.rules.message_kinds import CODE_WAIT, NO_CONSENT
from plugin.rules.types import SUBSCRIBED
from plugin.store.members import customer_facts
from plugin.store.members.members import Member


def insist_on_consent(occasion: Occasion) -> None:
    """LeftOut for who did not agree, or of whom we do not know; NotYet while Shopify is being asked."""
    conn, shop, member, now = occasion.conn, occasion.shop, occasion.member, occasion.now
    if agreed(conn, shop.id, [member], now):
        return
    facts = customer_facts.known(conn, shop.id, [member.customer_id] if member.customer_id else [], now)
    if member.customer_id and not facts and now - occasion.message.created_at < CODE_WAIT:
        raise NotYet("we don't know yet whether the customer agreed to marketing emails", retry_after_seconds=60)
    raise LeftOut(NO_CONSENT)


def agreed(conn: Connection, shop_id: int, people: Iterable[Member], now: datetime) -> set[int]:
    """Those of whom it is known that they agreed to marketing mails."""
    by_customer = {one.customer_id: one.id for one in people if one.customer_id is not None}
    known = customer_facts.known(conn, shop_id, by_customer, now)
    return {by_customer[key] for key, facts in known.items() if facts.email_consent == SUBSCRIBED}
