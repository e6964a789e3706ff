"""Codes that points bought, in a Shopify that loses answers, refuses, and sells in between."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plugin.errors import Denied
from plugin.jobs import take_back_expired
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff, FreeProduct, FreeShipping, PercentOff
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.versions import programmes
from sandbox.admin_api import code_discounts
from sandbox.shop.discounts import status
from tests.actions.world import World

REWARDS = (
    AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5), valid_days=30),
    PercentOff(id="rten", name="10 %", points=100, value=Decimal(10), minimum_order=Decimal(1)),
    FreeShipping(id="rship", name="Free shipping", points=100, countries=frozenset({"PH"}), maximum_rate=Decimal(20)),
    FreeProduct(id="rmug", name="A mug", points=100, product=1, value=Decimal(8)),
    AmountOff(id="rlate", name="Late", points=100, value=Decimal(5), valid_days=30, deduct="ordered"),
    AmountOff(id="rpart", name="Part", points=100, value=Decimal(5), back_on_refund="proportional"),
    AmountOff(id="rkeep", name="No return", points=100, value=Decimal(5), back_on_refund=False),
)  # fmt: skip
PROGRAMME = Programme(rewards=REWARDS, next_order_code=NextOrderCode(enabled=False), confirmation="none")


@pytest.mark.parametrize("reward", ["rfive", "rten", "rship"])
def test_each_kind_becomes_a_code_that_an_order_can_use(world: World, reward: str) -> None:
    member, customer = world.member(250)
    made = world.redeem(member, reward)
    world.run()
    assert world.found(made).code_state == "created"
    world.buy(customer, made.code.lower())
    world.run()
    assert (world.found(made).state, world.left(member)) == ("captured", [150])


def test_a_free_product_takes_its_price_off_that_product_once(world: World) -> None:
    product = next(iter(world.shopify.product))
    mug = REWARDS[3].model_copy(update={"product": product})
    with_mug(world, mug)
    member, customer = world.member(100)
    made = world.redeem(member, "rmug")
    world.run()
    order = world.buy(customer, made.code)
    assert order["codes"] == [{"code": made.code, "amount": 800, "type": "fixed_amount"}]


def with_mug(world: World, mug: FreeProduct) -> None:
    with shop_transaction(world.engine, world.shop_id) as conn:
        changed = PROGRAMME.model_copy(update={"rewards": (*REWARDS[:3], mug)})
        programmes.add(conn, world.shop_id, changed, "test", "", world.now)


def test_a_product_that_is_gone_gives_the_points_back(world: World) -> None:
    member, _ = world.member(100)
    customer_gone = world.redeem(member, "rfive")
    for key in list(world.shopify.customer):
        world.shopify.drop("customer", key)
    world.run()
    assert (world.found(customer_gone).state, world.left(member)) == ("released", [100])
    assert world.found(customer_gone).ended_why == "creation_failed"


def test_a_lost_answer_makes_no_second_code(world: World) -> None:
    member, _ = world.member(100)
    assert world.redeem_with_a_lost_answer(member, "rfive").code_state == "created"
    assert len(world.shopify.discount) == 1


def test_a_name_that_another_discount_has_gives_the_points_back(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rfive")
    asked = {"title": "Theirs", "code": made.code, "startsAt": "2026-01-01T00:00:00Z", "context": {"all": "ALL"},
             "customerGets": {"value": {"percentage": 0.5}, "items": {"all": True}}}  # fmt: skip
    code_discounts.create(world.shopify, asked, "basic", "basicCodeDiscount")
    world.run()
    assert (world.found(made).state, world.left(member)) == ("released", [100])
    theirs = next(iter(world.shopify.discount.values()))
    assert status(theirs, world.now) == "ACTIVE"


def test_undo_asks_shopify_first_and_is_done_once(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    world.box.trouble.set(graphql_5xx=1)
    world.undo(made)
    world.undo(made)
    world.run()
    assert (world.found(made).state, world.left(member)) == ("reserved", [0])
    world.box.trouble.set(graphql_5xx=0)
    world.pass_time(hours=1)
    world.run()
    assert (world.found(made).state, world.left(member)) == ("released", [100])


def test_a_code_that_cannot_be_disabled_keeps_its_points_and_says_so(world: World, monkeypatch: object) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    problem = code_discounts.user_errors([(["id"], "INTERNAL_ERROR", "Not now")])
    monkeypatch.setattr(  # type: ignore[attr-defined]
        code_discounts, "set_active", lambda *_: {"codeDiscountNode": None, "userErrors": problem}
    )
    world.undo(made)
    world.run()
    assert world.left(member) == [0]
    assert world.waiting() == [("failed", "Shopify refused id: Not now")]


def test_a_code_used_before_it_could_be_taken_back_stays_spent(world: World) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    order = world.buy(customer, made.code, tell=False)
    world.undo(made)
    world.run()
    assert (world.found(made).state, world.left(member)) == ("reserved", [0])
    world.tell(order)
    world.run()
    assert (world.found(made).state, world.left(member)) == ("captured", [0])


def test_a_use_that_shopify_did_not_tell_in_time_is_spent_again(world: World) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    order = world.buy(customer, made.code, tell=False)
    for discount in world.shopify.discount.values():
        discount["codes"][0]["uses"] = 0
    kept = world.shopify.order.pop(order["id"])
    world.undo(made)
    world.run()
    assert world.left(member) == [100]
    world.shopify.order[order["id"]] = kept
    world.tell(order)
    world.run()
    assert (world.found(made).state, world.left(member)) == ("captured", [0])


def test_a_throttled_hour_loses_nothing(world: World) -> None:
    member, _ = world.member(100)
    world.box.trouble.set(graphql_throttle=1)
    made = world.redeem(member, "rfive")
    for _ in range(12):
        world.run()
        world.pass_time(minutes=5)
    assert (world.found(made).code_state, world.left(member)) == ("wanted", [0])
    world.box.trouble.set(graphql_throttle=0)
    world.run()
    assert world.found(made).code_state == "created"


def test_what_nobody_used_in_time_comes_back(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    assert take_back_expired(world.work) == 0
    world.pass_time(days=32)
    assert take_back_expired(world.work) == 1
    world.run()
    assert (world.found(made).state, world.found(made).ended_why, world.left(member)) == ("released", "expired", [100])


@pytest.mark.parametrize(("reward", "left"), [("rfive", 100), ("rkeep", 0)])
def test_a_refunded_order_gives_back_what_it_used_if_the_reward_says_so(world: World, reward: str, left: int) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, reward)
    world.run()
    order = world.buy(customer, made.code)
    world.run()
    world.box.box.cancel(world.shopify, order)
    world.pass_time(minutes=5)
    world.tell(order)
    world.tell(order)
    world.run()
    assert (world.found(made).state, world.left(member)) == ("captured", [left])


def test_what_points_bought_is_never_shown_as_the_code_for_the_next_order(world: World) -> None:
    member, _ = world.member(100)
    world.redeem(member, "rfive")
    world.run()
    with shop_transaction(world.engine, world.shop_id) as conn:
        assert redemptions.newest_codes(conn, world.shop_id, [member], world.now) == {}


def held(world: World, member: int) -> int:
    with shop_transaction(world.engine, world.shop_id) as conn:
        return reward_uses.on_hold(conn, world.shop_id, [member]).get(member, 0)


def test_points_that_are_taken_with_the_order_are_on_hold_until_then(world: World) -> None:
    member, customer = world.member(150)
    world.box.trouble.set(graphql_lost_answer=1)
    made = world.redeem(member, "rlate")
    world.run()
    world.box.trouble.set(graphql_lost_answer=0)
    world.pass_time(hours=1)
    world.run()
    assert (len(world.shopify.discount), world.left(member), held(world, member)) == (1, [150], 100)
    with pytest.raises(Denied):
        world.redeem(member, "rfive", key="other")
    order = world.buy(customer, made.code.lower())
    assert held(world, member) == 100
    world.run()
    assert (world.found(made).state, world.left(member), held(world, member)) == ("captured", [50], 0)
    world.box.box.cancel(world.shopify, order)
    world.pass_time(minutes=5)
    world.tell(order)
    world.run()
    assert (world.left(member), held(world, member)) == ([150], 0)


def test_a_hold_ends_when_the_code_expires_or_is_undone_and_nothing_is_posted(world: World) -> None:
    member, _ = world.member(250)
    one, other = world.redeem(member, "rlate", key="a"), world.redeem(member, "rlate", key="b")
    world.run()
    assert held(world, member) == 200
    world.undo(one)
    assert held(world, member) == 200
    world.run()
    assert (world.found(one).state, held(world, member)) == ("released", 100)
    world.pass_time(days=32)
    take_back_expired(world.work)
    world.run()
    assert (world.found(other).state, held(world, member), world.left(member)) == ("released", 0, [250])


def test_two_partial_refunds_give_their_parts_back_and_the_rest_with_the_last(world: World) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rpart")
    world.run()
    order = world.buy(customer, made.code)
    world.run()
    line = order["lines"][0]
    lefts = []
    for _ in range(line["quantity"]):
        world.box.box.refund(world.shopify, order, lines={line["id"]: 1})
        world.pass_time(minutes=5)
        for _ in range(2):
            world.tell(order)
        world.run()
        lefts.append(world.left(member)[0])
    assert lefts == [33, 66, 100]
