"""The gate before a shopper's page: whose shop it is, whom it shows anything, and whom it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import launches, shops
from plugin.web.auth import caller
from plugin.web.gate import FORMS_AN_HOUR
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper.test_shopper import Storefront

Visitor = Callable[..., Storefront]


@pytest.fixture
def visitor(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Visitor:
    """Makes a visit to a page that answers whoever comes as far; 7 is a member of the shop."""
    make_open(engine, settings, shop)
    member_with(engine, shop, 150)
    app.add_url_rule("/proxy/inside", "inside", caller("proxy")(lambda: "inside"), methods=["GET", "POST"])
    return lambda customer, domain=shop.domain: Storefront(app, settings, domain, customer)


def test_a_shop_that_is_unknown_or_took_the_app_off_is_not_there(
    visitor: Visitor, engine: Engine, shop: ShopRow
) -> None:
    assert visitor("7").get("/proxy/inside").text == "inside"
    assert visitor("7", "stranger.myshopify.com").get("/proxy/inside").status_code == 404
    with system_transaction(engine) as conn:
        shops.set_state(conn, shop.id, "uninstalled", datetime.now(UTC) + timedelta(seconds=1))
    assert visitor("7").get("/proxy/inside").status_code == 404


def test_a_draft_shows_itself_to_its_test_members_alone(visitor: Visitor, engine: Engine, shop: ShopRow) -> None:
    with system_transaction(engine) as conn:
        conn.exec_driver_sql("UPDATE shops SET stage = 'draft', launched_at = NULL")
    for customer in ("", "7", "8"):
        answer = visitor(customer).get("/proxy/inside")
        assert (answer.status_code, "This page isn&#39;t available" in answer.text) == (404, True)
    with shop_transaction(engine, shop.id) as conn:
        launches.mark_test(conn, shop.id, 1, test=True)
    answers = {customer: visitor(customer).get("/proxy/inside").text for customer in ("", "7", "8")}
    assert answers["7"] == "inside"
    assert "inside" not in (answers[""], answers["8"])


def test_only_the_forms_of_customers_are_counted(visitor: Visitor) -> None:
    nobody, ana = visitor(""), visitor("7")
    for _ in range(FORMS_AN_HOUR):
        assert (ana.post("/proxy/inside").text, nobody.post("/proxy/inside").text) == ("inside", "inside")
        assert ana.get("/proxy/inside").text == "inside"
    assert (FORMS_AN_HOUR, ana.post("/proxy/inside").status_code) == (20, 429)
    assert nobody.post("/proxy/inside").text == "inside"
    assert ana.get("/proxy/inside").text == "inside"
    head = ana.client.head("/proxy/inside", query_string=ana.query())
    assert head.status_code == 200
    assert visitor("8").post("/proxy/inside").text == "inside"


def test_what_goes_into_a_theme_has_no_policy_of_ours(visitor: Visitor) -> None:
    ours = {"Content-Security-Policy", "Permissions-Policy", "RateLimit-Limit"}
    assert not ours & set(visitor("7").get("/proxy/inside").headers.keys())
