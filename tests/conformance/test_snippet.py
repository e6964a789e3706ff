"""The snippet for Shopify's own confirmation, rendered as a notification template would render it.

The stand-in knows what Shopify documents of these templates: order fields without a prefix, amounts in
hundredths of the unit, missing things as nil.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liquid import Environment, Mode

from plugin.messages.shopify_snippet.inexact import reasons
from plugin.messages.shopify_snippet.snippet import SnippetShop, snippet
from plugin.rules.orders.earning import Snapshot, deserved
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer, Line, OrderView
from tests.reached import reach, reaches

SHOP = SnippetShop("PHP")
NOTIFICATIONS = Environment(tolerance=Mode.STRICT, strict_filters=True)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def programme(**rules: Any) -> Programme:
    return Programme.model_validate({"earning": {"points": 1, "per_amount": "10"}, **rules})


def shown(source: str, **data: Any) -> str:
    """What a reader sees: the rendered snippet without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", NOTIFICATIONS.from_string(source).render(**data)).split())


def item(price: int, quantity: int = 1, **more: Any) -> dict[str, Any]:
    total = price * quantity
    return {"quantity": quantity, "price": price, "original_line_price": total, "final_line_price": total, **more}


def order(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    subtotal = sum(line["final_line_price"] for line in lines)
    return {
        "name": "#1042",
        "shop": {"name": "Nena", "url": "https://nena.example", "currency": "PHP"},
        "customer": {"first_name": "Maria", "metafields": {}},
        "subtotal_price": subtotal,
        "line_items": list(lines),
        "subtotal_line_items": list(lines),
        **more,
    }


def points_in(text: str) -> int:
    found = re.search(r"You earn (?:about )?(\d+) points?", text)
    return int(found[1]) if found else 0


def test_an_order_with_balance_and_code_shows_all_three() -> None:
    fields = {
        "balance": {"value": 1310, "type": "number_integer"},
        "next_code": {"value": "SUKI-7F3K"},
        "next_code_until": {"value": "2027-01-21"},
    }
    data = order(item(62000, 2), customer={"first_name": "Maria", "metafields": {"suki": fields}})
    assert shown(snippet(programme(), SHOP), **data) == (
        "Your points You earn 124 points with this order. Balance before this order: 1310 points. "
        "Your own code for 10% off your next order: SUKI-7F3K Valid until 2027-01-21."
    )


def test_a_dash_stands_for_no_code() -> None:
    fields = {"balance": {"value": 12}, "next_code": {"value": "-"}, "next_code_until": {"value": "-"}}
    data = order(item(10000), customer={"first_name": "Maria", "metafields": {"suki": fields}})
    assert shown(snippet(programme(), SHOP), **data) == (
        "Your points You earn 10 points with this order. Balance before this order: 12 points."
    )


def test_metafields_that_come_as_plain_texts_show_the_same() -> None:
    fields = {"balance": "1", "next_code": "SUKI-7F3K"}
    data = order(item(1000), customer={"metafields": {"suki": fields}})
    assert shown(snippet(programme(), SHOP), **data) == (
        "Your points You earn 1 point with this order. Balance before this order: 1 point. "
        "Your own code for 10% off your next order: SUKI-7F3K"
    )


EMPTY: list[dict[str, Any]] = [
    {},
    {"customer": None, "subtotal_price": None, "line_items": None, "shop": {}},
    {"customer": {}, "subtotal_price": 0, "line_items": []},
    {"customer": {"metafields": None}},
    {"customer": {"metafields": {"suki": None}}},
    {"customer": {"metafields": {"suki": {"balance": None, "next_code": None, "next_code_until": None}}}},
    {"customer": {"metafields": {"suki": {"balance": "", "next_code": "", "next_code_until": ""}}}},
]


@pytest.mark.parametrize("data", EMPTY)
def test_the_empty_data_of_send_test_renders_sensibly(data: dict[str, Any]) -> None:
    for rules in ({}, {"basis": {"tax": True, "shipping": True, "before_discounts": True, "guests": False}}):
        assert shown(snippet(programme(**rules), SHOP), **data) == "Your points You earn points with your orders."


def test_a_guest_is_told_how_to_keep_the_points() -> None:
    text = shown(snippet(programme(), SHOP), **order(item(5000), customer=None))
    assert text == (
        "Your points You earn 5 points with this order. Create an account with this email address to use them."
    )


def test_where_guests_earn_nothing_none_are_promised() -> None:
    text = shown(snippet(programme(basis={"guests": False}), SHOP), **order(item(5000), customer=None))
    assert text == "Your points You earn points with your orders."


def test_gift_cards_do_not_count_not_even_their_share_of_an_order_discount() -> None:
    share = {"amount": 10000, "discount_application": {"target_selection": "all"}}
    own = {"amount": 500, "discount_application": {"target_selection": "explicit"}}
    card = item(100000, gift_card=True, discount_allocations=[share, own])
    data = order(item(50000), card, subtotal_price=50000 + 100000 - 10000)
    assert points_in(shown(snippet(programme(), SHOP), **data)) == 50


def test_tips_are_outside_the_subtotal_and_do_not_count() -> None:
    data = order(item(50000))
    data["line_items"].append(item(9900, title="Tip"))
    assert points_in(shown(snippet(programme(), SHOP), **data)) == 50


def test_excluded_products_collections_and_tags_do_not_count() -> None:
    rules = {
        "excluded_products": [7],
        "excluded_collections": [8],
        "excluded_tags": ["No-Points", "it's {{ 1 }} %} odd"],
    }
    lines = [
        item(10000, product={"id": 6, "tags": ["vegan"], "collections": [{"id": 1}]}),
        item(20000, product={"id": 7}),
        item(30000, product={"id": 9, "collections": [{"id": 1}, {"id": 8}]}),
        item(40000, product={"id": 10, "tags": ["sale", "no-points"]}),
    ]
    text = shown(snippet(programme(basis=rules), SHOP), **order(*lines))
    assert "You earn about 10 points" in text


def test_an_order_below_the_minimum_is_promised_nothing() -> None:
    source = snippet(programme(basis={"minimum_order": "100.50"}), SHOP)
    assert points_in(shown(source, **order(item(10049)))) == 0
    assert points_in(shown(source, **order(item(10050)))) == 10


def test_tax_and_shipping_count_as_the_programme_says() -> None:
    data = order(item(112000), tax_price=12000, shipping_price=5000)
    included = SnippetShop("PHP", prices_include_tax=True)
    assert points_in(shown(snippet(programme(), included), **data)) == 100
    assert points_in(shown(snippet(programme(basis={"tax": True}), included), **data)) == 112
    assert points_in(shown(snippet(programme(basis={"shipping": True}), SHOP), **data)) == 117
    assert [why.key for why in reasons(programme(), included)] == ["messages.shopify_mail.because.tax"]
    assert reasons(programme(basis={"tax": True}), included) == ()


def test_an_order_in_another_currency_gets_no_figure() -> None:
    data = order(item(50000))
    for name in ("presentment_currency", "currency"):
        assert points_in(shown(snippet(programme(), SHOP), **data, **{name: "USD"})) == 0
        assert points_in(shown(snippet(programme(), SHOP), **data, **{name: "PHP"})) == 50


def test_amounts_are_hundredths_also_where_the_currency_has_no_decimals() -> None:
    source = snippet(programme(earning={"points": 1, "per_amount": "100"}), SnippetShop("JPY"))
    assert points_in(shown(source, **order(item(120000)))) == 12


def test_filipino_and_the_shops_own_word_for_points() -> None:
    data = order(item(50000))
    text = shown(snippet(programme(), SnippetShop("PHP", "fil")), **data)
    assert text == "Ang points mo May 50 points ka sa order na ito."
    hostile = programme(points_name="<b>{{ shop.name }}{% x")
    assert "You earn 50 &lt;b&gt;&#123;&#123; shop.name &#125;&#125;&#123;% x with" in shown(
        snippet(hostile, SHOP), **data
    )


def test_a_code_cannot_bring_markup_with_it() -> None:
    fields = {"next_code": {"value": "<img src=x>"}}
    data = order(item(1000), customer={"metafields": {"suki": fields}})
    assert "<img" not in NOTIFICATIONS.from_string(snippet(programme(), SHOP)).render(**data)


def test_without_codes_in_the_programme_none_is_shown() -> None:
    fields = {"next_code": {"value": "OLD-CODE"}}
    data = order(item(1000), customer={"metafields": {"suki": fields}})
    assert "OLD-CODE" not in shown(snippet(programme(next_order_code={"enabled": False}), SHOP), **data)


@pytest.mark.parametrize("namespace", ["Suki", "a b", "x}}", ""])
def test_only_a_real_namespace_is_written_into_the_template(namespace: str) -> None:
    with pytest.raises(ValueError, match="namespace"):
        snippet(programme(), SHOP, namespace=namespace)


def test_every_variable_is_the_snippets_own() -> None:
    rules = {"excluded_products": [7], "excluded_tags": ["a"], "excluded_collections": [8], "shipping": True}
    source = snippet(programme(basis=rules), SHOP)
    for name in re.findall(r"{%-? (?:assign|capture|for) (\w+)", source):
        assert name.startswith("suki_")


ORDERS = st.lists(st.tuples(st.integers(0, 500_000), st.integers(1, 5), st.booleans()), min_size=1, max_size=6)


@reaches(points=0.3)
@settings(max_examples=60, deadline=None)
@given(
    ORDERS,
    st.integers(0, 50),
    st.decimals("0.01", "500", places=2),
    st.sampled_from(["floor", "half_up", "ceil"]),
)
def test_the_points_equal_what_the_ledger_will_say(
    lines: list[tuple[int, int, bool]], points: int, per_amount: Decimal, rounding: str
) -> None:
    rules = programme(earning={"points": points, "per_amount": per_amount, "rounding": rounding})
    data = order(*(item(price, quantity, gift_card=gift) for price, quantity, gift in lines))
    counted = points_in(shown(snippet(rules, SHOP), **data))
    amount, per = sum(p * q for p, q, gift in lines if not gift), int(per_amount * 100)
    whole, rest = divmod(amount * points, per)
    up = {"floor": 0, "half_up": int(2 * rest >= per), "ceil": int(rest > 0)}[rounding]
    if counted:
        reach("points")
    assert counted == whole + up
    assert counted == deserved(view(lines), rules, Snapshot(1), {}).points


def view(lines: list[tuple[int, int, bool]]) -> OrderView:
    """The same order as the ledger sees it."""
    return OrderView(
        order_id=1, name="#1", created_at=NOW, updated_at=NOW, processed_at=NOW, currency="PHP",
        financial_status="paid", buyer=Buyer(customer_id=1),
        lines=tuple(
            Line(number, "x", quantity, quantity, price, gift_card=gift)
            for number, (price, quantity, gift) in enumerate(lines, 1)
        ),
    )  # fmt: skip
