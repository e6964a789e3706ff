"""Points swapped for store credit: credited once, whatever gets lost, and debited again only if it is there."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from plugin.actions.gifts.give_reward import give_reward
from plugin.errors import Denied
from plugin.jobs import take_back_expired
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.money_rewards import CreditSlider, StoreCredit
from plugin.rules.types import Reason
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import credits
from plugin.store.rewards.credits import Credit
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from sandbox.shop import kept_money
from sandbox.state import Record
from tests.actions.world import World

REWARDS = (
    StoreCredit(id="rfive", name="5 credit", points=100, value=Decimal(5)),
    StoreCredit(id="rsoon", name="Until soon", points=100, value=Decimal(5), valid_days=30),
    CreditSlider(id="rany", name="Any", points=50, step=50, most=500, value=Decimal("2.5")),
)
PROGRAMME = Programme(rewards=REWARDS, next_order_code=NextOrderCode(enabled=False), confirmation="none")


def balance(world: World) -> int:
    return sum(account["balance"] for account in world.shopify.credit_account.values())


def moves(world: World) -> list[int]:
    return [one["amount"] for one in world.shopify.credit.values()]


def rows(world: World, made: Redemption) -> list[tuple[int, str, int | None, bool]]:
    return [(one.amount_minor, one.state, one.moved_minor, one.found) for one in lines(world, made)]


def lines(world: World, made: Redemption) -> list[Credit]:
    with shop_transaction(world.engine, world.shop_id) as conn:
        return credits.of_subject(conn, world.shop_id, f"redemption:{made.id}")


def by_hand(world: World, customer: Record, minor: int, event: str = "ADJUSTMENT") -> None:
    account = kept_money.account_of(world.shopify, customer["id"], "USD", make=True)
    assert account is not None
    kept_money.move_credit(world.shopify, account, minor, datetime.now(UTC), event=event)


@pytest.mark.parametrize(("reward", "points", "minor"), [("rfive", None, 500), ("rany", 200, 1000)])
def test_what_the_points_bought_is_credited(world: World, reward: str, points: int | None, minor: int) -> None:
    member, _ = world.member(200)
    made = world.redeem(member, reward, points)
    world.run()
    assert (world.found(made).code_state, balance(world)) == ("created", minor)
    assert rows(world, made) == [(minor, "sent", minor, False)]
    assert world.left(member) == [200 - (points or 100)]


def test_a_lost_answer_credits_once(world: World) -> None:
    member, _ = world.member(100)
    world.box.trouble.set(graphql_lost_write=1)
    made = world.redeem(member, "rfive")
    world.run()
    world.box.trouble.calm()
    world.pass_time(minutes=10)
    world.run()
    assert moves(world) == [500]
    assert rows(world, made) == [(500, "sent", 500, True)]


def test_what_was_not_carried_out_is_carried_out_after_the_asking(world: World) -> None:
    member, customer = world.member(100)
    by_hand(world, customer, 500)
    made = world.redeem(member, "rfive")
    world.box.trouble.set(graphql_never_came=1)
    world.run()
    assert [one.state for one in lines(world, made)] == ["sending"]
    world.box.trouble.calm()
    world.pass_time(seconds=30)
    world.run()
    assert [one.state for one in lines(world, made)] == ["sending"], "too early to be sure"
    world.pass_time(minutes=5)
    world.run()
    assert (moves(world), rows(world, made)) == ([500, 500], [(500, "sent", 500, False)])


def test_a_change_by_staff_of_another_amount_is_not_taken_for_ours(world: World) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rfive")
    world.box.trouble.set(graphql_never_came=1)
    world.run()
    world.box.trouble.calm()
    by_hand(world, customer, 300)
    by_hand(world, customer, 500, "ORDER_REFUND")
    world.pass_time(minutes=5)
    world.run()
    assert (moves(world), rows(world, made)) == ([300, 500, 500], [(500, "sent", 500, False)])


def test_two_swaps_of_one_amount_that_both_got_lost_claim_one_credit_each(world: World) -> None:
    member, _ = world.member(200)
    world.box.trouble.set(graphql_lost_write=1)
    one, two = world.redeem(member, "rfive", key="a"), world.redeem(member, "rfive", key="b")
    for _ in range(20):
        world.run()
        world.pass_time(seconds=20)
    world.box.trouble.calm()
    for _ in range(20):
        world.run()
        world.pass_time(minutes=3)
    assert moves(world) == [500, 500]
    assert {line.state for made in (one, two) for line in lines(world, made)} == {"sent"}


def test_undo_debits_and_gives_the_points_back_once(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    world.undo(made)
    world.undo(made)
    world.run()
    assert (moves(world), world.found(made).state, world.left(member)) == ([500, -500], "released", [100])


def test_two_who_undo_at_the_same_moment_get_it_once(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    threads = [threading.Thread(target=world.undo, args=(made,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workers = [threading.Thread(target=world.run) for _ in range(3)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    world.pass_time(minutes=1)
    world.run()
    assert (moves(world), world.left(member)) == ([500, -500], [100])


def test_undo_with_a_lost_answer_debits_once(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    world.undo(made)
    world.box.trouble.set(graphql_lost_write=1)
    world.run()
    assert world.left(member) == [0]
    world.box.trouble.calm()
    world.pass_time(minutes=10)
    world.run()
    assert (moves(world), world.found(made).state, world.left(member)) == ([500, -500], "released", [100])


def test_undo_of_a_credit_whose_answer_got_lost_takes_it_off_again(world: World) -> None:
    member, _ = world.member(100)
    world.box.trouble.set(graphql_lost_write=1)
    made = world.redeem(member, "rfive")
    world.run()
    world.undo(made)
    world.box.trouble.calm()
    world.pass_time(minutes=10)
    world.run()
    assert (moves(world), world.found(made).state, world.left(member)) == ([500, -500], "released", [100])


def test_undo_before_anything_was_sent_moves_nothing(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rfive")
    world.undo(made)
    world.run()
    assert (moves(world), world.found(made).state, world.left(member)) == ([], "released", [100])


def test_what_is_spent_is_not_undone(world: World) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    by_hand(world, customer, -1, "ORDER_PAYMENT")
    world.undo(made)
    world.run()
    found = world.found(made)
    assert (found.state, found.ended_why, world.left(member), balance(world)) == ("captured", "money_spent", [0], 499)
    assert rows(world, made)[1] == (-500, "refused", 0, False)
    with pytest.raises(Denied):
        world.undo(made)


def test_spent_between_asking_and_debiting_it_stays_spent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rfive")
    world.run()
    world.undo(made)
    move = kept_money.move_credit
    late = iter([True])

    def first_the_order(shop: object, account: object, amount: int, *rest: object, **more: object) -> object:
        if amount == -500 and next(late, False):
            by_hand(world, customer, -500, "ORDER_PAYMENT")
        return move(shop, account, amount, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_money, "move_credit", first_the_order)
    world.run()
    world.pass_time(minutes=1)
    world.run()
    assert (world.found(made).state, world.left(member), balance(world)) == ("captured", [0], 0)


@pytest.mark.parametrize(("spent", "state", "left"), [(0, "released", 100), (100, "captured", 0)])
def test_a_credit_that_expired_whole_gives_the_points_back_without_a_debit(
    world: World, spent: int, state: str, left: int
) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rsoon")
    world.run()
    if spent:
        by_hand(world, customer, -spent, "ORDER_PAYMENT")
    world.pass_time(days=32)
    assert take_back_expired(world.work) == 1
    world.run()
    assert (world.found(made).state, world.left(member)) == (state, [left])
    assert len(lines(world, made)) == 1


@pytest.mark.parametrize("trouble", ["customer", "scope"])
def test_what_shopify_refuses_gives_the_points_back(world: World, trouble: str) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rfive")
    if trouble == "customer":
        world.shopify.drop("customer", customer["id"])
    else:
        world.shopify.settings["scopes"] = ["write_discounts"]
    world.run()
    assert (world.found(made).state, world.left(member), moves(world)) == ("released", [100], [])
    assert rows(world, made) == [(500, "refused", 0, False)]


def test_a_credit_given_for_nothing_gives_nothing_back(world: World) -> None:
    member, _ = world.member(100)
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        made = give_reward(conn, shop, member, REWARDS[0], "birthday:1", Reason("x"), "suki", world.now)
    world.run()
    world.undo(made)
    world.run()
    assert (moves(world), world.found(made).state, world.left(member)) == ([500, -500], "released", [100])
