"""A reward given for nothing: once, with a code like any other, and no points at either end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from plugin.actions.gifts import give_reward
from plugin.actions.gifts.give_reward import ToGive
from plugin.actions.members import merge_members
from plugin.actions.rewards import redeem_points
from plugin.errors import NotFound
from plugin.jobs import take_back_expired
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff, FreeShipping, PercentOff, Slider
from plugin.rules.types import Reason
from plugin.store.database.db import engine_at, shop_transaction
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from tests.actions.world import World

FIVE = AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5), valid_days=30, per_member=1, in_total=2)
TEN = PercentOff(id="rten", name="10 %", points=100, value=Decimal(10), active=False)
SHIPPING = FreeShipping(id="rship", name="Free shipping", points=100)
ANY = Slider(id="rany", name="Any", points=50, step=10, most=500, value=Decimal(1))
PROGRAMME = Programme(
    rewards=(FIVE, TEN, SHIPPING, ANY), next_order_code=NextOrderCode(enabled=False), confirmation="none"
)
WHY = Reason("given", {})


def give(world: World, member: int, reward: object = FIVE, subject: str = "birthday:2026:1",
         engine: Engine | None = None) -> Redemption:  # fmt: skip
    with shop_transaction(engine or world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        return give_reward.give_reward(conn, shop, member, reward, subject, WHY, "staff:1", world.now)  # type: ignore[arg-type]


def entries(world: World) -> int:
    with shop_transaction(world.engine, world.shop_id) as conn:
        return int(conn.execute(text("SELECT count(*) FROM entries")).scalar_one())


@pytest.mark.parametrize("reward", [FIVE, TEN, SHIPPING, ANY])
def test_it_costs_nothing_and_an_order_uses_it(world: World, reward: object) -> None:
    member, customer = world.member(10)
    made = give(world, member, reward)
    assert (made.points, made.state, made.code_state, made.given) == (0, "reserved", "wanted", WHY)
    world.run()
    assert world.found(made).code_state == "created"
    order = world.buy(customer, made.code.lower())
    assert order["codes"] or reward is SHIPPING
    world.run()
    found = world.found(made)
    assert (found.state, found.captured_by_order, world.left(member)) == ("captured", order["id"], [10])
    subjects = [f"redemption:{made.id}"]
    with shop_transaction(world.engine, world.shop_id) as conn:
        rows = conn.execute(text("SELECT count(*) FROM entries WHERE subject = ANY(:s)"), {"s": subjects})
        assert rows.scalar_one() == 0


def test_the_same_subject_gets_it_once_and_another_again(world: World) -> None:
    member, _ = world.member(10)
    first = give(world, member)
    assert give(world, member).id == first.id
    assert give(world, member, subject="birthday:2027:1").id != first.id
    assert give(world, member, TEN).id != first.id


def test_twenty_at_once_give_it_once(world: World, database: object) -> None:
    member, _ = world.member(10)
    crowd = engine_at(database.url, "suki-race", pool_size=20, max_overflow=0, pool_timeout=30)  # type: ignore[attr-defined]
    with ThreadPoolExecutor(20) as pool:
        made = set(pool.map(lambda _: give(world, member, engine=crowd).id, range(20)))
    crowd.dispose()
    assert len(made) == 1
    assert world.waiting() == [("queued", "")]


def test_staff_take_it_back_and_no_points_come(world: World) -> None:
    member, _ = world.member(10)
    made = give(world, member)
    world.run()
    before = entries(world)
    world.undo(made)
    world.run()
    found = world.found(made)
    assert (found.state, found.code_state, found.ended_why, entries(world)) == (
        "released",
        "disabled",
        "undone",
        before,
    )


def test_it_ends_on_its_day(world: World) -> None:
    member, _ = world.member(10)
    made = give(world, member)
    world.run()
    world.pass_time(days=32)
    assert take_back_expired(world.work) == 1
    world.run()
    assert (world.found(made).state, world.left(member)) == ("released", [10])


def test_the_order_that_used_it_is_cancelled_and_no_points_appear(world: World) -> None:
    member, customer = world.member(10)
    made = give(world, member)
    world.run()
    order = world.buy(customer, made.code)
    world.run()
    world.box.box.cancel(world.shopify, order, world.now)
    world.tell(order)
    world.run()
    assert world.found(made).given_back is True
    assert world.left(member) == [10]


def test_a_gift_uses_up_the_total_but_not_the_members_own_limit(world: World) -> None:
    member, _ = world.member(500)
    give(world, member)
    assert world.redeem(member, "rfive").points == 100
    with shop_transaction(world.engine, world.shop_id) as conn:
        assert reward_uses.counts(conn, world.shop_id, ["rfive"]) == {"rfive": 2}
        assert reward_uses.counts_of_member(conn, world.shop_id, member, {"rfive": None}) == {"rfive": 1}


def test_a_slider_is_given_for_its_least_or_for_what_was_said(world: World) -> None:
    member, _ = world.member(10)
    assert give(world, member, ANY).terms["value"] == "5"
    with shop_transaction(world.engine, world.shop_id) as conn:
        gift = ToGive(member, ANY, "other", WHY, points=200)
        [made] = give_reward.give_all(conn, shops.get(conn, world.shop_id), [gift], "suki", world.now)
    assert (made.terms["value"], made.points) == ("20", 0)


def test_a_merged_customers_gift_goes_to_the_one_who_was_kept(world: World) -> None:
    (kept, _), (gone, _) = world.member(10), world.member(10)
    with shop_transaction(world.engine, world.shop_id) as conn:
        merge_members.merge_members(conn, shops.get(conn, world.shop_id), kept=kept, removed=gone, now=world.now)
    assert give(world, gone).member_id == kept


def test_nobody_gets_nothing(world: World, other_shop: object) -> None:
    member, _ = world.member(10)
    with pytest.raises(NotFound):
        give(world, 2**60)
    with shop_transaction(world.engine, other_shop.id) as conn, pytest.raises(NotFound):  # type: ignore[attr-defined]
        other = shops.get(conn, other_shop.id)  # type: ignore[attr-defined]
        give_reward.give_reward(conn, other, member, FIVE, "s", WHY, "suki", world.now)


def test_what_shopify_will_not_make_stays_for_staff_to_see(world: World) -> None:
    member, _ = world.member(10)
    made = give(world, member)
    for key in list(world.shopify.customer):
        world.shopify.drop("customer", key)
    world.run()
    assert (world.found(made).state, [state for state, _ in world.waiting()]) == ("reserved", ["failed"])
    world.undo(made)
    world.run()
    assert (world.found(made).state, world.waiting()) == ("released", [])


def test_a_gift_is_not_shown_as_the_code_for_the_next_order(world: World) -> None:
    member, _ = world.member(10)
    made = give(world, member)
    world.run()
    with shop_transaction(world.engine, world.shop_id) as conn:
        assert redemptions.newest_codes(conn, world.shop_id, [member], world.now) == {}
        with pytest.raises(NotFound):
            redeem_points.undo(conn, shops.get(conn, world.shop_id), made.id + 1, "undone", "shopper", world.now)
