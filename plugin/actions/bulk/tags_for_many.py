"""Add a tag to many customers in Shopify, or take one away: each is asked for first, so that undoing knows who had it.

What they had is written down before anything is changed; adding or taking a tag twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.clients.shopify.admin import user_errors
from plugin.errors import Refused
from plugin.rules import reach
from plugin.rules.reach import Surface
from plugin.store.database.db import shop_transaction
from plugin.store.members import bulk_acts, members
from plugin.store.members.bulk_acts import BulkAct, Outcome
from plugin.store.shops.shops import Shop

AT_ONCE = 25
NO_CUSTOMER, NOT_IN_SHOPIFY = "no_customer", "not_in_shopify"


def step(work: Work, shop: Shop, act_id: int) -> bool:
    """The next customers; says whether there may be more."""
    with shop_transaction(work.engine, shop.id) as conn:
        act = bulk_acts.get(conn, shop.id, act_id)
        if act is None or act.state != "running":
            return False
        ids = bulk_acts.next_members(conn, shop.id, act, AT_ONCE)
        customers = _customers(conn, shop, ids)
    asked = _had(work, shop, act, customers)
    outcomes = [Outcome(one, *_judged(one, customers, asked)) for one in ids]
    with shop_transaction(work.engine, shop.id) as conn:
        bulk_acts.note(conn, shop.id, act_id, outcomes)
    due = [one.member_id for one in outcomes if not one.why]
    _change(work, shop, act, (customers[one] for one in due), add=_adds(act))
    with shop_transaction(work.engine, shop.id) as conn:
        return _got_on(conn, shop, act, ids, outcomes, work.clock())


def _got_on(
    conn: Connection, shop: Shop, seen: BulkAct, ids: list[int], outcomes: list[Outcome], now: datetime
) -> bool:
    """Note how far it is, unless it was stopped, or another run was quicker."""
    act = bulk_acts.get(conn, shop.id, seen.id, lock=True)
    if act is None or act.state not in ("running", "stopped") or act.reached != seen.reached:
        return bool(act is not None and act.state == "running")
    if ids:
        bulk_acts.get_on(conn, shop.id, act.id, ids[-1], outcomes)
    if act.state == "running" and len(ids) < AT_ONCE:
        bulk_acts.be(conn, shop.id, act.id, "done", now)
        return False
    return act.state == "running"


def undo_step(work: Work, shop: Shop, act_id: int) -> bool:
    """The next customers, as they were before; says whether there may be more."""
    with shop_transaction(work.engine, shop.id) as conn:
        act = bulk_acts.get(conn, shop.id, act_id)
        if act is None or act.state != "undoing":
            return False
        before = bulk_acts.acted_on(conn, shop.id, act, AT_ONCE)
        customers = _customers(conn, shop, before)
    adds = _adds(act)
    changed = [one for one, had in before.items() if one in customers and bool(had) is not adds]
    _change(work, shop, act, (customers[one] for one in changed), add=not adds)
    with shop_transaction(work.engine, shop.id) as conn:
        now = bulk_acts.get(conn, shop.id, act_id, lock=True)
        if now is None or now.state != "undoing" or now.reached != act.reached:
            return now is not None and now.state == "undoing"
        if before:
            bulk_acts.get_back(conn, shop.id, act_id, max(before), len(changed))
        if len(before) < AT_ONCE:
            bulk_acts.be(conn, shop.id, act_id, "undone", work.clock())
        return len(before) == AT_ONCE


def _adds(act: BulkAct) -> bool:
    return bool(act.terms["how"] == "add")


def _customers(conn: Connection, shop: Shop, ids: Iterable[int]) -> dict[int, int]:
    """The customers of these members, whom tags may reach."""
    known = members.by_ids(conn, shop.id, ids)
    return {
        key: one.customer_id
        for key, one in known.items()
        if one.customer_id is not None and reach.ask(shop.launch, one.person, Surface.TAG).reaches
    }


def _had(work: Work, shop: Shop, act: BulkAct, customers: Mapping[int, int]) -> dict[int, bool]:
    """Which of the customers there are have the tag, by their number; Shopify's tags know no case."""
    if not customers:
        return {}
    gids = [f"gid://shopify/Customer/{number}" for number in customers.values()]
    nodes = work.execute(shop, queries.CUSTOMER_FACTS, {"ids": gids})["nodes"]
    wanted = str(act.terms["tag"]).casefold()
    return {
        number: wanted in {tag.casefold() for tag in node["tags"]}
        for number, node in zip(customers.values(), nodes, strict=True)
        if node is not None and "tags" in node
    }


def _judged(member_id: int, customers: Mapping[int, int], had: Mapping[int, bool]) -> tuple[str, object]:
    if member_id not in customers:
        return NO_CUSTOMER, None
    number = customers[member_id]
    return ("", had[number]) if number in had else (NOT_IN_SHOPIFY, None)


def _change(work: Work, shop: Shop, act: BulkAct, customers: Iterable[int], *, add: bool) -> None:
    document, name = (queries.TAGS_ADD, "tagsAdd") if add else (queries.TAGS_REMOVE, "tagsRemove")
    for number in customers:
        gid = f"gid://shopify/Customer/{number}"
        errors = user_errors(work.execute(shop, document, {"id": gid, "tags": [act.terms["tag"]]})[name])
        if errors:
            raise Refused(errors[0].message)
