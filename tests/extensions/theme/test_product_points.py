"""Points on a product: by its variant, the customer's tier, and the rules of the day."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.extensions.theme.shown import app, cart, member, product, show, variant

NOW = int(datetime.now(UTC).timestamp())
LONG_AGO, SOON = NOW - 9_000_000, NOW + 9_000_000
MUG = product(variant(1999), variant(5000, 2))


def points(figures: dict[str, Any] | None = None, of: Any = MUG, **page: Any) -> str:
    """What the block says, without its markup; empty where it shows nothing."""
    said = re.search(r"<span data-shown[^>]*>(.*?)</span>", shown(figures, of, **page), re.DOTALL)
    return said[1].strip() if said else ""


def shown(figures: dict[str, Any] | None, of: Any = MUG, **page: Any) -> str:
    return show("product_points", app=app(figures or {}), product=of, **page)


def rule(**said: Any) -> dict[str, Any]:
    return {"rules": [{"does": "multiplier", "times": 2, **said}]}


def test_a_guest_reads_what_the_chosen_variant_earns_and_how_to_collect_it() -> None:
    html = shown(None)
    assert points() == "Earn 19 points"
    assert re.findall(r'<template data-variant="(\d)">(.*?)</template>', html) == [
        ("1", "Earn 19 points"), ("2", "Earn 50 points"),
    ]  # fmt: skip
    assert 'href="/customer_authentication/login?return_to=%2F"' in html


def test_a_member_is_not_asked_to_sign_in() -> None:
    assert "Sign in" not in shown(None, customer=member())


@pytest.mark.parametrize(("rounding", "said"), [("floor", "19"), ("half_up", "20"), ("ceil", "20")])
def test_points_are_rounded_as_the_programme_says(rounding: str, said: str) -> None:
    assert points({"rounding": rounding}) == f"Earn {said} points"


def test_one_point_is_one() -> None:
    assert points(of=product(variant(199))) == "Earn 1 point"


def test_thousands_are_told_apart_and_a_name_of_the_shops_own_stands_as_it_is() -> None:
    figures = {"rate": {"points": 100, "per": 1}, "name": 'Beans & <b>"'}
    assert points(figures, of=product(variant(1_234_567))) == "Earn 1,234,567 Beans &amp; &lt;b&gt;&quot;"
    assert points({"rate": {"points": 100, "per": 1}}, of=product(variant(100_007))) == "Earn 100,007 points"


def test_what_earns_nothing_shows_nothing() -> None:
    assert shown(None, of=product(variant(2500), **{"gift_card?": True})).count("suki-product") == 0
    assert points({"no_tags": ["no-points"]}, of=product(variant(2500), tags=["New", "No-Points"])) == ""
    assert points({"no_collections": [5]}, of=product(variant(2500), collections=[{"id": 5}])) == ""
    assert points({"no_products": [42]}) == ""
    assert points({"no_sale": True}, of=product(variant(1000, before=1500))) == ""
    assert points({"no_sale": True}, of=product(variant(1500, before=1500))) == "Earn 15 points"


def test_a_tier_multiplies_and_may_have_a_rate_of_its_own() -> None:
    figures = {"tiers": [{"name": "Gold", "times": 1.5}], "tier_rates": [{"tier": "Gold", "points": 2, "per": 1}]}
    assert points(figures, customer=member(tier="Gold")) == "Earn 59 points"
    assert points({**figures, "tier_rates": []}, customer=member(tier="Gold")) == "Earn 29 points"
    assert points(figures, customer=member(tier="Silver")) == "Earn 19 points"
    assert points(figures) == "Earn 19 points"


@pytest.mark.parametrize(
    ("said", "worth"),
    [
        ({}, 39),
        ({"from": LONG_AGO, "to": SOON}, 39),
        ({"from": SOON}, 19),
        ({"to": LONG_AGO}, 19),
        ({"products": [42]}, 39),
        ({"products": [43]}, 19),
        ({"vendors": ["vigan pottery"]}, 39),
        ({"vendors": ["somebody"]}, 19),
        ({"tags": ["new"]}, 39),
        ({"tags": ["old"]}, 19),
        ({"collections": [5, 6]}, 39),
        ({"collections": [6]}, 19),
        ({"sale": "only"}, 19),
        ({"sale": "never"}, 39),
        ({"tiers": ["Gold"]}, 39),
        ({"tiers": ["Silver"]}, 19),
        ({"who": ["vip"]}, 39),
        ({"who": ["staff"]}, 19),
        ({"min": 1999}, 39),
        ({"min": 2000}, 19),
        ({"days": [1, 2, 3, 4, 5, 6, 7]}, 39),
        ({"days": [8]}, 19),
        ({"times": 0}, None),
    ],
)
def test_a_rule_counts_where_it_holds(said: dict[str, Any], worth: int | None) -> None:
    of = product(variant(1999), tags=["New"], collections=[{"id": 5}])
    expected = f"Earn {worth} points" if worth else ""
    assert points(rule(**said), of=of, customer=member(tier="Gold", tags=("VIP",))) == expected


@pytest.mark.parametrize(("stacking", "worth"), [("best", 300), ("add", 400), ("multiply", 600)])
def test_several_multipliers_come_to_what_the_programme_says(stacking: str, worth: int) -> None:
    rules = [{"does": "multiplier", "times": 2}, {"does": "multiplier", "times": 3}]
    assert points({"rules": rules, "stacking": stacking}, of=product(variant(10000))) == f"Earn {worth} points"


def test_rates_and_extra_points_of_rules() -> None:
    rules = [{"does": "rate", "points": 3, "per": 1}, {"does": "rate", "points": 2, "per": 1}]
    assert points({"rules": rules}) == "Earn 59 points"
    assert points({"rules": [{"does": "per_item", "points": 7}], "per_item": 1}) == "Earn 27 points"
    tiers = [{"name": "Gold", "times": 2}]
    extra = {"rules": [{"does": "per_item", "points": 7}], "tiers": tiers}
    assert points(extra, customer=member(tier="Gold")) == "Earn 46 points"  # nothing multiplies extra points
    assert points({"per_order": 50}) == "Earn 19 points"  # an order's, not a product's


@pytest.mark.parametrize(
    ("currency", "price", "rate", "said"),
    [("JPY", 150000, {"points": 1, "per": 100}, 15), ("KWD", 1234.5, {"points": 10, "per": 1}, 123)],
)
def test_currencies_without_decimals_and_with_three(currency: str, price: float, rate: Any, said: int) -> None:
    figures = {"currency": currency, "rate": rate}
    html = show("product_points", app=app(figures), product=product(variant(price)), currency=currency,
                cart=cart(currency=currency))  # fmt: skip
    assert f"Earn {said} points" in html


def test_nothing_is_said_of_prices_in_another_currency_than_the_programmes() -> None:
    assert points(cart=cart(currency="JPY")) == ""


def test_where_tax_does_not_earn_the_price_says_only_how_much_at_most() -> None:
    assert points({"up_to": True}) == "Earn up to 19 points"


def test_a_shop_that_is_not_launched_shows_it_to_those_who_try_it_only() -> None:
    draft = {"live": False, "testers": [7001]}
    assert points(draft) == ""
    assert points({**draft, "testers": [7002]}, customer=member()) == ""
    assert points({**draft, "testers": []}, customer=member()) == ""
    assert points(draft, customer=member()) == "Earn 19 points"


def test_an_app_that_has_written_nothing_yet_shows_nothing() -> None:
    assert show("product_points", app=app(None), product=MUG) == ""


def test_a_programme_that_the_page_cannot_hold_is_asked_about_and_no_wrong_number_stands_there() -> None:
    html = shown({"asks": True, "up_to": False}, product(variant(1999), variant(5000, 2), vendor='Kape & "Co"'))
    assert points({"asks": True}) == "&nbsp;"
    assert re.findall(r'<template data-variant="(\d)" data-price="(\d+)"></template>', html) == [
        ("1", "1999"),
        ("2", "5000"),
    ]
    for said in ('data-ask="1"', 'data-proxy="/apps/suki"', 'data-currency="USD"', 'data-text="Earn {points}"',
                 'data-about="Earn about {points}"', 'data-vendor="Kape &amp; &quot;Co&quot;"'):  # fmt: skip
        assert said in html
    assert "data-gift-card" not in html
    assert 'data-about="Earn up to {points}"' in shown({"asks": True, "up_to": True})
    assert "data-ask" not in shown(None)
