"""The tax of a cart is learned from the lines of orders, and then the cart earns what its order does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.money import minor_digits
from plugin.rules.orders.cart import Cart, CartLine, as_order, is_most
from plugin.rules.orders.cart_taxes import UNTAXED, Taxes, learned
from plugin.rules.orders.earning import Snapshot, deserved
from plugin.rules.programme import Basis, Earning, Programme
from plugin.rules.types import Buyer, Line, OrderView
from tests.reached import reach, reaches

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
BUYER = Buyer(7, "ana@example.com")
RATES = {0: ("0", "5", "10", "12", "19", "25", "27"), 1: ("5.5", "8.1", "17.5"), 2: ("7.25", "14.75"), 3: ("8.875",)}


def tax_on(minor: int, percent: Decimal, *, included: bool) -> int:
    """As a shop takes it of each line, half up."""
    whole = 100 + percent if included else Decimal(100)
    return int((minor * percent / whole).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class OneRate:
    """A shop with one tax rate, lines that it sold, and what lies in a cart."""

    currency: str
    percent: Decimal
    included: bool
    sold: list[int]
    cart: list[tuple[int, int]]

    def tax(self, minor: int) -> int:
        return tax_on(minor, self.percent, included=self.included)

    def order(self) -> OrderView:
        lines = tuple(
            Line(number, "", quantity, quantity, minor, tax_minor=self.tax(minor * quantity), product_id=number)
            for number, (minor, quantity) in enumerate(self.cart, 1)
        )
        return OrderView(1, "#1", NOW, NOW, NOW, self.currency, "paid", BUYER, lines, taxes_included=self.included)

    def as_cart(self) -> Cart:
        digits = minor_digits(self.currency)
        lines = (CartLine(count, Decimal(minor).scaleb(-digits), n) for n, (minor, count) in enumerate(self.cart, 1))
        return Cart(self.currency, tuple(lines))


@st.composite
def shops(draw: st.DrawFn) -> OneRate:
    """What it sold is dear enough for its tax to say its rate: a cent of tax on a cheap thing fits many rates."""
    decimals = draw(st.sampled_from(sorted(RATES)))
    dear = 400 * 10**decimals
    prices = st.integers(0, 3000).map(lambda each: each * 97)
    return OneRate(
        draw(st.sampled_from(["JPY", "USD", "KWD"])), Decimal(draw(st.sampled_from(RATES[decimals]))),
        draw(st.booleans()), [*draw(st.lists(st.integers(1, 50_000), max_size=5)), draw(st.integers(dear, 4 * dear))],
        draw(st.lists(st.tuples(prices, st.integers(1, 9)), min_size=1, max_size=5)),
    )  # fmt: skip


@reaches(off=0.06, on=0.06)
@settings(deadline=None)
@given(
    shops(),
    st.sampled_from([True, True, False]),
    st.sampled_from(["floor", "half_up", "ceil"]),
    st.sampled_from(["1", "0.01", "7"]),
)
def test_the_cart_of_a_shop_with_one_rate_earns_what_its_order_does(
    shop: OneRate, differs: bool, rounding: str, per_amount: str
) -> None:
    earning = Earning.model_validate({"points": 1, "per_amount": per_amount, "rounding": rounding})
    programme = Programme(basis=Basis(tax=shop.included is not differs), earning=earning)
    taxes = learned([(minor, shop.tax(minor)) for minor in shop.sold], included=shop.included)
    assert taxes == Taxes(shop.included, Fraction(shop.percent) / 100)
    view = as_order(shop.as_cart(), shop.currency, (1, 1), BUYER, NOW, taxes)
    told = [deserved(each, programme, Snapshot(1), {}).points for each in (view, shop.order())]
    assert told[0] == told[1]
    plain = deserved(as_order(shop.as_cart(), shop.currency, (1, 1), BUYER, NOW), programme, Snapshot(1), {}).points
    if told[0] != plain:
        reach("off" if told[0] < plain else "on")


@pytest.mark.parametrize(("lines", "included", "rate"), [
    ([], False, None),
    ([(0, 0), (5, 5), (5, 9), (5, -1)], True, None),  # given away, or no tax that there is
    ([(1000, 0), (1, 0)], True, "0"),
    ([(11200, 1200)], True, "0.12"),
    ([(10000, 1200)], False, "0.12"),
    ([(100, 9)], True, "0.10"),  # of 9.3 to 10.5 % the plainest
    ([(100, 9), (130, 12), (11000, 1000)], True, "0.10"),
    ([(10000, 888)], False, "0.0888"),  # 8.875 % would be so, too, and is told by what is dearer:
    ([(10000, 888), (1000000, 88750)], False, "0.08875"),
    ([(10000, 1200), (10000, 0)], False, "0.06"),  # some goods are free of tax: what an average thing costs of it
    ([(11200, 1200), (11200, 0)], True, "3/53"),
    ([(10**9, 123456789)], False, "0.123456789"),
])  # fmt: skip
def test_the_rate_is_the_plainest_that_explains_every_line_or_the_average(
    lines: list[tuple[int, int]], included: bool, rate: str | None
) -> None:
    assert learned(lines, included=included) == Taxes(included, None if rate is None else Fraction(rate))


def test_a_gift_card_has_no_tax_and_what_is_unknown_takes_nothing_off() -> None:
    cart = Cart("USD", (CartLine(1, Decimal("11.20"), 1), CartLine(1, Decimal("11.20"), 2, gift_card=True)))
    twelve = as_order(cart, "USD", (1, 1), BUYER, NOW, Taxes(True, Fraction("0.12")))
    assert ([line.tax_minor for line in twelve.lines], twelve.taxes_included) == ([120, 0], True)
    unknown = as_order(cart, "USD", (1, 1), BUYER, NOW, Taxes(True))
    assert ([line.tax_minor for line in unknown.lines], unknown.taxes_included) == ([0, 0], True)


@pytest.mark.parametrize(("basis", "taxes", "most"), [
    (Basis(), Taxes(True), True), (Basis(), Taxes(True, Fraction(0)), False), (Basis(), UNTAXED, False),
    (Basis(tax=True), Taxes(True), False), (Basis(shipping=True), Taxes(True), False),
])  # fmt: skip
def test_an_estimate_is_the_most_only_while_prices_include_a_tax_that_does_not_count_and_nobody_knows(
    basis: Basis, taxes: Taxes, most: bool
) -> None:
    assert is_most(Programme(basis=basis), taxes) is most
