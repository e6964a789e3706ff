"""Orders made up by hypothesis: what a shop can do to one order, as the facts that we would hear of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from plugin.actions.orders.order_news import OrderNews, OrderSeen, RefundSeen
from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.programme import Basis, Earning, Programme
from plugin.rules.types import Buyer, Line, OrderView, Refund, RefundLine

PLACED = datetime(2026, 11, 20, 10, tzinfo=UTC)
CURRENCIES = ("JPY", "USD", "KWD")
"""With 0, 2 and 3 decimals."""
PAID = st.sampled_from(("paid", "paid", "paid", "pending"))


def view(*lines: Line, **more: object) -> OrderView:
    """A paid order of customer 7 in US dollars, unless told otherwise."""
    made = {
        "order_id": 1,
        "name": "#1001",
        "created_at": PLACED,
        "updated_at": PLACED,
        "processed_at": PLACED,
        "currency": "USD",
        "financial_status": "paid",
        "buyer": Buyer(customer_id=7, email="ana@example.com"),
        "lines": lines,
        "total_minor": sum(net(line) for line in lines),
    }
    return OrderView(**{**made, **more})  # type: ignore[arg-type]


def line(line_id: int, price_minor: int, quantity: int = 1, **more: object) -> Line:
    """A line of which nothing was removed."""
    made = {"title": f"Item {line_id}", "current_quantity": quantity, "product_id": 1000 + line_id}
    return Line(id=line_id, quantity=quantity, price_minor=price_minor, **{**made, **more})  # type: ignore[arg-type]


def net(one: Line) -> int:
    """What the buyer pays for the line."""
    return one.price_minor * one.quantity - one.discount_minor


@st.composite
def lines(draw: st.DrawFn, most: int = 4, largest_minor: int = 100_000) -> tuple[Line, ...]:
    """A few lines with discounts."""
    made = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        price, quantity = draw(st.integers(0, largest_minor)), draw(st.integers(1, 5))
        discount = draw(st.integers(0, price * quantity))
        made.append(line(number, price, quantity, discount_minor=discount))
    return tuple(made)


@dataclass
class _Shop:
    """The shop's side of one order: the newest view, and what is left of each line."""

    now: OrderView
    left: dict[int, tuple[int, int]]
    number: int = 0


@st.composite
def histories(draw: st.DrawFn) -> list[OrderNews]:
    """Everything that is told of one order, in the order in which it happened."""
    first = view(*draw(lines()), currency=draw(st.sampled_from(CURRENCIES)), financial_status=draw(PAID))
    shop = _Shop(first, {one.id: (one.quantity, net(one)) for one in first.lines})
    facts: list[OrderNews] = [_seen(first)]
    for step in draw(st.lists(st.sampled_from(_STEPS), min_size=1, max_size=6)):
        shop.number += 1
        at = PLACED + timedelta(minutes=shop.number)
        after, refund = step(draw, shop)
        shop.now = replace(after, updated_at=at)
        facts += [RefundSeen(1, refund)] if refund else []
        facts.append(_seen(shop.now))
    return facts


def _seen(newest: OrderView) -> OrderSeen:
    return OrderSeen(newest, newest.updated_at + timedelta(seconds=1))


def _pay(draw: st.DrawFn, shop: _Shop) -> tuple[OrderView, None]:
    return replace(shop.now, financial_status="paid"), None


def _cancel(draw: st.DrawFn, shop: _Shop) -> tuple[OrderView, None]:
    open_again = shop.now.cancelled_at is not None
    return replace(shop.now, cancelled_at=None if open_again else PLACED), None


def _attach(draw: st.DrawFn, shop: _Shop) -> tuple[OrderView, None]:
    return replace(shop.now, buyer=Buyer(customer_id=draw(st.sampled_from((7, 8))))), None


def _refund_lines(draw: st.DrawFn, shop: _Shop) -> tuple[OrderView, Refund]:
    chosen = draw(st.sampled_from(sorted(shop.left)))
    units, money = shop.left[chosen]
    back = draw(st.integers(0, units))
    subtotal = money if back == units else draw(st.integers(0, money))
    shop.left[chosen] = units - back, money - subtotal
    refund = Refund(shop.number, (RefundLine(chosen, back, subtotal),))
    return _with_refund(shop, refund, {chosen: back}), refund


def _refund_amount(draw: st.DrawFn, shop: _Shop) -> tuple[OrderView, Refund]:
    refund = Refund(shop.number, discrepancy_minor=-draw(st.integers(0, shop.now.total_minor)))
    return _with_refund(shop, refund, {}), refund


def _with_refund(shop: _Shop, refund: Refund, back: dict[int, int]) -> OrderView:
    shown = tuple(replace(x, current_quantity=x.current_quantity - back.get(x.id, 0)) for x in shop.now.lines)
    return replace(shop.now, lines=shown, refunds=(*shop.now.refunds, refund))


_STEPS = (_pay, _pay, _cancel, _attach, _refund_lines, _refund_lines, _refund_amount)


@st.composite
def order_rules(draw: st.DrawFn) -> OrderEarning:
    """Rules of every effect, about lines 1 to 3 or about everything."""
    made = []
    for number in range(draw(st.integers(0, 4))):
        picked = draw(st.sets(st.sampled_from((1001, 1002, 1003))))
        made.append(
            OrderRule(
                key=f"r{number}",
                name=f"Rule {number}",
                products=picked,
                effect=draw(st.sampled_from(("multiplier", "per_item", "per_order", "rate"))),
                multiplier=draw(st.decimals(0, 5, places=2)),
                points=draw(st.integers(1, 50)),
                minimum_order=draw(st.sampled_from(("0", "10"))),
            )
        )
    return OrderEarning(
        rules=tuple(made),
        stacking=draw(st.sampled_from(("best", "add", "multiply"))),
        per_item=draw(st.integers(0, 3)),
        per_order=draw(st.integers(0, 3)),
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Any rate, rounding, rules and basis that need nothing but the order itself."""
    earning = Earning(
        points=draw(st.integers(0, 1000)),
        per_amount=draw(st.decimals("0.001", "1000", places=3)),
        rounding=draw(st.sampled_from(("floor", "half_up", "ceil"))),
    )
    basis = Basis(
        tax=draw(st.booleans()),
        shipping=draw(st.booleans()),
        before_discounts=draw(st.booleans()),
        minimum_order=draw(st.sampled_from(("0", "10", "500"))),
    )
    return Programme(earning=earning, basis=basis, orders=draw(order_rules()))
