"""What Liquid says of a product and of a cart is what the rules give for an order of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from plugin.rules.orders import earning
from plugin.rules.orders.earning import Snapshot
from plugin.rules.orders.order_rules import welcomes
from plugin.rules.orders.shown_figures import figures
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer, Known, Line, OrderView, ProductFacts
from tests.extensions.theme.shown import app, cart, line, member, product, show, variant

NOW = datetime.now(UTC)
MUG, TRAY = 42, 43
GOODS = {
    MUG: {"price": 1999, "before": 2500, "tags": ["Clay", "New"], "collections": [7], "vendor": "Vigan Pottery"},
    TRAY: {"price": 3333, "before": None, "tags": ["Rattan"], "collections": [8], "vendor": "Cebu"},
}  # fmt: skip
GOLD = {"levels": [{"key": "gold", "name": "Gold", "enter": 300, "multiplier": "1.5"}]}


NUMBERS = count(1)


def rule(**said: Any) -> dict[str, Any]:
    return {"key": f"k{next(NUMBERS)}", "name": "A rule", **said}


PROGRAMMES: dict[str, dict[str, Any]] = {
    "plain": {},
    "rounded up": {"earning": {"points": 3, "per_amount": "7.5", "rounding": "ceil"}},
    "half up": {"earning": {"points": 1, "per_amount": 3, "rounding": "half_up"}},
    "tier": {"tiers": GOLD},
    "tier rate": {"tiers": GOLD, "orders": {"tier_rates": [{"tier": "gold", "points": 5, "per_amount": 2}]}},
    "excluded tag": {"basis": {"excluded_tags": ["CLAY"]}},
    "excluded collection": {"basis": {"excluded_collections": [8]}},
    "excluded product": {"basis": {"excluded_products": [MUG]}},
    "no sale items": {"orders": {"sale_items": False}},
    "extra points": {"tiers": GOLD, "orders": {"per_item": 3, "per_order": 11}},
    "minimum": {"basis": {"minimum_order": 60}},
    "at most 25": {"tiers": GOLD, "orders": {"most_points": 25, "per_order": 11}},
    "at most 25, rounded up": {"earning": {"points": 3, "per_amount": "7.5", "rounding": "ceil"},
                               "orders": {"most_points": 25}},
    "rules": {"tiers": GOLD, "orders": {"stacking": "add", "rules": [
        rule(multiplier=2, tags=["new"]), rule(multiplier="2.5", collections=[7]), rule(multiplier=3, vendors=["CEBU"]),
        rule(multiplier=4, customer_tags=["VIP"]), rule(multiplier=9, customer_tags=["nobody"]),
        rule(multiplier=9, ends_at=(NOW - timedelta(days=2)).isoformat()),
        rule(multiplier=9, starts_at=(NOW + timedelta(days=2)).isoformat()),
    ]}},
    "multiplied": {"orders": {"stacking": "multiply", "rules": [rule(multiplier=2), rule(multiplier=3, sale="only")]}},
    "best": {"orders": {"rules": [rule(multiplier=2), rule(multiplier=3, sale="never")]}},
    "nothing": {"orders": {"rules": [rule(multiplier=0, products=[TRAY])], "per_item": 5}},
    "rate of a rule": {"orders": {"rules": [
        rule(effect="rate", points=7, per_amount=3, tags=["rattan"]), rule(effect="rate", points=1, per_amount=9),
    ]}},
    "flat points": {"orders": {"rules": [
        rule(effect="per_item", points=4, tiers=["gold"]), rule(effect="per_order", points=20, minimum_order=50),
    ]}, "tiers": GOLD},
    "till and subscriptions": {"orders": {"rules": [
        rule(multiplier=9, channels=["pos"]), rule(multiplier=8, subscription="only"),
        rule(multiplier=2, subscription="never", channels=["online", "pos"]),
    ]}},
    "several": {"orders": {"per_order": 5, "rules": [
        rule(effect="per_order", points=20, products=[MUG]), rule(effect="per_order", points=30, products=[TRAY]),
    ]}},
}  # fmt: skip


def deserved(programme: Programme, bought: dict[int, int], tier: str) -> int:
    """By the rules themselves."""
    lines = tuple(
        Line(id=key, title="-", quantity=units, current_quantity=units, price_minor=GOODS[key]["price"],
             product_id=key, variant_id=key, vendor=GOODS[key]["vendor"])
        for key, units in bought.items()
    )  # fmt: skip
    total = sum(each.price_minor * each.quantity for each in lines)
    view = order(lines, total)
    facts = {key: ProductFacts(tags=frozenset(each["tags"]), collections=frozenset(each["collections"]))
             for key, each in GOODS.items()}  # fmt: skip
    on_sale = {key: each["before"] is not None for key, each in GOODS.items()}
    known = Known(zone="UTC", on_sale=on_sale, customer_tags=frozenset({"vip"}))
    times = programme.tiers.named(tier).multiplier if tier and programme.tiers.named(tier) else 1  # type: ignore[union-attr]
    snapshot = Snapshot(1, tier=tier, multiplier=times, welcome=welcomes(programme.orders, {"vip"}))
    return earning.deserved(view, programme, snapshot, facts, known=known).points


def order(lines: tuple[Line, ...], total: int) -> OrderView:
    """Paid at once, by a customer with an account."""
    return OrderView(
        order_id=1, name="#1", created_at=NOW, updated_at=NOW, processed_at=NOW, currency="USD",
        financial_status="paid", buyer=Buyer(customer_id=7001), lines=lines, total_minor=total, subscription=False,
    )  # fmt: skip


def on_page(key: int) -> dict[str, Any]:
    """The product as Liquid has it."""
    each = GOODS[key]
    made = variant(each["price"], key, each["before"])
    about = {
        "tags": each["tags"],
        "collections": [{"id": one} for one in each["collections"]],
        "vendor": each["vendor"],
    }
    return product(made, **about, id=key)


def said(html: str) -> int:
    """The points in it; none where it shows nothing."""
    found = re.search(r"[Ee]arns? (?:up to )?([\d,]+) point", html)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("tier", ["", "gold"])
@pytest.mark.parametrize("name", PROGRAMMES)
def test_product_and_cart_say_what_the_rules_give(name: str, tier: str) -> None:
    programme = Programme.model_validate(PROGRAMMES[name])
    shown = app({**figures(programme, "USD", taxes_included=False, now=NOW), "live": True, "earns": True})
    ana = member(tier="Gold" if tier else "", tags=("VIP",))
    for bought in ({MUG: 1}, {TRAY: 2}, {MUG: 3, TRAY: 1}):
        lines = [line(on_page(key), units) for key, units in bought.items()]
        html = show("cart_points", app=shown, cart=cart(*lines), customer=ana)
        assert said(html) == deserved(programme, bought, tier), bought
    alone = _of_one_product(programme)
    for key in GOODS:
        html = show("product_points", app=shown, product=on_page(key), customer=ana)
        assert said(html) == deserved(alone, {key: 1}, tier), key


def _of_one_product(programme: Programme) -> Programme:
    """A product does not speak of what an order brings once, nor of its least amount, whatever else is in it."""
    said = programme.model_dump(mode="json")
    said["orders"]["rules"] = [one for one in said["orders"]["rules"] if one["effect"] != "per_order"]
    said["orders"]["per_order"] = said["basis"]["minimum_order"] = 0
    return Programme.model_validate(said)
