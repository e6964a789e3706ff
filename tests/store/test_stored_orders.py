"""An order is stored by what differs from the defaults of its types, and reads back as it was."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.rules.types import (
    Abroad,
    Buyer,
    Line,
    Moment,
    Moved,
    OrderView,
    Parcel,
    Refund,
    RefundedShipping,
    RefundLine,
    Whereto,
)
from plugin.store.database.db import shop_transaction
from plugin.store.orders import orders
from tests.conftest import ShopRow

MOMENT = datetime(2026, 2, 28, 23, 59, 59, 250_000, tzinfo=UTC)
PLAIN = OrderView(1, "#1", MOMENT, MOMENT, MOMENT, "USD", "paid", Buyer(), (Line(1, "Tea", 2, 2, 450),))
REFUND = Refund(
    id=5,
    lines=(RefundLine(1, 1, 200, 20), RefundLine(2, 1, None)),
    shipping=(RefundedShipping(9, 3, 4, beside=True),),
    duties_minor=5,
    discrepancy_minor=0,
    balancing_minor=-1,
    moved=(Moved("visa", "PHP", 77),),
    pending=True,
    currency="JPY",
    abroad=Abroad("PHP", 70, 7, -1),
    created_at=MOMENT,
)
FULL = OrderView(
    order_id=1,
    name="#1 “ä”",
    created_at=MOMENT,
    updated_at=MOMENT,
    processed_at=MOMENT,
    currency="JPY",
    financial_status="refunded",
    buyer=Buyer(7, "ana@example.com", "Ana", "Cruz", "fil", MOMENT, MOMENT, True, True),
    lines=(Line(1, "Tea", 2, 1, 450, 50, 9, 11, "Large", 12, "Suki", gift_card=True, tip=True), Line(2, "", 0, 0, 0)),
    refunds=(REFUND, Refund(6)),
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
    sent_in_part=True,
    presented_currency="PHP",
    presented_minor={0: 15, 1: 60},
    parcels=(Parcel(9, 300, 30, 200), Parcel(8, 10, removed=True)),
    duties_minor=20,
    duties_now_minor=0,
    outstanding_minor=5,
    received_minor=1200,
    rate=(100, 37),
    earlier=(Moment(MOMENT, MOMENT, True, 1210, 1000, 20, 0, None, 1200, {1: 2, 0: 300}),),
    whereto=Whereto(MOMENT, "PH", "PH-00"),
    checkout_token="c0ffee",
    codes_minor={"TEN": 10},
)
DEFAULTS = {
    Line: (0, 0, None, "", None, "", False, False),
    RefundLine: (None,),
    Refund: ((), (), 0, None, 0, None, False, "", None, None),
    Parcel: (0, None, False),
    RefundedShipping: (0, False),
    Moved: (),
    Whereto: ("",),
    Abroad: (0, 0, 0),
    Moment: (None,),
    Buyer: (None, "", "", "", "", None, None, False, False),
    OrderView: (
        *((), None, False, "web", False, 0, 0, 0, 0, (), (), None, None, None, False, "", None),
        *((), 0, None, None, None, None, (), None, None, "", 2),
    ),
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
    kept = (FULL, FULL.buyer, FULL.lines[0], REFUND, REFUND.lines[0])
    left = [f"{type(one).__name__}.{f.name}" for one in kept for f in fields(one) if getattr(one, f.name) == f.default]
    assert left == ["OrderView.reading"]  # which is always written


@pytest.mark.parametrize("kind", list(DEFAULTS))
def test_a_default_that_stored_orders_rely_on_is_never_changed(kind: type) -> None:
    assert tuple(f.default for f in fields(kind) if f.default is not MISSING) == DEFAULTS[kind]


def test_an_order_stored_by_the_first_reading_keeps_its_refunds_and_says_which_reading_it_was(
    engine: Engine, shop: ShopRow
) -> None:
    """As rows were written before readings had numbers: `beyond_lines_minor` never went below nothing."""
    line = '{"id":1,"title":"Tea","quantity":2,"current_quantity":1,"price_minor":450}'
    refunds = '[{"id":5,"lines":[{"line_id":1,"quantity":1,"subtotal_minor":450}]},{"id":6,"beyond_lines_minor":90}]'
    view = (
        '{"order_id":1,"name":"#1","created_at":"2026-02-28T00:00:00Z","updated_at":"2026-02-28T00:00:00Z",'
        '"processed_at":"2026-02-28T00:00:00Z","currency":"USD","financial_status":"partially_refunded",'
        f'"buyer":{{}},"lines":[{line}],"refunds":{refunds},"total_minor":900}}'
    )
    alone = '{"7": {"id":7,"lines":[],"beyond_lines_minor":40,"shipping_minor":3}}'
    with shop_transaction(engine, shop.id) as conn:
        orders.lock(conn, shop.id, [1])
        conn.exec_driver_sql(
            "UPDATE order_views SET view = %(view)s::jsonb, refunds = %(alone)s::jsonb, reading = 1",
            {"view": view, "alone": alone},
        )
        found = orders.lock(conn, shop.id, [1])[1]
        orders.save(conn, shop.id, [found])
        again = orders.get(conn, shop.id, 1)
    assert found.view is not None
    assert (found.reading, found.view.reading) == (1, 1)
    assert found.view.refunds == (Refund(5, (RefundLine(1, 1, 450),)), Refund(6, discrepancy_minor=-90))
    assert found.refunds == {7: Refund(7, discrepancy_minor=-40, shipping=(RefundedShipping(0, 3),))}
    assert again == found
