"""Points that come with sending: an order that was sent and then grows keeps what it has earned."""

from __future__ import annotations

from itertools import permutations

import orjson
import pytest

from plugin.rules.programme import Earning, Programme
from tests.worth.bodies import Json, line, order, told
from tests.worth.drive import Delivery, points_after

SENT = Programme(earning=Earning(award_on="fulfilled"))


def with_status(delivery: Delivery, status: str | None) -> Delivery:
    topic, at, body = delivery
    payload: Json = orjson.loads(body) | {"fulfillment_status": status, "fulfillments": []}
    return topic, at, orjson.dumps(payload)


def grown(*statuses: str | None) -> list[Delivery]:
    """100 paid; later 20 added and paid; with these states of sending."""
    goods, more = line(1, "100.00"), line(2, "20.00")
    bodies = [order([goods])] + [order([goods, more])] * (len(statuses) - 1)
    return [with_status(each, status) for each, status in zip(told(bodies), statuses, strict=True)]


def test_what_was_sent_stays_earned_when_something_is_added() -> None:
    assert points_after(grown("fulfilled", "partial", "fulfilled"), SENT, "USD") == [100, 120, 120]


def test_an_order_that_was_never_wholly_sent_waits() -> None:
    assert points_after(grown("partial", "partial", "fulfilled"), SENT, "USD") == [0, 0, 120]


def test_an_order_whose_sending_was_called_off_waits_again() -> None:
    assert points_after(grown("fulfilled", None), SENT, "USD") == [100, 0]


@pytest.mark.parametrize("sequence", list(permutations(range(3))))
def test_the_sequence_of_the_views_does_not_matter(sequence: tuple[int, ...]) -> None:
    deliveries = grown("fulfilled", "partial", "partial")
    assert points_after([deliveries[place] for place in sequence], SENT, "USD")[-1] == 120
