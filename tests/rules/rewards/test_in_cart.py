"""Which rewards a cart can use: by the terms as they were promised, and by what is known of the cart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from plugin.rules.rewards.in_cart import Applied, Cart, Goods, most_points, refusal
from plugin.rules.rewards.kinds import AmountOff, FreeProduct, FreeShipping, PercentOff, Slider
from plugin.rules.rewards.money_rewards import CreditSlider, GiftCard
from plugin.rules.rewards.redemption import terms

SOCKS, SHOES = 11, 12
TWO = (Goods(SOCKS, 1000, collections=frozenset({5})), Goods(SHOES, 4000, collections=frozenset({6})))


def made(reward: Any) -> dict[str, object]:
    return terms(reward, reward.points, "USD")


def off(**changes: Any) -> dict[str, object]:
    return made(AmountOff(id="r1", name="Off", points=10, value=5, **changes))


def cart(*goods: Goods, codes: tuple[Applied, ...] = (), paid_in: str = "USD") -> Cart:
    return Cart(goods or TWO, codes, paid_in)


def code_of(reward: dict[str, object], found: Cart, own: str = "") -> str:
    why = refusal(reward, found, own)
    return why.code if why else ""


@pytest.mark.parametrize(("least", "why"), [(0, ""), (50, ""), (Decimal("50.01"), "cart_below_minimum")])
def test_the_least_of_an_order_is_what_the_goods_cost(least: Decimal, why: str) -> None:
    assert code_of(off(minimum_order=least), cart()) == why


def test_what_is_missing_to_the_least_is_said_and_a_gift_card_does_not_count() -> None:
    found = refusal(off(minimum_order=60), cart(*TWO, Goods(13, 90000, gift_card=True)))
    assert found is not None
    assert found.values == {"amount_minor": 1000, "currency": "USD"}


def test_the_least_counts_only_what_the_reward_is_for() -> None:
    assert code_of(off(minimum_order=20, products={SOCKS}), cart()) == "cart_below_minimum"
    assert code_of(off(minimum_order=20, products={SHOES}), cart()) == ""


@pytest.mark.parametrize(("bound", "why"), [
    ({"products": {SOCKS}}, ""), ({"products": {99}}, "cart_without_products"), ({"collections": {6}}, ""),
    ({"collections": {7}}, "cart_without_products"),
])  # fmt: skip
def test_a_reward_for_some_goods_needs_one_of_them(bound: dict[str, Any], why: str) -> None:
    assert code_of(off(**bound), cart()) == why


def test_goods_that_we_do_not_know_may_be_the_right_ones() -> None:
    assert code_of(off(collections={7}), cart(Goods(SOCKS, 100))) == ""
    assert code_of(off(products={99}), cart(Goods(0, 100))) == ""


def test_a_free_product_has_to_be_in_the_cart() -> None:
    free = made(FreeProduct(id="r1", name="Socks", points=10, value=10, product=SOCKS))
    assert code_of(free, cart()) == ""
    assert code_of(free, cart(TWO[1])) == "cart_without_products"


def test_gift_cards_alone_leave_nothing_to_take_anything_off() -> None:
    assert code_of(off(), cart(Goods(13, 5000, gift_card=True))) == "cart_without_products"


def test_without_a_rate_only_a_least_that_has_to_be_met_is_in_the_way() -> None:
    unrated = cart(Goods(SOCKS, None), paid_in="EUR")
    assert code_of(off(), unrated) == ""
    found = refusal(off(minimum_order=1), unrated)
    assert (found and found.code, found and found.values) == ("cart_currency", {"currency": "EUR"})


ORDERS = off()
BOTH = off(combines_with_order_discounts=True)
SHIPPING = made(FreeShipping(id="r2", name="Shipping", points=10, combines_with_order_discounts=True))
ALONE = off(combines_with_shipping_discounts=False)
ON_SOCKS = off(products={SOCKS}, combines_with_order_discounts=True)


@pytest.mark.parametrize(("one", "other", "together"), [
    (ORDERS, ORDERS, False), (BOTH, BOTH, True), (BOTH, ORDERS, False), (ORDERS, SHIPPING, True),
    (SHIPPING, ORDERS, True), (SHIPPING, SHIPPING, False), (ALONE, SHIPPING, False), (ON_SOCKS, BOTH, False),
    (ORDERS, None, True), (ALONE, None, False),
])  # fmt: skip
def test_codes_go_together_where_both_say_so(one: Any, other: Any, together: bool) -> None:
    assert (code_of(one, cart(codes=(Applied("X", other),))) == "") is together


def test_its_own_code_is_not_in_its_own_way() -> None:
    assert code_of(ALONE, cart(codes=(Applied("mine", ALONE),)), "MINE") == ""


def test_nothing_of_a_cart_decides_about_what_no_order_uses() -> None:
    card = made(GiftCard(id="r3", name="Card", points=10, value=5))
    assert refusal(card, cart(Goods(13, 5, gift_card=True))) is None


@pytest.mark.parametrize(("minor", "points"), [(250, 60), (1000, 100), (1001, 110), (100, 50), (10**9, 400)])
def test_a_slider_goes_to_where_the_cart_is_covered(minor: int, points: int) -> None:
    slider = Slider(id="r4", name="Any", points=50, step=10, most=500, value=1)
    wanted = max(50, min(400, -(-minor // 100) * 10))
    assert most_points(slider, made(slider), 400, cart(Goods(SOCKS, minor))) == wanted
    assert wanted == points or minor == 250


def test_a_slider_without_a_rate_or_for_store_credit_goes_as_far_as_the_points() -> None:
    slider = Slider(id="r4", name="Any", points=50, step=10, most=500, value=1)
    assert most_points(slider, made(slider), 400, cart(Goods(SOCKS, None))) == 400
    credit = CreditSlider(id="r5", name="Credit", points=50, step=10, most=500, value=1)
    assert most_points(credit, made(credit), 400, cart(Goods(SOCKS, 1))) == 400


def test_a_percentage_has_the_same_terms() -> None:
    assert (
        code_of(made(PercentOff(id="r6", name="Less", points=1, value=10, minimum_order=99)), cart())
        == "cart_below_minimum"
    )
