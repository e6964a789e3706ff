"""A launched shop with a member, and each of the surfaces that ask for them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff, Slider
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper_api.surface import Surface, Theme

REWARDS = (
    AmountOff(id="rfive", name="5 off", points=100, value=5),
    Slider(id="rany", name="Any amount", points=50, step=10, most=500, value=1),
    AmountOff(id="rbig", name="50 off", points=1000, value=50),
    AmountOff(id="roff", name="Secret", points=1, value=50, active=False),
)


@pytest.fixture
def opened(engine: Engine, settings: Settings, shop: ShopRow) -> ShopRow:
    """The shop with a programme, and customer 7 with 150 points."""
    make_open(engine, settings, shop)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(rewards=REWARDS, points_name="stars"), "test", "", datetime.now(UTC))
    member_with(engine, shop, 150)
    return shop


@pytest.fixture
def surface(app: Flask, settings: Settings, opened: ShopRow) -> Surface:
    """Customer 7 at the checkout."""
    return Surface(app, settings, opened.domain)


@pytest.fixture
def guest(app: Flask, settings: Settings, opened: ShopRow) -> Surface:
    """Nobody whom Shopify knows."""
    return Surface(app, settings, opened.domain, None)


@pytest.fixture
def theme(app: Flask, settings: Settings, opened: ShopRow) -> Theme:
    """Customer 7 on the storefront."""
    return Theme(app, settings, opened.domain, "7")
