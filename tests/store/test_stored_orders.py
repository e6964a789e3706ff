"""An order is stored by what differs from the defaults of its types, and reads back as it was."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.rules.types import Buyer, Line, OrderView, Refund, RefundLine
from plugin.store import orders
from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow

MOMENT = datetime(2026, 2, 28, 23, 59, 59, 250_000, tzinfo=UTC)
PLAIN = OrderView(1, "#1", MOMENT, MOMENT, MOMENT, "USD", "paid", Buyer(), (Line(1, "Tea", 2, 2, 450),))
FULL = OrderView(
    order_id=1,
    name="#1 “ä”",
    created_at=MOMENT,
    updated_at=MOMENT,
    processed_at=MOMENT,
    currency="JPY",
    financial_status="refunded",
    buyer=Buyer(7, "ana@example.com", "Ana", "Cruz", "fil", MOMENT),
    lines=(Line(1, "Tea", 2, 1, 450, 50, 9, 11, "Large", 12, "Suki", gift_card=True, tip=True), Line(2, "", 0, 0, 0)),
    refunds=(Refund(5, (RefundLine(1, 1, 200),), 3, 4), Refund(6)),
    cancelled_at=MOMENT,
    test=True,
    source="pos",
    taxes_included=True,
    shipping_minor=300,
    shipping_tax_minor=30,
    tip_minor=1,
    total_minor=1200,
    discount_codes=("TEN", "FREE"),
    gateways=("visa", "gift_card"),
    tenders_minor={"visa": 1000, "gift_card": 200},
    subscription=False,
    fulfilled_at=MOMENT,
    presented_currency="PHP",
    presented_minor={0: 15, 1: 60},
)
DEFAULTS = {
    Line: (0, 0, None, "", None, "", False, False),
    RefundLine: (),
    Refund: ((), 0, 0),
    Buyer: (None, "", "", "", "", None),
    OrderView: ((), None, False, "web", False, 0, 0, 0, 0, (), (), None, None, None, "", None),
}


@pytest.mark.parametrize("view", [PLAIN, FULL])
def test_an_order_reads_back_as_it_was(engine: Engine, shop: ShopRow, view: OrderView) -> None:
    with shop_transaction(engine, shop.id) as conn:
        orders.lock(conn, shop.id, [1])
        orders.save(conn, shop.id, [orders.StoredOrder(1, view=view, triggered_at=MOMENT)])
    with shop_transaction(engine, shop.id) as conn:
        found = orders.get(conn, shop.id, 1)
    assert found == orders.StoredOrder(1, view=view, triggered_at=MOMENT)


def test_the_example_sets_everything_that_has_a_default() -> None:
    kept = (FULL, FULL.buyer, FULL.lines[0], FULL.refunds[0])
    left = [f"{type(one).__name__}.{f.name}" for one in kept for f in fields(one) if getattr(one, f.name) == f.default]
    assert left == []


@pytest.mark.parametrize("kind", list(DEFAULTS))
def test_a_default_that_stored_orders_rely_on_is_never_changed(kind: type) -> None:
    assert tuple(f.default for f in fields(kind) if f.default is not MISSING) == DEFAULTS[kind]
