"""What a person can do to an order on its page: return, add, ship otherwise, refund what is owed, settle, re-open."""

from __future__ import annotations

from sandbox.run import Running
from sandbox.shop import sums
from sandbox.state import Shop
from tests.sandbox.conftest import variants
from tests.sandbox.test_pages import act, checkout, only_order


def test_goods_return_without_money_which_goes_later_by_amount(local: Running, shop: Shop):
    checkout(local, shop)
    order = only_order(shop)
    line = order["lines"][0]
    assert "Returned, no money moved." in act(local, shop, "lines", do="return", **{f"r{line['id']}": "1"}).text
    assert (sums.current(line), sums.refunded(order), sums.agreed(order)) == (1, 0, 80600)
    page = act(local, shop, "refund-amount", amount="806")
    assert "PHP 806.00 refunded." in page.text
    assert (sums.refunded(order), sums.agreed(order)) == (80600, 0)


def test_an_edit_takes_goods_and_what_is_owed_goes_back(local: Running, shop: Shop):
    checkout(local, shop)
    order = only_order(shop)
    line = order["lines"][0]
    page = act(local, shop, "lines", do="edit", **{f"q{line['id']}": "1"})
    assert "Refund the PHP 806.00 owed" in page.text
    assert "What was owed is refunded." in act(local, shop, "refund-owed").text
    assert (sums.refunded(order), sums.balance(order)) == (80600, 0)
    named = act(local, shop, "lines", do="name", **{f"r{line['id']}": "1"}, amount="0")
    assert "Refunded." in named.text
    assert (sums.current(line), line["named"]) == (1, 1)


def test_something_is_added_and_shipping_replaced_and_paid(local: Running, shop: Shop):
    checkout(local, shop, shipping="85")
    order = only_order(shop)
    tray = variants(shop, "Rattan tray")[0]
    page = act(local, shop, "add", variant=str(tray["id"]), quantity="1", shipping="120")
    assert "Order edited." in page.text
    assert "Shipping removed" in page.text
    assert sums.outstanding(order) == 134400 + 12000 - 8500
    assert "Give a quantity" in act(local, shop, "add", variant=str(tray["id"])).text
    act(local, shop, "pay")
    assert (sums.outstanding(order), sums.financial_status(order)) == (0, "paid")


def test_money_on_its_way_is_shown_and_arrives(local: Running, shop: Shop):
    checkout(local, shop)
    order = only_order(shop)
    page = act(local, shop, "refund-amount", amount="10", pending="on")
    assert "It arrives, and no webhook says so" in page.text
    refund = str(order["refunds"][0]["id"])
    assert "The money arrived." in act(local, shop, "settle", refund=refund, do="arrives-untold").text
    assert sums.refunded(order) == 1000
    act(local, shop, "refund-amount", amount="10", pending="on")
    page = act(local, shop, "settle", refund=str(order["refunds"][1]["id"]), do="fails")
    assert "The money did not arrive." in page.text
    assert sums.refunded(order) == 1000


def test_duties_fees_and_a_tip_line_are_charged_and_refunded(local: Running, shop: Shop):
    checkout(local, shop, duties="30", fees="5", tip="7", tip_line="on")
    order = only_order(shop)
    assert sums.received(order) == 2 * 80600 + 3000 + 500 + 700
    assert "Duties, fees and a tip of its own line are refunded." in act(local, shop, "refund-charges").text
    assert sums.refunded(order) == 4200
    assert [sums.charge_left(order, name) for name in ("duties", "fees", "tip")] == [0, 0, 0]


def test_a_cancelled_order_is_opened_again_on_its_page(local: Running, shop: Shop):
    checkout(local, shop)
    act(local, shop, "cancel-only")
    assert only_order(shop)["cancelled_at"]
    assert "Open again." in act(local, shop, "reopen").text
    assert only_order(shop)["cancelled_at"] is None
