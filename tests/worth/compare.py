"""The product beside the oracle: the same history, the same terms."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

from plugin.actions.orders.order_news import merge
from plugin.rules.orders.cashback import due
from plugin.rules.orders.cashback_rules import Cashback
from plugin.rules.orders.earning import Snapshot
from plugin.rules.orders.earning import deserved as deserved_by_product
from plugin.rules.programme import Basis, Earning, Programme
from plugin.rules.rewards.give_back import refunded_share
from plugin.store.orders.orders import StoredOrder
from tests.worth.drive import fetched, points_after, points_of_node
from tests.worth.history import Delivery, History, Step
from tests.worth.oracle import Terms, deserved
from tests.worth.setting import Draw, Setting
from tests.worth.webhook_shapes import EXCLUDED_PRODUCT
from webhooks.orders import order as read


def programme(terms: Terms) -> Programme:
    """The programme that promises this."""
    return Programme(
        earning=Earning(points=terms.points, per_amount=Decimal(terms.per), rounding=terms.rounding),
        basis=Basis(
            tax=terms.tax,
            shipping=terms.shipping,
            before_discounts=terms.before_discounts,
            excluded_products=frozenset({EXCLUDED_PRODUCT}),
            paid_by_gift_card=terms.gift_cards_count,
            paid_by_store_credit=terms.store_credit_counts,
        ),
    )


def some_terms(draw: Draw, setting: Setting) -> Terms:
    """Any terms; discounts are counted only where no tax makes it a question of what."""
    points, per = ((1, 1), (100, 1), (3, 7), (1_000, 1))[draw(4)]
    before_discounts = not setting.tax_rate and draw(3) == 2
    rounding = ("floor", "floor", "half_up", "ceil")[draw(4)]
    return Terms(points, per, rounding, draw(3) == 2, draw(3) == 2, before_discounts)


def product(history: History, terms: Terms) -> list[int]:
    """Points after each act, by its last webhook, as the product reads them one after the other."""
    points = points_after(history.deliveries, programme(terms), history.setting.market.currency)
    found, count = [], 0
    for step in history.steps:
        count += len(step.deliveries)
        found.append(points[count - 1])
    return found


def oracle(history: History, terms: Terms) -> list[int]:
    """Points after each act."""
    return [deserved(step.boxes, terms) for step in history.steps]


def final(deliveries: list[Delivery], history: History, terms: Terms) -> int:
    """Points when everything has come, in this sequence."""
    return points_after(deliveries, programme(terms), history.setting.market.currency)[-1]


def shuffled(deliveries: list[Delivery], draw: Draw) -> list[Delivery]:
    """In any sequence, some more than once."""
    dice = Random(draw(1_000_000))
    everything = deliveries + [one for one in deliveries if dice.random() < 0.3]
    dice.shuffle(everything)
    return everything


def with_node(history: History, number: int, terms: Terms) -> int:
    """Points when the order was heard of by webhooks, and is fetched after the act of this number."""
    step = history.steps[number]
    heard = [one for earlier in history.steps[:number] for one in earlier.deliveries]
    assert step.node is not None
    return final([*heard, fetched(step.node)], history, terms)


def of_node(step: Step, history: History, terms: Terms) -> int:
    """Points of the order as GraphQL shows it after this act."""
    assert step.node is not None
    return points_of_node(step.node, programme(terms), history.setting.market.currency)


def _order_after(deliveries: list[Delivery], history: History) -> StoredOrder:
    order: StoredOrder | None = None
    for topic, at, body in deliveries:
        fact = read(topic, at, body, history.setting.market.currency)
        order = merge(order or StoredOrder(fact.order_id), fact)
    assert order is not None
    return order


def cashback_after(deliveries: list[Delivery], history: History, percent: int) -> int:
    """Cashback in the smallest coins, of the same basis as `programme` has."""
    order = _order_after(deliveries, history)
    if order.effective is None or order.deleted:
        return 0
    whole = programme(Terms()).model_copy(update={"cashback": Cashback(enabled=True, percent=Decimal(percent))})
    snapshot = deserved_by_product(order.effective, whole, Snapshot(1), {}).snapshot
    return due(order.effective, whole, snapshot.verdicts, None).amount_minor


def share_given_back(deliveries: list[Delivery], history: History) -> Fraction:
    """Of what a redemption gives back, the share."""
    view = _order_after(deliveries, history).effective
    assert view is not None
    return refunded_share(view)


def told_by_node(step: Step) -> bool:
    """Whether GraphQL can show the order: it is there, and no tip went back by its line, which has no place there."""
    return step.node is not None and not any(line.kind == "tip" and line.refunded for line in step.boxes.lines)


def told_by_node_alone(step: Step) -> bool:
    """Whether one node tells all: nothing is open."""
    return told_by_node(step) and step.boxes.balance <= 0
