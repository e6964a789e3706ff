"""A member sees the own tier: what it brings, and what keeps it or reaches the next, in the own language."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.tiers.watch_tiers import ByHand, set_tier
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests import payloads
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper.test_shopper import Storefront
from webhooks.orders import order as read_order

LADDER = Tiers(
    levels=(
        Tier(
            key="silver", name="Silver", enter=Decimal(300), multiplier=Decimal("1.25"), perks=("Free <b> {{ wrap }}",)
        ),
        Tier(key="secret", name="Secret circle", enter=Decimal(500), hidden=True, perks=("A dinner",)),
        Tier(key="gold", name="Gold", enter=Decimal(1000), perks=("Early access",)),
    )
)
REWARDS = (
    AmountOff(id="rhidden", name="The table", points=10, value=5, tiers=frozenset({"secret"})),
    AmountOff(id="rall", name="The cup", points=10, value=5),
    AmountOff(id="rmixed", name="The chair", points=10, value=5, tiers=frozenset({"secret", "gold"})),
)
Begin = Callable[[Tiers], Storefront]


@pytest.fixture
def begin(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Begin:
    make_open(engine, settings, shop)

    def begun(tiers: Tiers) -> Storefront:
        with shop_transaction(engine, shop.id) as conn:
            rules = Programme(tiers=tiers, rewards=REWARDS if tiers.levels else (), points_name="stars")
            programmes.add(conn, shop.id, rules, "test", "", datetime.now(UTC) - timedelta(days=1))
        member_with(engine, shop, 150)
        return Storefront(app, settings, shop.domain, "7")

    return begun


def buy(engine: Engine, shop: ShopRow, price: str) -> None:
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"counts_from": (now - timedelta(days=1)).isoformat()})
        order = payloads.order(1, [payloads.line(1, price)], total_price=price, customer={"id": 7})
        order |= dict.fromkeys(("created_at", "processed_at", "updated_at"), now.isoformat())
        settle_orders(
            conn, shops.get(conn, shop.id), [read_order("orders/paid", now, payloads.dumps(order), "USD")], now
        )


def words(front: Storefront, **query: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", front.get(**query).text)))


def test_without_tiers_nothing_is_said_of_them(begin: Begin) -> None:
    assert "tier" not in words(begin(Tiers()))


def test_somebody_in_no_tier_sees_what_the_first_takes(begin: Begin) -> None:
    page = words(begin(LADDER))
    assert "Your tier You're not in a tier yet." in page
    assert re.search(r"\$300\.00 more by December 31, \d{4} to reach Silver\.", page)
    assert "Silver $300.00 this year You earn 1.25× the points. Free <b> {{ wrap }}" in page


def test_a_tier_its_perks_and_the_next_one_but_no_hidden_one(begin: Begin, engine: Engine, shop: ShopRow) -> None:
    front = begin(LADDER)
    buy(engine, shop, "420.00")
    page = words(front)
    assert "Your tier Silver" in page
    assert "to reach Gold." in page
    assert "You earn 1.25× the points." in page
    assert "Free <b> {{ wrap }}" in page
    assert "{{" not in front.get().text
    assert "Secret" not in page
    assert "A dinner" not in page


def test_filipino_is_spoken_of_tiers(begin: Begin, engine: Engine, shop: ShopRow) -> None:
    front = begin(LADDER)
    assert "Wala ka pang tier." in words(front, locale="fil")
    buy(engine, shop, "420.00")
    page = words(front, locale="fil")
    assert "Ang tier mo Silver" in page
    assert re.search(r"\$580\.00 pa hanggang \S.* para maabot ang Gold\.", page)
    assert "more" not in page


def test_who_is_in_a_hidden_tier_reads_its_name_and_until_when(begin: Begin, engine: Engine, shop: ShopRow) -> None:
    front = begin(LADDER)
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        until = (now + timedelta(days=9)).date()
        set_tier(conn, shops.get(conn, shop.id), 1, ByHand("secret", until), "staff:1", now)
    page = words(front)
    assert "Your tier Secret circle" in page
    assert "A dinner" in page


def test_a_reward_for_a_hidden_tier_does_not_give_it_away(begin: Begin, engine: Engine, shop: ShopRow) -> None:
    front = begin(LADDER)
    page = words(front)
    assert "The table" not in page
    assert "Only for Gold." in page
    refused = front.post("/proxy/rewards/rhidden", key=front.key("/proxy/rewards/rall")).text
    assert "This reward isn&#39;t available right now." in refused
    assert "Secret" not in refused
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        set_tier(conn, shops.get(conn, shop.id), 1, ByHand("secret"), "staff:1", now)
    assert "The table" in words(front)


def test_orders_are_counted_in_words(begin: Begin) -> None:
    front = begin(Tiers(levels=(Tier(key="suki", name="Suki", enter=Decimal(1)),), metric="orders", window="lifetime"))
    assert "1 order more to reach Suki." in words(front)
    assert "1 order pa para maabot ang Suki." in words(front, locale="fil")
