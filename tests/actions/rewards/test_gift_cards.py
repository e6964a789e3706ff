"""Points buy a gift card: made once whatever happens, shown to its owner, taken back only while unspent."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from plugin.actions.codes import issued_codes
from plugin.actions.gifts.give_reward import give_reward
from plugin.actions.rewards import gift_cards
from plugin.errors import Denied
from plugin.jobs import take_back_expired
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.money_rewards import GiftCard
from plugin.rules.types import Reason
from plugin.store.database.db import shop_transaction
from plugin.store.members import member_search
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from sandbox.admin_api import gift_cards as shopifys_cards
from sandbox.admin_api.user_errors import one_error
from sandbox.shop import kept_money
from tests.actions.world import World

REWARDS = (
    GiftCard(id="rcard", name="10 gift card", points=100, value=Decimal(10)),
    GiftCard(id="rsoon", name="Until soon", points=100, value=Decimal("7.5"), valid_days=30),
)
PROGRAMME = Programme(rewards=REWARDS, next_order_code=NextOrderCode(enabled=False), confirmation="none")


def card(world: World) -> dict[str, Any]:
    (only,) = world.shopify.gift_card.values()
    return only


def code(world: World, made: Redemption) -> str:
    return issued_codes.secret_of(world.work.clients.settings, world.shop_id, world.found(made))


def spend(world: World, minor: int, index: int = 0) -> None:
    kept_money.move_card(world.shopify, list(world.shopify.gift_card.values())[index], -minor, datetime.now(UTC))


def test_a_card_of_the_members_own_is_made_and_its_code_is_nowhere_in_plain(world: World) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rcard")
    world.run()
    found = world.found(made)
    assert (found.state, found.code_state, world.left(member)) == ("reserved", "created", [0])
    assert (card(world)["balance"], card(world)["customer_id"], card(world)["expires_on"]) == (
        1000,
        customer["id"],
        None,
    )
    assert code(world, made) == card(world)["code"] and len(card(world)["code"]) == 16
    with shop_transaction(world.engine, world.shop_id) as conn:
        for table in ("redemptions", "jobs", "entries"):
            rows = " ".join(str(tuple(row)) for row in conn.execute(text(f"SELECT * FROM {table}")))
            assert card(world)["code"] not in rows.lower()
        whole = card(world)["code"].upper()
        for text_of in (whole[-4:], whole[-4:].lower(), whole, f"{whole[:4]} {whole[4:8]} {whole[8:12]} {whole[12:]}"):
            assert [one.id for one in member_search.search(conn, world.shop_id, text_of)] == [member]
        assert member_search.search(conn, world.shop_id, whole[:8]) == []


def test_a_card_that_ends_ends_with_the_last_day_of_the_shops_zone(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rsoon")
    world.run()
    ends = world.found(made).expires_at
    assert ends is not None
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
    assert (
        gift_cards.rules.card_input(made.terms, "x", 1, "", ends, shop.timezone)["expiresOn"]
        == card(world)["expires_on"]
    )
    assert card(world)["balance"] == 750


def test_a_lost_answer_makes_no_second_card(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem_with_a_lost_answer(member, "rcard")
    assert made.code_state == "created"
    assert card(world)["code"] == code(world, made)


def test_a_code_that_another_card_has_gives_the_points_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rcard")
    monkeypatch.setattr(gift_cards.secrets, "choice", lambda _: "x")
    theirs = {"code": "x" * 16, "initialAmount": {"amount": "3", "currencyCode": "USD"}}
    shopifys_cards.create(world.shopify, theirs)
    world.run()
    assert (world.found(made).state, world.found(made).ended_why) == ("released", "creation_failed")
    assert world.left(member) == [100] and card(world)["enabled"]


def test_a_deleted_customer_gives_the_points_back(world: World) -> None:
    member, customer = world.member(100)
    made = world.redeem(member, "rcard")
    world.shopify.drop("customer", customer["id"])
    world.run()
    assert (world.found(made).state, world.left(member), list(world.shopify.gift_card)) == ("released", [100], [])


def test_without_the_permission_nothing_is_spent(world: World) -> None:
    member, _ = world.member(200)
    world.shopify.settings["scopes"] = ["write_discounts"]
    made = world.redeem(member, "rcard")
    world.run()
    assert (world.found(made).state, world.left(member)) == ("released", [200])
    with shop_transaction(world.engine, world.shop_id) as conn:
        shops.describe(conn, world.shop_id, {"scopes": ["write_discounts"]})
    with pytest.raises(Denied) as denied:
        world.redeem(member, "rcard", key="again")
    assert denied.value.code == "shop_forbids"


def test_the_permission_that_went_after_a_lost_answer_settles_nothing_until_it_is_back(world: World) -> None:
    member, _ = world.member(100)
    world.box.trouble.set(graphql_lost_answer=1)
    made = world.redeem(member, "rcard")
    world.run()
    world.box.trouble.calm()
    granted, world.shopify.settings["scopes"] = world.shopify.settings["scopes"], ["write_discounts"]
    world.pass_time(hours=1)
    world.run()
    assert (world.found(made).state, world.waiting()[0][0]) == ("reserved", "failed")
    world.shopify.settings["scopes"] = granted
    world.undo(made)
    world.run()
    assert (world.found(made).state, card(world)["enabled"], world.left(member)) == ("released", False, [100])


def test_undo_deactivates_an_untouched_card_once(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rcard")
    world.run()
    world.undo(made)
    world.undo(made)
    world.run()
    world.undo(made)
    world.run()
    assert (world.found(made).state, world.left(member), card(world)["enabled"]) == ("released", [100], False)


def test_undo_before_anybody_was_asked_makes_no_card(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rcard")
    world.undo(made)
    world.run()
    assert (world.found(made).state, world.left(member), list(world.shopify.gift_card)) == ("released", [100], [])


def test_undo_of_a_card_whose_making_got_lost_deactivates_it(world: World) -> None:
    member, _ = world.member(100)
    world.box.trouble.set(graphql_lost_answer=1)
    made = world.redeem(member, "rcard")
    world.run()
    assert card(world)["enabled"]
    world.box.trouble.calm()
    world.undo(made)
    world.pass_time(hours=1)
    world.run()
    assert (world.found(made).state, world.left(member), card(world)["enabled"]) == ("released", [100], False)


@pytest.mark.parametrize("minor", [1, 1000])
def test_a_card_of_which_anything_is_spent_is_used(world: World, minor: int) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rcard")
    world.run()
    spend(world, minor)
    world.undo(made)
    world.run()
    found = world.found(made)
    assert (found.state, found.ended_why, world.left(member), card(world)["enabled"]) == (
        "captured",
        "money_spent",
        [0],
        True,
    )
    with pytest.raises(Denied):
        world.undo(made)


def test_a_card_that_cannot_be_deactivated_keeps_its_points_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rcard")
    world.run()
    problem = one_error(["id"], "GIFT_CARD_NOT_FOUND", "Not now")
    monkeypatch.setattr(shopifys_cards, "deactivate", lambda *_: {"giftCard": None, "userErrors": problem})
    world.undo(made)
    world.run()
    assert (world.found(made).state, world.left(member)) == ("reserved", [0])
    assert world.waiting() == [("failed", "Shopify refused id: Not now")]


@pytest.mark.parametrize("minor", [400, 1000])
def test_spent_between_asking_and_deactivating_the_rest_goes_to_a_new_card(
    world: World, monkeypatch: pytest.MonkeyPatch, minor: int
) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rcard")
    world.run()
    first = code(world, made)
    deactivate = shopifys_cards.deactivate

    def late(shop: Any, gid: str) -> Any:
        spend(world, minor)
        return deactivate(shop, gid)

    monkeypatch.setattr(shopifys_cards, "deactivate", late)
    world.undo(made)
    world.run()
    cards = list(world.shopify.gift_card.values())
    assert (world.found(made).state, world.left(member)) == ("captured", [0])
    assert [(one["enabled"], one["balance"]) for one in cards] == [(False, 1000 - minor), (True, 600)][
        : 1 + (minor < 1000)
    ]
    if minor < 1000:
        assert code(world, made) == cards[1]["code"] != first


def test_a_lost_answer_to_the_deactivation_gives_the_points_back_once(world: World) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rcard")
    world.run()
    world.undo(made)
    world.box.trouble.set(graphql_lost_answer=1)
    world.run()
    world.box.trouble.calm()
    world.pass_time(hours=1)
    world.run()
    assert (world.found(made).state, world.left(member), card(world)["enabled"]) == ("released", [100], False)


@pytest.mark.parametrize(("minor", "state", "left"), [(0, "released", 100), (50, "captured", 0)])
def test_at_its_end_an_untouched_card_gives_the_points_back(world: World, minor: int, state: str, left: int) -> None:
    member, _ = world.member(100)
    made = world.redeem(member, "rsoon")
    world.run()
    if minor:
        spend(world, minor)
    world.pass_time(days=32)
    assert take_back_expired(world.work) == 1
    world.run()
    assert (world.found(made).state, world.left(member)) == (state, [left])


def test_a_throttled_hour_loses_nothing(world: World) -> None:
    member, _ = world.member(100)
    world.box.trouble.set(graphql_throttle=1)
    made = world.redeem(member, "rcard")
    for _ in range(12):
        world.run()
        world.pass_time(minutes=5)
    assert (world.found(made).code_state, world.left(member)) == ("wanted", [0])
    world.box.trouble.calm()
    world.run()
    assert (world.found(made).code_state, card(world)["balance"]) == ("created", 1000)


def test_a_card_given_for_nothing_gives_nothing_back(world: World) -> None:
    member, _ = world.member(100)
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        made = give_reward(conn, shop, member, REWARDS[0], "birthday:1", Reason("x"), "suki", world.now)
    world.run()
    assert card(world)["balance"] == 1000
    world.undo(made)
    world.run()
    assert (world.found(made).state, world.left(member), card(world)["enabled"]) == ("released", [100], False)
