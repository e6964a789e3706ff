"""What gives something by itself: as it comes, at its limits, and what it needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from plugin.rules.fields import of_shop
from plugin.rules.gifts.automatic_rules import (
    TRIGGERS,
    Birthday,
    Frequent,
    Giving,
    Lapsed,
    Milestone,
    TierEntry,
    find,
    unique_rules,
)
from plugin.rules.gifts.milestones import Placed, reached
from plugin.rules.words.texts import text

NAMED: dict[str, Any] = {"id": "a1", "name": "One", "points": 5}
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_as_they_come() -> None:
    first = Milestone(**NAMED)
    assert (first.active, first.reward, first.mail, first.begins_at) == (True, None, True, None)
    assert (first.metric, first.earlier, first.at) == ("orders", False, 1)
    lapsed, often = Lapsed(**NAMED), Frequent(**NAMED)
    assert (lapsed.days, lapsed.already) == (90, False)
    assert (often.orders, often.days, often.cooldown_days) == (3, 30, 90)
    for one in (lapsed, often, Birthday(**NAMED), TierEntry(tier="gold", **NAMED)):
        assert (one.per_member, one.per_member_days, one.in_total, one.per_day) == (None, None, None, None)
        assert TRIGGERS[one.trigger] is type(one)
    assert list(TRIGGERS) == ["tier", "birthday", "lapsed", "frequent"]


@pytest.mark.parametrize(
    ("kind", "field", "least", "most"),
    [
        (Lapsed, "days", 7, 3650), (Frequent, "orders", 2, 1000), (Frequent, "days", 1, 3650),
        (Frequent, "cooldown_days", 1, 3650), (Birthday, "per_member", 1, 100_000_000),
        (Birthday, "per_member_days", 1, 3650), (Birthday, "in_total", 1, 100_000_000),
        (Birthday, "per_day", 1, 100_000_000), (Milestone, "points", 1, 1_000_000),
    ],
)  # fmt: skip
def test_each_number_has_its_limits(kind: type[Giving], field: str, least: int, most: int) -> None:
    assert [getattr(kind(**{**NAMED, field: number}), field) for number in (least, most)] == [least, most]
    for wrong in (least - 1, most + 1):
        with pytest.raises(ValidationError):
            kind(**{**NAMED, field: wrong})


def said(**raw: Any) -> list[tuple[object, str]]:
    """What is wrong with a milestone, at which field."""
    try:
        Milestone.model_validate({"id": "m1", "name": "One", **raw}, context=of_shop("USD"))
    except ValidationError as refused:
        return [(error["loc"], error["msg"]) for error in refused.errors()]
    return []


def test_what_is_given_is_something() -> None:
    nothing = [(("points",), f"Value error, {text('en', 'programme.automatic.gives_nothing')}")]
    assert said() == said(points=0) == nothing
    assert said(points=1) == said(reward="r1") == said(reward="r1", points=0) == []
    assert [loc for loc, _ in said(reward="wrong!")] == [("reward",)]  # named alone


def test_orders_are_whole_and_money_is_as_fine_as_the_shops() -> None:
    whole = [(("at",), f"Value error, {text('en', 'frame.wrong.whole')}")]
    assert said(points=1, at="1.5") == whole
    assert said(points=1, at="2.00") == said(points=1, metric="spend", at="1.55") == []
    assert [loc for loc, _ in said(points=1, metric="spend", at="1.555")] == [("at",)]
    assert Milestone(id="m1", name="x", points=1, metric="spend", at=Decimal("1.555")).at == Decimal("1.555")


def test_no_two_share_an_id() -> None:
    one, other = Lapsed(**NAMED), Frequent(**{**NAMED, "id": "a2"})
    assert unique_rules((one, other)) == (one, other)
    with pytest.raises(ValueError, match=text("en", "programme.automatic.id_twice")):
        unique_rules((one, other, other))
    assert [find((one, other), named) for named in ("a2", "a1", "a3")] == [other, one, None]


def test_orders_of_one_moment_count_by_their_number() -> None:
    second = Milestone(id="m1", name="x", points=1, at=Decimal(2))
    both = [Placed(9, AT, 5), Placed(3, AT, 5)]
    assert reached(both, second, 2) == reached(both[::-1], second, 2) == Placed(9, AT, 5)
    assert Placed(1, AT, 5) == Placed(1, AT, 5, before_all=False)


def test_it_begins_with_its_first_moment() -> None:
    tick = timedelta(microseconds=1)
    rule = Milestone(id="m1", name="x", points=1, begins_at=AT)
    assert reached([Placed(1, AT, 5)], rule, 2) == Placed(1, AT, 5)
    assert reached([Placed(1, AT - tick, 5)], rule, 2) is None
    spent = Milestone(id="m1", name="x", points=1, metric="spend", at=Decimal(5))
    assert [reached([Placed(1, AT, minor)], spent, 2) is None for minor in (499, 500)] == [True, False]
    assert reached([Placed(1, AT, -5), Placed(2, AT, 500)], spent, 2) == Placed(2, AT, 500)
