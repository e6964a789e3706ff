"""An email came back, or its reader called it spam: its address is suppressed or counted, its message says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from plugin.actions.sending import refuse_emails
from plugin.observe import get_logger, mail_outcomes
from plugin.rules.sending.returned import Returned
from plugin.rules.sending.signed_links import EmailLinks
from plugin.store.database.db import enter_shop
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.sending import returned, suppressions
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import messages
from plugin.store.work.messages import Message

Outcome = Literal["taken", "before", "forged", "unknown"]
SAYS = {
    "hard": "the email came back: the address doesn't exist",
    "soft": "the email came back: not deliverable for now",
}
log = get_logger()


def take_back(conn: Connection, links: EmailLinks, source: str, one: Returned, now: datetime) -> Outcome:
    """Take one in, within any transaction; it works for the shop that the reference names from then on.

    Forged: we made no such reference. Unknown: the message is gone, or its member, of whom nothing is kept again.
    Before: it was told before, and nothing was done.
    """
    named = links.message_of(one.ref)
    if named is None:
        return "forged"
    shop_id, message_id = named
    enter_shop(conn, shop_id)
    shop, message = shops.find(conn, shop_id), messages.get(conn, shop_id, message_id)
    member = members.get(conn, shop_id, message.member_id) if message is not None else None
    if shop is None or message is None or member is None or member.state == "erased":
        return "unknown"
    if not returned.note(conn, shop_id, source, one, message_id, member.id, now):
        return "before"
    _carry_out(conn, shop, message, member, source, one, now)
    log.info("mail_came_back", shop=shop.domain, message=message_id, source=source, what=one.what, detail=one.detail)
    return "taken"


def _carry_out(
    conn: Connection, shop: Shop, message: Message, member: Member, source: str, one: Returned, now: datetime
) -> None:
    address = one.address or member.email
    if one.what == "complaint":
        _complained(conn, shop, member, address, source, now)
        return
    if address and one.what == "hard":
        suppressions.suppress(conn, shop.id, address, "bounced", source, one.detail, now)
    elif address:
        suppressions.count_soft(conn, shop.id, address, now)
    words = f"{SAYS[one.what]} ({one.detail})" if one.detail else SAYS[one.what]
    if returned.mark_message(conn, shop.id, message.id, words, now):
        mail_outcomes.labels(message.kind, "bounced").inc()


def refused(conn: Connection, shop_id: int, addresses: Mapping[str, str], now: datetime) -> None:
    """A server said, before it took an email, that there are no such mailboxes: by address, the status it gave.

    Their rows are written in order, so that two who write them wait for each other at most.
    """
    for address, status in sorted(addresses.items()):
        suppressions.suppress(conn, shop_id, address, "bounced", "returned", status, now)


def _complained(conn: Connection, shop: Shop, member: Member, address: str, source: str, now: datetime) -> None:
    """Whoever calls it spam wants no offers either: that goes to Shopify, as if they had unsubscribed."""
    if address:
        suppressions.suppress(conn, shop.id, address, "complained", source, "", now)
    refuse_emails.complained(conn, shop, member, now)
