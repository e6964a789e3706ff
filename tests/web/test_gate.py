"""What the gate does for views that say too little, and for whom it opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction
from plugin.store.shops import access_log, shops, staff
from plugin.store.shops.access_log import Wanted
from plugin.store.shops.staff import Account
from plugin.web.auth import caller
from tests.conftest import ShopRow
from tests.web.session import Browser


def written(engine: Engine, shop: ShopRow) -> list[tuple[str, int | None]]:
    with shop_transaction(engine, shop.id) as conn:
        return [(one.what, one.how_many) for one in access_log.page(conn, shop.id, Wanted(), None)]


@pytest.fixture
def views(app: Flask, browser: Browser) -> Browser:
    """Two views that say what they show of people, and never how many; one of them refuses."""
    app.add_url_rule("/silent", "silent", caller("session", role="viewer", reads="members")(lambda: "Ana"))
    app.add_url_rule("/refusing", "refusing", caller("session", role="viewer", reads="members")(lambda: ("no", 400)))
    app.add_url_rule("/form", "form", caller("session")(lambda: "done"), methods=["GET", "POST"])
    return browser


def test_a_page_that_shows_people_and_never_said_how_many_is_written_down_all_the_same(
    views: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert views.get("/silent").text == "Ana"
    assert written(engine, shop) == [("members", None)]
    assert views.get("/refusing").status_code == 400
    assert written(engine, shop) == [("members", None)]


def test_a_form_without_a_role_is_the_owners_and_a_page_without_one_is_everybodys(
    views: Browser, app: Flask, shop: ShopRow, engine: Engine
) -> None:
    assert views.post("/form").text == "done"
    other = Browser(app, views.settings, shop.domain, "99")
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account("99", "manager", "", "", None, datetime.now(UTC)))
    assert other.get("/form").text == "done"
    assert other.post("/form").status_code == 403


def test_a_shop_that_took_the_app_off_is_opened_by_nobody(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert browser.get("/app").status_code == 200
    with shop_transaction(engine, shop.id) as conn:
        shops.set_state(conn, shop.id, "uninstalled", datetime.now(UTC) + timedelta(seconds=1))
    assert browser.get("/app").status_code != 200
