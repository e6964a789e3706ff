"""What is said outside keeps its names; when it is said again, and which events are wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plugin.rules.events import EventKind
from plugin.rules.outgoing import bodies, conditions, retries
from plugin.rules.outgoing.bodies import Person
from plugin.rules.outgoing.conditions import Condition

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_every_kind_has_a_name_of_its_own_and_no_other_kind_has_it() -> None:
    assert bodies.NAMES[EventKind.POINTS_TAKEN_BACK] == "points.taken_back"
    assert bodies.NAMES[EventKind.MEMBER_CAME_BACK] == "member.came_back"
    assert len(bodies.KINDS) == len(EventKind)
    assert bodies.TEST not in bodies.KINDS
    assert all(name.count(".") == 1 for name in bodies.KINDS)


def test_a_body_without_a_person_and_one_with() -> None:
    said = bodies.body("evt_1_2", "job.failed", NOW, "a.myshopify.com", None, "", {"job": 3}, personal=True)
    assert (said["member"], said["data"], said["version"]) == (None, {"job": 3}, 1)
    ana = Person(7, 99, "ana@example.com", "Ana")
    with_ana = bodies.body("evt_1_2", "member.joined", NOW, "a.myshopify.com", ana, "", {}, personal=False)
    assert with_ana["member"] == {"id": 7, "customer_id": 99}


def test_ten_tries_within_three_and_a_half_days() -> None:
    at, tries = NOW, 1
    while (again := retries.next_try(tries, at, 0, 0)) is not None:
        at, tries = again, tries + 1
    assert tries == 10
    assert timedelta(days=3) < at - NOW < timedelta(days=3.5)


def test_retry_after_is_heard_up_to_an_hour_and_never_makes_it_sooner() -> None:
    assert retries.next_try(1, NOW, 60, 0) == NOW + timedelta(minutes=1)
    assert retries.next_try(1, NOW, 1e9, 0) == NOW + timedelta(hours=1)
    assert retries.next_try(4, NOW, 5, 0) == NOW + timedelta(hours=2)
    spread = {retries.next_try(2, NOW, 0, number) for number in range(22)}
    assert len(spread) == 11 and max(spread) == NOW + timedelta(minutes=5) * 1.1  # type: ignore[type-var]


def test_an_endpoint_that_fails_is_left_alone_for_longer_and_longer() -> None:
    waits = [retries.breather(failures).total_seconds() for failures in (1, 2, 5, 9, 10, 10_000)]
    assert waits == [1, 2, 16, 256, 300, 300]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (Condition("points", "at_least", "24"), True),
        (Condition("points", "at_least", "25"), False),
        (Condition("points", "at_most", "24"), True),
        (Condition("points", "is", "24"), True),
        (Condition("points", "is_not", "24"), False),
        (Condition("why", "is", "earned"), True),
        (Condition("why", "is_not", "earned"), False),
        (Condition("held", "is", "false"), True),
        (Condition("held", "is", "true"), False),
        (Condition("held", "is_not", "true"), True),
        (Condition("order", "is", "5"), False),
        (Condition("order", "is_not", "5"), True),
        (Condition("tier", "is", "gold"), True),  # this kind has no tier: it is not asked
    ],
)
def test_conditions(condition: Condition, wanted: bool) -> None:
    data = {"points": 24, "why": "earned", "held": False, "order": None}
    assert conditions.wanted([condition], EventKind.POINTS_EARNED, data) == wanted
    assert not conditions.wrong_with(condition)
