"""Points for orders from before they counted: read from Shopify, foreseen, counted when staff say so, and undone whole.

A run goes in committed steps and keeps its place. Orders go the way of every delivery, and are judged by the same
function; nobody is told of anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection

from plugin.actions.orders import order_effects
from plugin.actions.orders.before_launch import Past
from plugin.actions.orders.judged_orders import Settled
from plugin.actions.orders.order_news import JudgeAgain
from plugin.actions.orders.settle_orders import settle_orders
from plugin.errors import BadInput, Conflict, NotFound
from plugin.rules.privacy import kept_for
from plugin.rules.reach import Pause
from plugin.rules.words.texts import Said
from plugin.store.orders import past_runs
from plugin.store.orders.past_runs import UNDER_WAY, PastRun
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind

JudgedBy = Literal["now", "then"]
"""By the rules that are published when it is asked for, or by those of each order's time."""
COLLECTED: Final = "bulk_operations/finish"
ORDERS: Final = 500
"""Of one step."""


def plan(
    conn: Connection,
    shop: Shop,
    since: datetime,
    until: datetime,
    judged_by: JudgedBy,
    actor: str,
    now: datetime,
    *,
    confirmed: bool = False,
) -> int:
    """Ask for a run over the orders placed from `since` on, before `until`; answers its number.

    Orders that count already are left alone, so it ends where they begin. Unless it is `confirmed`, it waits for staff
    once it is known what it brings. BadInput: no such time. Conflict: another run is under way.
    """
    shop = shops.get(conn, shop.id)
    until = min(until, *([shop.counts_from, shop.launched_at] if shop.launched_at else [shop.counts_from]))
    if since >= until:
        raise BadInput(Said("members.past.no_time"), {"since": Said("members.past.no_time")})
    past_runs.one_at_a_time(conn, shop.id)
    if any(run.state in UNDER_WAY for run in past_runs.latest(conn, shop.id)):
        raise Conflict(Said("members.past.busy"))
    version = programmes.current(conn, shop.id, now).number if judged_by == "now" else None
    run_id = past_runs.add(
        conn, shop.id, since=since, until=until, version=version, confirmed=confirmed, actor=actor, created_at=now
    )
    jobs.queue(conn, shop.id, JobKind.PAST_ORDERS, [run_id], now)
    _noted(conn, shop.id, run_id, actor, "past_orders_planned", now)
    return run_id


def locked(conn: Connection, shop_id: int, run_id: int) -> PastRun:
    """The run, locked; NotFound when there is none."""
    run = past_runs.get(conn, shop_id, run_id, lock=True)
    if run is None:
        raise NotFound(Said("members.past.gone"))
    return run


def confirm(conn: Connection, shop: Shop, run_id: int, actor: str, now: datetime) -> PastRun:
    """Count the orders, once staff have seen what they bring; a second time changes nothing."""
    run = locked(conn, shop.id, run_id)
    if run.state != "ready":
        return run
    _begin(conn, shop, run, "counting", now)
    _noted(conn, shop.id, run_id, actor, "past_orders_counted", now)
    return locked(conn, shop.id, run_id)


def cancel(conn: Connection, shop: Shop, run_id: int, actor: str, now: datetime) -> PastRun:
    """Stop: what was not counted yet is not; what was counted is taken back."""
    run = locked(conn, shop.id, run_id)
    if run.state in ("reading", "foreseeing", "ready"):
        past_runs.change(conn, shop.id, run_id, state="canceled", done_at=now)
        _noted(conn, shop.id, run_id, actor, "past_orders_canceled", now)
    elif run.state == "counting":
        _begin(conn, shop, run, "undoing", now)
        _noted(conn, shop.id, run_id, actor, "past_orders_canceled", now)
    return locked(conn, shop.id, run_id)


def undo(conn: Connection, shop: Shop, run_id: int, actor: str, now: datetime) -> PastRun:
    """Take back everything that the run counted, by compensating entries. Conflict: it is too late."""
    run = locked(conn, shop.id, run_id)
    if run.state != "done":
        return run
    if run.done_at and now >= kept_for.undo_ends("past_runs", run.done_at):
        raise Conflict(Said("members.past.too_late"))
    _begin(conn, shop, run, "undoing", now)
    _noted(conn, shop.id, run_id, actor, "past_orders_undone", now)
    return locked(conn, shop.id, run_id)


def _begin(conn: Connection, shop: Shop, run: PastRun, state: str, now: datetime) -> None:
    past_runs.change(conn, shop.id, run.id, state=state, place={}, totals={**run.totals, "done": 0, "posted": 0})
    jobs.queue(conn, shop.id, JobKind.PAST_ORDERS, [run.id], now)


def collected(conn: Connection, shop: Shop, bulk_id: str, now: datetime) -> None:
    """Shopify has collected what a bulk query asked for: the run that waits for it goes on now. A run that does not
    hear of it asks by itself."""
    for run in past_runs.latest(conn, shop.id):
        if run.state == "reading" and run.bulk_id == bulk_id:
            jobs.queue(conn, shop.id, JobKind.PAST_ORDERS, [run.id], now)


def foresee_step(conn: Connection, shop: Shop, run_id: int, now: datetime, most: int) -> int:
    """See what the next orders would bring, by judging them and undoing it; answers how many there were."""
    run = locked(conn, shop.id, run_id)
    if run.state != "foreseeing":
        return 0
    these = past_runs.orders_after(conn, shop.id, run_id, run.place, most)
    if these:
        nested = conn.begin_nested()
        settled = _judge(conn, shop, run, [key for key, _ in these], now)
        found = {
            one.order.order_id: (one.order.member_id, max(0, one.order.deserved), one.order.counted_minor)
            for one in settled.orders
            if one.order.snapshot is not None and one.order.snapshot.brought == run_id
        }
        waiting = sum(one.missing is not None for one in settled.orders)
        nested.rollback()
        _fetch_what_is_missing(conn, shop, settled, now)
        past_runs.foresee(conn, shop.id, run_id, found)
        totals = {**run.totals, "waiting": run.totals.get("waiting", 0) + waiting}
        past_runs.change(conn, shop.id, run_id, place=_place(these), totals=totals)
    if len(these) < most:
        _foreseen(conn, shop, locked(conn, shop.id, run_id), now)
    return len(these)


def _fetch_what_is_missing(conn: Connection, shop: Shop, settled: Settled, now: datetime) -> None:
    """What was undone asked for nothing: ask again, so that it is known when the orders are counted."""
    order_effects.fetch_missing(conn, shop, settled.orders, now)


def _foreseen(conn: Connection, shop: Shop, run: PastRun, now: datetime) -> None:
    totals = {**run.totals, **past_runs.sums(conn, shop.id, run.id), "done": 0, "posted": 0}
    state = "counting" if run.confirmed else "ready"
    past_runs.change(conn, shop.id, run.id, state=state, totals=totals, place={})
    if run.confirmed:
        jobs.queue(conn, shop.id, JobKind.PAST_ORDERS, [run.id], now)


def count_step(conn: Connection, shop: Shop, run_id: int, now: datetime, most: int) -> int:
    """Count the next orders, or take them back; answers how many there were."""
    run = locked(conn, shop.id, run_id)
    if run.state not in ("counting", "undoing"):
        return 0
    these = past_runs.orders_after(conn, shop.id, run_id, run.place, most)
    posted = 0
    if these:
        settled = _judge(conn, shop, run, [key for key, _ in these], now)
        order_effects.follow_past(conn, shop, settled, now)
        posted = sum(one.points_moved for one in settled.orders)
    done = {"done": run.totals["done"] + len(these), "posted": run.totals["posted"] + posted}
    values: dict[str, object] = {"totals": {**run.totals, **done}}
    if these:
        values["place"] = _place(these)
    if len(these) < most:
        values |= {"state": "undone", "undone_at": now} if run.state == "undoing" else {"state": "done", "done_at": now}
    past_runs.change(conn, shop.id, run_id, **values)
    return len(these)


def _judge(conn: Connection, shop: Shop, run: PastRun, order_ids: list[int], now: datetime) -> Settled:
    silent = replace(shop, paused=(*shop.paused, str(Pause.MAILS)))
    past = Past(run.id, run.version, undo=run.state == "undoing")
    return settle_orders(conn, silent, [JudgeAgain(key) for key in order_ids], now, past)


def _place(these: list[tuple[int, datetime]]) -> dict[str, object]:
    order_id, at = these[-1]
    return {"order": order_id, "at": at.isoformat()}


def _noted(conn: Connection, shop_id: int, run_id: int, actor: str, act: str, now: datetime) -> None:
    activity_pages.note_staff_act(conn, shop_id, actor, act, f"run {run_id}", {"id": run_id}, now)
