"""Orders of any sort, as Shopify's notifications describe them, counted by the snippet and by the rules.

The variables are written from Shopify's list of notification variables, not from the snippet: `subtotal_price` is
after every discount, `final_line_price` after those of its own line only, and what an order's discount takes off a
line stands in its `discount_allocations`. Every amount is in hundredths, whatever decimals the currency has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
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

NOTIFICATIONS = Environment(tolerance=Mode.STRICT, strict_filters=True)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
HUNDREDTHS = {"PHP": 1, "JPY": 100}
"""How many hundredths one minor unit of the currency is."""


@dataclass(frozen=True)
class Bought:
    """One line in minor units: price of one, how many, what its own and what the order's discount take off, its tax."""

    price: int
    quantity: int = 1
    own_discount: int = 0
    shared_discount: int = 0
    tax: int = 0
    gift_card: bool = False
    tip: bool = False
    product: int = 1

    @property
    def gross(self) -> int:
        return self.price * self.quantity


@dataclass(frozen=True)
class Order:
    """An order; `with_tax`: its prices include tax."""

    lines: tuple[Bought, ...]
    currency: str = "PHP"
    with_tax: bool = False
    tier: str = ""
    status: str = "paid"
    fields: dict[str, Any] = field(default_factory=dict)

    def for_notifications(self) -> dict[str, Any]:
        by = HUNDREDTHS[self.currency]
        lines = [self._line(line, by) for line in self.lines]
        goods = [line for line in self.lines if not line.tip]
        subtotal = sum(line.gross - line.own_discount - line.shared_discount for line in goods)
        tier = {"suki": {"tier": {"value": self.tier}}} if self.tier else {}
        return {
            "name": "#1", "currency": self.currency, "financial_status": self.status,
            "subtotal_price": subtotal * by, "tax_price": sum(line.tax for line in self.lines) * by,
            "line_items": lines,
            "subtotal_line_items": [line for line, bought in zip(lines, self.lines, strict=True) if not bought.tip],
            "customer": {"first_name": "Ana", "metafields": tier},
        }  # fmt: skip

    def _line(self, line: Bought, by: int) -> dict[str, Any]:
        shared = {"amount": line.shared_discount * by, "discount_application": {"target_selection": "all"}}
        own = {"amount": line.own_discount * by, "discount_application": {"target_selection": "explicit"}}
        return {
            "quantity": line.quantity, "price": line.price * by, "original_line_price": line.gross * by,
            "final_line_price": (line.gross - line.own_discount) * by, "gift_card": line.gift_card,
            "product": {"id": line.product}, "discount_allocations": [shared, own],
        }  # fmt: skip

    def for_the_rules(self) -> OrderView:
        return OrderView(
            order_id=1, name="#1", created_at=NOW, updated_at=NOW, processed_at=NOW, currency=self.currency,
            financial_status="paid", buyer=Buyer(customer_id=1), taxes_included=self.with_tax,
            lines=tuple(
                Line(
                    number, "x", line.quantity, line.quantity, line.price,
                    discount_minor=line.own_discount + line.shared_discount, tax_minor=line.tax,
                    gift_card=line.gift_card, tip=line.tip, product_id=line.product,
                )
                for number, line in enumerate(self.lines, 1)
            ),
        )  # fmt: skip


def promised(programme: Programme, order: Order, *, about: bool = False) -> int:
    """What the reader of the email is told; 0 where no figure is given."""
    made = snippet(programme, SnippetShop(order.currency, prices_include_tax=order.with_tax))
    text = re.sub(r"<[^>]*>", " ", NOTIFICATIONS.from_string(made).render(**order.for_notifications()))
    found = re.search(r"You earn (about )?(\d+) points? with", " ".join(text.split()))
    assert found is None or bool(found[1]) == about
    return int(found[2]) if found else 0


@st.composite
def bought(draw: st.DrawFn) -> Bought:
    price, quantity = draw(st.integers(0, 500_000)), draw(st.integers(1, 5))
    own = draw(st.one_of(st.just(0), st.integers(0, price * quantity)))
    shared = draw(st.one_of(st.just(0), st.integers(0, price * quantity - own)))
    sort = draw(st.sampled_from(["goods", "goods", "goods", "card", "tip"]))
    tax = draw(st.integers(0, (price * quantity - own - shared) // 8)) if sort == "goods" else 0
    return Bought(
        price, quantity, 0 if sort == "tip" else own, 0 if sort == "tip" else shared, tax,
        gift_card=sort == "card", tip=sort == "tip", product=draw(st.sampled_from([1, 2, 7])),
    )  # fmt: skip


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, Any]:
    """Whatever the templates can see all of."""
    return {
        "earning": {
            "points": draw(st.integers(0, 50)),
            "per_amount": draw(st.sampled_from(["1", "7", "10", "100", "333"])),
            "rounding": draw(st.sampled_from(["floor", "half_up", "ceil"])),
        },
        "basis": {
            "before_discounts": draw(st.booleans()),
            "minimum_order": draw(st.sampled_from(["0", "50", "1000"])),
            "excluded_products": draw(st.sampled_from([[], [7]])),
        },
        "orders": {
            "per_order": draw(st.sampled_from([0, 0, 25])),
            "per_item": draw(st.sampled_from([0, 0, 3])),
            "most_points": draw(st.sampled_from([None, None, 40])),
        },
    }


@reaches(points=0.4, extra=0.2, at_most=0.1, discounts=0.3, cards=0.2, taxed=0.2)
@settings(max_examples=300, deadline=None)
@given(
    programmes(),
    st.lists(bought(), min_size=1, max_size=6).map(tuple),
    st.sampled_from(["PHP", "JPY"]),
    st.booleans(),
)
def test_where_the_template_sees_everything_it_counts_as_the_rules_do(
    rules: dict[str, Any], lines: tuple[Bought, ...], currency: str, with_tax: bool
) -> None:
    rules["basis"]["tax"] = with_tax
    programme = Programme.model_validate(rules)
    order = Order(lines, currency, with_tax)
    assert reasons(programme, SnippetShop(currency, prices_include_tax=with_tax)) == ()
    counted = promised(programme, order)
    if counted:
        reach("points")
    if counted and (programme.orders.per_order or programme.orders.per_item):
        reach("extra")
    if counted == programme.orders.most_points:
        reach("at_most")
    if any(line.own_discount or line.shared_discount for line in lines):
        reach("discounts")
    if any(line.gift_card for line in lines):
        reach("cards")
    if with_tax and any(line.tax for line in lines):
        reach("taxed")
    assert counted == deserved(order.for_the_rules(), programme, Snapshot(1), {}).points


TIERED = {
    "earning": {"points": 1, "per_amount": "10"},
    "tiers": {"levels": [
        {"key": "silver", "name": "Silver", "enter": "100"},
        {"key": "gold", "name": "Gold's “best”", "enter": "1000", "multiplier": "1.5"},
        {"key": "top", "name": "Top", "enter": "5000"},
    ]},
    "orders": {"tier_rates": [{"tier": "top", "points": 3, "per_amount": "10"}], "per_order": 5},
}  # fmt: skip


@pytest.mark.parametrize(("key", "name"), [("", ""), ("silver", "Silver"), ("gold", "Gold's “best”"), ("top", "Top")])
def test_a_tier_earns_at_its_rate_as_far_as_its_metafield_is_current(key: str, name: str) -> None:
    programme = Programme.model_validate(TIERED)
    assert [why.key.rpartition(".")[2] for why in reasons(programme, SnippetShop("PHP"))] == ["tiers"]
    order = Order((Bought(12_345),), tier=name)
    held = programme.tiers.named(key)
    by = Snapshot(1, tier=key, multiplier=held.multiplier if held else Decimal(1))
    assert promised(programme, order, about=True) == deserved(order.for_the_rules(), programme, by, {}).points


@pytest.mark.parametrize("status", ["refunded", "partially_refunded", "voided"])
def test_sent_again_after_a_refund_it_gives_no_figure(status: str) -> None:
    order = Order((Bought(50_000),), status=status)
    assert promised(Programme(), order) == 0


def test_a_free_item_alone_brings_what_the_order_brings() -> None:
    programme = Programme.model_validate({"orders": {"per_order": 25, "per_item": 2}})
    order = Order((Bought(0, 3), Bought(9_000, gift_card=True), Bought(500, tip=True)))
    assert promised(programme, order) == deserved(order.for_the_rules(), programme, Snapshot(1), {}).points == 31


WHY: list[tuple[dict[str, Any], str, str]] = [
    ({"basis": {"excluded_tags": ["sale"]}}, "PHP", "tags"),
    ({"basis": {"excluded_collections": [8]}}, "PHP", "collections"),
    ({"basis": {"shipping": True}}, "PHP", "shipping"),
    ({"basis": {"tax": True}}, "PHP", "tax"),
    ({"basis": {"paid_by_gift_card": False}}, "PHP", "gift_cards"),
    ({"basis": {"paid_by_store_credit": False}}, "PHP", "store_credit"),
    ({"orders": {"code_percent": 50}}, "PHP", "code_percent"),
    ({"orders": {"sale_items": False}}, "PHP", "sale_items"),
    ({"orders": {"custom_items": False}}, "PHP", "custom_items"),
    ({"orders": {"limits": [{"most": 100}]}}, "PHP", "limits"),
    ({"orders": {"rules": [{"key": "a", "name": "Socks", "products": [7]}]}}, "PHP", "rule"),
    ({"orders": {"rules": [{"key": "a", "name": "Xmas", "ends_at": "2026-12-26T00:00:00Z"}]}}, "PHP", "campaign"),
    ({}, "KWD", "currency"),
]


@pytest.mark.parametrize(("rules", "currency", "why"), WHY, ids=[why for *_, why in WHY])
def test_whatever_the_template_cannot_see_is_named_and_the_figure_is_about(
    rules: dict[str, Any], currency: str, why: str
) -> None:
    programme, shop = Programme.model_validate(rules), SnippetShop(currency)
    assert [one.key.rpartition(".")[2] for one in reasons(programme, shop)] == [why]
    assert "You earn about " in snippet(programme, shop)


@pytest.mark.parametrize("rule", [{"active": False}, {"multiplier": "1"}])
def test_a_rule_that_changes_nothing_makes_nothing_inexact(rule: dict[str, Any]) -> None:
    programme = Programme.model_validate({"orders": {"rules": [{"key": "a", "name": "Socks", **rule}]}})
    assert reasons(programme, SnippetShop("PHP")) == ()
