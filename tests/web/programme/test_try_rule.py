"""Beside the form of a rule, staff see what a recent order would earn under it, before anything is saved."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.orders.settle_orders import settle_orders
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests import payloads
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_order_rules import DOUBLE
from tests.web.programme.test_order_rules import orders as rules_of
from tests.web.session import Browser
from webhooks.orders import order as read_order


@pytest.fixture
def ordered(browser: Browser, engine: Engine, shop: ShopRow) -> Browser:
    """Staff of a shop with one order of 49.95, placed on a Friday."""
    fact = read_order("orders/paid", datetime.now(UTC), payloads.dumps(payloads.order()), "USD")
    with shop_transaction(engine, shop.id) as conn:
        settle_orders(conn, shops.get(conn, shop.id), [fact], datetime.now(UTC))
    return browser


def tried(browser: Browser, **fields: str) -> str:
    answer = browser.post("/app/programme/orders/try", **(DOUBLE | {"try_order": "1"} | fields))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_editor_offers_the_newest_orders(ordered: Browser) -> None:
    shown = ordered.page("/app/programme/orders/new")
    assert '<s-option value="1">#1001, $49.95, 20 Nov 2026</s-option>' in shown
    assert 'id="tried"' in shown


def test_an_order_is_tried_line_by_line_and_nothing_is_saved(ordered: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        before = conn.exec_driver_sql("SELECT count(*), sum(points) FROM entries").one()
    words = tried(ordered)
    assert "99 points" in words
    assert "49 without this rule" in words
    assert "Item 1: 2× (rule “Coffee week”)." in words
    assert "Total, rounded down: 99 points" in words
    with shop_transaction(engine, shop.id) as conn:
        assert conn.exec_driver_sql("SELECT count(*), sum(points) FROM entries").one() == before
        assert programmes.current(conn, shop.id, datetime.now(UTC)).number == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"weekday.6": "yes"}, "It was placed on another day of the week."),
        ({"channel.pos": "yes"}, "It came through another sales channel."),
        ({"minimum_order": "50"}, "It's below the minimum."),
        ({"vendors": "Kape"}, "None of its items match."),
        ({"tags": "coffee"}, "counts as “no” here: product tags and collections"),
        ({"customer_tags": "vip"}, "counts as “no” here: the customer's tags"),
    ],
)
def test_it_says_why_the_rule_does_not_hold(ordered: Browser, fields: dict[str, str], words: str) -> None:
    found = tried(ordered, **fields).replace("&#39;", "'")
    assert words in found
    assert "49 points" in found


def test_a_campaign_to_come_is_tried_as_if_it_had_begun(ordered: Browser) -> None:
    assert "99 points" in tried(ordered, first="2031-01-01", last="2031-01-31")


def test_what_cannot_be_tried_says_so(ordered: Browser) -> None:
    assert "Fix the errors in the form first" in tried(ordered, multiplier="-1")
    assert "Fix the errors in the form first" in tried(ordered, first="soon")
    for order in ("", "2", "x", "9" * 30):
        assert "Select an order" in tried(ordered, try_order=order)


def test_another_shops_order_cannot_be_tried(
    ordered: Browser, app: Flask, engine: Engine, settings: Settings, other_shop: ShopRow
) -> None:
    make_open(engine, settings, other_shop)
    assert "Select an order" in tried(Browser(app, settings, other_shop.domain))


def test_a_rule_is_for_channels_by_name_known_ones_and_those_that_orders_came_by(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    fact = read_order("orders/paid", datetime.now(UTC), payloads.dumps(payloads.order(source_name="ebay")), "USD")
    with shop_transaction(engine, shop.id) as conn:
        settle_orders(conn, shops.get(conn, shop.id), [fact], datetime.now(UTC))
    shown = browser.page("/app/programme/orders/new")
    assert 'name="source.3890849" value="yes" label="Shop app"' in shown
    assert 'name="source.ebay" value="yes" label="ebay"' in shown
    assert 'name="source.web"' not in shown
    chosen = {"source.ebay": "yes", "source.3890849": "yes", "channel.pos": "yes"}
    assert browser.post("/app/programme/orders/rule", based_on="1", **DOUBLE, **chosen).status_code == 303
    (rule,) = rules_of(engine, shop)[1].rules
    assert (rule.sources, rule.channels) == ({"ebay", "3890849"}, {"pos"})
    assert "POS, ebay, Shop app" in browser.page("/app/programme/orders")
    assert 'name="source.ebay" value="yes" label="ebay" checked' in browser.page(
        "/app/programme/orders/rules/coffee-week"
    )
