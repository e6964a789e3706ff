"""The ledger that is rebuilt from the webhooks agrees with the real one, whatever was paused, tried and launched."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plugin.actions.points.audit import audit
from sandbox.state import Record
from tests.actions.shops.test_launch import ANA, BEN, PROGRAMME, _wish, draft, launch, pause, resume, try_as
from tests.actions.stage import Stage
from tests.conftest import TestDatabase
from webhooks.replay import compare

__all__ = ["draft"]


def places(stage: Stage, email: str = ANA) -> Record:
    """An order of this very moment of the shop's clock, heard and settled."""
    stage.clock.ahead += timedelta(seconds=5)  # a pause ends with its second
    order = stage.town.box.place(stage.shop, _wish(stage, email), stage.clock())
    stage.settle(minutes=10)
    return order


def given(stage: Stage, *orders: Record) -> list[bool]:
    """Whether each order has brought points."""
    sums = stage.sums()
    return [sums.get(f"order:{order['id']}", 0) > 0 for order in orders]


def agrees(stage: Stage, database: TestDatabase) -> None:
    assert audit(stage.engine) == []
    assert compare(stage.engine, database.url) == []


def test_orders_of_a_pause_earn_nothing_in_the_rebuilt_ledger_either(stage: Stage, database: TestDatabase) -> None:
    stage.programme(**PROGRAMME)
    before = places(stage)
    pause(stage, "earning")
    meanwhile = places(stage)
    resume(stage, "earning")
    after = places(stage)
    assert given(stage, before, meanwhile, after) == [True, False, True]
    stage.town.box.refund_all(stage.shop, before)
    stage.town.box.refund_all(stage.shop, meanwhile)
    stage.settle(minutes=1)
    assert given(stage, before, meanwhile, after) == [False, False, True]
    agrees(stage, database)


@pytest.mark.parametrize("stays", [True, False], ids=["stays one", "is one no more"])
def test_what_a_test_member_earned_before_the_launch_is_in_it(
    draft: Stage, database: TestDatabase, stays: bool
) -> None:
    unseen = places(draft)
    places(draft, BEN)
    try_as(draft, ANA)
    tried = places(draft)
    others = places(draft, BEN)
    assert given(draft, unseen, tried, others) == [False, True, False]
    if not stays:
        try_as(draft, ANA, test=False)
        agrees(draft, database)
    launch(draft)
    after = places(draft)
    assert given(draft, unseen, tried, others, after) == [False, True, False, True]
    agrees(draft, database)


@pytest.mark.parametrize("stays", [True, False], ids=["stays one", "is one no more"])
def test_what_a_test_member_earned_during_a_pause_is_in_it(stage: Stage, database: TestDatabase, stays: bool) -> None:
    stage.programme(**PROGRAMME)
    places(stage)
    places(stage, BEN)
    try_as(stage, ANA)
    pause(stage, "earning")
    tried, others = places(stage), places(stage, BEN)
    if not stays:
        try_as(stage, ANA, test=False)
    resume(stage, "earning")
    after = places(stage, BEN)
    assert given(stage, tried, others, after) == [True, False, True]
    agrees(stage, database)


def test_somebody_who_was_made_a_test_member_only_afterwards_keeps_what_was(
    stage: Stage, database: TestDatabase
) -> None:
    stage.programme(**PROGRAMME)
    places(stage)
    pause(stage, "earning")
    meanwhile = places(stage)
    resume(stage, "earning")
    try_as(stage, ANA)
    after = places(stage)
    stage.town.box.fulfil(stage.shop, meanwhile)  # heard of again, it is judged by what it was judged by
    stage.settle(minutes=1)
    assert given(stage, meanwhile, after) == [False, True]
    agrees(stage, database)
