"""Orders stored by the first reading keep their value until a whole new view of them comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plugin.actions.orders.order_news import OrderSeen, RefundSeen, merge
from plugin.rules.orders.earning import Snapshot, deserved
from plugin.rules.programme import Programme
from plugin.rules.types import READING, Moved, OrderView, Refund, RefundLine
from plugin.store.orders.orders import StoredOrder
from tests.rules.generated import line, view

OLD = view(
    line(1, 50_000, current_quantity=0),
    line(2, 10_000),
    financial_status="partially_refunded",
    refunds=(Refund(4, (RefundLine(1, 1, 50_000),)), Refund(5, discrepancy_minor=-5_000)),
    reading=1,
)
"""500 refunded by line, then 50 by amount: the first reading took 50/600 of everything that was bought."""


def points(order: OrderView | None) -> int:
    assert order is not None
    return deserved(order, Programme(), Snapshot(1), {}).points


def test_an_old_view_keeps_its_value_and_a_new_one_is_judged_anew() -> None:
    stored = StoredOrder(1, view=OLD, triggered_at=OLD.updated_at)
    assert points(stored.effective) == 91
    later = OLD.updated_at + timedelta(days=1)
    seen = replace(OLD, updated_at=later, reading=READING)
    assert points(merge(stored, OrderSeen(seen, later)).effective) == 50


def test_a_refund_alone_is_counted_with_an_old_view_as_it_was_then() -> None:
    more = Refund(6, moved=(Moved("visa", "USD", 3_000),), discrepancy_minor=-3_000, currency="USD")
    stored = merge(StoredOrder(1, view=OLD, triggered_at=OLD.updated_at), RefundSeen(1, more))
    assert points(stored.effective) == 86
    assert stored.effective is not None
    assert stored.effective.reading == 1


def test_an_order_of_the_first_reading_that_was_paid_and_then_grows_keeps_its_points() -> None:
    paid = view(line(1, 10_000), reading=1)
    later = paid.updated_at + timedelta(days=1)
    grown = view(line(1, 10_000), line(2, 2_000), financial_status="partially_paid", outstanding_minor=2_000,
                 updated_at=later)  # fmt: skip
    stored = merge(StoredOrder(1, view=paid, triggered_at=paid.updated_at), OrderSeen(grown, later))
    assert points(stored.effective) == 100
