"""An order that nobody touched is told quickly; weighed at length, it comes to the same."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.orders.basis import eligible, kept_minor, weigh
from plugin.rules.programme import Basis
from plugin.rules.types import OrderView, Parcel
from plugin.rules.worth.kept import parcel_key
from plugin.rules.worth.worth import bought_share, untouched, worth
from plugin.rules.worth.worth_reasons import reasons
from tests.reached import reach, reaches
from tests.rules.generated import line, lines, view

STATUSES = ("paid", "paid", "paid", "paid", "pending", "authorized", "partially_paid", "partially_refunded", "voided")
"""Without `refunded`: of what went back nothing is told here."""
ALL = Basis(tax=True, shipping=True)


@st.composite
def whole_orders(draw: st.DrawFn) -> OrderView:
    """Orders from which nothing left, with whatever they may say of what is open."""
    tax, cost = draw(st.integers(0, 5_000)), draw(st.integers(0, 3_000))
    made = tuple(replace(one, tax_minor=tax) for one in draw(lines()))
    parcels = (Parcel(5, cost, draw(st.integers(0, 400))),) if cost else ()
    return view(
        *made, financial_status=draw(st.sampled_from(STATUSES)), taxes_included=draw(st.booleans()), parcels=parcels,
        shipping_minor=cost, shipping_tax_minor=sum(one.tax_minor for one in parcels),
        tip_minor=draw(st.sampled_from((0, 250))), duties_minor=draw(st.sampled_from((0, 700))),
        outstanding_minor=draw(st.sampled_from((41_495, 1, None, 0, 10**9))),
    )  # fmt: skip


@reaches(quick=0.3, paid_with_something_open=0.1)
@settings(deadline=None)
@given(whole_orders(), st.booleans())
def test_what_is_told_quickly_comes_to_the_same_at_length(order: OrderView, at_once: bool) -> None:
    if not untouched(order):
        return
    reach("quick")
    if order.outstanding_minor:
        assert order.financial_status == "paid"
        reach("paid_with_something_open")
    everything = frozenset(one.id for one in order.lines) | {parcel_key(one) for one in order.parcels}
    found = worth(order, everything, at_once=at_once)
    assert set(found.shares.values()) | set(found.with_tax.values()) == {1}
    assert reasons(found.steps, order.currency) == ()
    assert bought_share(order) == 1
    assert all(row.kept_minor == row.original_minor for row in eligible(order, ALL, {}, at_once=at_once))


@reaches(quick=0.1, at_length=0.1)
@settings(deadline=None)
@given(whole_orders(), st.booleans(), st.booleans(), st.booleans(), st.sampled_from(("", "tip")))
def test_what_is_kept_is_the_same_with_and_without_what_explains_it(
    order: OrderView, tax: bool, shipping: bool, before_discounts: bool, because: str
) -> None:
    basis = Basis(tax=tax, shipping=shipping, before_discounts=before_discounts)
    verdicts = {order.lines[0].id: because}
    reach("quick" if untouched(order) and not shipping else "at_length")
    rows = eligible(order, basis, verdicts)
    assert kept_minor(order, basis, verdicts) == {row.line_id: row.kept_minor for row in rows}


def test_a_paid_order_that_says_something_is_open_is_told_quickly_unless_its_payments_are_known() -> None:
    order = view(line(1, 10_000), outstanding_minor=41_495)
    assert untouched(order)
    assert weigh(order, Basis(), {}).steps is None
    assert not untouched(replace(order, received_minor=5_000))
    assert not untouched(replace(order, financial_status="partially_paid"))
    assert not untouched(replace(order, financial_status="partially_refunded"))
