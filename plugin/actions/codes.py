"""Make a redemption's code exist in the shop, or make it useless there.

Shopify has no idempotency key for discounts: the code itself is ours. A code that is TAKEN by a
discount with our tag was created by a try whose answer got lost.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions import code_pools, redeem_points
from plugin.actions.hand_out import REWARD_GIVEN
from plugin.actions.order_effects import CODE_READY, CONFIRMATION
from plugin.actions.work import Work
from plugin.clients import queries
from plugin.clients.shopify import refuse_user_errors, user_errors
from plugin.errors import NotFound, Refused
from plugin.rules import discounts, next_order_code
from plugin.rules.discounts import Label
from plugin.store import code_sets, jobs, members, messages, redemptions, reward_uses
from plugin.store.db import shop_transaction
from plugin.store.jobs import Job
from plugin.store.members import Member
from plugin.store.messages import Message
from plugin.store.redemptions import Redemption
from plugin.store.shops import Shop


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Bring the shop to what the redemption wants: the code created, or disabled."""
    with shop_transaction(work.engine, shop.id) as conn:
        redemption = redemptions.get(conn, shop.id, int(job.subject))
        member = members.get(conn, shop.id, redemption.member_id) if redemption else None
    if redemption is None or member is None:
        raise NotFound("this redemption no longer exists")
    if redemption.code_state == "wanted":
        _create(work, shop, redemption, member)
    elif redemption.code_state == "unwanted":
        _disable(work, shop, redemption)


def tag_of(shop: Shop, redemption_id: int) -> str:
    """How a discount in the shop says whose it is."""
    return f"suki-redemption-{shop.id}-{redemption_id}"


def _create(work: Work, shop: Shop, redemption: Redemption, member: Member) -> None:
    try:
        gid = _created(work, shop, redemption, member)
    except Refused:
        if not redemption.points:  # nothing to give back: it stays among the failed jobs, for staff to see
            raise
        _give_up(work, shop, redemption)
    else:
        _record(work, shop, redemption, gid, work.clock())


def _created(work: Work, shop: Shop, redemption: Redemption, member: Member) -> str:
    """Create the code and answer its id; a code that is TAKEN and ours was created before."""
    free_shipping = redemption.kind == "free_shipping"
    document = queries.CREATE_FREE_SHIPPING_CODE if free_shipping else queries.CREATE_BASIC_CODE
    made = work.execute(shop, document, {"discount": _input(shop, redemption, member)})
    payload = made["discountCodeFreeShippingCreate" if free_shipping else "discountCodeBasicCreate"]
    if any(error.code == "TAKEN" for error in user_errors(payload)):
        found = _ours(work, shop, redemption)
        if found is None:
            raise Refused(f"the code {redemption.code} belongs to another discount of the shop", "TAKEN")
        return str(found["id"])
    refuse_user_errors(payload)
    return str(payload["codeDiscountNode"]["id"])


def _give_up(work: Work, shop: Shop, redemption: Redemption) -> None:
    """Shopify will not create what the points bought: they go back, once it says that there is no code."""
    with shop_transaction(work.engine, shop.id) as conn:
        reward_uses.want_back(conn, shop.id, redemption.id, "creation_failed", "suki")
    _disable(work, shop, redemption)


def _input(shop: Shop, redemption: Redemption, member: Member) -> dict[str, object]:
    tag = tag_of(shop, redemption.id)
    starts_at, ends_at = redemption.created_at, redemption.expires_at
    if redemption.is_reward:
        label = Label(redemption.code, f"{redemption.title} {redemption.code}", tag)
        made = discounts.reward_input(redemption.terms, label, starts_at, ends_at)
    else:
        title = f"Next order {redemption.code}"
        made = next_order_code.discount_input(redemption.terms, redemption.code, title, tag, starts_at, ends_at)
    return made | {"context": _context(member)}


def _context(member: Member) -> dict[str, object]:
    """Bound to the customer where there is one."""
    if member.customer_id is None:
        return {"all": "ALL"}
    return {"customers": {"add": [f"gid://shopify/Customer/{member.customer_id}"]}}


def _ours(work: Work, shop: Shop, redemption: Redemption) -> dict[str, Any] | None:
    """The discount behind the code, if it is this redemption's."""
    node = work.execute(shop, queries.CODE_BY_VALUE, {"code": redemption.code})["codeDiscountNodeByCode"]
    if node is None or tag_of(shop, redemption.id) not in (node["codeDiscount"].get("tags") or ()):
        return None
    found: dict[str, Any] = node
    return found


def _record(work: Work, shop: Shop, redemption: Redemption, gid: str, now: datetime) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        redemptions.issued(conn, shop.id, redemption.id, gid, now)
        jobs.queue(conn, shop.id, "push_member", [redemption.member_id], now)
        waits = REWARD_GIVEN if redemption.is_reward else CONFIRMATION
        confirmation = messages.by_subject(conn, shop.id, waits, redemption.subject)
        if confirmation is None:
            return
        if confirmation.state == "queued":
            jobs.queue(conn, shop.id, "send_message", [confirmation.id], now)
        elif confirmation.state == "sent" and not redemption.is_reward:
            _send_after_all(conn, shop, confirmation, now)


def _send_after_all(conn: Connection, shop: Shop, confirmation: Message, now: datetime) -> None:
    """The confirmation went without the code: a mail of its own brings it."""
    row = {
        "shop_id": shop.id,
        "member_id": confirmation.member_id,
        "kind": CODE_READY,
        "subject": confirmation.subject,
        "locale": confirmation.locale,
    }
    made = messages.queue(conn, [row])
    jobs.queue(conn, shop.id, "send_message", (number for number, *_ in made), now)


def _disable(work: Work, shop: Shop, redemption: Redemption) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        pool = code_sets.of_redemption(conn, shop.id, redemption.id)
    used = code_pools.remove(work, shop, redemption, pool) if pool else _disabled_after_use(work, shop, redemption)
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        if used:
            redemptions.disabled_but_used(conn, shop.id, redemption.id)
        elif redemption.is_reward:
            redeem_points.release(conn, shop, redemption, now)
        else:
            redemptions.release(conn, shop.id, redemption.id, now)
        jobs.queue(conn, shop.id, "push_member", [redemption.member_id], now)


def _disabled_after_use(work: Work, shop: Shop, redemption: Redemption) -> bool:
    """Disable the discount, if there is one; says whether it was used before."""
    found = _ours(work, shop, redemption)
    if found is None:
        return False
    answer = work.execute(shop, queries.DEACTIVATE_CODE, {"id": found["id"]})["discountCodeDeactivate"]
    refuse_user_errors(answer)
    used = bool(answer["codeDiscountNode"]["codeDiscount"].get("asyncUsageCount"))
    return used or bool(redemption.is_reward and code_pools.on_an_order(work, shop, redemption.code))
