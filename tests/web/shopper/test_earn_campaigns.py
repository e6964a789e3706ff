"""Shoppers see which campaigns run for everybody, with what they give and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper.test_earn import EARN, words
from tests.web.shopper.test_shopper import Storefront

NOW = datetime.now(UTC)
END = datetime(2031, 1, 31, 16, tzinfo=UTC)
"""Midnight after 31 January in Manila."""


def rule(name: str, **more: Any) -> OrderRule:
    return OrderRule(key=name.lower().replace(" ", "-"), name=name, **more)


RULES = (
    rule("Payday", starts_at=NOW - timedelta(days=1), ends_at=END),
    rule("Coffee", effect="per_item", points=10, vendors={"Kape"}),
    rule("Launch", effect="per_order", points=50),
    rule("Jam", effect="rate", points=5, per_amount=2),
    rule("Later", starts_at=NOW + timedelta(days=1)),
    rule("Over", ends_at=NOW - timedelta(days=1)),
    rule("Gold only", tiers={"gold"}),
    rule("Staff only", customer_tags={"staff"}),
    rule("Less", multiplier="0.5"),
    rule("Paused", active=False),
)


def test_what_holds_for_everybody_is_shown_and_nothing_else(
    app: Flask, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    make_open(engine, settings, shop)
    member_with(engine, shop, 150)
    front = Storefront(app, settings, shop.domain, "7")
    made = Programme(points_name="stars", orders=OrderEarning(rules=RULES))
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, made, "test", "", datetime.now(UTC))
    said = words(front.get(EARN).text)
    for each in ("Payday until January 31, 2031 2× stars", "Coffee On items by Kape. +10 stars per item",
                 "Launch +50 stars per order", "Jam 5 stars for every $2.00"):  # fmt: skip
        assert each in said
    for hidden in ("Later", "Over", "Gold only", "Staff only", "Less", "Paused"):
        assert hidden not in said
    said = words(front.get(EARN, locale="fil").text)
    assert "Coffee Sa mga item ng Kape. +10 stars sa bawat item" in said
