"""The request that spent the points makes the code itself where it can in time; else the worker does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from plugin import jobs
from plugin.actions.rewards import carry_out_now, redeem_points
from plugin.actions.shops.tokens import encrypted
from plugin.clients.shopify.tokens import TokenPair
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.rewards.money_rewards import GiftCard
from plugin.store.database.db import shop_transaction
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.work import jobs as job_rows
from plugin.store.work import one_job
from plugin.store.work.job_kinds import JobKind
from sandbox.shop.discounts import status
from sandbox.state import now
from tests.actions.world import World

REWARDS = (
    AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5)),
    GiftCard(id="rcard", name="A card", points=100, value=Decimal(5)),
)
PROGRAMME = Programme(rewards=REWARDS, next_order_code=NextOrderCode(enabled=False), confirmation="none")


def click(world: World, member: int, reward: str = "rfive", key: str = "k") -> Redemption:
    """What the request commits before anything else."""
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        made = redeem_points.redeem(conn, shop, member, reward, None, key, "shopper", world.now)
        carry_out_now.have_a_go_first(conn, shop, made.id, world.now)
    return made


def go(world: World, made: Redemption) -> None:
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
    carry_out_now.now_or_soon(world.work, shop, made.id)


def release(world: World, made: Redemption) -> None:
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        redeem_points.undo(conn, shop, made.id, "not_taken", "shopper", world.now)
        carry_out_now.have_a_go_first(conn, shop, made.id, world.now)


def codes(world: World) -> list[tuple[str, str]]:
    """The codes in the shop, and whether they can be used by now: Shopify's clock goes on, the app's is moved."""
    at = max(world.now, now())
    return [
        (one["codes"][0]["code"], "on" if status(one, at) == "ACTIVE" else "off")
        for one in world.shopify.discount.values()
    ]


def job(world: World) -> list[tuple[Any, ...]]:
    """(attempts, error, seconds until it is due) of the job on the redemption."""
    with shop_transaction(world.engine, world.shop_id) as conn:
        rows = conn.execute(text("SELECT attempts, last_error, not_before FROM jobs WHERE kind = 'code'")).all()
    return [(row[0], row[1], round((row[2] - world.now).total_seconds())) for row in rows]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carry_out_now, "SHOPIFYS_SECONDS", 0.3)


def test_the_code_is_there_when_the_request_answers_and_nothing_is_left_to_the_worker(world: World) -> None:
    member, _ = world.member(100)
    made = click(world, member)
    assert job(world) == [(0, "", 2)] and codes(world) == []
    go(world, made)
    assert codes(world) == [(made.code, "on")]
    assert (world.found(made).code_state, world.left(member), job(world)) == ("created", [0], [])
    world.run()
    assert codes(world) == [(made.code, "on")]


@pytest.mark.usefixtures("hurried")
def test_a_slow_shopify_is_not_waited_for_and_the_worker_finds_what_it_made(world: World) -> None:
    member, _ = world.member(100)
    made = click(world, member)
    world.box.trouble.set(graphql_slow_seconds=1.0)
    go(world, made)
    assert (world.found(made).code_state, job(world)) == ("wanted", [(0, "", 0)])
    world.box.trouble.calm()
    world.box.trouble.set(webhook_loss=1)
    world.run()
    assert codes(world) == [(made.code, "on")]
    assert (world.found(made).code_state, world.left(member), job(world)) == ("created", [0], [])


def test_a_lost_answer_is_left_to_the_worker_who_makes_no_second_code_nor_card(world: World) -> None:
    member, _ = world.member(200)
    for reward in ("rfive", "rcard"):
        world.box.trouble.set(graphql_lost_write=1)
        made = click(world, member, reward, key=reward)
        go(world, made)
        assert (world.found(made).code_state, job(world)) == ("wanted", [(0, "", 0)])
        world.box.trouble.set(graphql_lost_write=0)
        world.run()
        assert world.found(made).code_state == "created"
    assert (len(codes(world)), len(world.shopify.gift_card), world.left(member)) == (1, 1, [0])


def test_what_shopify_refuses_gives_the_points_back_at_once(world: World) -> None:
    member, customer = world.member(100)
    world.shopify.drop("customer", customer["id"])
    made = click(world, member)
    go(world, made)
    assert (world.found(made).state, world.found(made).ended_why) == ("released", "creation_failed")
    assert (world.left(member), codes(world), job(world)) == ([100], [], [])


def test_a_code_that_the_cart_did_not_take_is_off_and_its_points_are_back_when_the_request_answers(
    world: World,
) -> None:
    member, _ = world.member(100)
    made = click(world, member)
    go(world, made)
    release(world, made)
    go(world, made)
    found = world.found(made)
    assert (found.state, found.code_state, found.ended_why) == ("released", "disabled", "not_taken")
    assert ([state for _, state in codes(world)], world.left(member), job(world)) == (["off"], [100], [])


def test_a_job_that_a_runner_has_in_hand_is_left_to_it(world: World) -> None:
    member, _ = world.member(100)
    made = click(world, member)
    world.pass_time(seconds=3)
    with shop_transaction(world.engine, world.shop_id) as conn:
        (mine,) = job_rows.claim(conn, world.shop_id, JobKind.CODE, 20, world.now)
    go(world, made)
    assert (mine.attempts, codes(world), job(world)) == (1, [], [(1, "", -1)])


def test_a_request_that_was_killed_is_followed_by_the_worker_after_its_head_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, _ = world.member(100)
    made = click(world, member)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(carry_out_now.carry_out_redemption, "carry_out", killed)
        go(world, made)
    world.run()
    assert (codes(world), job(world)) == ([], [(1, "", 2)])
    world.pass_time(seconds=3)
    world.run()
    assert (codes(world), world.found(made).code_state, job(world)) == ([(made.code, "on")], "created", [])


def test_a_request_that_takes_longer_than_its_head_start_is_never_overtaken(world: World) -> None:
    member, _ = world.member(100)
    made = click(world, member)
    subject = str(made.id)
    with shop_transaction(world.engine, world.shop_id) as guard:
        assert one_job.alone_with(guard, world.shop_id, JobKind.CODE, subject)
        with shop_transaction(world.engine, world.shop_id) as conn:
            assert one_job.claim(conn, world.shop_id, JobKind.CODE, subject, world.now + timedelta(seconds=2))
        world.pass_time(seconds=3)
        world.run()
        assert (codes(world), job(world)) == ([], [(1, "", 1)])
        release(world, made)  # asked for again, so that its attempts begin anew
        world.pass_time(seconds=3)
        world.run()
        assert (codes(world), job(world)) == ([], [(0, "", 1)])
        go(world, made)
        assert job(world) == [(0, "", 0)]
    world.run()
    assert (codes(world), world.found(made).state, world.left(member)) == ([], "released", [100])


def test_two_clicks_at_once_are_one_redemption_and_one_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    member, _ = world.member(300)
    runs: list[int] = []
    inside, may_go = threading.Event(), threading.Event()
    real = carry_out_now.carry_out_redemption.carry_out

    def watched(work: Any, shop: Any, job: Any) -> None:
        runs.append(job.id)
        inside.set()
        assert may_go.wait(10)
        real(work, shop, job)

    monkeypatch.setattr(carry_out_now.carry_out_redemption, "carry_out", watched)
    made = click(world, member)
    first = threading.Thread(target=go, args=(world, made))
    first.start()
    assert inside.wait(10)
    assert click(world, member).id == made.id
    go(world, made)
    may_go.set()
    first.join()
    assert (len(runs), codes(world), world.left(member)) == (1, [(made.code, "on")], [200])


def test_a_token_that_has_to_be_refreshed_is_left_to_the_worker(world: World) -> None:
    member, _ = world.member(100)
    with shop_transaction(world.engine, world.shop_id) as conn:
        pair = TokenPair("shpat_old", world.now, "shprt_x", world.now + timedelta(days=9), frozenset())
        shops.save_tokens(conn, world.shop_id, encrypted(world.work.clients.settings, world.shop_id, pair))
    made = click(world, member)
    go(world, made)
    assert (codes(world), job(world)) == ([], [(0, "", 0)])


def test_a_token_that_shopify_no_longer_takes_is_left_to_the_worker(world: World) -> None:
    member, _ = world.member(100)
    made = click(world, member)
    world.box.trouble.set(graphql_401=1)
    go(world, made)
    assert (codes(world), job(world)) == ([], [(0, "", 0)])
    world.box.trouble.set(graphql_401=0)
    world.run()
    assert codes(world) == [(made.code, "on")]


def test_a_used_up_budget_puts_the_job_off_as_it_does_for_a_runner(world: World) -> None:
    member, _ = world.member(100)
    made = click(world, member)
    world.box.trouble.set(graphql_throttle=1)
    go(world, made)
    ((attempts, error, seconds),) = job(world)
    assert (attempts, error, codes(world)) == (0, "The shop's API budget is used up", []) and seconds > 0


@pytest.fixture
def no_place() -> Iterator[None]:
    """Other requests have all places."""
    for _ in range(carry_out_now.AT_ONCE):
        assert carry_out_now._places.acquire(blocking=False)
    yield
    for _ in range(carry_out_now.AT_ONCE):
        carry_out_now._places.release()


@pytest.mark.usefixtures("no_place")
def test_of_too_many_at_once_the_rest_is_left_to_the_worker_without_delay(world: World) -> None:
    member, _ = world.member(100)
    made = click(world, member)
    go(world, made)
    assert (codes(world), job(world)) == ([], [(0, "", 0)])
    world.run()
    assert codes(world) == [(made.code, "on")]


def test_every_place_is_given_back(world: World) -> None:
    member, _ = world.member(1000)
    for turn in range(carry_out_now.AT_ONCE + 1):
        made = click(world, member, key=f"k{turn}")
        go(world, made)
        assert world.found(made).code_state == "created"


def test_a_bug_is_recorded_as_a_runner_records_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    member, _ = world.member(100)
    made = click(world, member)

    def broken(*_: object) -> None:
        raise ValueError("never shown")

    monkeypatch.setattr(carry_out_now.carry_out_redemption, "carry_out", broken)
    go(world, made)
    assert job(world) == [(1, "ValueError in our own code", 5)]


def test_the_worker_is_not_in_anybodys_way_where_the_request_had_no_luck(world: World) -> None:
    """Nothing is due for a runner before the head start is over, so that the two never race for it."""
    member, _ = world.member(100)
    click(world, member)
    assert [pair for pair in jobs.due(world.work) if pair[1] == JobKind.CODE] == []
