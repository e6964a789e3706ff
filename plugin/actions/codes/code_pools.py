"""The pool of next-order codes that anybody may use: kept full ahead, given with the order, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.codes.fill_codes import KINDS
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries, queries_codes
from plugin.clients.shopify.admin import refuse_user_errors
from plugin.errors import Refused, UnderWay
from plugin.rules import reach
from plugin.rules.codes import code_names, next_order_code
from plugin.rules.codes import code_sets as rules
from plugin.rules.codes.code_sets import Pool
from plugin.rules.programme import Programme
from plugin.rules.reach import Surface
from plugin.store.codes import code_sets
from plugin.store.codes.code_sets import CodeSet, Given
from plugin.store.database.db import shop_transaction
from plugin.store.rewards.redemptions import NEXT_ORDER, Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

_LOOK_EVERY = 100
"""After how many given codes it is looked at how many are left."""
_ASK_AGAIN_SECONDS = 2.0


def give(conn: Connection, shop: Shop, wanted: Sequence[tuple[int, Programme]], now: datetime) -> dict[int, Given]:
    """A code from the pool for each redemption whose programme allows it, as far as there are any."""
    by_key: dict[str, tuple[datetime, list[int]]] = {}
    for redemption_id, programme in wanted:
        pool = rules.pool(programme, shop.currency, now, shop.timezone)
        if pool is not None:
            until = code_names.expires_at(next_order_code.valid_days(programme), now, shop.timezone)
            by_key.setdefault(pool.key, (until, []))[1].append(redemption_id)
    given = [one for key, (until, ids) in by_key.items() for one in code_sets.give(conn, shop.id, key, until, ids)]
    asked = sum(len(ids) for _, ids in by_key.values())
    if len(given) < asked or any(one.number % _LOOK_EVERY == 0 for one in given):
        want_a_look(conn, shop.id, now)
    return {one.redemption_id: one for one in given}


def want_a_look(conn: Connection, shop_id: int, now: datetime) -> None:
    """Have it looked at whether the pools are full enough."""
    jobs.queue(conn, shop_id, JobKind.LOOK_AT_POOLS, [NEXT_ORDER], now)


def look(work: Work, shop: Shop, job: Job) -> None:
    """Have the pools filled that the programme calls for, today and in two days, once it is launched."""
    if not reach.ask(shop.launch, reach.NOBODY, Surface.CODE).reaches:
        return
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        versions = programmes.versions(conn, shop.id)
        in_force = {programmes.at(versions, now + ahead).number - 1 for ahead in (timedelta(), timedelta(days=2))}
        wanted = {
            (pool.key, pool.ends_at): pool
            for place in sorted(in_force)
            for pool in rules.pools_ahead(versions[place].programme, shop.currency, now, shop.timezone)
        }
        if wanted:
            low, full = rules.pool_size(code_sets.given_since(conn, shop.id, NEXT_ORDER, now - timedelta(days=1)))
            there = {(one.terms_key, one.ends_at): one for one in code_sets.pools(conn, shop.id, now)}
            for key, pool in wanted.items():
                _fill_up(conn, shop, pool, there.get(key), low, full, now)


def _fill_up(
    conn: Connection, shop: Shop, pool: Pool, found: CodeSet | None, low: int, full: int, now: datetime
) -> None:
    if found is None:
        set_id = code_sets.add(conn, shop.id, _new(pool, full, now))
    elif found.state == "filling":
        set_id = found.id
    else:
        left = code_sets.left(conn, shop.id, found.id, low)
        if left >= low:
            return
        set_id = found.id
        code_sets.change(conn, shop.id, set_id, state="filling", wanted=found.wanted + full - left)
    if set_id is not None:
        jobs.queue(conn, shop.id, KINDS["next_order"], [set_id], now)


def _new(pool: Pool, full: int, now: datetime) -> dict[str, object]:
    return {
        "purpose": "next_order",
        "name": f"Codes for the next order, good until {pool.ends_at.date().isoformat()}",
        "terms": pool.terms,
        "terms_key": pool.key,
        "wanted": full,
        "starts_at": now,
        "ends_at": pool.ends_at,
        "created_at": now,
        "created_by": "suki",
    }


def remove(work: Work, shop: Shop, redemption: Redemption, pool: CodeSet) -> bool:
    """Remove one code from its discount, the others stay; says whether it was used. UnderWay while Shopify is at it."""
    asked = {"code": redemption.code, "filter": redemption.code}
    node = work.execute(shop, queries_codes.CODE_OF_SET, asked)["codeDiscountNodeByCode"]
    if on_an_order(work, shop, redemption.code):
        return True
    if node is None or node["id"] != pool.shopify_id:
        return False
    codes = node["codeDiscount"]["codes"]["nodes"]
    one = next((each for each in codes if each["code"].upper() == redemption.code.upper()), None)
    if one is None:
        raise Refused(f"Shopify couldn't find the code {redemption.code} in its discount")
    if one["asyncUsageCount"]:
        return True
    payload = work.execute(shop, queries_codes.REMOVE_CODES, {"id": pool.shopify_id, "codes": [one["id"]]})
    refuse_user_errors(payload["discountCodeRedeemCodeBulkDelete"])
    raise UnderWay("Shopify is removing the code", _ASK_AGAIN_SECONDS)


def on_an_order(work: Work, shop: Shop, code: str) -> bool:
    """Whether an order carries the code: the count of uses lags behind."""
    found = work.execute(shop, queries.ORDERS_WITH_CODE, {"query": f"discount_code:'{code}'"})
    return bool(found["orders"]["nodes"])
