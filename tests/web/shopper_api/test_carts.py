"""A cart as a surface sees it: what it would earn, which rewards and codes it can use, and if not why."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.orders.earning_rules import CurrencyRate, Limit, OrderEarning, OrderRule
from plugin.rules.programme import Basis, Earning, Programme
from plugin.rules.rewards.kinds import AmountOff, Slider
from plugin.rules.types import ProductFacts
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.orders import products
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.referral_front import counted_statements
from tests.web.shopper_api.surface import Surface, Theme, refusal

RATE = Earning(points=1, per_amount=Decimal(1))
REWARDS = (
    AmountOff(id="rmin", name="5 off", points=100, value=5, minimum_order=50),
    AmountOff(id="rgoods", name="On socks", points=10, value=5, products={11}),
    AmountOff(id="rpos", name="In the store", points=10, value=5, channels={"pos"}),
    Slider(id="rany", name="Any amount", points=10, step=10, most=500, value=1),
)
SOCKS = {"product_id": 11, "variant_id": 111, "quantity": 2, "price": "10.00"}
SHOES = {"product_id": 12, "variant_id": 121, "quantity": 1, "price": "40.50", "vendor": "Acme"}


def programme(**changes: Any) -> Programme:
    return Programme(**{"earning": RATE, "rewards": REWARDS, **changes})


def publish(engine: Engine, shop: ShopRow, rules: Programme) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, rules, "test", "", datetime.now(UTC))


@pytest.fixture
def usual(engine: Engine, opened: ShopRow) -> None:
    """A point for each dollar."""
    publish(engine, opened, programme())


def cart(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"currency": "USD", "lines": list(lines), **more}


def judged(surface: Surface, said: dict[str, Any]) -> Any:
    answer = surface.post("/cart", said)
    assert answer.status_code == 200, answer.text[:400]
    return answer.json


def estimate(surface: Surface, said: dict[str, Any]) -> tuple[int, bool]:
    found = judged(surface, said)["estimate"]
    return found["points"]["points"], found["about"]


def test_a_cart_earns_what_its_order_would(usual: None, surface: Surface, theme: Theme) -> None:
    assert estimate(surface, cart(SOCKS, SHOES)) == (60, False)
    assert theme.send("/cart", cart(SOCKS, SHOES)).json["estimate"]["text"] == "You'll earn 60 points with this order."
    assert estimate(surface, cart(SOCKS, SHOES, subtotal="30.00")) == (30, False)
    assert estimate(surface, cart(SOCKS, {**SHOES, "gift_card": True})) == (20, False)
    assert judged(surface, cart())["estimate"]["text"] == "This cart doesn't earn points."


def test_what_is_off_the_whole_cart_is_spread_and_no_unit_is_lost(usual: None, surface: Surface) -> None:
    thirds = [{"product_id": 1, "quantity": 3, "price": "0.01"} for _ in range(7)]
    assert estimate(surface, cart(*thirds, {"product_id": 2, "quantity": 1, "price": "100"}, subtotal="99.99")) == (
        99,
        False,
    )
    assert estimate(surface, cart(*thirds, subtotal="500")) == (0, False)
    assert estimate(surface, cart(SOCKS, {**SHOES, "gift_card": True}, subtotal="0")) == (0, False)


def test_products_that_we_know_are_judged_by_their_facts_and_others_about(
    surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    publish(engine, opened, programme(
        basis=Basis(excluded_tags={"outlet"}),
        orders=OrderEarning(rules=(OrderRule(key="double", name="Twice", effect="multiplier", multiplier=Decimal(2),
                                             collections={6}),)),
    ))  # fmt: skip
    assert estimate(surface, cart(SOCKS, SHOES)) == (60, True)
    long_ago = datetime(2024, 1, 1, tzinfo=UTC)
    with shop_transaction(engine, opened.id) as conn:
        known = {11: ProductFacts(frozenset({"Outlet"})), 12: ProductFacts(collections=frozenset({6}))}
        products.save(conn, opened.id, known, long_ago)
    assert estimate(surface, cart(SOCKS, SHOES)) == (81, False)
    assert estimate(surface, cart(SOCKS, {"quantity": 1, "price": "40.50"})) == (40, True)


def test_a_rule_about_makers_needs_the_maker(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    rule = OrderRule(key="acme", name="Acme", effect="multiplier", multiplier=Decimal(3), vendors={"acme"})
    publish(engine, opened, programme(orders=OrderEarning(rules=(rule,))))
    assert estimate(surface, cart(SHOES)) == (121, False)
    assert estimate(surface, cart(SOCKS)) == (20, True)


@pytest.mark.parametrize("rules", [
    {"orders": OrderEarning(limits=(Limit(most=10),))}, {"basis": Basis(shipping=True)}, {"basis": Basis(tax=True)},
])  # fmt: skip
def test_what_a_cart_does_not_say_makes_it_about(
    rules: dict[str, Any], surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    publish(engine, opened, programme(**rules))
    assert estimate(surface, cart(SHOES))[1] is True


@pytest.mark.parametrize(("rules", "for_member", "for_guest"), [
    (Basis(guests=False), "You'll earn up to 20 points with this order.",
     "Sign in to earn up to 20 points with this order."),
    (Basis(guests=False, shipping=True), "You'll earn about 20 points with this order.",
     "Sign in to earn about 20 points with this order."),
    (Basis(guests=False, tax=True), "You'll earn 20 points with this order.",
     "Sign in to earn 20 points with this order."),
    (Basis(guests=False, excluded_products={11}), "This cart doesn't earn points.", "This cart doesn't earn points."),
])  # fmt: skip
def test_it_is_said_how_sure_an_estimate_is(
    rules: Basis, for_member: str, for_guest: str, surface: Surface, guest: Surface, engine: Engine, opened: ShopRow
) -> None:
    publish(engine, opened, programme(basis=rules))
    with system_transaction(engine) as conn:
        shops.merge_settings(conn, opened.id, {"taxes_included": True})
    assert judged(surface, cart(SOCKS))["estimate"]["text"] == for_member
    assert judged(guest, cart(SOCKS))["estimate"]["text"] == for_guest


def order_in_euros(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO order_views (shop_id, order_id, view, placed_at) VALUES (%(shop)s, 1,"
            ' \'{"presented_currency": "EUR", "rate": [2000, 1000], "taxes_included": false}\', now())',
            {"shop": shop.id},
        )


def test_a_cart_in_a_currency_that_nobody_paid_in_gets_a_clear_answer(
    usual: None, surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    found = judged(surface, cart(SOCKS, SHOES, currency="EUR"))
    assert found["estimate"] is None
    assert found["why"] == {"code": "cart_unrated", "text": "We can't tell yet what an order in EUR earns."
                            " You'll see it after you order."}  # fmt: skip
    assert {one["id"]: (one["why"] or {}).get("code") for one in found["rewards"]} == {
        "rgoods": None, "rany": None, "rmin": "cart_currency", "rpos": "only_elsewhere",
    }  # fmt: skip
    order_in_euros(engine, opened)
    assert estimate(surface, cart(SOCKS, SHOES, currency="EUR")) == (121, True)
    assert judged(surface, cart(SOCKS, SHOES, currency="EUR"))["rewards"][0]["id"] == "rmin"


def test_a_currency_with_a_rate_of_its_own_earns_by_it(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    rates = (CurrencyRate(currency="EUR", points=10, per_amount=Decimal(1)),)
    publish(engine, opened, programme(orders=OrderEarning(rates=rates)))
    order_in_euros(engine, opened)
    assert estimate(surface, cart(SOCKS, currency="EUR")) == (200, True)


def test_rewards_say_why_this_cart_cannot_use_them(usual: None, surface: Surface) -> None:
    found = {one["id"]: one for one in judged(surface, cart(SHOES))["rewards"]}
    assert {key: (one["why"] or {}).get("text") for key, one in found.items()} == {
        "rmin": "Add $9.50 more to use this.", "rgoods": "Not for the items in your cart.", "rany": None,
        "rpos": "You can redeem this reward in our store.",
    }  # fmt: skip
    assert next(iter(found)) == "rany"
    assert (found["rany"]["slider"]["least"], found["rany"]["slider"]["most"]) == (10, 150)
    small = {one["id"]: one for one in judged(surface, cart({**SOCKS, "quantity": 1, "price": "4.20"}))["rewards"]}
    assert small["rany"]["slider"]["most"] == 50


def test_an_own_code_is_judged_with_the_codes_beside_it(
    usual: None, surface: Surface, engine: Engine, opened: ShopRow, app: Flask
) -> None:
    with shop_transaction(engine, opened.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO redemptions (id, shop_id, member_id, reward, subject, points, terms, state, code, code_state,"
            ' created_at) SELECT n, shop_id, id, \'rany\', \'x\' || n, 10, \'{"kind": "slider", "name": "Any",'
            ' "value": "1", "currency": "USD", "combines_with_shipping_discounts": true}\', \'reserved\','
            " 'OWN-' || n, 'created', now() FROM members, generate_series(1, 2) n"
        )
    held = {one["code"]: (one["usable"], (one["why"] or {}).get("code")) for one in
            judged(surface, cart(SHOES, codes=["own-1"]))["held"]}  # fmt: skip
    assert held == {"OWN-1": (True, None), "OWN-2": (False, "cart_other_code")}
    other = Surface(app, surface.settings, surface.domain, 8)
    assert judged(other, cart(SHOES, codes=["OWN-1"]))["held"] == []


def test_a_guest_gets_the_estimate_and_is_asked_to_sign_in(
    surface: Surface, guest: Surface, engine: Engine, opened: ShopRow, usual: None
) -> None:
    found = judged(guest, cart(SOCKS))
    assert (found["estimate"]["points"]["points"], found["held"], found["next_reward"]) == (20, [], None)
    assert {(one["usable"], one["why"]["text"]) for one in found["rewards"]} == {(False, "Sign in to use your points.")}
    publish(engine, opened, programme(basis=Basis(guests=False)))
    assert judged(guest, cart(SOCKS))["estimate"]["text"] == "Sign in to earn 20 points with this order."
    with shop_transaction(engine, opened.id) as conn:
        conn.exec_driver_sql("UPDATE members SET state = 'left'")
    left = judged(surface, cart(SOCKS))
    assert (left["estimate"], left["why"]["code"]) == (None, "left_programme")


def test_while_earning_is_paused_there_is_no_estimate_and_it_is_said_why(
    usual: None, surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    with shop_transaction(engine, opened.id) as conn:
        conn.exec_driver_sql("UPDATE shops SET paused = '{earning}'")
    found = judged(surface, cart(SOCKS))
    assert (found["estimate"], found["why"]["code"]) == (None, "earning_paused")


def test_a_reward_that_was_withdrawn_while_it_was_shown_is_gone_at_the_next_look(
    usual: None, surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    assert len(judged(surface, cart(SHOES))["rewards"]) == 4
    publish(engine, opened, programme(rewards=tuple(one.model_copy(update={"active": False}) for one in REWARDS)))
    assert judged(surface, cart(SHOES))["rewards"] == []


def test_five_hundred_lines_are_judged_by_as_many_statements_as_one(
    surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    rule = OrderRule(key="double", name="Twice", effect="multiplier", multiplier=Decimal(2), tags={"new"})
    publish(engine, opened, programme(orders=OrderEarning(rules=(rule,))))
    lines = [{"product_id": 1000 + n, "variant_id": n + 1, "quantity": 1, "price": "1.00"} for n in range(500)]
    with counted_statements(engine) as one:
        judged(surface, cart(lines[0]))
    with counted_statements(engine) as many:
        assert estimate(surface, cart(*lines)) == (500, True)
    assert len(many) == len(one)
    assert refusal(surface.post("/cart", cart(*lines, SOCKS)))[:2] == (422, "invalid")


@pytest.mark.parametrize("said", [
    {}, {"currency": "usd"}, {"currency": "USD", "lines": [{"quantity": 0, "price": "1"}]},
    {"currency": "USD", "lines": [{"quantity": 1, "price": "-1"}]}, {"currency": "USD", "lines": [{"quantity": 1}]},
    {"currency": "USD", "lines": [{"quantity": 1, "price": "1e9"}]}, {"currency": "USD", "lines": "x"},
    {"currency": "USD", "lines": [{"quantity": 1, "price": "NaN"}]}, {"currency": "USD", "customer_id": 8},
    {"currency": "USD", "lines": [{"quantity": 1, "price": "1", "product_id": 2**63}]}, [], "x",
    {"currency": "USD", "codes": ["x"] * 51}, {"currency": "USD", "codes": ["\x00"]},
])  # fmt: skip
def test_a_cart_that_is_none_is_refused_in_words_for_programs(said: object, usual: None, surface: Surface) -> None:
    answer = surface.client.post("/shopper/v1/cart", json=said, headers=surface._headers())
    assert refusal(answer)[:2] == (422, "invalid")
    assert answer.json["fields"]


def test_the_largest_amounts_are_no_mistake(usual: None, surface: Surface) -> None:
    huge = {"product_id": 1, "quantity": 1_000_000, "price": "9" * 15}
    assert judged(surface, cart(*[huge] * 3))["estimate"]["points"]["points"] > 10**12
    assert judged(surface, cart(huge, currency="XXX"))["why"]["code"] == "cart_unrated"
