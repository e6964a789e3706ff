"""What rules need to know of an order beside its payload is fetched first, and kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from plugin import jobs
from tests.actions.stage import Stage
from webhooks.replay import compare


def double(**conditions: object) -> dict[str, object]:
    return {"rules": [{"key": "double", "name": "Double", **conditions}]}


def waiting_for(stage: Stage) -> list[str]:
    return [row[0] for row in stage.rows("SELECT waiting_for FROM order_views ORDER BY order_id")]


def reduce_price(stage: Stage, title: str, was: int) -> None:
    product = next(one for one in stage.shop.product.values() if one["title"].startswith(title))
    product["variants"][0]["compare_at"] = was


def test_whether_an_item_is_reduced_is_asked_of_the_shop_and_kept(stage: Stage) -> None:
    stage.programme(orders={"sale_items": False})
    reduce_price(stage, "Rattan tray", 3000)
    first = stage.buy("ana@example.com", "Coconut oil soap", "Rattan tray")
    stage.hear()
    assert (stage.sums(), waiting_for(stage)) == ({}, ["variants"])
    stage.settle()
    whole = stage.sums()[f"order:{first['id']}"]
    assert waiting_for(stage) == [""]
    reduce_price(stage, "Rattan tray", 0)
    stage.town.box.fulfil(stage.shop, first)
    stage.settle(hours=1)
    second = stage.buy("ana@example.com", "Coconut oil soap", "Rattan tray")
    stage.settle()
    assert stage.sums() == {f"order:{first['id']}": whole, f"order:{second['id']}": whole + 24}


def test_an_order_of_a_subscription_is_told_from_others_by_asking_once(stage: Stage) -> None:
    stage.programme(orders=double(subscription="only"))
    once, monthly = stage.buy(), stage.buy(selling_plan="Every month")
    later = stage.buy(source="subscription_contract_checkout_one")
    stage.hear()
    assert waiting_for(stage) == ["subscription", "subscription", ""]
    stage.settle()
    assert stage.sums() == {f"order:{once['id']}": 24, f"order:{monthly['id']}": 48, f"order:{later['id']}": 48}
    stage.town.box.refund(stage.shop, monthly, amount=1200)
    stage.settle()
    assert stage.sums()[f"order:{monthly['id']}"] == 26
    assert waiting_for(stage) == ["", "", ""]


def test_tags_of_products_and_shop_days_decide_and_a_later_version_changes_nothing(stage: Stage) -> None:
    stage.programme(orders=double(tags=["wood", "rattan", "home"], channels=["online"]))
    order = stage.buy("ana@example.com", "Rattan tray")
    tray = next(one for one in stage.shop.product.values() if one["title"] == "Rattan tray")
    tray["tags"].append("Rattan")
    stage.settle()
    assert stage.sums() == {f"order:{order['id']}": 48}
    tray["tags"].clear()
    stage.programme(orders=double(multiplier=4))
    stage.town.box.refund(stage.shop, order, amount=1200)
    stage.settle(days=2)
    assert stage.sums() == {f"order:{order['id']}": 26}


def test_a_buyer_in_another_currency_earns_by_its_rate_from_webhook_and_from_fetched_order_alike(stage: Stage) -> None:
    stage.programme(orders={"rates": [{"currency": "JPY", "points": 1, "per_amount": "100"}]})
    heard = stage.buy(presentment=("JPY", "150"))
    stage.town.trouble.set(webhook_loss=1)
    lost = stage.buy(presentment=("JPY", "150"))
    stage.town.trouble.calm()
    stage.hear()
    jobs.queue_reconcile(stage.work, "often")
    stage.settle()
    assert stage.sums() == {f"order:{heard['id']}": 36, f"order:{lost['id']}": 36}


def test_points_come_with_the_last_parcel_and_are_pending_from_then(stage: Stage) -> None:
    stage.programme(earning={"award_on": "fulfilled", "pending_days": 14})
    order = stage.buy()
    stage.settle()
    assert stage.sums() == {}
    stage.town.box.fulfil(stage.shop, order)
    stage.settle()
    assert stage.sums() == {f"order:{order['id']}": 24}
    (available_at,) = stage.rows("SELECT available_at FROM lots")[0]
    sent = stage.rows("SELECT (view->>'fulfilled_at')::timestamptz FROM order_views")[0][0]
    assert available_at == sent + timedelta(days=14)


def test_a_buyers_tags_are_asked_of_the_shop_and_those_of_the_first_look_stay(stage: Stage, database: Any) -> None:
    stage.programme(orders=double(customer_tags=["Wholesale"]))
    plain, guest = stage.buy("juan@example.com"), stage.buy("guest@example.com", as_customer=False)
    tagged = stage.buy()
    customer = stage.shop.customer[tagged["customer_id"]]
    customer["tags"].append("wholesale")
    stage.hear()
    assert waiting_for(stage) == ["customers", "", "customers"]
    stage.settle()
    sums = {f"order:{plain['id']}": 24, f"order:{guest['id']}": 24, f"order:{tagged['id']}": 48}
    assert stage.sums() == sums
    customer["tags"].clear()
    stage.town.box.fulfil(stage.shop, tagged)
    stage.settle(days=2)
    assert stage.sums() == sums
    assert compare(stage.engine, database.url) == []
