"""Ten thousand codes: all of them, once, through crashes and trouble, and nobody waits for them."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from plugin.actions.codes import code_batches, fill_codes
from plugin.errors import BadInput, NotFound
from plugin.store.codes import code_sets
from plugin.store.codes.code_sets import CodeSet, Progress
from plugin.store.database.db import shop_transaction
from plugin.web.forms import code_batch
from plugin.worker import Dispatcher
from sandbox.admin_api.cost import Bucket
from sandbox.shop.code_sets import finish_due
from sandbox.shop.discounts import CodeRefused
from tests.actions.stage import Stage

FORM = {"name": "Flyer", "count": "1000", "kind": "amount", "value": "5", "valid_days": "30", "prefix": "fly"}


def make(stage: Stage, key: str = "", **changes: str) -> int:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        wanted = code_batch.read(FORM | changes, "USD")
        return code_batches.make(conn, stage.shop_id, wanted, key, "staff:1", stage.clock())


def state(stage: Stage, set_id: int) -> tuple[CodeSet, Progress]:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        found = code_sets.get(conn, stage.shop_id, set_id)
        so_far = code_sets.progress(conn, stage.shop_id, [set_id]).get(set_id, Progress())
    assert found is not None
    return found, so_far


def codes(stage: Stage, set_id: int) -> list[str]:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return [row[1] for row in code_sets.all_codes(conn, stage.shop_id, set_id, -1, 200_000)]


def in_shopify(stage: Stage) -> list[str]:
    finish_due(stage.shop)
    return sorted(one["code"] for discount in stage.shop.discount.values() for one in discount["codes"])


def test_a_batch_becomes_one_discount_with_all_its_codes(stage: Stage) -> None:
    made = make(stage, once_per_customer="yes")
    stage.settle()
    found, so_far = state(stage, made)
    assert (found.state, so_far.there, so_far.refused) == ("ready", 1000, 0)
    (discount,) = stage.shop.discount.values()
    assert (discount["amount"], discount["once_per_customer"], discount["title"]) == (500, True, "Flyer")
    assert sorted(codes(stage, made)) == in_shopify(stage)
    assert all(code.startswith("FLY-") for code in codes(stage, made))


def test_an_order_with_one_of_them_is_counted(stage: Stage) -> None:
    made = make(stage, count="3")
    stage.settle()
    stage.buy(codes=[codes(stage, made)[1].lower()])
    stage.settle()
    assert state(stage, made)[1].used == 1


def test_the_same_form_twice_is_one_batch(stage: Stage) -> None:
    assert make(stage, key="k") == make(stage, key="k")
    assert make(stage, key="l") != make(stage, key="k")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", "0"),
        ("count", "100001"),
        ("count", "x"),
        ("value", "0"),
        ("value", "5.005"),
        ("name", " "),
        ("valid_days", "0"),
        ("prefix", "what?"),
        ("minimum_spend", "-1"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_made(stage: Stage, field: str, value: str) -> None:
    with pytest.raises(BadInput) as error:
        make(stage, **{field: value})
    assert set(error.value.fields) == {field}
    assert stage.waiting("make_codes") == []


def test_another_shops_batch_cannot_be_ended(stage: Stage) -> None:
    with pytest.raises(NotFound), shop_transaction(stage.engine, stage.shop_id) as conn:
        code_batches.end(conn, stage.shop_id, 999_999, "staff:1", stage.clock())


def test_ending_a_batch_ends_every_code(stage: Stage) -> None:
    made = make(stage, count="10")
    stage.settle()
    for _ in range(2):
        with shop_transaction(stage.engine, stage.shop_id) as conn:
            code_batches.end(conn, stage.shop_id, made, "staff:1", stage.clock())
        stage.settle()
    assert state(stage, made)[0].state == "ended"
    with pytest.raises(CodeRefused, match="not a valid code"):
        stage.buy(codes=[codes(stage, made)[0]])


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("after", ["begin_call", "change_call", "are_there", "write_down"])
def test_a_worker_that_is_killed_anywhere_leaves_no_code_out_and_makes_none_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    made = make(stage)
    real: Callable[..., Any] = getattr(code_sets, after)
    calls = {"left": 4}

    def dies(*what: Any, **more: Any) -> Any:
        calls["left"] -= 1
        if calls["left"] >= 0 and calls["left"] % 2 == 0:
            raise Killed
        return real(*what, **more)

    monkeypatch.setattr(code_sets, after, dies)
    for _ in range(2):
        with pytest.raises(Killed):
            stage.settle()
    for _ in range(5):
        stage.settle(minutes=10)
    found, so_far = state(stage, made)
    assert (found.state, so_far.there) == ("ready", 1000)
    assert sorted(codes(stage, made)) == in_shopify(stage)


def test_lost_answers_throttling_and_failures_leave_every_code_once(stage: Stage) -> None:
    """The budget is large: it comes back by the wall clock, which does not follow the stage's."""
    stage.town.box.calls.buckets[stage.shop.domain] = Bucket(20_000, 10_000)
    made = make(stage)
    for trouble in ({"graphql_lost_answer": 0.4}, {"graphql_throttle": 0.5}, {"graphql_5xx": 0.4}):
        stage.town.trouble.set(**trouble)
        for _ in range(3):
            stage.settle(hours=1)
        stage.town.trouble.calm()
    for _ in range(3):
        stage.settle(hours=1)
    found, so_far = state(stage, made)
    assert (found.state, so_far.there) == ("ready", 1000)
    assert sorted(codes(stage, made)) == in_shopify(stage)
    assert stage.waiting("make_codes") == []


@pytest.fixture
def other(stage: Stage) -> Stage:
    """Another shop with the same app."""
    shop = stage.town.shop(f"t{uuid.uuid4().hex[:12]}.myshopify.com", currency="USD", name="Tindahan")
    made = Stage(stage.town, shop, stage.engine, stage.work, stage.clock)
    made.open_app()
    return made


@pytest.fixture
def worker(stage: Stage) -> Iterator[Dispatcher]:
    """A worker with two runners only."""
    stop = threading.Event()
    dispatcher = Dispatcher(stage.work, runners=2)

    def keep_on() -> None:
        while not stop.is_set():
            dispatcher.step()
            stop.wait(0.05)

    loop = threading.Thread(target=keep_on)
    loop.start()
    yield dispatcher
    stop.set()
    loop.join()
    time.sleep(fill_codes.SLICE_SECONDS / 4)


def test_ten_thousand_codes_of_one_shop_do_not_delay_a_single_code_of_another(
    stage: Stage, other: Stage, worker: Dispatcher
) -> None:
    stage.town.box.calls.buckets[stage.shop.domain] = Bucket(60, 20)
    campaigns = [make(stage, count="10000") for _ in range(3)]
    wait_until(lambda: state(stage, campaigns[0])[1].there > 0)
    asked = time.monotonic()
    order = other.buy()
    other.hear()
    wait_until(lambda: other.redemption(order)[1] == "created")
    assert time.monotonic() - asked < fill_codes.SLICE_SECONDS + 1
    own = stage.buy()
    stage.hear()
    wait_until(lambda: stage.redemption(own)[1] == "created")
    assert [state(stage, made)[0].state for made in campaigns] == ["filling"] * 3
    for made in campaigns:
        with shop_transaction(stage.engine, stage.shop_id) as conn:
            code_batches.end(conn, stage.shop_id, made, "staff:1", stage.clock())
    stage.town.box.calls.buckets.clear()
    wait_until(lambda: {state(stage, made)[0].state for made in campaigns} == {"ended"})


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    pause, until = threading.Event(), time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        pause.wait(0.05)
