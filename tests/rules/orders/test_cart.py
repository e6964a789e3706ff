"""A cart is read as the order that it would become: what each line costs, and when that is only about right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from plugin.rules.money import MAX_MINOR
from plugin.rules.orders.cart import Cart, CartLine, as_order, in_shops, is_about, line_minors
from plugin.rules.orders.earning_rules import Limit, OrderEarning, OrderRule
from plugin.rules.programme import Basis, Programme
from plugin.rules.types import Buyer, Line, OrderView

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
BUYER = Buyer(7, "ana@example.com")


def goods(price: str, quantity: int = 1, **more: Any) -> CartLine:
    return CartLine(quantity, Decimal(price), **more)


def cart(*lines: CartLine, subtotal: str | None = None, **more: Any) -> Cart:
    return Cart(**{"currency": "USD", **more}, lines=lines, subtotal=None if subtotal is None else Decimal(subtotal))


CARD = goods("10", gift_card=True)


@pytest.mark.parametrize(
    ("subtotal", "minors"),
    [
        (None, [2000, 1000, 1000]),  # nothing is said of the whole
        ("40", [2000, 1000, 1000]),
        ("37", [1800, 900, 1000]),  # 3.00 off, and none of it off the gift card
        ("50", [2000, 1000, 1000]),  # more than its lines: nothing was taken off
        ("10", [0, 0, 1000]),
        ("0", [0, 0, 1000]),  # a gift card is paid for, whatever was said
        ("39.99", [2000, 999, 1000]),  # the last unit is not lost
    ],
)
def test_what_is_off_the_whole_cart_is_spread_over_its_goods(subtotal: str | None, minors: list[int]) -> None:
    assert line_minors(cart(goods("10", 2), goods("10"), CARD, subtotal=subtotal)) == minors


@pytest.mark.parametrize(
    ("currency", "price", "minor"), [("JPY", "1200", 1200), ("USD", "12.345", 1234), ("USD", "12.355", 1236),
                                     ("KWD", "1.234", 1234)],
)  # fmt: skip
def test_a_line_is_in_minor_units_of_its_currency(currency: str, price: str, minor: int) -> None:
    assert line_minors(cart(goods(price), currency=currency)) == [minor]
    assert line_minors(cart(goods(price), currency=currency, subtotal="0")) == [0]


def test_three_equal_lines_share_what_does_not_divide_and_free_ones_have_no_part() -> None:
    assert line_minors(cart(goods("1"), goods("1"), goods("1"), subtotal="2")) == [67, 67, 66]
    assert line_minors(cart(goods("0"), goods("5"), goods("0"), subtotal="3")) == [0, 300, 0]
    assert line_minors(cart(goods("0"), CARD, subtotal="3")) == [0, 1000]
    assert line_minors(cart(subtotal="0")) == []


def test_no_line_is_more_than_any_order() -> None:
    assert line_minors(cart(goods(str(MAX_MINOR)))) == [MAX_MINOR]
    assert line_minors(cart(goods(str(Decimal(MAX_MINOR) / 100)))) == [MAX_MINOR]
    assert line_minors(cart(goods(str(Decimal(MAX_MINOR) / 100 - Decimal("0.01"))))) == [MAX_MINOR - 1]


@pytest.mark.parametrize(
    ("minor", "rate", "shops"),
    [(100, (1, 1), 100), (100, (3, 2), 150), (1, (1, 2), 1), (1, (1, 3), 0), (2, (1, 3), 1), (0, (5, 1), 0),
     (5, (1, 10), 1), (4, (1, 10), 0), (14, (1, 4), 4), (13, (1, 4), 3)],
)  # fmt: skip
def test_an_amount_in_the_shops_currency_is_half_up(minor: int, rate: tuple[int, int], shops: int) -> None:
    assert in_shops(minor, rate) == shops


def test_the_order_that_it_would_be_is_paid_and_sent_now() -> None:
    one = goods("10", 2, product_id=1001, variant_id=5, vendor="Kape")
    other = goods("10", gift_card=True)
    full = cart(one, other, subtotal="29", codes=("TEN",), source="pos")
    lines = (
        Line(1, "", 2, 2, 950, product_id=1001, variant_id=5, vendor="Kape"),
        Line(2, "", 1, 1, 1000, product_id=0, gift_card=True),
    )
    assert as_order(full, "USD", (1, 1), BUYER, NOW) == OrderView(
        0, "", NOW, NOW, NOW, "USD", "paid", BUYER, lines, source="pos", fulfilled_at=NOW, total_minor=950 + 1000,
        discount_codes=("TEN",), subscription=False,
    )  # fmt: skip
    assert as_order(cart(), "USD", (1, 1), BUYER, NOW).source == "web"


def test_one_line_of_a_subscription_makes_it_one() -> None:
    assert as_order(cart(goods("1"), goods("1", subscription=True)), "USD", (1, 1), BUYER, NOW).subscription is True
    assert as_order(cart(goods("1")), "USD", (1, 1), BUYER, NOW).subscription is False


@pytest.mark.parametrize(
    ("quantity", "subtotal", "each", "off"), [(3, "10", 334, 2), (3, "9", 300, 0), (7, "1", 15, 5)]
)
def test_what_does_not_divide_by_the_units_is_taken_off_the_line(
    quantity: int, subtotal: str, each: int, off: int
) -> None:
    (line,) = as_order(cart(goods("10", quantity), subtotal=subtotal), "USD", (1, 1), BUYER, NOW).lines
    assert (line.price_minor, line.discount_minor, line.quantity) == (each, off, quantity)


def test_in_another_currency_the_order_says_what_the_buyer_sees_and_the_rate() -> None:
    """100 yen are about 0.65 dollars."""
    yen = cart(goods("1000"), goods("500", 2), currency="JPY", subtotal="1900")
    order = as_order(yen, "USD", (65, 100), BUYER, NOW)
    assert [line.price_minor * line.quantity - line.discount_minor for line in order.lines] == [618, 618]
    assert (order.currency, order.presented_currency, order.rate) == ("USD", "JPY", (65, 100))
    assert order.presented_minor == {1: 950, 2: 950}
    same = as_order(replace(yen, currency="USD"), "USD", (1, 1), BUYER, NOW)
    assert (same.presented_currency, same.presented_minor, same.rate) == ("", None, None)


NAMED = goods("10", product_id=1, vendor="Kape")
NO_PRODUCT, NO_VENDOR = replace(NAMED, product_id=None), replace(NAMED, vendor="")


def rule(**more: Any) -> OrderRule:
    return OrderRule(key="r", name="R", **more)


@pytest.mark.parametrize(
    ("basis", "orders", "line", "about"),
    [
        ({}, {}, NAMED, False),
        ({}, {}, NO_PRODUCT, False),
        ({}, {}, NO_VENDOR, False),
        ({"shipping": True}, {}, NAMED, True),
        ({}, {"limits": (Limit(most=1),)}, NAMED, True),
        ({"tax": True}, {}, NAMED, True),
        ({"excluded_products": {5}}, {}, NAMED, False),
        ({"excluded_products": {5}}, {}, NO_PRODUCT, True),
        ({"excluded_collections": {5}}, {}, NO_PRODUCT, True),
        ({"excluded_tags": {"a"}}, {}, NO_PRODUCT, True),
        ({"excluded_tags": {"a"}}, {}, NAMED, False),
        ({}, {"rules": (rule(products={5}),)}, NO_PRODUCT, True),
        ({}, {"rules": (rule(products={5}),)}, NAMED, False),
        ({}, {"rules": (rule(products={5}, active=False),)}, NO_PRODUCT, False),
        ({}, {"rules": (rule(weekdays={1}),)}, NO_PRODUCT, False),
        ({}, {"rules": (rule(weekdays={1}),)}, NO_VENDOR, False),
        ({}, {"rules": (rule(products={5}),)}, NO_VENDOR, False),
        ({}, {"rules": (rule(vendors={"kape"}),)}, NO_VENDOR, True),
        ({}, {"rules": (rule(vendors={"kape"}),)}, NAMED, False),
        ({}, {"rules": (rule(vendors={"kape"}, active=False),)}, NO_VENDOR, False),
    ],
)  # fmt: skip
def test_what_it_earns_is_about_right_only_where_a_rule_asks_for_what_it_does_not_say(
    basis: dict[str, Any], orders: dict[str, Any], line: CartLine, about: bool
) -> None:
    programme = Programme(basis=Basis(**basis), orders=OrderEarning(**orders))
    assert is_about(cart(NAMED, line), programme, "USD", taxes_included=False) is about


@pytest.mark.parametrize(("tax", "included", "about"), [(True, True, False), (False, False, False), (True, False, True),
                                                        (False, True, True)])  # fmt: skip
def test_tax_is_known_where_prices_have_it_as_the_programme_counts_it(tax: bool, included: bool, about: bool) -> None:
    programme = Programme(basis=Basis(tax=tax))
    assert is_about(cart(NAMED), programme, "USD", taxes_included=included) is about


def test_the_rate_of_another_currency_is_that_of_the_day() -> None:
    assert is_about(cart(NAMED, currency="EUR"), Programme(), "USD", taxes_included=False) is True
