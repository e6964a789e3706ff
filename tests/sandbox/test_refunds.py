"""Every shape in which money goes back, or does not, as Shopify tells it: see the order's own sums beside."""

from __future__ import annotations

import pytest

from sandbox.run import Running
from sandbox.shop import sums
from sandbox.shop.orders import Wish
from sandbox.state import Record, Shop
from tests.sandbox.conftest import Client, Listener, variants

USD = {"currency": "USD", "tax_rate": "0.2", "taxes_included": False}


@pytest.fixture
def dollars(local: Running) -> Shop:
    """A shop in dollars, with 20 % tax on top, on shipping too."""
    shop = local.shop("dollars.myshopify.com", **USD)
    shop.settings["tax_shipping"] = True
    return shop


def place(local: Running, shop: Shop, units: int = 2, **more: object) -> Record:
    """So many mugs, paid."""
    mug = variants(shop, "Stoneware mug")[0]["id"]
    wish = Wish(lines=[(mug, units)], email="ana@example.com", **more)  # type: ignore[arg-type]
    return local.box.place(shop, wish, first_name="Ana", last_name="Cruz")


def newest(local: Running, app: Listener, topic: str) -> Record:
    """The body of the latest delivery of a topic."""
    assert local.box.dispatcher.wait_idle(10)
    return max(
        app.of(topic), key=lambda one: (one.json.get("updated_at", ""), one.json.get("id", 0), len(one.body))
    ).json


def rows(refund: Record) -> list[tuple[str, str]]:
    """Reason and amount of each adjustment."""
    return [(one["reason"], one["amount"]) for one in refund["order_adjustments"]]


def shop_amount(money_set: Record) -> str:
    """What a set says in the shop's currency."""
    return str(money_set["shop_money"]["amount"])


def test_goods_that_come_back_without_money_leave_a_positive_discrepancy(
    local: Running, dollars: Shop, api: Client, app: Listener
):
    order = place(local, dollars)
    line = order["lines"][0]
    gross = sums.line_net(line, 1) + sums.line_tax(order, line, 1)
    local.box.refund(dollars, order, lines={line["id"]: 1}, move_money=False)
    assert [(one["reason"], one["amount"]) for one in order["refunds"][0]["adjustments"]] == [
        ("Refund discrepancy", gross)
    ]
    assert order["refunds"][0]["transactions"] == []
    assert (sums.balance(order), sums.financial_status(order)) == (0, "paid")
    local.box.refund(dollars, order, amount=gross)
    assert [one["amount"] for one in order["refunds"][1]["adjustments"]] == [-gross]
    assert (sums.balance(order), sums.agreed(order), sums.financial_status(order)) == (0, 0, "partially_refunded")


@pytest.mark.parametrize("named", [False, True])
def test_an_edit_leaves_money_owed_and_a_refund_settles_it(local: Running, dollars: Shop, app: Listener, named: bool):
    order = place(local, dollars)
    line = order["lines"][0]
    gross = sums.line_net(line, 1) + sums.line_tax(order, line, 1)
    local.box.edit(dollars, order, {line["id"]: 1})
    assert sums.balance(order) == -gross
    if named:
        local.box.refund(dollars, order, gone={line["id"]: 1})
    else:
        local.box.refund_owed(dollars, order)
    assert sums.balance(order) == sums.agreed(order) == 0
    assert (sums.current(line), sums.refunded(order)) == (1, gross)
    assert [one["amount"] for one in order["refunds"][0]["adjustments"]] == ([] if named else [-gross])
    assert local.box.refund(dollars, order, gone={line["id"]: 1}) is None or not named


def test_goodwill_is_nothing_that_the_buyer_owes(local: Running, dollars: Shop, app: Listener):
    order = place(local, dollars)
    local.box.refund(dollars, order, amount=500)
    assert (sums.balance(order), sums.outstanding(order), sums.agreed(order)) == (0, 0, -500)


@pytest.mark.parametrize(
    ("form", "lines", "adjustments"),
    [("lines", 1, 0), ("lines and adjustments", 1, 1), ("adjustments", 0, 1)],
)
def test_refunded_shipping_is_told_in_the_new_form_and_the_old(
    local: Running, shop: Shop, api: Client, app: Listener, form: str, lines: int, adjustments: int
):
    shop.settings |= {"refunded_shipping": form, "tax_shipping": True, "taxes_included": False, "tax_rate": "0.2"}
    order = place(local, shop, shipping=1000)
    local.box.refund(shop, order, shipping=1000)
    refund = newest(local, app, "refunds/create")
    assert [(shop_amount(one["subtotal_amount_set"]), shop_amount(one["tax_amount_set"]))
            for one in refund["refund_shipping_lines"]] == [("10.00", "2.00")] * lines  # fmt: skip
    assert [(one["kind"], one["amount"], one["tax_amount"]) for one in refund["order_adjustments"]] == [
        ("shipping_refund", "-10.00", "-2.00")
    ] * adjustments
    assert [one["amount"] for one in refund["transactions"]] == ["12.00"]
    told = newest(local, app, "orders/updated")
    assert shop_amount(told["shipping_lines"][0]["current_discounted_price_set"]) == "0.00"


def test_parts_of_shipping_add_up_with_their_tax(local: Running, dollars: Shop, app: Listener):
    order = place(local, dollars, shipping=1001)
    for amount in (333, 333, 335):
        local.box.refund(dollars, order, shipping=amount)
    parts = [part for refund in order["refunds"] for part in refund["shipping_parts"]]
    assert sum(part["amount"] for part in parts) == 1001
    assert sum(part["tax"] for part in parts) == sums.parcel_tax(order, order["shipping"]) == 200
    assert sums.shipping_left(order) == 0


def test_another_way_of_shipping_removes_the_first_which_stays(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop, shipping=1000)
    local.box.edit(shop, order, {}, shipping=2500)
    told = newest(local, app, "orders/updated")
    assert [(one["is_removed"], one["price"], shop_amount(one["current_discounted_price_set"]))
            for one in told["shipping_lines"]] == [(True, "10.00", "0.00"), (False, "25.00", "25.00")]  # fmt: skip
    assert (told["financial_status"], told["total_outstanding"]) == ("partially_paid", "15.00")
    assert len(newest(local, app, "orders/edited")["order_edit"]["shipping_lines"]["additions"]) == 1


def test_what_an_edit_adds_is_open_until_it_is_paid(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop)
    mug = variants(shop, "Stoneware mug")[0]
    local.box.edit(shop, order, {}, added=[(mug["id"], 1)])
    told = newest(local, app, "orders/updated")
    assert (told["financial_status"], told["total_outstanding"]) == ("partially_paid", "806.00")
    assert told["total_price"] == "1612.00"
    local.box.pay(shop, order)
    assert (sums.financial_status(order), sums.balance(order)) == ("paid", 0)


@pytest.mark.parametrize("arrives", [True, False])
def test_money_on_its_way_arrives_or_fails_and_nobody_need_be_told(
    local: Running, shop: Shop, api: Client, app: Listener, arrives: bool
):
    order = place(local, shop)
    local.box.refund(shop, order, amount=50000, pending=True)
    refund = newest(local, app, "refunds/create")
    assert [one["status"] for one in refund["transactions"]] == ["pending"]
    assert rows(refund) == [("Pending refund discrepancy", "-500.00")]
    assert (sums.refunded(order), sums.financial_status(order), sums.balance(order)) == (0, "paid", 0)
    before = len(app.received)
    local.box.settle_refund(shop, order, refund["id"], arrives=arrives, told=False)
    assert local.box.dispatcher.wait_idle(10)
    assert len(app.received) == before
    query = """query ($id: ID!) { order(id: $id) { refunds {
      transactions(first: 5) { nodes { status } } orderAdjustments(first: 5) { nodes { reason } } } } }"""
    [found] = api.call(query, id=f"gid://shopify/Order/{order['id']}")["order"]["refunds"]
    assert found["transactions"]["nodes"] == [{"status": "SUCCESS" if arrives else "FAILURE"}]
    assert found["orderAdjustments"]["nodes"] == ([{"reason": "REFUND_DISCREPANCY"}] if arrives else [])
    assert (sums.refunded(order), sums.balance(order)) == (50000 if arrives else 0, 0)
    local.box.settle_refund(shop, order, refund["id"])
    assert sums.refunded(order) == (50000 if arrives else 0)


def test_goods_on_their_way_back_with_money_pending(local: Running, shop: Shop, app: Listener):
    order = place(local, shop)
    line = order["lines"][0]
    made = local.box.refund(shop, order, lines={line["id"]: 1}, pending=True)
    assert made is not None
    assert [(one["reason"], one["amount"]) for one in made["adjustments"]] == [("Pending refund discrepancy", -80600)]
    local.box.settle_refund(shop, order, made["id"], arrives=False)
    assert [(one["reason"], one["amount"]) for one in made["adjustments"]] == [("Refund discrepancy", 80600)]
    assert sums.current(line) == 1


def test_a_refund_transaction_is_in_the_buyers_currency(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop, presentment=("JPY", "2.5"))
    local.box.refund(shop, order, amount=10000)
    [paid] = newest(local, app, "refunds/create")["transactions"]
    assert (paid["amount"], paid["currency"]) == ("250", "JPY")
    [inside] = newest(local, app, "orders/updated")["refunds"]
    assert [(one["amount"], one["currency"]) for one in inside["transactions"]] == [("250", "JPY")]


def test_duties_fees_and_a_tip_of_its_own_line_go_back_by_themselves(
    local: Running, shop: Shop, api: Client, app: Listener
):
    order = place(local, shop, duties=3000, fees=500, tip=700, tip_as_line=True)
    placed = newest(local, app, "orders/create")
    assert shop_amount(placed["original_total_duties_set"]) == "30.00"
    assert placed["total_price"] == "1654.00"
    assert [one["title"] for one in placed["line_items"] if "tip_payment_gateway" in one] == ["Tip"]
    local.box.refund(shop, order, duties=3000, fees=500, tip=True)
    refund = newest(local, app, "refunds/create")
    assert shop_amount(refund["total_duties_set"]) == shop_amount(refund["duties"][0]["amount_set"]) == "30.00"
    assert shop_amount(refund["total_additional_fees_set"]) == "5.00"
    assert [(one["line_item_id"], one["subtotal"]) for one in refund["refund_line_items"]] == [(order["tip_line"], 7)]
    assert refund["order_adjustments"] == []
    told = newest(local, app, "orders/updated")
    assert shop_amount(told["current_total_duties_set"]) == "0.00"
    query = """query ($id: ID!) { order(id: $id) { originalTotalDutiesSet { shopMoney { amount } }
      currentTotalDutiesSet { shopMoney { amount } } additionalFees { name price { shopMoney { amount } } }
      refunds { duties { amountSet { shopMoney { amount } } originalDuty { id } } } } }"""
    found = api.call(query, id=f"gid://shopify/Order/{order['id']}")["order"]
    assert found["originalTotalDutiesSet"]["shopMoney"] == {"amount": "30.0"}
    assert found["currentTotalDutiesSet"]["shopMoney"] == {"amount": "0.0"}
    assert [one["price"]["shopMoney"]["amount"] for one in found["additionalFees"]] == ["5.0"]
    assert [one["amountSet"]["shopMoney"]["amount"] for one in found["refunds"][0]["duties"]] == ["30.0"]
    assert (sums.balance(order), sums.refunded(order)) == (0, 4200)


def test_a_refund_goes_to_each_tender_as_far_as_it_paid(local: Running, shop: Shop, app: Listener):
    order = place(local, shop)
    mug = variants(shop, "Stoneware mug")[0]
    local.box.edit(shop, order, {}, added=[(mug["id"], 1)])
    local.box.pay(shop, order)
    local.box.refund_all(shop, order)
    went = [(one["gateway"], one["amount"]) for one in order["refunds"][0]["transactions"]]
    assert went == [("shopify_payments", 161200), ("manual", 80600)]
    assert (sums.financial_status(order), sums.balance(order)) == ("refunded", 0)


def test_a_cancelled_order_opens_again(local: Running, shop: Shop, api: Client, app: Listener):
    order = place(local, shop)
    local.box.cancel(shop, order, with_refund=False)
    assert newest(local, app, "orders/cancelled")["cancelled_at"]
    local.box.reopen(shop, order)
    assert order["cancelled_at"] is None
    assert sums.financial_status(order) == "paid"
