"""Histories that a shop can produce: an order is placed, and things happen to it; what Shopify sends after each."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from tests.worth.acts import Hands, place
from tests.worth.boxes import Boxes
from tests.worth.coins import START, Record
from tests.worth.node_shapes import node
from tests.worth.setting import Draw, Setting, a_setting
from tests.worth.till import Happened
from tests.worth.webhook_shapes import body

Delivery = tuple[str, datetime, bytes]
"""Topic, triggered at, body."""


@dataclass(frozen=True)
class Step:
    """One act, what was sent because of it, and how the boxes stood afterwards."""

    words: str
    deliveries: tuple[Delivery, ...]
    boxes: Boxes
    node: Record | None
    """None: the order is deleted."""


@dataclass(frozen=True)
class History:
    """All of one order."""

    setting: Setting
    steps: tuple[Step, ...]

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that was sent, in the order in which it happened."""
        return [one for step in self.steps for one in step.deliveries]

    def __repr__(self) -> str:
        """In words, so that a failing case can be read."""
        return "\n".join([str(self.setting), *(f"{n}. {step.words}" for n, step in enumerate(self.steps))])


def told(boxes: Boxes, happened: Happened, hour: int) -> Step:
    """What Shopify sends of an act."""
    at = START + timedelta(hours=hour)
    deliveries = tuple((topic, at, orjson.dumps(body(boxes, topic, happened, hour))) for topic in happened.topics)
    return Step(happened.words, deliveries, deepcopy(boxes), None if boxes.deleted else node(boxes, hour))


def a_history(draw: Draw, *, setting: Setting | None = None, acts: int = 8, certain: bool = True) -> History:
    """Any history of up to so many acts after the order was placed; most are paid at once."""
    boxes = Boxes(setting or a_setting(draw))
    hands = Hands(boxes, draw, certain=certain)
    steps = [told(boxes, place(hands), 0)]
    if draw(4) < 3:
        hands.hour += 1
        paid = hands.pay()
        boxes.settle()
        steps.append(told(boxes, paid, hands.hour))
    for _ in range(1 + draw(acts)):
        happened = hands.act()
        steps.append(told(boxes, happened, hands.hour))
    return History(boxes.setting, tuple(steps))
