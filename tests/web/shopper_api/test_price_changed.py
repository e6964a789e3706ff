"""A reward that a merchant saved anew while somebody looked at it: what was shown is taken, or nothing is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.rules.rewards.kinds import AmountOff, Slider
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.actions.world import World
from tests.web.shopper_api.surface import Surface, refusal
from tests.web.shopper_api.test_redeeming import (
    PROGRAMME,
    REWARDS,
    agreed_to,
    ana,
    app,
    codes,
    key,
    redeem,
    world,
)

__all__ = ["ana", "app", "world"]

FIXED, ANY = REWARDS[0], REWARDS[1]
CHANGES = [
    (FIXED, None, {"points": 200}),
    (FIXED, None, {"points": 50}),
    (FIXED, None, {"value": Decimal(4)}),
    (FIXED, None, {"minimum_order": Decimal(50)}),
    (FIXED, None, {"products": frozenset({11})}),
    (FIXED, None, {"valid_days": 1}),
    (FIXED, None, {"currency_prices": {"USD": 90, "PHP": 90, "EUR": 90}}),
    (ANY, 100, {"value": Decimal("0.50")}),
    (ANY, 100, {"step": 5}),
]


@pytest.mark.parametrize(("reward", "points", "change"), CHANGES, ids=[str(one[2]) for one in CHANGES])
def test_what_was_shown_is_what_is_taken_or_nothing_is(
    ana: Surface, world: World, engine: Engine, reward: Any, points: int | None, change: dict[str, object]
) -> None:
    if "currency_prices" in change:  # theirs is what the newest order was paid in
        world.buy(world.shopify.customer[ana.customer])
    shown = {"key": key(ana), **of_the_app(ana, reward.id, points)}
    had = ana.json("/me")["member"]["available"]["points"]
    change_to(world, engine, reward.model_copy(update=change))
    status, code, text = refusal(ana.post("/redeem", shown))
    assert (status, code) == (409, "price_changed")
    assert text.startswith("This reward has changed since you saw it. Nothing was spent")
    assert (codes(world), ana.json("/me")["member"]["available"]["points"]) == ({}, had)
    again = ana.post("/redeem", {"key": key(ana), **of_the_app(ana, reward.id, points)})
    assert again.status_code == 200, again.text


def test_a_slider_that_became_one_price_and_the_other_way_round(ana: Surface, world: World, engine: Engine) -> None:
    any_amount, five = agreed_to("rany", 100), agreed_to()
    change_to(world, engine, AmountOff(id="rany", name="Any amount", points=100, value=Decimal(10)))
    assert refusal(ana.post("/redeem", {"key": key(ana), **any_amount}))[:2] == (409, "price_changed")
    change_to(world, engine, Slider(id="rfive", name="5 off", points=100, step=100, most=500, value=Decimal(5)))
    assert refusal(ana.post("/redeem", {"key": key(ana), **five}))[:2] == (409, "price_changed")
    assert (codes(world), ana.json("/me")["member"]["available"]["points"]) == ({}, 300)


def test_another_number_than_was_shown_is_not_taken(ana: Surface, world: World) -> None:
    for said in (agreed_to() | {"price": 99}, agreed_to("rany", 100) | {"price": 50}):
        assert refusal(ana.post("/redeem", {"key": key(ana), **said}))[:2] == (409, "price_changed")
    assert (codes(world), ana.json("/me")["member"]["available"]["points"]) == ({}, 300)


def test_a_change_after_the_points_are_gone_changes_nothing_of_it(ana: Surface, world: World, engine: Engine) -> None:
    one = key(ana)
    made = redeem(ana, key=one)
    change_to(world, engine, REWARDS[0].model_copy(update={"points": 200}))
    assert redeem(ana, key=one)["held"]["id"] == made["held"]["id"]
    assert ana.json("/me")["member"]["available"]["points"] == 200


def of_the_app(surface: Surface, reward: str, points: int | None) -> dict[str, object]:
    """What a surface sends of what it shows."""
    shown = next(one for one in surface.json("/rewards")["rewards"] if one["id"] == reward)
    price = shown["price"]["points"] if points is None else points
    return {"reward": reward, "price": price, "offer": shown["offer"]} | ({"points": points} if points else {})


def change_to(world: World, engine: Engine, reward: Any) -> None:
    """A merchant saves the reward."""
    with shop_transaction(engine, world.shop_id) as conn:
        rewards = tuple(reward if one.id == reward.id else one for one in REWARDS)
        programmes.add(conn, world.shop_id, PROGRAMME.model_copy(update={"rewards": rewards}), "test", "", world.now)
