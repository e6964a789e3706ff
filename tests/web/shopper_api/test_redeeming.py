"""From a click to a code and back, over the shopper API and a Shopify that answers over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.points.audit import audit
from plugin.actions.rewards import carry_out_now
from plugin.app import create_app
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff, Slider
from plugin.rules.rewards.own_rewards import Custom
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from sandbox.shop.discounts import status
from tests.actions.world import World, a_world
from tests.conftest import ShopRow
from tests.web import agreed
from tests.web.shopper_api.surface import Surface, Theme, refusal

REWARDS = (
    AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5)),
    Slider(id="rany", name="Any amount", points=50, step=10, most=500, value=Decimal(1)),
    AmountOff(id="rbig", name="50 off", points=5000, value=Decimal(50)),
    Custom(id="rtour", name="A tour", points=10),
)
PROGRAMME = Programme(rewards=REWARDS, next_order_code=NextOrderCode(enabled=False), confirmation="none")


@pytest.fixture
def world(engine: Engine, settings: Settings, shop: ShopRow, tmp_path: Path) -> Iterator[World]:
    with a_world(engine, settings, shop.id, shop.domain, PROGRAMME, tmp_path) as made:
        yield made
        assert audit(engine) == []


@pytest.fixture
def app(world: World, engine: Engine) -> Flask:
    return create_app(world.work.clients.settings, engine, world.work.clock)


@pytest.fixture
def ana(world: World, app: Flask, shop: ShopRow) -> Surface:
    """A member with 300 points, at the checkout."""
    _, customer = world.member(300)
    return Surface(app, world.work.clients.settings, shop.domain, customer["id"])


def key(surface: Surface) -> str:
    return str(surface.json("/me")["key"])


def agreed_to(reward: str = "rfive", points: int | None = None) -> dict[str, object]:
    return agreed.body(next(one for one in REWARDS if one.id == reward), points)


def redeem(surface: Surface, reward: str = "rfive", **said: Any) -> Any:
    answer = surface.post("/redeem", {"key": said.pop("key", None) or key(surface), **agreed_to(reward), **said})
    assert answer.status_code == 200, answer.text
    return answer.json


def codes(world: World) -> dict[str, str]:
    return {one["codes"][0]["code"]: status(one, world.now) for one in world.shopify.discount.values()}


def test_a_click_reserves_and_answers_with_a_code_that_works(ana: Surface, world: World) -> None:
    made = redeem(ana)
    held = made["held"]
    assert (held["state"], held["releasable"], held["points"]["points"]) == ("ready", True, 100)
    assert codes(world) == {held["code"]: "ACTIVE"}
    assert (made["available"]["points"], made["text"]) == (200, f"5 off is yours. Your code is {held['code']}.")
    assert ana.json(f"/held/{held['id']}")["code"] == held["code"]
    assert (held["kind"], ana.json("/held")["held"][0]["kind"]) == ("amount_off", "amount_off")
    assert ana.json("/me")["member"]["available"]["points"] == 200


def test_the_same_key_twice_and_two_clicks_at_once_are_one_redemption(ana: Surface, world: World) -> None:
    one = key(ana)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: redeem(ana, key=one), range(2))
    third = redeem(ana, key=one)
    assert first["held"]["id"] == second["held"]["id"] == third["held"]["id"]
    assert third["available"]["points"] == 200
    assert len(codes(world)) == 1


def test_two_tabs_with_a_key_each_spend_only_what_there_is(ana: Surface, world: World) -> None:
    keys = [key(ana) for _ in range(4)]

    def click(one: str) -> tuple[int, str]:
        answer = ana.post("/redeem", {"key": one, **agreed_to()})
        assert answer.json is not None
        return answer.status_code, answer.json.get("code", "")

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(click, keys))
    assert answers == [(200, "")] * 3 + [(422, "too_few_points")]
    world.pass_time(minutes=5)
    world.run()
    assert list(codes(world).values()) == ["ACTIVE"] * 3
    assert ana.json("/me")["member"]["available"]["points"] == 0


@pytest.mark.parametrize(("points", "ok"), [(50, True), (300, True), (310, False), (55, False), (40, False)])
def test_any_amount_of_a_slider_that_the_member_has(ana: Surface, world: World, points: int, ok: bool) -> None:
    answer = ana.post("/redeem", {"key": key(ana), **agreed_to("rany", points)})
    if ok:
        assert answer.json is not None
        assert answer.json["held"]["points"]["points"] == points
        assert answer.json["available"]["points"] == 300 - points
    else:
        assert answer.status_code == 422
        assert (codes(world), ana.json("/me")["member"]["available"]["points"]) == ({}, 300)


def test_a_slider_without_points_and_points_without_a_slider(ana: Surface) -> None:
    for said in (agreed_to("rany"), agreed_to("rfive") | {"points": 7}, agreed_to("rfive") | {"points": 100}):
        answer = ana.post("/redeem", {"key": key(ana), **said})
        assert answer.status_code == 422 and answer.json is not None and list(answer.json["fields"]) == ["points"]
    assert ana.json("/me")["member"]["available"]["points"] == 300


def test_a_code_that_the_cart_did_not_take_is_back_with_its_reason(ana: Surface, world: World) -> None:
    held = redeem(ana)["held"]
    one = key(ana)
    for _ in range(2):
        back = ana.post(f"/held/{held['id']}/release", {"key": one, "why": "not_taken"})
        assert back.status_code == 200 and back.json is not None
        assert (back.json["held"]["state"], back.json["available"]["points"]) == ("returned", 300)
        assert back.json["held"]["code"] is None
        assert back.json["text"] == "5 off couldn't be used, so we gave your points back."
    world.pass_time(minutes=1)
    assert codes(world) == {held["code"]: "EXPIRED"}
    newest = ana.json("/entries")["entries"][0]
    assert newest["reasons"] == ["The checkout didn't accept 5 off. You got 100 points back."]


def test_what_was_used_is_not_given_back(ana: Surface, world: World) -> None:
    held = redeem(ana)["held"]
    customer = world.shopify.customer[ana.customer]
    world.buy(customer, held["code"])
    answer = ana.post(f"/held/{held['id']}/release", {"key": key(ana)})
    assert refusal(answer)[:2] == (422, "already_used")
    assert ana.json(f"/held/{held['id']}")["state"] == "used"


def test_a_code_that_was_used_before_we_heard_of_it_is_not_given_back_either(ana: Surface, world: World) -> None:
    held = redeem(ana)["held"]
    world.buy(world.shopify.customer[ana.customer], held["code"], tell=False)
    answer = ana.post(f"/held/{held['id']}/release", {"key": key(ana)})
    assert answer.status_code == 200 and answer.json is not None
    assert (answer.json["held"]["state"], answer.json["available"]["points"]) == ("used", 200)


def test_a_slow_shopify_answers_preparing_and_the_worker_goes_on(
    ana: Surface, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry_out_now, "SHOPIFYS_SECONDS", 0.3)
    world.box.trouble.set(graphql_slow_seconds=1.0)
    made = redeem(ana)
    assert (made["held"]["state"], made["held"]["code"]) == ("preparing", None)
    world.box.trouble.set(graphql_slow_seconds=0)
    world.pass_time(minutes=1)
    world.run()
    assert ana.json(f"/held/{made['held']['id']}")["state"] == "ready"
    assert len(codes(world)) == 1


def test_what_needs_nothing_from_shopify_is_redeemed_and_given_back_at_once(ana: Surface) -> None:
    made = redeem(ana, "rtour")
    assert (made["held"]["state"], made["available"]["points"]) == ("preparing", 290)
    back = ana.post(f"/held/{made['held']['id']}/release", {"key": key(ana)})
    assert back.json is not None
    assert (back.json["held"]["state"], back.json["available"]["points"]) == ("returned", 300)
    assert back.json["text"] == f"You returned {made['held']['title']} and got your points back."


def test_a_reward_that_was_withdrawn_while_it_was_shown(ana: Surface, world: World, engine: Engine) -> None:
    one = key(ana)
    with shop_transaction(engine, world.shop_id) as conn:
        paused = PROGRAMME.model_copy(update={"rewards": (REWARDS[0].model_copy(update={"active": False}),)})
        programmes.add(conn, world.shop_id, paused, "test", "", world.now)
    assert refusal(ana.post("/redeem", {"key": one, **agreed_to()}))[:2] == (422, "reward_paused")
    assert ana.post("/redeem", {"key": one, **agreed_to("rany", 50)}).status_code == 404
    assert codes(world) == {}


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


def test_keys_of_others_and_made_up_ones_do_nothing(ana: Surface, world: World, app: Flask, shop: ShopRow) -> None:
    _, customer = world.member(300)
    ben = Surface(app, ana.settings, shop.domain, customer["id"])
    guest = Surface(app, ana.settings, shop.domain, None)
    for wrong in (key(ben), key(guest), "", "0" * 48, "x" * 64):
        assert refusal(ana.post("/redeem", {"key": wrong, **agreed_to()}))[:2] == (409, "expired_page")
    held = redeem(ben)["held"]
    assert ana.post(f"/held/{held['id']}/release", {"key": key(ana)}).status_code == 404
    assert refusal(ana.post(f"/held/{held['id']}/release", {"key": key(ben)}))[0] == 409
    assert ben.json(f"/held/{held['id']}")["state"] == "ready"
    assert refusal(guest.post("/redeem", {"key": key(guest), **agreed_to()}))[:2] == (403, "no_member")
    assert ana.json("/me")["member"]["available"]["points"] == 300


FIVE = agreed_to()


@pytest.mark.parametrize(
    "said",
    [[], "x", FIVE, FIVE | {"key": 5}, FIVE | {"key": "k", "reward": "x" * 65}, FIVE | {"key": "k", "points": -1},
     FIVE | {"key": "k", "points": "many"}, FIVE | {"key": "k", "points": 2.5}, FIVE | {"key": "k", "customer_id": 7},
     FIVE | {"key": "k", "price": 0}, FIVE | {"key": "k", "price": None}, FIVE | {"key": "k", "offer": "x" * 65},
     {"key": "k", "reward": "rfive"}, {"key": "k", "reward": "rfive", "price": 100}],
)  # fmt: skip
def test_bodies_that_are_not_right_are_refused_by_their_fields(ana: Surface, world: World, said: object) -> None:
    status, code, _ = refusal(ana.client.post("/shopper/v1/redeem", json=said, headers=ana._headers()))
    assert (status, code, codes(world)) == (422, "invalid", {})


def test_numbers_that_no_redemption_has(ana: Surface) -> None:
    for number in (0, 999, 2**63, 10**30):
        assert ana.post(f"/held/{number}/release", {"key": key(ana)}).status_code == 404


def test_the_storefront_redeems_by_the_same_rules(world: World, app: Flask, shop: ShopRow, ana: Surface) -> None:
    theme = Theme(app, ana.settings, shop.domain, str(ana.customer))
    asked = theme.ask("/me").json
    assert asked is not None
    made = theme.send("/redeem", {"key": asked["key"], **agreed_to()})
    assert made.status_code == 200 and made.json is not None
    assert made.json["held"]["code"] in codes(world)
