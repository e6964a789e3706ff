"""Orders from before the launch are read, foreseen, counted and taken back, whatever dies meanwhile; nobody is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from plugin import jobs
from plugin.actions.orders import past_orders, past_reading
from plugin.actions.points.audit import audit
from plugin.actions.privacy import end_periods
from plugin.actions.shops import launch_programme
from plugin.errors import BadInput, Conflict
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.orders import past_runs
from plugin.store.orders.past_runs import PastRun
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work.jobs import Job
from tests.actions.stage import Stage

STAFF = "staff:7"


def launch(stage: Stage) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shops.merge_settings(conn, stage.shop_id, {"counts_from": stage.clock().isoformat()})
        launch_programme.launch(conn, shops.get(conn, stage.shop_id), STAFF, stage.clock())


def shop_of(stage: Stage) -> Shop:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return shops.get(conn, stage.shop_id)


def plan(stage: Stage, *, days: int = 30, judged_by: Any = "now", confirmed: bool = False) -> int:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        since = now - timedelta(days=days)
        return past_orders.plan(conn, shop, since, now, judged_by, STAFF, now, confirmed=confirmed)


def act(stage: Stage, what: Any, run_id: int) -> PastRun:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        found: PastRun = what(conn, shops.get(conn, stage.shop_id), run_id, STAFF, stage.clock())
    return found


def run_of(stage: Stage, run_id: int) -> PastRun:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        found = past_runs.get(conn, stage.shop_id, run_id)
    assert found is not None
    return found


def read(stage: Stage, run_id: int) -> PastRun:
    """Once it is known what it brings, or all is done."""
    stage.settle()
    assert stage.waiting("past_orders") == []
    return run_of(stage, run_id)


def balances(stage: Stage) -> list[tuple[Any, ...]]:
    assert audit(stage.engine) == []
    return stage.rows("SELECT email, balance FROM members ORDER BY email")


@pytest.fixture
def early(stage: Stage) -> Stage:
    """Three orders that nobody heard of, one of them partly refunded, and a launch."""
    stage.rows("UPDATE shops SET stage = 'draft', launched_at = NULL RETURNING id")
    stage.shop.settings["installed"] = False
    for _ in range(2):
        stage.buy("ana@example.com")
    refunded = stage.buy("ben@example.com", "Rattan tray", "Rattan tray")
    stage.town.box.refund(stage.shop, refunded, lines={refunded["lines"][0]["id"]: 1})
    stage.shop.settings["installed"] = True
    launch(stage)
    return stage


def test_what_past_orders_bring_is_known_before_it_is_given(early: Stage) -> None:
    run_id = plan(early)
    run = read(early, run_id)
    assert (run.state, run.bulk_id != "-") == ("ready", True)
    assert {name: run.totals[name] for name in ("orders", "earning", "points", "members")} == {
        "orders": 3, "earning": 3, "points": 72, "members": 2,
    }  # fmt: skip
    assert balances(early) == [("ana@example.com", 0), ("ben@example.com", 0)]
    assert act(early, past_orders.confirm, run_id).state == "counting"
    assert read(early, run_id).state == "done"
    assert balances(early) == [("ana@example.com", 48), ("ben@example.com", 24)]
    assert act(early, past_orders.confirm, run_id).state == "done"
    assert early.rows("SELECT kind, state FROM messages WHERE state NOT IN ('skipped')") == []
    assert early.rows("SELECT count(*) FROM redemptions") == [(0,)]


def test_everything_goes_back_and_can_be_counted_again(early: Stage) -> None:
    run_id = plan(early, confirmed=True)
    assert read(early, run_id).state == "done"
    entries = early.rows("SELECT count(*) FROM entries")
    act(early, past_orders.undo, run_id)
    assert read(early, run_id).state == "undone"
    assert [row[1] for row in balances(early)] == [0, 0]
    assert early.rows("SELECT count(*) FROM entries") == [(entries[0][0] + 3,)]
    again = plan(early, confirmed=True)
    assert read(early, again).state == "done"
    assert [row[1] for row in balances(early)] == [48, 24]
    assert read(early, plan(early, confirmed=True)).totals["points"] == 0, "nothing counts twice"


def test_a_refund_that_comes_later_takes_back_what_the_run_gave(early: Stage) -> None:
    assert read(early, plan(early, confirmed=True)).state == "done"
    order = next(one for one in early.shop.order.values() if one["email"] == "ana@example.com")
    early.town.box.refund(early.shop, order, lines={order["lines"][0]["id"]: 1})
    early.settle()
    assert balances(early) == [("ana@example.com", 24), ("ben@example.com", 24)]


@pytest.mark.parametrize("trouble", ["bulk_query_fails", ""])
def test_where_no_bulk_query_is_to_be_had_or_it_breaks_off_pages_are_read(
    early: Stage, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    if trouble:
        early.town.trouble.set(**{trouble: 1})
    else:
        monkeypatch.setattr("sandbox.admin_api.bulk_queries.AT_ONCE", 0)
    run_id = plan(early)
    run = read(early, run_id)
    assert (run.state, run.bulk_id, run.totals["points"]) == ("ready", "-", 72)


def test_a_run_goes_on_when_shopify_says_that_it_has_collected_the_orders(
    early: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_reading, "WAIT_SECONDS", 3600.0)
    monkeypatch.setattr(past_reading, "LONGEST_WAIT_SECONDS", 3600.0)
    monkeypatch.setattr(early.town.box.options, "bulk_seconds", 0.5)
    run_id = plan(early)
    jobs.run(early.work, early.shop_id, "past_orders")
    assert run_of(early, run_id).state == "reading"
    early.hear()
    told = "SELECT count(*) FROM deliveries WHERE topic = 'bulk_operations/finish'"
    assert early.rows(told) == [(1,)]
    assert early.rows("SELECT not_before <= now() FROM jobs WHERE kind = 'past_orders'") == [(True,)]
    jobs.run(early.work, early.shop_id, "past_orders")
    early.hear()
    early.clock.ahead += timedelta(seconds=3601)  # the orders that were put into the inbox are read by now
    jobs.run(early.work, early.shop_id, "past_orders")
    assert run_of(early, run_id).state == "ready"


def test_what_shopify_collected_for_nobody_here_moves_nothing(early: Stage) -> None:
    run_id = plan(early)
    jobs.run(early.work, early.shop_id, "past_orders")
    before = early.rows("SELECT not_before FROM jobs WHERE kind = 'past_orders'")
    with shop_transaction(early.engine, early.shop_id) as conn:
        past_orders.collected(conn, shops.get(conn, early.shop_id), "gid://shopify/BulkOperation/1", early.clock())
    assert early.rows("SELECT not_before FROM jobs WHERE kind = 'past_orders'") == before
    assert read(early, run_id).state == "ready"


def test_a_run_can_be_undone_for_thirty_days_and_then_which_orders_it_was_about_goes(early: Stage) -> None:
    run_id = plan(early, confirmed=True)
    assert read(early, run_id).state == "done"
    early.clock.ahead += timedelta(days=29)
    end_periods.carry_out(early.work, shop_of(early), Job(0, early.shop_id, "end_periods", "", {}, 0, 0, early.clock()))
    assert early.rows("SELECT count(*) FROM past_run_orders") == [(3,)]
    early.clock.ahead += timedelta(days=2)
    end_periods.carry_out(early.work, shop_of(early), Job(0, early.shop_id, "end_periods", "", {}, 0, 0, early.clock()))
    assert early.rows("SELECT count(*) FROM past_run_orders") == [(0,)]
    with pytest.raises(Conflict):
        act(early, past_orders.undo, run_id)
    assert (run_of(early, run_id).state, run_of(early, run_id).totals["posted"]) == ("done", 72)


class Killed(BaseException):
    """As a kill: nothing of ours catches it."""


def test_a_run_that_is_killed_in_every_step_ends_as_one_that_is_not(
    early: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_orders, "ORDERS", 1)
    run_id, deaths, original = plan(early, confirmed=True), 0, past_runs.change
    for _ in range(60):
        steps = iter(range(1000))

        def change(conn: Any, *args: Any, steps: Any = steps, **values: Any) -> None:
            original(conn, *args, **values)
            if next(steps) == 1:
                raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(past_runs, "change", change)
            try:
                early.clock.ahead += timedelta(seconds=10)
                early.hear()
                jobs.run(early.work, early.shop_id, "past_orders")
            except Killed:
                deaths += 1
        if run_of(early, run_id).state == "done":
            break
    early.settle()
    assert deaths > 3
    assert balances(early) == [("ana@example.com", 48), ("ben@example.com", 24)]
    assert run_of(early, run_id).totals["posted"] == 72


def test_a_run_can_be_canceled_before_and_amid_counting(early: Stage) -> None:
    run_id = plan(early)
    assert read(early, run_id).state == "ready"
    assert act(early, past_orders.cancel, run_id).state == "canceled"
    assert act(early, past_orders.confirm, run_id).state == "canceled"
    second = plan(early, confirmed=False)
    read(early, second)
    act(early, past_orders.confirm, second)
    assert act(early, past_orders.cancel, second).state == "undoing"
    assert read(early, second).state == "undone"
    assert [row[1] for row in balances(early)] == [0, 0]


def test_there_is_one_run_at_a_time_and_none_over_orders_that_count(early: Stage) -> None:
    plan(early)
    with pytest.raises(Conflict):
        plan(early)
    with pytest.raises(BadInput):
        plan(early, days=-1)


def test_of_two_clicks_at_once_one_begins_a_run(early: Stage) -> None:
    def click(_: int) -> str:
        try:
            return str(plan(early) > 0)
        except Conflict:
            return "busy"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == ["True", "busy", "busy", "busy"]
    assert early.rows("SELECT count(*) FROM past_runs") == [(1,)]


def test_orders_of_every_kind_bring_what_they_would_have_brought(stage: Stage) -> None:
    """Ana: from the till, edited to a single tray, in another currency; what is canceled, refunded or a test brings
    nothing."""
    stage.rows("UPDATE shops SET stage = 'draft', launched_at = NULL RETURNING id")
    stage.shop.settings["installed"] = False
    box, shop = stage.town.box, stage.shop
    stage.buy("ana@example.com", source="pos")
    edited = stage.buy("ana@example.com", "Rattan tray", "Rattan tray")
    box.edit(shop, edited, {edited["lines"][0]["id"]: 0})
    box.refund_owed(shop, edited)
    stage.buy("ana@example.com", presentment=("EUR", "0.9"))
    box.cancel(shop, stage.buy("ben@example.com"))
    box.refund_all(shop, stage.buy("ben@example.com"))
    stage.buy("ben@example.com", test=True)
    stage.buy("ben@example.com", paid=False)
    shop.settings["installed"] = True
    launch(stage)
    run = read(stage, plan(stage, confirmed=True))
    assert (run.state, run.totals["orders"], run.totals["earning"], run.totals["points"]) == ("done", 7, 3, 72)
    assert dict(balances(stage)) == {"ana@example.com": 72, "ben@example.com": 0}


def test_orders_of_their_time_are_judged_by_the_rules_of_their_time(early: Stage) -> None:
    with shop_transaction(early.engine, early.shop_id) as conn:
        rules = Programme.model_validate({"earning": {"points": 10}})
        programmes.add(conn, early.shop_id, rules, "test", "", early.clock() - timedelta(seconds=1))
    by_now = plan(early, judged_by="now")
    assert read(early, by_now).totals["points"] == 720
    act(early, past_orders.cancel, by_now)
    assert read(early, plan(early, judged_by="then")).totals["points"] == 72


def test_two_shops_count_each_its_own(early: Stage) -> None:
    assert read(early, plan(early, confirmed=True)).state == "done"
    with system_transaction(early.engine) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM past_run_orders").scalar_one() == 0, "no shop, no rows"
