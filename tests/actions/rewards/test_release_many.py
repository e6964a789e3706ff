"""Many redemptions are taken back at once, each after asking Shopify, also when Shopify is in trouble."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plugin.actions.rewards.release_redemptions import release_many
from plugin.errors import BadInput
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.rewards.own_rewards import Custom
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import redemption_pages
from plugin.store.rewards.redemption_pages import Wanted
from plugin.store.rewards.redemptions import Redemption
from tests.actions.world import World

REWARDS = (
    AmountOff(id="rfive", name="5 off", points=10, value=Decimal(5)),
    AmountOff(id="rtwo", name="2 off", points=5, value=Decimal(2)),
    Custom(id="rtour", name="Tour", points=5),
)
PROGRAMME = Programme(rewards=REWARDS, next_order_code=NextOrderCode(enabled=False), confirmation="none")


def release(world: World, wanted: Wanted = Wanted(), ids: list[int] | None = None) -> int:  # noqa: B008
    with shop_transaction(world.engine, world.shop_id) as conn:
        return release_many(conn, world.shop_id, wanted, ids, "staff:1", world.now)


def states(world: World, *made: Redemption) -> list[str]:
    return [world.found(one).state for one in made]


def test_the_used_one_stays_spent_and_the_others_come_back(world: World) -> None:
    member, customer = world.member(100)
    used, unsaid, free, tour = (
        world.redeem(member, reward, key=key)
        for reward, key in (("rfive", "a"), ("rfive", "b"), ("rtwo", "c"), ("rtour", "d"))
    )
    world.run()
    world.buy(customer, used.code)
    order = world.buy(customer, unsaid.code, tell=False)
    assert release(world) == 2
    world.run()
    assert states(world, used, unsaid, free, tour) == ["captured", "reserved", "released", "reserved"]
    assert world.left(member) == [75]
    world.tell(order)
    world.run()
    assert states(world, used, unsaid, free) == ["captured", "captured", "released"]
    assert world.left(member) == [75]
    with pytest.raises(BadInput):
        release(world)


def test_only_what_was_chosen_is_taken_back(world: World) -> None:
    member, _ = world.member(100)
    five, two = world.redeem(member, "rfive"), world.redeem(member, "rtwo", key="k2")
    with shop_transaction(world.engine, world.shop_id) as conn:
        assert redemption_pages.releasable(conn, world.shop_id, Wanted(reward="rtwo"), None).count == 1
    for wanted in (Wanted(before=world.now), Wanted(up_to=0), Wanted(state="used"), Wanted(reward="rnone"),
                   Wanted(code="nonsense", members=())):  # fmt: skip
        with pytest.raises(BadInput):
            release(world, wanted)
    assert release(world, Wanted(code=two.code.lower(), members=())) == 1
    assert release(world, ids=[five.id, five.id + 99]) == 1


def test_a_shopify_that_fails_and_loses_answers_gives_each_back_once(world: World) -> None:
    member, _ = world.member(100)
    made = [world.redeem(member, "rtwo", key=f"k{n}") for n in range(8)]
    world.run()
    world.box.trouble.set(graphql_5xx=1)
    assert release(world) == 8
    world.run()
    assert set(states(world, *made)) == {"reserved"}
    with shop_transaction(world.engine, world.shop_id) as conn:
        assert redemption_pages.counts(conn, world.shop_id)["taking"] == 8
    world.box.trouble.set(graphql_5xx=0, graphql_lost_answer=0.2)
    for _ in range(12):
        world.pass_time(hours=1)
        world.run()
    world.box.trouble.set(graphql_lost_answer=0)
    world.pass_time(hours=2)
    world.run()
    assert set(states(world, *made)) == {"released"}
    assert world.left(member) == [100]
