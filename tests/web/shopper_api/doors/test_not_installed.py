"""Whoever is proved to ask for a shop that does not have the app is told so by every door, and nothing is begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.app import create_app
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from sandbox import run
from sandbox.run import Running
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.session import Browser
from tests.web.shopper_api.surface import CORS, Surface, Theme, refusal

Door = Callable[[Flask, Settings, str], TestResponse]
NOWHERE = "nowhere.myshopify.com"


def by_staff(app: Flask, settings: Settings, domain: str) -> Browser:
    return Browser(app, settings, domain)


DOORS: dict[str, Door] = {
    "checkout, read": lambda *of: Surface(*of).get("/me"),
    "checkout, cart": lambda *of: Surface(*of).post("/cart", {"currency": "USD"}),
    "checkout, act": lambda *of: Surface(*of).post("/redeem", {"key": "x"}),
    "checkout, guest": lambda *of: Surface(*of, None).get("/programme"),
    "storefront, read": lambda *of: Theme(*of, "7").ask("/me"),
    "storefront, act": lambda *of: Theme(*of, "7").send("/join", {"key": "x"}),
    "storefront, guest": lambda *of: Theme(*of, "").ask("/programme"),
    "staff, read": lambda *of: by_staff(*of).get("/staff/v1/customers/7"),
    "staff, search": lambda *of: by_staff(*of).get("/staff/v1/members", search="ana"),
    "staff, act": lambda *of: by_staff(*of).client.post(
        "/staff/v1/customers/7/adjust", json={"key": "x"}, headers=by_staff(*of)._headers()
    ),
}


@pytest.fixture(scope="module")
def shopify(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Shopify that knows no shop."""
    running = run.start(data_dir=tmp_path_factory.mktemp("sandbox"), api_key="key", api_secret="secret")
    yield running
    running.stop()


@pytest.fixture
def live(settings: Settings, engine: Engine, shopify: Running) -> tuple[Flask, Settings]:
    found = settings.model_copy(update={"shopify_shop_url": shopify.shop_url, "http_timeout_seconds": 3.0})
    return create_app(found, engine), found


def known(engine: Engine, shop: ShopRow) -> tuple[object, ...]:
    with shop_transaction(engine, shop.id) as conn:
        return tuple(conn.exec_driver_sql("SELECT state, (SELECT count(*) FROM shops), told_at FROM shops").one())


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("state", ["never", "uninstalled"])
def test_a_shop_without_the_app_is_refused_with_a_code_that_says_so(
    live: tuple[Flask, Settings], engine: Engine, settings: Settings, shop: ShopRow, door: str, state: str
) -> None:
    make_open(engine, settings, shop)
    with shop_transaction(engine, shop.id) as conn:
        shops.set_state(conn, shop.id, "uninstalled", datetime.now(UTC) + timedelta(seconds=1))
    before = known(engine, shop)
    answer = DOORS[door](*live, shop.domain if state == "uninstalled" else NOWHERE)
    status, code, text = refusal(answer)
    assert (status, code) == (403, "not_installed")
    of_staff = door.startswith("staff")
    assert text == ("Suki isn't installed in this shop." if of_staff else "This page isn't available")
    assert (set(CORS) <= set(dict(answer.headers))) == (not door.startswith("storefront"))
    assert known(engine, shop) == before


def test_a_page_of_a_shop_without_the_app_is_none(live: tuple[Flask, Settings], shop: ShopRow) -> None:
    app, settings = live
    for path in ("/proxy/rewards", "/proxy/earn"):
        answer = Theme(app, settings, NOWHERE, "7").get(path)
        assert (answer.status_code, answer.text) == (404, "There is nothing here")
