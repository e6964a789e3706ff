"""Staff make rules and campaigns, see what state they are in, pause them and end them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.orders.earning_rules import OrderEarning
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.session import Browser

DOUBLE = {"name": "Coffee week", "effect": "multiplier", "multiplier": "2", "subscription": "any", "sale": "any"}
SETTINGS = {
    "per_order": "5",
    "per_item": "",
    "most_points": "500",
    "code_percent": "50",
    "stacking": "add",
    "custom_items": "yes",
}


def orders(engine: Engine, shop: ShopRow) -> tuple[int, OrderEarning]:
    with shop_transaction(engine, shop.id) as conn:
        version = programmes.current(conn, shop.id, datetime.now(UTC))
    return version.number, version.programme.orders


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead, hours=8)).date().isoformat()


def test_a_rule_is_made_shown_changed_paused_and_removed(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "No rules yet" in browser.page("/app/programme/orders")
    browser.page("/app/programme/orders/new")
    more = {"vendors": "Kape", "weekday.5": "yes", "weekday.6": "yes", "channel.pos": "yes", "products": "7\n8"}
    answer = browser.post("/app/programme/orders/rule", based_on="1", **DOUBLE, **more)
    assert answer.status_code == 303
    assert "/app/programme/orders?" in answer.location
    number, made = orders(engine, shop)
    (rule,) = made.rules
    assert (number, rule.key, rule.weekdays, rule.channels) == (2, "coffee-week", {5, 6}, {"pos"})
    listed = browser.page("/app/programme/orders")
    for words in ("Active", "Points × 2", "2 products; vendors: Kape; POS; Saturday, Sunday"):
        assert words in listed
    shown = browser.page("/app/programme/orders/rules/coffee-week")
    assert 'name="weekday.5" value="yes" label="Saturday" checked' in shown
    changed = DOUBLE | {"key": "coffee-week", "name": "Coffee days", "effect": "per_item", "points": "10"}
    assert browser.post("/app/programme/orders/rule", based_on="2", **changed).status_code == 303
    assert "10 extra per item" in browser.page("/app/programme/orders")
    assert browser.post("/app/programme/orders/rules/coffee-week/pause", based_on="3").status_code == 303
    assert "Paused" in browser.page("/app/programme/orders")
    assert browser.post("/app/programme/orders/rules/coffee-week/resume", based_on="4").status_code == 303
    assert browser.post("/app/programme/orders/rules/coffee-week/remove", based_on="5", sure="yes").status_code == 303
    assert orders(engine, shop)[1].rules == ()
    assert browser.get("/app/programme/orders/rules/coffee-week").status_code == 404
    assert browser.post("/app/programme/orders/rules/coffee-week/pause", based_on="6").status_code == 404


def test_campaigns_are_planned_run_end_now_and_stay_listed(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "No campaigns yet" in browser.page("/app/programme/campaigns")
    assert f'value="{day(0)}"' in browser.page("/app/programme/orders/new", kind="campaign")
    periods = {"Running week": (day(-1), day(3)), "Planned week": (day(5), ""), "Last week": (day(-9), day(-2))}
    for number, (name, (first, last)) in enumerate(periods.items(), 1):
        form = DOUBLE | {"name": name, "first": first, "last": last, "kind": "campaign"}
        answer = browser.post("/app/programme/orders/rule", based_on=str(number), **form)
        assert "/app/programme/campaigns" in answer.location
    shown = browser.page("/app/programme/campaigns")
    found = re.findall(
        r"rules/([a-z-]+)\?[^>]*>[^<]*</s-link></s-table-cell>\s*<s-table-cell><s-badge [^>]*>(\w+)<", shown
    )
    assert found == [("running-week", "Active"), ("planned-week", "Planned"), ("last-week", "Ended")]
    assert shown.count("End now") == 2  # once as the label, once for those who cannot see it
    assert "No rules yet" in browser.page("/app/programme/orders")
    assert browser.post("/app/programme/orders/rules/planned-week/end", based_on="4").status_code == 422
    assert browser.post("/app/programme/orders/rules/running-week/end", based_on="4").status_code == 303
    number, made = orders(engine, shop)
    ended = made.rule("running-week")
    assert ended is not None and ended.ends_at is not None
    assert number == 5
    assert timedelta() < datetime.now(UTC) - ended.ends_at < timedelta(minutes=1)


def test_a_period_is_in_the_shops_zone_with_its_last_day_or_to_the_minute(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    form = DOUBLE | {"first": "2026-12-01", "first_time": "18:00", "last": "2026-12-24", "kind": "campaign"}
    assert browser.post("/app/programme/orders/rule", based_on="1", **form).status_code == 303
    (rule,) = orders(engine, shop)[1].rules
    assert rule.starts_at is not None and rule.ends_at is not None
    assert (rule.starts_at.isoformat(), rule.ends_at.isoformat()) == (
        "2026-12-01T18:00:00+08:00",
        "2026-12-25T00:00:00+08:00",
    )
    shown = browser.page("/app/programme/orders/rules/coffee-week")
    found = dict(re.findall(r'name="((?:first|last)(?:_time)?)" label="[^"]*" value="([^"]*)"', shown))
    assert found == {"first": "2026-12-01", "first_time": "18:00", "last": "2026-12-24", "last_time": ""}
    assert "1 Dec 2026, 18:00</s-table-cell><s-table-cell>24 Dec 2026<" in browser.page("/app/programme/campaigns")


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"name": " "}, "name", "Enter a value."),
        ({"first": "2026-12-02", "last": "2026-12-01"}, "last", "Enter an end after the start."),
        (
            {"first": "2026-12-02", "first_time": "10:00", "last": "2026-12-02", "last_time": "10:00"},
            "last",
            "Enter an end after the start.",
        ),
        ({"first_time": "10:00"}, "first", "Enter a date such as"),
        ({"first": "2026-12-02", "first_time": "six"}, "first_time", "Enter a time such as 18:00."),
        ({"first": "soon"}, "first", "Enter a date such as"),
        ({"first": "0001-01-01"}, "first", "Enter a year from 2000 to 9000."),
        ({"last": "9999-12-31"}, "last", "Enter a year from 2000 to 9000."),
        ({"multiplier": "-2"}, "multiplier", "Enter 0 or more."),
        ({"multiplier": ""}, "multiplier", "Enter a value."),
        ({"effect": "per_order", "points": "0"}, "points", "Enter a number greater than 0."),
        ({"effect": "rate", "points": "1", "per_amount": "0"}, "per_amount", "Enter a number greater than 0."),
        ({"minimum_order": "1.001"}, "minimum_order", "up to 2 decimals"),
        ({"products": "the red one"}, "products", "is not a product ID"),
        ({"effect": "gift"}, "effect", "Select one of the options."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow, wrong: dict[str, str], field: str, words: str
) -> None:
    answer = browser.post("/app/programme/orders/rule", based_on="1", **(DOUBLE | wrong))
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]* error="[^"]*{words}', answer.text)
    assert orders(engine, shop)[0] == 1


def test_an_old_page_adds_to_a_newer_version(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    for form in (DOUBLE, DOUBLE | {"name": "Other"}):
        answer = browser.post("/app/programme/orders/rule", based_on="1", **form)
    assert "done=merged" in answer.headers["Location"]
    assert browser.post("/app/programme/orders/rules/coffee-week/remove", based_on="1", sure="yes").status_code == 303
    number, found = orders(engine, shop)
    assert (number, [rule.name for rule in found.rules]) == (4, ["Other"])


def test_what_orders_earn_beside_rules_is_saved_and_leaves_the_rules_alone(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        tiers = Programme(tiers=PRESETS["yearly_spend"])
        programmes.add(conn, shop.id, tiers, "test", "", datetime.now(UTC))
    browser.post("/app/programme/orders/rule", based_on="2", **DOUBLE, **{"tier.gold": "yes"})
    rows = {"rates.1.currency": "jpy", "rates.1.points": "1", "rates.1.per_amount": "100",
            "tier_rates.gold.points": "2", "tier_rates.gold.per_amount": "1",
            "tier_rates.silver.points": "", "limits.points.day": "500", "limits.orders.total": ""}  # fmt: skip
    assert browser.post("/app/programme/orders", based_on="3", **SETTINGS, **rows).status_code == 303
    number, made = orders(engine, shop)
    assert (number, made.per_order, made.per_item, made.code_percent, made.stacking) == (4, 5, 0, 50, "add")
    assert (made.sale_items, made.custom_items, made.most_points, len(made.rules)) == (False, True, 500, 1)
    assert [(one.currency, one.per_amount) for one in made.rates] == [("JPY", Decimal(100))]
    assert [(one.tier, one.points) for one in made.tier_rates] == [("gold", 2)]
    assert [(one.most, one.of, one.per) for one in made.limits] == [(500, "points", "day")]
    assert 'name="rates.0.currency" label="Currency" value="JPY"' in browser.page("/app/programme/orders")
    assert "Tiers: Gold" in browser.page("/app/programme/orders")
    assert browser.post("/app/programme/orders", based_on="4", **SETTINGS, **rows).location.count("done=unchanged")


@pytest.mark.parametrize(
    ("wrong", "rate", "field", "words"),
    [
        ({}, {"currency": "XYZ"}, "rates.0.currency", "No currency"),
        ({}, {"per_amount": "0.5"}, "rates.0.per_amount", "JPY has no"),
        ({}, {"points": "-1"}, "rates.0.points", "Enter 0 or more"),
        ({"code_percent": "101"}, {}, "code_percent", "Enter 100 or less"),
        ({"per_item": "1.5"}, {}, "per_item", "whole number"),
        ({"limits.points.day": "9", "limits.orders.week": "0"}, {}, "limits.orders.week", "greater than 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_rates_stands_at_its_field(
    browser: Browser,
    engine: Engine,
    shop: ShopRow,
    wrong: dict[str, str],
    rate: dict[str, str],
    field: str,
    words: str,
) -> None:
    row = {"currency": "JPY", "points": "1", "per_amount": "1"} | rate
    rates = {f"rates.0.{name}": text for name, text in row.items()}
    answer = browser.post("/app/programme/orders", based_on="1", **(SETTINGS | rates | wrong))
    assert answer.status_code == 422
    assert re.search(rf'name="{re.escape(field)}"[^>]* error="[^"]*{words}', answer.text)
    assert orders(engine, shop)[0] == 1


def test_another_shops_rules_cannot_be_seen_or_changed(
    browser: Browser, app: Flask, engine: Engine, settings: Settings, shop: ShopRow, other_shop: ShopRow
) -> None:
    make_open(engine, settings, other_shop)
    browser.post("/app/programme/orders/rule", based_on="1", **DOUBLE)
    stranger = Browser(app, settings, other_shop.domain)
    assert stranger.get("/app/programme/orders/rules/coffee-week").status_code == 404
    assert stranger.post("/app/programme/orders/rules/coffee-week/remove", based_on="1", sure="yes").status_code == 404
    assert orders(engine, shop)[0] == 2
