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


def back(surface: Surface, held: int, why: str) -> None:
    answer = surface.post(f"/held/{held}/release", {"key": key(surface), "why": why})
    assert answer.status_code == 200, answer.text


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


def test_a_key_that_has_booked_books_nothing_else_and_says_what_it_booked_though_it_is_offered_no_more(
    ana: Surface, world: World, engine: Engine
) -> None:
    one = key(ana)
    first = redeem(ana, key=one)["held"]
    assert refusal(ana.post("/redeem", {"key": one, **agreed_to("rtour")}))[:2] == (409, "expired_page")
    with shop_transaction(engine, world.shop_id) as conn:
        other = PROGRAMME.model_copy(update={"rewards": REWARDS[1:]})
        programmes.add(conn, world.shop_id, other, "test", "", world.now)
    again = redeem(ana, key=one)
    assert (again["held"], again["available"]["points"]) == (first, 200)
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
        assert (back.json["held"]["code"], back.json["held"]["ends"]) == (None, None)
        assert back.json["text"] == "5 off couldn't be used, so we gave your points back."
    world.pass_time(minutes=1)
    assert codes(world) == {held["code"]: "EXPIRED"}
    newest = ana.json("/entries")["entries"][0]
    assert newest["reasons"] == ["The checkout didn't accept 5 off. You got 100 points back."]


def test_what_the_cart_did_not_take_uses_up_no_turn_and_what_is_unwanted_does(ana: Surface, world: World) -> None:
    for n in range(9):
        back(ana, redeem(ana)["held"]["id"], "unwanted" if n else "not_taken")
    for _ in range(5):
        back(ana, redeem(ana)["held"]["id"], "not_taken")
    for _ in range(2):
        redeem(ana, "rtour")
    answer = ana.post("/redeem", {"key": key(ana), **agreed_to()})
    assert refusal(answer)[:2] == (422, "too_many_tries")
    world.pass_time(minutes=61)
    redeem(ana)


def test_a_surface_that_always_says_not_taken_is_held_up_all_the_same(ana: Surface) -> None:
    for n in range(20):
        held = redeem(ana)["held"]["id"]
        for _ in range(1 if n else 3):  # said three times, it is one
            back(ana, held, "not_taken")
    assert refusal(ana.post("/redeem", {"key": key(ana), **agreed_to()}))[:2] == (422, "too_many_tries")


def test_what_shopify_refuses_to_make_has_failed_and_says_so(ana: Surface, world: World) -> None:
    world.shopify.drop("customer", ana.customer)
    made = redeem(ana)
    held = made["held"]
    assert (held["state"], held["code"], made["available"]["points"]) == ("failed", None, 300)
    assert held["text"] == held["more"] == "We couldn't create the code for 5 off. You got 100 points back."
    assert made["text"] == held["text"]


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
