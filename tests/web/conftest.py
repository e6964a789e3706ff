"""An app on the test database, a shop that is installed, and a browser for each shop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine

from plugin.actions.shops.install_shop import WANTED_SCOPES
from plugin.actions.shops.tokens import encrypted
from plugin.app import create_app
from plugin.clients.shopify.tokens import TokenPair
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops, staff
from plugin.store.shops.staff import Account
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.session import STAFF, Browser


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With a client secret as long as Shopify's, which ID tokens are signed with."""
    return settings.model_copy(update={"shopify_api_secret": SecretStr("shpss_0123456789abcdef0123456789abcdef")})


@pytest.fixture
def app(settings: Settings, engine: Engine) -> Flask:
    """The Flask part of the app."""
    return create_app(settings, engine)


def make_open(engine: Engine, settings: Settings, shop: ShopRow) -> None:
    """Give the shop tokens, facts and a programme, as an installation does."""
    now = datetime.now(UTC)
    pair = TokenPair("shpat_a", now + timedelta(hours=1), "shprt_a", now + timedelta(days=90), WANTED_SCOPES)
    with shop_transaction(engine, shop.id) as conn:
        shops.save_tokens(conn, shop.id, encrypted(settings, shop.id, pair))
        shops.merge_settings(conn, shop.id, {"facts_at": now.isoformat(), "code_salt": "salt"})
        shops.describe(conn, shop.id, {"scopes": sorted(WANTED_SCOPES), "timezone": "Asia/Manila"})
        staff.keep(conn, shop.id, Account(STAFF, "owner", "", "", None, now))
        programmes.add(conn, shop.id, Programme(), "Suki", "", now - timedelta(days=1))


@pytest.fixture
def browser(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Browser:
    """Staff of the installed shop."""
    make_open(engine, settings, shop)
    return Browser(app, settings, shop.domain)


@pytest.fixture
def other_browser(app: Flask, engine: Engine, settings: Settings, other_shop: ShopRow) -> Browser:
    """Staff of another shop."""
    make_open(engine, settings, other_shop)
    return Browser(app, settings, other_shop.domain)
