"""Make a redemption's discount code exist in the shop, or make it useless there.

Shopify has no idempotency key for discounts: the code itself is ours. A code that is TAKEN by a
discount with our tag was created by a try whose answer got lost.
"""

from __future__ import annotations

from typing import Any

from plugin.actions.codes import code_pools
from plugin.actions.codes.issued_codes import record_issued, tag_of
from plugin.actions.rewards import redeem_points
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.clients.shopify.admin import refuse_user_errors, user_errors
from plugin.errors import Refused
from plugin.rules.codes import discounts, next_order_code
from plugin.rules.codes.discounts import Label
from plugin.store.codes import code_sets
from plugin.store.database.db import shop_transaction
from plugin.store.members.members import Member
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind


def create(work: Work, shop: Shop, redemption: Redemption, member: Member) -> None:
    """Create the code, once; what Shopify refuses gives the points back."""
    try:
        gid = _created(work, shop, redemption, member)
    except Refused:
        if not redemption.points:  # nothing to give back: it stays among the failed jobs, for staff to see
            raise
        _give_up(work, shop, redemption)
    else:
        record_issued(work, shop, redemption, gid)


def _created(work: Work, shop: Shop, redemption: Redemption, member: Member) -> str:
    """Create the code and answer its id; a code that is TAKEN and ours was created before."""
    free_shipping = redemption.kind == "free_shipping"
    document = queries.CREATE_FREE_SHIPPING_CODE if free_shipping else queries.CREATE_BASIC_CODE
    made = work.execute(shop, document, {"discount": _input(shop, redemption, member)})
    payload = made["discountCodeFreeShippingCreate" if free_shipping else "discountCodeBasicCreate"]
    if any(error.code == "TAKEN" for error in user_errors(payload)):
        found = _ours(work, shop, redemption)
        if found is None:
            raise Refused(f"The code {redemption.code} is already used by another discount", "TAKEN")
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


def take_back(work: Work, shop: Shop, redemption: Redemption, _member: Member) -> None:
    """Disable the code; the points come back if Shopify says that nobody used it."""
    _disable(work, shop, redemption)


def _disable(work: Work, shop: Shop, redemption: Redemption) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        pool = code_sets.of_redemption(conn, shop.id, redemption.id)
    used = code_pools.remove(work, shop, redemption, pool) if pool else _disabled_after_use(work, shop, redemption)
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        if redemption.is_reward and not used:
            redeem_points.release(conn, shop, redemption, now)
            return
        if used:
            redemptions.disabled_but_used(conn, shop.id, redemption.id)
        else:
            redemptions.release(conn, shop.id, redemption.id, now)
        jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [redemption.member_id], now)


def _disabled_after_use(work: Work, shop: Shop, redemption: Redemption) -> bool:
    """Disable the discount, if there is one; says whether it was used before."""
    found = _ours(work, shop, redemption)
    if found is None:
        return False
    answer = work.execute(shop, queries.DEACTIVATE_CODE, {"id": found["id"]})["discountCodeDeactivate"]
    refuse_user_errors(answer)
    used = bool(answer["codeDiscountNode"]["codeDiscount"].get("asyncUsageCount"))
    return used or bool(redemption.is_reward and code_pools.on_an_order(work, shop, redemption.code))
