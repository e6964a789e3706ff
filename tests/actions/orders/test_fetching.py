"""What webhooks leave out or never bring is fetched, and ends in the same points."""

from __future__ import annotations

from typing import Any

import orjson

from plugin import jobs
from plugin.actions.members.push_members import MEMBERS_PER_CALL
from plugin.actions.orders.order_news import OrderDeleted
from plugin.actions.orders.settle_orders import settle_orders
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.work import deliveries
from plugin.store.work import jobs as waiting
from tests import payloads
from tests.actions.stage import Stage


def reconcile(stage: Stage, sweep: str = "often") -> None:
    jobs.queue_reconcile(stage.work, sweep)
    stage.settle()


def test_an_excluded_tag_is_asked_of_the_shop_before_the_order_is_judged(stage: Stage) -> None:
    stage.programme(basis={"excluded_tags": ["NO-POINTS"]})
    order = stage.buy("ana@example.com", "Mango jam", "Rattan tray")
    stage.hear()
    assert (stage.sums(), stage.rows("SELECT waiting_for FROM order_views")) == ({}, [("products",)])
    stage.settle()
    assert (stage.sums(), stage.rows("SELECT waiting_for FROM order_views")) == ({f"order:{order['id']}": 24}, [("",)])
    assert len(stage.mails()) == 1


def test_an_excluded_collection_is_asked_of_the_shop_too(stage: Stage) -> None:
    sale = next(one["id"] for one in stage.shop.collection.values() if one["title"] == "Sale")
    stage.programme(basis={"excluded_collections": [sale]})
    order = stage.buy("ana@example.com", "Mango jam", "Rattan tray")
    stage.settle()
    assert stage.sums() == {f"order:{order['id']}": 24}


def test_a_product_whose_tags_change_later_changes_nothing_for_orders_already_judged(stage: Stage) -> None:
    stage.programme(basis={"excluded_tags": ["no-points"]})
    order = stage.buy("ana@example.com", "Rattan tray")
    stage.settle()
    tray = next(one for one in stage.shop.product.values() if one["title"] == "Rattan tray")
    tray["tags"].append("no-points")
    stage.town.box.fulfil(stage.shop, order)
    stage.settle(days=2)
    assert stage.sums() == {f"order:{order['id']}": 24}


def test_what_was_paid_by_gift_card_is_asked_of_the_shop_and_left_out(stage: Stage) -> None:
    stage.programme(basis={"paid_by_gift_card": False})
    by_card = stage.buy()
    stage.buy(gateway="gift_card")
    stage.hear()
    assert stage.sums() == {f"order:{by_card['id']}": 24}
    stage.settle()
    assert stage.sums() == {f"order:{by_card['id']}": 24}
    assert stage.rows("SELECT waiting_for, deserved FROM order_views ORDER BY order_id") == [("", 24), ("", 0)]


def test_many_changes_of_one_customer_are_written_to_the_shop_once(stage: Stage) -> None:
    orders = [stage.buy() for _ in range(4)]
    stage.hear()
    assert [kind for kind, *_ in stage.waiting("push_member")] == ["push_member"]
    stage.settle(seconds=3)
    shown = stage.metafields(orders[0]["customer_id"])
    assert (shown["balance"], shown["pending"]) == ("96", "0")
    assert shown["next_code"] in [stage.code(order) for order in orders]
    assert stage.waiting() == []


def test_more_customers_than_one_call_takes_are_all_written(stage: Stage) -> None:
    orders = [stage.buy(f"b{number}@example.com") for number in range(MEMBERS_PER_CALL + 2)]
    stage.settle()
    stage.settle(seconds=3)
    assert {stage.metafields(order["customer_id"])["balance"] for order in orders} == {"24"}


def test_a_lost_order_is_found_and_earns_what_its_webhook_would_have_earned(stage: Stage) -> None:
    heard = stage.buy()
    stage.town.trouble.set(webhook_loss=1)
    lost = stage.buy()
    stage.town.trouble.calm()
    stage.hear()
    assert stage.sums() == {f"order:{heard['id']}": 24}
    reconcile(stage)
    assert stage.sums() == {f"order:{heard['id']}": 24, f"order:{lost['id']}": 24}
    entries = stage.rows("SELECT kind, effective_at, programme_version, member_id FROM entries ORDER BY subject")
    assert entries[0][:1] + entries[0][2:] == entries[1][:1] + entries[1][2:]
    assert len(stage.mails()) == 2


def test_a_lost_refund_is_found_and_takes_what_its_webhook_would_have_taken(stage: Stage) -> None:
    told, lost = (stage.buy("ana@example.com", "Rattan tray", "Stoneware mug", tip=100) for _ in range(2))
    stage.settle()
    for order in (told, lost):
        stage.town.trouble.set(webhook_loss=float(order is lost))
        first, _ = order["lines"]
        stage.town.box.refund(stage.shop, order, lines={first["id"]: 1})
        stage.town.box.refund(stage.shop, order, amount=500)
    stage.town.trouble.calm()
    stage.settle(minutes=1)
    before = stage.sums()
    assert before[f"order:{told['id']}"] < before[f"order:{lost['id']}"] == 38
    reconcile(stage)
    assert stage.sums()[f"order:{lost['id']}"] == before[f"order:{told['id']}"]


def test_reconciling_what_was_heard_fetches_nothing_and_posts_nothing(stage: Stage) -> None:
    for order in [stage.buy() for _ in range(3)]:
        stage.town.box.refund(stage.shop, order, amount=300)
    stage.settle()
    before = stage.rows("SELECT id, points FROM entries ORDER BY id"), stage.rows("SELECT count(*) FROM deliveries")
    reconcile(stage)
    reconcile(stage, "nightly")
    after = stage.rows("SELECT id, points FROM entries ORDER BY id"), stage.rows("SELECT count(*) FROM deliveries")
    assert after == before


def test_an_edited_order_is_fetched_when_its_whole_state_does_not_come(stage: Stage) -> None:
    order = stage.buy("ana@example.com", "Rattan tray", "Stoneware mug")
    stage.settle()
    stage.town.trouble.set(webhook_loss=1)
    stage.town.box.edit(stage.shop, order, {order["lines"][0]["id"]: 0})
    stage.town.trouble.calm()
    reconcile(stage)
    assert stage.sums() == {f"order:{order['id']}": 14}


def test_a_deleted_order_gives_its_points_back_and_stays_deleted(stage: Stage) -> None:
    order = stage.buy()
    stage.settle()
    stage.town.box.delete(stage.shop, order)
    stage.settle()
    reconcile(stage, "nightly")
    assert stage.sums() == {f"order:{order['id']}": 0}
    assert stage.redemption(order)[:2] == ("released", "disabled")


def test_an_order_that_is_not_shown_keeps_its_points(stage: Stage) -> None:
    """Shopify shows older orders only with read_all_orders: what cannot be fetched is not deleted."""
    order = stage.buy("ana@example.com", "Rattan tray", "Stoneware mug")
    stage.settle()
    before = stage.sums()
    stage.town.trouble.set(webhook_loss=1)
    stage.town.box.edit(stage.shop, order, {order["lines"][0]["id"]: 0})
    stage.town.trouble.calm()
    hide(stage, order)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        waiting.queue(conn, stage.shop_id, "fetch_order", [order["id"]], stage.work.clock())
    stage.settle(minutes=2)
    assert stage.sums() == before
    assert stage.rows("SELECT deleted, deleted_at FROM order_views") == [(False, None)]
    assert stage.rows("SELECT count(*) FROM deliveries WHERE topic = 'orders/delete'") == [(0,)]


def hide(stage: Stage, order: dict[str, Any]) -> None:
    """Not shown by the API any more; no webhook tells of it."""
    stage.shop.order.pop(order["id"])


def test_deletions_that_were_guessed_are_lifted_once_and_real_ones_stay(stage: Stage) -> None:
    guessed, gone = stage.buy(), stage.buy()
    stage.settle()
    stage.town.box.delete(stage.shop, gone)
    stage.settle()
    both = {f"order:{guessed['id']}": 24, f"order:{gone['id']}": 0}
    as_before_moments_were_kept(stage, guessed, gone)
    assert stage.sums() == dict.fromkeys(both, 0)
    next(what for _, name, what in jobs.SCHEDULE if name == "lift_guesses")(stage.work)
    stage.settle(minutes=1)
    assert stage.sums() == both
    assert stage.rows("SELECT deleted FROM order_views ORDER BY order_id") == [(False,), (True,)]
    entries = stage.rows("SELECT count(*) FROM entries")
    next(what for _, name, what in jobs.SCHEDULE if name == "lift_guesses")(stage.work)
    stage.settle(minutes=1)
    assert (stage.sums(), stage.rows("SELECT count(*) FROM entries")) == (both, entries)


def as_before_moments_were_kept(stage: Stage, guessed: dict[str, Any], gone: dict[str, Any]) -> None:
    """One order stands as deleted because it was not shown, told to ourselves; the other was deleted by the shop."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        at = stage.work.clock()
        fact = OrderDeleted(guessed["id"], at)
        settle_orders(conn, shops.get(conn, stage.shop_id), [fact], at)
        conn.exec_driver_sql("UPDATE order_views SET deleted_at = NULL")
        body = orjson.dumps({"id": guessed["id"]})
        deliveries.add(conn, stage.shop_id, f"suki:{guessed['id']}::1", "orders/delete", at, body)


def test_a_refund_on_its_way_is_looked_at_after_an_hour_a_day_and_five_days(stage: Stage) -> None:
    order = stage.buy("ana@example.com", "Rattan tray")
    stage.settle()
    body = payloads.refund(9) | {
        "order_id": order["id"],
        "created_at": stage.work.clock().isoformat(),
        "transactions": [{"kind": "refund", "status": "pending", "gateway": "visa", "amount": "10.00"}],
    }
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        deliveries.add(conn, stage.shop_id, "w9", "refunds/create", stage.work.clock(), orjson.dumps(body))
    stage.hear()
    before = stage.sums()
    looks = stage.rows("SELECT subject, not_before FROM jobs WHERE kind = 'pending_refund' ORDER BY not_before")
    assert [subject for subject, _ in looks] == [f"{order['id']}:{hours}" for hours in (1, 24, 120)]
    assert [(at - looks[0][1]).total_seconds() / 3600 for _, at in looks] == [0, 23, 119]
    stage.settle(hours=2)
    fetched = "SELECT count(*) FROM deliveries WHERE topic = 'suki/order'"
    assert (stage.sums(), stage.rows(fetched)) == (before, [(1,)])
