"""Make a set's codes in the shop: one discount, and 250 codes a call, as fast as the shop's budget allows.

Every call is written down before it is made. One whose outcome is unknown is made again: what Shopify then calls
taken is ours if it belongs to the set's own discount. A runner works for two seconds and then gives way, and at once
where only Shopify has something to do, so that ten thousand codes of one shop never hold up another's.

The longer Shopify is at a call, the less often it is asked. A call that it no longer knows, or is at for an hour, is
given up on and made again, and after five times the job fails, so that nothing is asked for without end.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from plugin.actions.work.work import Work
from plugin.clients.shopify import queries, queries_codes
from plugin.clients.shopify.admin import refuse_user_errors, user_errors
from plugin.errors import NotFound, Refused, SukiError, UnderWay
from plugin.rules import reach
from plugin.rules.codes import next_order_code
from plugin.rules.codes.code_sets import code_name, next_call
from plugin.rules.reach import Surface
from plugin.store.codes import code_sets
from plugin.store.codes.code_sets import Call, CodeSet
from plugin.store.database.db import shop_transaction
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

KINDS: Final = {"campaign": JobKind.MAKE_CODES, "next_order": JobKind.FILL_POOL}
"""The kind of job that fills a set, by its purpose: a campaign never keeps the pool waiting."""
SLICE_SECONDS = 2.0
IN_FLIGHT = 10
"""Calls that Shopify may be working on at once."""
LEFT_FOR_OTHERS = 0.25
"""The share of the shop's budget that these codes do not touch, so that everything else of the shop stays prompt."""
ASK_AGAIN_SECONDS = 0.1
"""How long to wait for each call that Shopify is working on, five at most, before asking how far it is."""
LONGEST_WAIT_SECONDS = 15.0
SLOW = timedelta(minutes=5)
"""Whoever looks at the set is told by then."""
UNKNOWN_AFTER = timedelta(seconds=10)
"""A call that Shopify has answered and does not know for so long was lost; for a moment it may only be late."""
GIVEN_UP_AFTER = timedelta(hours=1)
MADE_AGAIN_AT_MOST = 5
_TOO_MANY_REFUSED = 200


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Bring a set nearer to what it should be; asks for itself again while something is left to do. Before the launch
    no code is made for anybody."""
    if not reach.ask(shop.launch, reach.NOBODY, Surface.CODE).reaches:
        return
    with shop_transaction(work.engine, shop.id) as conn:
        found = code_sets.get(conn, shop.id, job.number)
    if found is None:
        raise NotFound("These codes no longer exist")
    try:
        more = _carry_out(work, shop, found)
    except UnderWay:
        raise
    except SukiError as error:
        _change(work, shop, found, last_error=error.message)
        raise
    if more:
        with shop_transaction(work.engine, shop.id) as conn:
            jobs.queue(conn, shop.id, JobKind(job.kind), [found.id], work.clock())


def tag_of(shop: Shop, set_id: int) -> str:
    """How the discount of a set says whose it is."""
    return f"suki-codes-{shop.id}-{set_id}"


def _carry_out(work: Work, shop: Shop, found: CodeSet) -> bool:
    if found.state == "ending":
        _end(work, shop, found)
        return False
    if found.state != "filling":
        return False
    gid = found.shopify_id or _open(work, shop, found)
    if not gid:
        return True
    if found.shopify_id and not _under_way(work, shop, found) and not _alive(work, shop, found):
        return False
    return _fill(work, shop, found.id, gid)


def _fill(work: Work, shop: Shop, set_id: int, gid: str) -> bool:
    """Work for a slice of time; says whether there is more to do. UnderWay: Shopify is at work, and nobody else."""
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        calls, call = _next(work, shop, set_id)
        if call is not None:
            _send(work, shop, set_id, gid, call)
        elif not calls:
            return _finished(work, shop, set_id)
        elif not _ask(work, shop, set_id, gid, calls):
            raise _under_way_at(work, shop, set_id, calls)
    return True


def _under_way_at(work: Work, shop: Shop, set_id: int, calls: list[Call]) -> UnderWay:
    """When to ask again; says at the set when Shopify is slow."""
    now = work.clock()
    if any(now - call.sent_at > SLOW for call in calls):
        with shop_transaction(work.engine, shop.id) as conn:
            code_sets.change(conn, shop.id, set_id, last_error="Shopify takes long to make these codes.")
    return UnderWay("Shopify is creating the codes", retry_after_seconds=wait_seconds(calls, now))


def wait_seconds(calls: list[Call], now: datetime) -> float:
    """As soon as ever for the youngest call's first seconds, then a tenth of the time that it has taken so far."""
    youngest = min((now - call.sent_at).total_seconds() for call in calls)
    return max(ASK_AGAIN_SECONDS * min(len(calls), 5), min(youngest / 10, LONGEST_WAIT_SECONDS))


def _next(work: Work, shop: Shop, set_id: int) -> tuple[list[Call], Call | None]:
    """The calls under way, and the one to make now: one of unknown outcome again, or the next, written down."""
    with shop_transaction(work.engine, shop.id) as conn:
        found = code_sets.get(conn, shop.id, set_id, lock=True)
        if found is None or found.state != "filling":
            return [], None
        calls = code_sets.open_calls(conn, shop.id, set_id)
        unknown = next((call for call in calls if call.state == "sending"), None)
        if unknown is not None or len(calls) >= IN_FLIGHT:
            return calls, unknown
        so_far = code_sets.progress(conn, shop.id, [set_id])[set_id]
        numbers = next_call(so_far.called, found.wanted, so_far.refused)
        if numbers is None:
            return calls, None
        first, last = numbers
        names = [code_name(found.terms["prefix"], shop.code_salt, set_id, each) for each in range(first, last + 1)]
        code_sets.write_down(conn, shop.id, set_id, first, names)
        call = Call(first, last, "sending", "", work.clock())
        code_sets.begin_call(conn, shop.id, set_id, call)
        return calls, call


def _send(work: Work, shop: Shop, set_id: int, gid: str, call: Call) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        names = code_sets.codes_of(conn, shop.id, set_id, call.first, call.last)
    asked = {"id": gid, "codes": [{"code": name} for name in names]}
    payload = work.execute(shop, queries_codes.ADD_CODES, asked, leave=LEFT_FOR_OTHERS)["discountRedeemCodeBulkAdd"]
    refuse_user_errors(payload)
    sent = replace(call, state="sent", creation=str(payload["bulkCreation"]["id"]), sent_at=work.clock())
    with shop_transaction(work.engine, shop.id) as conn:
        code_sets.change_call(conn, shop.id, set_id, sent)


def _ask(work: Work, shop: Shop, set_id: int, gid: str, calls: list[Call]) -> bool:
    """Ask how far the calls are, and record what is done or given up on; says whether any was."""
    asked = {"ids": [call.creation for call in calls]}
    nodes = work.execute(shop, queries_codes.ADD_CODES_POLL, asked, leave=LEFT_FOR_OTHERS)["nodes"]
    moved = False
    for call, node in zip(calls, nodes, strict=True):
        if node is not None and node["done"]:
            _record(work, shop, set_id, call, _refused(work, shop, gid, call) if node["failedCount"] else set())
            moved = True
        elif work.clock() - call.sent_at > (UNKNOWN_AFTER if node is None else GIVEN_UP_AFTER):
            _make_again(work, shop, set_id, call)
            moved = True
    return moved


def _make_again(work: Work, shop: Shop, set_id: int, call: Call) -> None:
    """Have the call sent once more. Refused: that was done often enough; staff who try again begin anew."""
    refused = call.made_again >= MADE_AGAIN_AT_MOST
    again = replace(call, state="sending", made_again=0 if refused else call.made_again + 1)
    with shop_transaction(work.engine, shop.id) as conn:
        code_sets.change_call(conn, shop.id, set_id, again)
    if refused:
        raise Refused(f"Shopify never finished {call.last - call.first + 1} of the codes, asked for again and again")


def _refused(work: Work, shop: Shop, gid: str, call: Call) -> set[str]:
    """The codes of a call that are not in the set's discount. What an earlier try has made is ours."""
    made = work.execute(shop, queries_codes.ADD_CODES_FAILED, {"id": call.creation})["discountRedeemCodeBulkCreation"]
    failed = [str(node["code"]) for node in (made or {"codes": {"nodes": []}})["codes"]["nodes"] if node["errors"]]
    return {code for code in failed if _owner(work, shop, code) != gid}


def _owner(work: Work, shop: Shop, code: str) -> str:
    node = work.execute(shop, queries_codes.CODE_OWNER, {"code": code}, leave=LEFT_FOR_OTHERS)["codeDiscountNodeByCode"]
    return str(node["id"]) if node else ""


def _record(work: Work, shop: Shop, set_id: int, call: Call, refused: set[str]) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        code_sets.change(conn, shop.id, set_id, last_error="")
        code_sets.change_call(conn, shop.id, set_id, replace(call, state="done"))
        names = code_sets.codes_of(conn, shop.id, set_id, call.first, call.last)
        numbers = [names[code] for code in refused if code in names]
        code_sets.are_there(conn, shop.id, set_id, call.first, call.last, numbers)
        too_many = code_sets.progress(conn, shop.id, [set_id])[set_id].refused > _TOO_MANY_REFUSED
    if too_many:
        raise Refused("Shopify refused the codes: other discounts already use them")


def _finished(work: Work, shop: Shop, set_id: int) -> bool:
    """Every code is there, unless somebody asked for more or for an end meanwhile."""
    with shop_transaction(work.engine, shop.id) as conn:
        found = code_sets.get(conn, shop.id, set_id, lock=True)
        if found is None or found.state != "filling":
            return found is not None and found.state == "ending"
        so_far = code_sets.progress(conn, shop.id, [set_id])[set_id]
        if next_call(so_far.called, found.wanted, so_far.refused) is not None:
            return True
        code_sets.change(conn, shop.id, set_id, state="ready", last_error="")
        return False


def _open(work: Work, shop: Shop, found: CodeSet) -> str:
    """Make the discount, with one code of the set; answers its id, or "" where that code is somebody else's."""
    with shop_transaction(work.engine, shop.id) as conn:
        so_far = code_sets.progress(conn, shop.id, [found.id]).get(found.id, code_sets.Progress())
        number = so_far.refused  # only the code that the discount is made with can have been refused so far
        code = code_name(found.terms["prefix"], shop.code_salt, found.id, number)
        code_sets.write_down(conn, shop.id, found.id, number, [code])
    gid = _opened(work, shop, found, code)
    with shop_transaction(work.engine, shop.id) as conn:
        code_sets.are_there(conn, shop.id, found.id, number, number, [] if gid else [number])
        if gid:
            code_sets.change(conn, shop.id, found.id, shopify_id=gid)
    return gid


def _opened(work: Work, shop: Shop, found: CodeSet, code: str) -> str:
    payload = work.execute(shop, queries.CREATE_BASIC_CODE, {"discount": _input(shop, found, code)})
    payload = payload["discountCodeBasicCreate"]
    if any(error.code == "TAKEN" for error in user_errors(payload)):
        node = _ours(work, shop, found, code)
        return str(node["id"]) if node else ""
    refuse_user_errors(payload)
    return str(payload["codeDiscountNode"]["id"])


def _ours(work: Work, shop: Shop, found: CodeSet, code: str) -> Mapping[str, Any] | None:
    node = work.execute(shop, queries.CODE_BY_VALUE, {"code": code})["codeDiscountNodeByCode"]
    ours = node is not None and tag_of(shop, found.id) in (node["codeDiscount"].get("tags") or ())
    return node if ours else None


def _input(shop: Shop, found: CodeSet, code: str) -> dict[str, object]:
    tag = tag_of(shop, found.id)
    made = next_order_code.discount_input(found.terms, code, found.name, tag, found.starts_at, found.ends_at)
    return made | {"context": {"all": "ALL"}, "appliesOncePerCustomer": bool(found.terms["once_per_customer"])}


def _under_way(work: Work, shop: Shop, found: CodeSet) -> bool:
    """Whether Shopify is working on calls of the set, and so has its discount."""
    with shop_transaction(work.engine, shop.id) as conn:
        return bool(code_sets.open_calls(conn, shop.id, found.id))


def _alive(work: Work, shop: Shop, found: CodeSet) -> bool:
    """Whether the discount still stands; one that staff ended or deleted in Shopify is given up."""
    node = work.execute(shop, queries_codes.CODE_SET, {"id": found.shopify_id})["node"]
    if node is not None and node["codeDiscount"].get("status") != "EXPIRED":
        return True
    if node is not None and found.ends_at <= work.clock():
        _change(work, shop, found, state="ended", last_error="")
    else:
        _change(work, shop, found, state="lost", last_error="Its discount was ended or deleted in Shopify.")
    return False


def _end(work: Work, shop: Shop, found: CodeSet) -> None:
    """End the discount: none of its codes is good for another order."""
    code = code_name(found.terms["prefix"], shop.code_salt, found.id, 0)
    node = {"id": found.shopify_id} if found.shopify_id else _ours(work, shop, found, code)
    if node is not None:
        payload = work.execute(shop, queries.DEACTIVATE_CODE, {"id": node["id"]})["discountCodeDeactivate"]
        refuse_user_errors(payload)
    _change(work, shop, found, state="ended", last_error="")


def _change(work: Work, shop: Shop, found: CodeSet, **values: object) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        code_sets.change(conn, shop.id, found.id, **values)
