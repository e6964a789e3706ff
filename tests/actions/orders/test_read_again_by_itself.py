"""The schedule has a shop's orders read again once, after its webhooks are indexed and guesses lifted."""

from __future__ import annotations

from plugin import jobs
from plugin.actions.orders.decide_readings import decide
from plugin.actions.orders.fetch_missing import judge_again
from plugin.store.database.db import shop_transaction
from plugin.store.orders import reading_differences
from plugin.store.shops import shops
from tests.actions.stage import Stage


def scheduled(stage: Stage, name: str) -> None:
    next(what for _, each, what in jobs.SCHEDULE if each == name)(stage.work)
    stage.settle(minutes=1)


def as_read_before(stage: Stage) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        rows = conn.exec_driver_sql(
            "UPDATE order_views SET reading = 1, view = view - 'reading' || jsonb_build_object('refunds',"
            ' \'[{"id": 5, "lines": [], "beyond_lines_minor": 400}]\'::jsonb) RETURNING order_id'
        )
        judge_again(conn, shops.get(conn, stage.shop_id), list(rows.scalars()), stage.work.clock())


def test_it_comes_after_what_it_needs_and_ends_and_a_decision_is_carried_out(stage: Stage) -> None:
    order = stage.buy()
    stage.settle()
    was = stage.sums()
    as_read_before(stage)
    less = stage.sums()
    assert less[f"order:{order['id']}"] < was[f"order:{order['id']}"]
    scheduled(stage, "read_again")
    assert stage.rows("SELECT count(*) FROM reading_differences") == [(0,)]
    for name in ("index_deliveries", "lift_guesses", "read_again", "read_again"):
        scheduled(stage, name)
    assert stage.sums() == less
    assert stage.rows("SELECT order_id, state FROM reading_differences") == [(order["id"], "open")]
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        assert shop.settings["read_again"]["done"] is True
        assert decide(conn, shop, "take", [order["id"]], "staff:1", stage.work.clock()) == 1
    stage.settle(minutes=1)
    assert stage.sums() == was
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert reading_differences.totals(conn, stage.shop_id) == reading_differences.Totals(taken=1)
