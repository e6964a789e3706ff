"""The recommended start: asked, shown with its cost, saved as a version, and priced by the shop's own orders."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops, staff
from plugin.store.shops.staff import Account
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.session import Browser

ANSWERS = {"goods": "often", "margin": "fair", "aim": "repeat"}


def now_in(engine: Engine, shop: ShopRow, currency: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        shops.describe(conn, shop.id, {"currency": currency})


def versions(engine: Engine, shop: ShopRow) -> list[Programme]:
    with shop_transaction(engine, shop.id) as conn:
        return [one.programme for one in programmes.versions(conn, shop.id)]


def order(
    engine: Engine, shop: ShopRow, number: int, net_minor: int, currency: str = "PHP", counts: bool = True
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO order_facts (shop_id, order_id, day, counts, net_minor, currency)"
            " VALUES (%s, %s, '2026-11-20', %s, %s, %s)",
            (shop.id, number, counts, net_minor, currency),
        )


def test_a_new_shop_is_led_to_the_questions_and_nothing_is_saved_by_looking(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    now_in(engine, shop, "PHP")
    assert "/app/start" in browser.page("/app")
    asked = browser.page("/app/start")
    for question in ("What do you sell?", "What&#39;s your margin?", "What matters most?"):
        assert question in asked
    assert "Your recommended start" not in asked
    seen = browser.page("/app/start", **ANSWERS)
    assert 'name="usual"' in asked and 'value="2500"' in asked
    assert "For an order of about ₱2,500.00." in seen
    assert "What counts is the price without tax and delivery." in seen
    assert "Members earn 1 point for every ₱50. An order of ₱2,500.00 earns 50 points." in seen
    assert "₱100 off for 50 points: after about 1 order." in seen
    assert "Of every ₱100 that members spend, at most ₱4 goes back to them." in seen
    assert len(versions(engine, shop)) == 1


def test_saving_it_is_a_version_that_can_be_edited_and_restored(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    now_in(engine, shop, "PHP")
    answer = browser.post("/app/start", based_on="1", note="Recommended start", **ANSWERS)
    assert (answer.status_code, answer.headers["Location"].startswith("/app?")) == (303, True)
    first, second = versions(engine, shop)
    assert [one.name for one in second.rewards] == ["₱100 off", "₱200 off"]
    assert (first.next_order_code.enabled, second.next_order_code.enabled) == (True, False)
    assert "Your programme is set up like this already" in browser.page("/app/start", **ANSWERS)
    again = browser.post("/app/start", based_on="2", **ANSWERS)
    assert "done=unchanged" in again.headers["Location"]
    assert "₱100 off" in browser.page("/app/programme/rewards")
    assert len(versions(engine, shop)) == 2


def test_the_second_click_of_two_finds_it_saved(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    answers = [browser.post("/app/start", based_on="1", **ANSWERS) for _ in range(2)]
    assert [(one.status_code, "done=saved" in one.headers["Location"]) for one in answers] == [(303, True)] * 2
    assert len(versions(engine, shop)) == 2


def test_a_second_tab_that_saved_meanwhile_is_not_overwritten(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    browser.post("/app/start", based_on="1", **ANSWERS)
    answer = browser.post("/app/start", based_on="1", **{**ANSWERS, "aim": "vip"})
    assert answer.status_code == 409
    assert "s-banner" in answer.text
    assert len(versions(engine, shop)) == 2


@pytest.mark.parametrize("missing", [{"goods": ""}, {"margin": "enormous"}, {"aim": "<b>"}])
def test_an_answer_that_there_is_not_is_refused_at_its_question(
    browser: Browser, engine: Engine, shop: ShopRow, missing: dict[str, str]
) -> None:
    answer = browser.post("/app/start", based_on="1", **{**ANSWERS, **missing})
    assert answer.status_code == 422
    assert answer.text.count('error="Choose one of the answers"') == 1
    assert "Your recommended start" not in browser.page("/app/start", **{**ANSWERS, **missing})
    assert len(versions(engine, shop)) == 1


def test_it_is_priced_by_the_shop_s_own_orders_once_there_are_ten(
    browser: Browser, engine: Engine, shop: ShopRow, other_shop: ShopRow
) -> None:
    now_in(engine, shop, "PHP")
    for number in range(1, 10):
        order(engine, shop, number, 40_000)
    order(engine, shop, 20, 9_000_000, "USD")
    order(engine, shop, 21, 0)
    order(engine, shop, 22, 9_000_000, counts=False)
    order(engine, other_shop, 1, 9_000_000)
    assert "For an order of about" in browser.page("/app/start", **ANSWERS)
    order(engine, shop, 10, 50_000)
    seen = browser.page("/app/start", **ANSWERS)
    assert "Based on your 10 newest orders." in seen
    assert "Members earn 1 point for every ₱10. An order of ₱400.00 earns 40 points." in seen


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "¥100"), ("KWD", "KWD\N{NO-BREAK SPACE}0.500")])
def test_amounts_have_the_decimals_of_the_currency(
    browser: Browser, engine: Engine, shop: ShopRow, currency: str, amount: str
) -> None:
    now_in(engine, shop, currency)
    assert f"Members earn 1 point for every {amount}." in browser.page("/app/start", **ANSWERS)
    assert browser.post("/app/start", based_on="1", **ANSWERS).status_code == 303


def test_a_viewer_sees_the_start_and_cannot_save_it(
    browser: Browser, app: Flask, settings: Settings, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account("55", "viewer", "", "", None, datetime.now(UTC)))
    viewer = Browser(app, settings, shop.domain, "55")
    seen = viewer.page("/app/start", **ANSWERS)
    assert 'variant="primary" disabled>Use this start' in seen
    assert viewer.post("/app/start", based_on="1", **ANSWERS).status_code == 403
    assert len(versions(engine, shop)) == 1


def test_what_staff_say_of_their_orders_prices_the_start(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    now_in(engine, shop, "PHP")
    seen = browser.page("/app/start", **{**ANSWERS, "usual": "800"})
    assert "For an order of about ₱800.00." in seen and "An order of ₱800.00 earns" in seen
    browser.post("/app/start", based_on="1", **{**ANSWERS, "usual": "800"})
    (_, saved) = versions(engine, shop)
    assert saved.rewards[0].value < 100
    for number in range(12):
        order(engine, shop, number, 60_000)
    assert "Based on your 12 newest orders." in browser.page("/app/start", **{**ANSWERS, "usual": "600"})
    assert "For an order of about ₱800.00." in browser.page("/app/start", **{**ANSWERS, "usual": "800"})
    assert 'value="600"' in browser.page("/app/start")


@pytest.mark.parametrize("usual", ["0", "-5", "abc", "1e99", "NaN", "1.234", ""])
def test_an_order_that_comes_to_nothing_is_said_at_its_field(
    browser: Browser, engine: Engine, shop: ShopRow, usual: str
) -> None:
    answer = browser.post("/app/start", based_on="1", **{**ANSWERS, "usual": usual})
    assert answer.status_code == 422 and "Enter an amount above 0." in answer.text
    assert len(versions(engine, shop)) == 1


def test_what_it_would_take_away_is_named_and_has_to_be_confirmed(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    soap = AmountOff(id="rsoap", name="Free soap", points=20, value=Decimal(5))
    gold = Tiers(levels=(Tier(key="gold", name="Gold", enter=Decimal(100)),))
    with shop_transaction(engine, shop.id) as conn:
        own = Programme(rewards=(soap,), tiers=gold)
        programmes.add(conn, shop.id, own, "test", "", datetime.now(UTC))
    seen = browser.page("/app/start", **ANSWERS)
    assert "This removes or replaces 2 things you have" in seen and "Free soap" in seen and "Gold" in seen
    refused = browser.post("/app/start", based_on="2", **ANSWERS)
    assert refused.status_code == 422 and "Select this to replace what you have." in refused.text
    assert len(versions(engine, shop)) == 2
    assert browser.post("/app/start", based_on="2", sure="yes", **ANSWERS).status_code == 303
    assert len(versions(engine, shop)) == 3
