"""What a cart is said to earn is what its order then earns, though a cart does not say its tax."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

from plugin.actions.orders import estimate_cart
from plugin.actions.orders.estimate_cart import Estimated
from plugin.actions.orders.settle_orders import settle_orders
from plugin.rules.money import minor_digits
from plugin.rules.orders.cart import Cart, CartLine
from plugin.rules.programme import Basis, Earning, Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests import payloads
from tests.actions.orders.test_settle_orders import NOW, start_programme
from tests.conftest import ShopRow
from tests.web.referral_front import counted_statements
from webhooks.orders import order as read_order

Goods = Sequence[tuple[str, int]]
SOLD: Goods = [("33000", 1), ("19", 3), ("7", 1)]
CART: Goods = [("114", 1), ("71", 2), ("3", 1)]


def begin(engine: Engine, shop: ShopRow, currency: str = "USD", *, tax: bool = False, included: bool = True) -> None:
    """A point for each whole unit; the shop said how its prices are."""
    start_programme(engine, shop.id, Programme(basis=Basis(tax=tax), earning=Earning(points=1, per_amount=Decimal(1))))
    with system_transaction(engine) as conn:
        conn.exec_driver_sql("UPDATE shops SET currency = %(c)s, stage = 'launched' WHERE id = %(id)s",
                             {"c": currency, "id": shop.id})  # fmt: skip
        shops.merge_settings(conn, shop.id, {"taxes_included": included})


def ordered(
    engine: Engine, shop: ShopRow, number: int, goods: Goods, *, percent: str = "12", included: bool = True, **more: Any
) -> int:
    """The order is placed and settled; its points."""
    with shop_transaction(engine, shop.id) as conn:
        here = shops.get(conn, shop.id)
        unit, whole = Decimal(1).scaleb(-minor_digits(here.currency)), 100 + Decimal(percent) if included else 100
        taxes = [
            (Decimal(price) * count * Decimal(percent) / whole).quantize(unit, ROUND_HALF_UP) for price, count in goods
        ]
        lines = [payloads.line(n, price, count, tax=str(tax))
                 for n, ((price, count), tax) in enumerate(zip(goods, taxes, strict=True), 1)]  # fmt: skip
        total = sum(Decimal(price) * count for price, count in goods) + (0 if included else sum(taxes))
        at = (NOW + timedelta(minutes=number)).isoformat()
        sent = payloads.order(number, lines, currency=here.currency, taxes_included=included, total_price=str(total),
                              created_at=at, processed_at=at, updated_at=at, **more)  # fmt: skip
        fact = read_order("orders/paid", NOW + timedelta(minutes=number), payloads.dumps(sent), here.currency)
        settle_orders(conn, here, [fact], NOW + timedelta(minutes=number))
        return int(conn.exec_driver_sql(
            "SELECT deserved FROM order_views WHERE order_id = %(id)s", {"id": number}
        ).scalar_one())  # fmt: skip


def estimated(engine: Engine, shop: ShopRow, goods: Goods, currency: str) -> Estimated:
    lines = tuple(CartLine(count, Decimal(price), 1000 + n) for n, (price, count) in enumerate(goods, 1))
    with shop_transaction(engine, shop.id) as conn:
        here, at = shops.get(conn, shop.id), NOW + timedelta(hours=1)
        found = estimate_cart.known(conn, here, Cart(currency, lines), None, at)
        return estimate_cart.estimate(conn, here, programmes.current(conn, shop.id, at), found, None, at)


@pytest.mark.parametrize("tax", [False, True])
@pytest.mark.parametrize("included", [False, True])
@pytest.mark.parametrize(("currency", "percent"), [("JPY", "10"), ("USD", "12"), ("KWD", "17.5")])
def test_the_cart_of_a_shop_with_one_tax_rate_earns_what_its_order_is_then_given(
    engine: Engine, shop: ShopRow, currency: str, percent: str, included: bool, tax: bool
) -> None:
    begin(engine, shop, currency, tax=tax, included=not included)
    ordered(engine, shop, 1, SOLD, percent=percent, included=included)
    said = estimated(engine, shop, CART, currency)
    assert said.points == ordered(engine, shop, 2, CART, percent=percent, included=included)
    full, rate = 114 + 71 * 2 + 3, Decimal(percent) / 100
    times = 1 if tax == included else 1 + rate if tax else 1 / (1 + rate)
    assert abs(said.points - full * times) < 1  # a yen of tax is whole, line by line
    assert (said.about, said.up_to) == (tax != included, False)


def test_before_anybody_ordered_it_is_the_most_where_prices_include_a_tax_that_does_not_count(
    engine: Engine, shop: ShopRow
) -> None:
    begin(engine, shop)
    assert estimated(engine, shop, CART, "USD") == Estimated(259, about=True, up_to=True)
    ordered(engine, shop, 1, [("50", 1)], gift_card=True)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE order_views SET view = jsonb_set(view, '{lines,0,gift_card}', 'true')")
    assert estimated(engine, shop, CART, "USD") == Estimated(259, about=True, up_to=True)
    ordered(engine, shop, 2, SOLD)
    assert estimated(engine, shop, CART, "USD") == Estimated(231, about=True)


def test_before_anybody_ordered_prices_without_tax_are_what_counts(engine: Engine, shop: ShopRow) -> None:
    begin(engine, shop, included=False)
    assert estimated(engine, shop, CART, "USD") == Estimated(259)


def test_each_currency_has_its_own_tax_and_its_rate_comes_by_the_same_read(engine: Engine, shop: ShopRow) -> None:
    begin(engine, shop)
    ordered(engine, shop, 1, SOLD, percent="25")
    ordered(engine, shop, 2, SOLD)
    with shop_transaction(engine, shop.id) as conn:
        euros = orjson.dumps({"presented_currency": "EUR", "rate": [2, 1]}).decode()
        conn.exec_driver_sql("UPDATE order_views SET view = view || %(e)s::jsonb WHERE order_id = 1", {"e": euros})
    with counted_statements(engine) as one:
        assert estimated(engine, shop, CART, "USD") == Estimated(231, about=True)
    with counted_statements(engine) as other:
        assert estimated(engine, shop, CART, "EUR") == Estimated(414, about=True)
    assert len(one) == len(other)
    assert estimated(engine, shop, CART, "GBP").why is not None


def test_only_orders_that_are_there_and_new_are_learned_from(engine: Engine, shop: ShopRow) -> None:
    begin(engine, shop)
    ordered(engine, shop, 1, SOLD, percent="25")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE order_views SET deleted = true")
    assert estimated(engine, shop, CART, "USD").up_to is True
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE order_views SET deleted = false")
        conn.exec_driver_sql(
            "INSERT INTO order_views (shop_id, order_id, view, placed_at) SELECT shop_id, 100 + n,"
            ' jsonb_set(view, \'{lines}\', \'[{"quantity": 1, "price_minor": 10000, "discount_minor": 0,'
            " \"tax_minor\": 0}]'), placed_at + interval '1 hour' FROM order_views, generate_series(1, 25) n"
        )
    assert estimated(engine, shop, CART, "USD") == Estimated(259, about=True)
