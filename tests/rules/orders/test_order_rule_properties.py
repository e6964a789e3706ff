"""What is always true of rules for orders, whatever the rules and the order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.orders.earning_rules import OrderEarning
from plugin.rules.programme import Programme
from plugin.rules.types import Refund, RefundLine
from tests.reached import reach, reaches
from tests.rules import generated
from tests.rules.generated import net, view
from tests.rules.orders.test_order_rules import judged, rule


@reaches(by_a_rule=0.25, less=0.35)
@settings(deadline=None)
@given(generated.lines(), generated.order_rules(), st.data())
def test_the_more_is_refunded_the_less_is_kept(
    lines: tuple[generated.Line, ...], orders: OrderEarning, data: st.DataObject
) -> None:
    by, order = Programme(orders=orders), view(*lines)
    steps = [judged(order, by).points]
    for one in lines:
        units, money = data.draw(st.integers(0, one.quantity)), data.draw(st.integers(0, net(one)))
        refund = Refund(one.id, (RefundLine(one.id, units, money),))
        kept = tuple(
            replace(each, current_quantity=each.quantity - units) if each.id == one.id else each for each in order.lines
        )
        order = replace(order, lines=kept, refunds=(*order.refunds, refund))
        steps.append(judged(order, by).points)
    assert steps == sorted(steps, reverse=True)
    if steps[0] != judged(view(*lines), Programme()).points:
        reach("by_a_rule")
    if steps[-1] < steps[0]:
        reach("less")
    everything = tuple(Refund(one.id, (RefundLine(one.id, one.quantity, net(one)),)) for one in lines)
    gone = replace(order, refunds=everything, lines=tuple(replace(one, current_quantity=0) for one in lines))
    assert judged(gone, by).points == 0


@reaches(by_a_rule=0.25)
@settings(deadline=None)
@given(generated.lines(), generated.order_rules(), st.sampled_from((1001, 1002)))
def test_a_multiplier_of_1_changes_nothing(
    lines: tuple[generated.Line, ...], orders: OrderEarning, product: int
) -> None:
    more = orders.model_copy(update={"rules": (*orders.rules, rule("once", multiplier=1, products={product}))})
    order = view(*lines)
    if judged(order, Programme(orders=orders)).points != judged(order, Programme()).points:
        reach("by_a_rule")
    assert (
        judged(order, Programme(orders=OrderEarning(**dict(more)))).points
        == judged(order, Programme(orders=orders)).points
    )


@reaches(points=0.4)
@settings(deadline=None)
@given(generated.lines(), generated.programmes())
def test_rules_that_never_hold_leave_every_order_as_it_was(lines: tuple[generated.Line, ...], any_: Programme) -> None:
    """The way with rules and the fast way without any come to the same."""
    order = view(*lines)
    never, none = OrderEarning(rules=(rule(channels={"pos"}),)), OrderEarning()
    by_rules, plain = (any_.model_copy(update={"orders": orders}) for orders in (never, none))
    assert judged(order, by_rules).points == judged(order, plain).points
    if judged(order, plain).points:
        reach("points")
