"""A link by mail confirms what being signed in to the storefront is not enough for.

It goes to the address that we hold, never to one that the request names. The row holds no secret: the link's mark is
made with a key of its own from what the row says, so nobody who reads the database or the mail log has a link.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import send, write
from plugin.rules import subjects
from plugin.rules.members.second_step import MAILS_AN_HOUR, PURPOSES, VALID_FOR
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names import turns
from plugin.settings import Settings
from plugin.store.members import second_steps
from plugin.store.members.members import Member
from plugin.store.members.second_steps import Step
from plugin.store.shops import paces
from plugin.store.shops.shops import Shop


def ask(
    conn: Connection,
    shop: Shop,
    member: Member,
    customer_id: int,
    purpose: str,
    prefix: str,
    now: datetime,
    *,
    subject: str = "",
    locale: str = "",
) -> bool:
    """Have a link sent; says whether one more may be sent now.

    Nothing here depends on whether there is an address: that the mail finds out.
    """
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    if not paces.take(conn, shop.id, [(str(turns.Confirming(member.id)), MAILS_AN_HOUR)], now):
        return False
    step = Step(0, member.id, customer_id, purpose, subject, prefix, now + VALID_FOR)
    number = second_steps.add(conn, shop.id, step, now)
    row = {
        "shop_id": shop.id,
        "member_id": member.id,
        "kind": MessageKind.SECOND_STEP,
        "subject": str(subjects.Step(number)),
        "locale": locale[:20],
    }
    send(conn, shop, write(conn, shop, [row], now), now)
    return True


def find(
    conn: Connection, shop: Shop, settings: Settings, number: int, mark: str, customer_id: int, now: datetime
) -> Step | None:
    """The link, if it may be used now by this customer; None for every other one, whatever is wrong with it."""
    step = second_steps.get(conn, shop.id, number)
    if step is None or step.customer_id != customer_id or step.used_at is not None or step.ends_at <= now:
        return None
    keys = settings.own_keys("second step")
    right = [hmac.compare_digest(_mark(key, shop, step).encode(), mark.encode()) for key in keys]
    return step if any(right) else None


def use(conn: Connection, shop: Shop, step: Step, now: datetime) -> bool:
    """Use it up, in the transaction that does what it confirms; says whether nobody was quicker."""
    return second_steps.use(conn, shop.id, step.id, now)


def link(shop: Shop, settings: Settings, step: Step) -> str:
    """Where it leads: the storefront, and the path under which Shopify answers for us there."""
    mark = _mark(settings.own_keys("second step")[0], shop, step)
    return f"{shop.storefront}{step.prefix}/step/{step.id}/{mark}"


def _mark(own: bytes, shop: Shop, step: Step) -> str:
    said = (shop.id, step.id, step.member_id, step.customer_id, step.purpose, step.subject, step.ends_at.timestamp())
    return hmac.digest(own, "|".join(map(str, said)).encode(), "sha256").hex()[:40]
