"""What happens to an order is told as Shopify tells it, and the money adds up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sandbox.run import Running
from sandbox.shop import sums
from sandbox.shop.orders import Wish
from sandbox.state import Record, Shop
from tests.sandbox.conftest import Client, Listener, variants


def wish(shop: Shop, **more: object) -> Wish:
    mug, tray = variants(shop, "Stoneware mug")[0], variants(shop, "Rattan tray")[0]
    return Wish(lines=[(mug["id"], 3), (tray["id"], 1)], email="ana@example.com", shipping=8500, **more)  # type: ignore[arg-type]


def place(local: Running, shop: Shop, **more: object) -> Record:
    return local.box.place(shop, wish(shop, **more), first_name="Ana", last_name="Cruz")


def settled(local: Running) -> None:
    assert local.box.dispatcher.wait_idle(10)


def test_an_order_paid_at_once_tells_create_paid_and_updated(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop)
    settled(local)
    assert sorted(app.topics()) == ["customers/create", "orders/create", "orders/paid", "orders/updated"]
    body = app.of("orders/create")[0].json
    assert body["id"] == order["id"]
    assert (body["subtotal_price"], body["total_price"]) == ("3762.00", "3847.00")
    assert body["customer"]["email"] == "ana@example.com"
    assert not {"tags", "email_marketing_consent", "total_spent"} & set(body["customer"])
    events = {one.headers["x-shopify-event-id"] for one in app.received if one.topic.startswith("orders/")}
    assert len(events) == 1
    assert len({one.headers["x-shopify-webhook-id"] for one in app.received}) == 4


def test_an_order_to_be_paid_later_is_pending_until_it_is_paid(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop, paid=False)
    settled(local)
    assert app.of("orders/create")[0].json["financial_status"] == "pending"
    assert app.of("orders/paid") == []
    local.box.pay(shop, order)
    settled(local)
    assert app.of("orders/paid")[0].json["financial_status"] == "paid"


def test_a_guest_order_has_no_customer(local: Running, shop: Shop, api: Client, app: Listener):
    local.box.place(shop, wish(shop), as_customer=False)
    settled(local)
    assert app.of("orders/create")[0].json["customer"] is None
    assert app.of("orders/create")[0].json["email"] == "ana@example.com"
    assert app.of("customers/create") == []


def test_a_refunded_line_has_json_numbers_and_lowers_what_is_current(
    local: Running, shop: Shop, api: Client, app: Listener
):
    order = place(local, shop)
    local.box.refund(shop, order, lines={order["lines"][0]["id"]: 2}, note="Broken")
    settled(local)
    refund = app.of("refunds/create")[0].json
    line = refund["refund_line_items"][0]
    assert (line["quantity"], line["subtotal"]) == (2, 1612)
    assert isinstance(line["total_tax"], float)
    assert line["subtotal_set"]["shop_money"] == {"amount": "1612.00", "currency_code": "PHP"}
    assert refund["transactions"][0]["amount"] == "1612.00"
    newest = max(app.of("orders/updated"), key=lambda one: len(one.body)).json
    assert newest["current_subtotal_price"] == "2150.00"
    assert newest["subtotal_price"] == "3762.00"
    assert newest["financial_status"] == "partially_refunded"
    assert newest["line_items"][0]["current_quantity"] == 1


def test_a_refunded_amount_has_no_lines_but_an_adjustment(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop)
    local.box.refund(shop, order, amount=50000)
    settled(local)
    refund = app.of("refunds/create")[0].json
    assert refund["refund_line_items"] == []
    assert [(one["kind"], one["amount"]) for one in refund["order_adjustments"]] == [("refund_discrepancy", "-500.00")]
    assert [one["amount"] for one in refund["transactions"]] == ["500.00"]


def test_an_edit_is_a_delta_followed_by_the_full_order(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop)
    mug, tray = order["lines"]
    local.box.edit(shop, order, {mug["id"]: 1, tray["id"]: 2})
    settled(local)
    edit = app.of("orders/edited")[0].json
    assert list(edit) == ["order_edit"]
    assert edit["order_edit"]["line_items"] == {
        "additions": [{"id": tray["id"], "delta": 1}],
        "removals": [{"id": mug["id"], "delta": 2}],
    }
    assert len(app.of("orders/updated")) == 2


def test_cancelling_with_refund_refunds_everything_first(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop)
    local.box.cancel(shop, order)
    settled(local)
    assert sums.received(order) == sums.refunded(order) == 384700
    assert app.of("orders/cancelled")[0].json["cancel_reason"] == "customer"
    assert app.of("orders/cancelled")[0].json["financial_status"] == "refunded"
    assert app.of("refunds/create")[0].json["refund_line_items"][0]["restock_type"] == "cancel"


def test_a_deleted_order_leaves_only_its_id(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop)
    local.box.delete(shop, order)
    settled(local)
    assert app.of("orders/delete")[0].json == {"id": order["id"]}


@pytest.mark.parametrize("currency", ["JPY", "KWD", "USD"])
def test_single_refunds_add_up_to_the_whole_in_every_currency(local: Running, app: Listener, currency: str):
    shop = local.shop(f"{currency.lower()}.myshopify.com", currency=currency, tax_rate="0.0825")
    order = local.box.place(shop, wish(shop, codes=[]), first_name="A", last_name="B")
    order["lines"][0]["allocations"].append({"index": 0, "amount": 100})
    line = order["lines"][0]
    whole, tax = sums.line_net(line, 3), sums.line_tax(order, line, 3)
    parts = [local.box.refund(shop, order, lines={line["id"]: 1})["lines"][0] for _ in range(3)]  # type: ignore[index]
    assert sum(part["subtotal"] for part in parts) == whole
    assert sum(part["tax"] for part in parts) == tax


def test_the_graphql_order_says_the_same_as_the_webhook(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop)
    local.box.refund(shop, order, lines={order["lines"][0]["id"]: 1}, shipping=8500)
    settled(local)
    query = """query ($id: ID!) { order(id: $id) { currentSubtotalPriceSet { shopMoney { amount } }
      currentTotalTaxSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } } displayFinancialStatus
      lineItems(first: 5) { nodes { id currentQuantity } }
      refunds { refundLineItems(first: 5) { nodes { quantity subtotalSet { shopMoney { amount } } } }
                orderAdjustments(first: 5) { nodes { amountSet { shopMoney { amount } } } } } } }"""
    found = api.call(query, id=f"gid://shopify/Order/{order['id']}")["order"]
    told = app.of("orders/updated")[-1].json
    newest = max((one.json for one in app.of("orders/updated")), key=lambda one: len(one["refunds"]))
    assert told["id"] == newest["id"]
    amount = Decimal(found["currentSubtotalPriceSet"]["shopMoney"]["amount"])
    assert amount == Decimal(newest["current_subtotal_price"])
    assert Decimal(found["currentTotalTaxSet"]["shopMoney"]["amount"]) == Decimal(newest["current_total_tax"])
    assert found["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert [one["currentQuantity"] for one in found["lineItems"]["nodes"]] == [2, 1]
    assert found["refunds"][0]["orderAdjustments"]["nodes"] == []
