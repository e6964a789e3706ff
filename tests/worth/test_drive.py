"""The driver that histories of orders are judged through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from plugin.rules.programme import Programme
from tests import payloads
from tests.worth.drive import points_after

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_points_are_told_after_each_delivery() -> None:
    refund = payloads.refund(5, (1, 1, 20.0))
    order = payloads.order(lines=[payloads.line(1, "20.00"), payloads.line(2, "30.00")], total_price="50.00")
    told = [("orders/paid", AT, payloads.dumps(order)),
            ("refunds/create", AT + timedelta(days=1), payloads.dumps({**refund, "order_id": 1}))]  # fmt: skip
    assert points_after(told, Programme(), "USD") == [50, 30]
    assert points_after(told[::-1], Programme(), "USD") == [0, 30]
