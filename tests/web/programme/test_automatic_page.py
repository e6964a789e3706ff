"""The merchant sets up what is given by itself, and sees what it gave."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.gifts import automatic
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import member_with
from tests.web.session import Browser

PATH = "/app/programme/automatic"
FIVE = AmountOff(id="rfive", name="5 off", points=100, value=5)
LAPSED = {"trigger": "lapsed", "name": "Come back", "days": "60", "points": "50", "mail": "yes", "per_day": "100"}


@pytest.fixture(autouse=True)
def rewarding(engine: Engine, shop: ShopRow, browser: Browser) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programme = Programme(rewards=(FIVE,), tiers=PRESETS["orders"])
        programmes.add(conn, shop.id, programme, "test", "", datetime.now(UTC) - timedelta(hours=1))


def newest(engine: Engine, shop: ShopRow) -> tuple[int, Programme]:
    with shop_transaction(engine, shop.id) as conn:
        version = programmes.current(conn, shop.id, datetime.now(UTC))
    return version.number, version.programme


def wrong(text: str) -> dict[str, str]:
    return dict(re.findall(r'name="(\w+)"[^>]*? error="([^"]+)"', text))


@pytest.mark.parametrize("trigger", ["milestone", "tier", "birthday", "lapsed", "frequent"])
def test_every_trigger_has_its_form_and_is_saved(browser: Browser, engine: Engine, shop: ShopRow, trigger: str) -> None:
    assert "No automatic rules yet" in browser.page(PATH)
    shown = browser.page(f"{PATH}/new", trigger=trigger)
    fields = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', shown)) | {"name": "A rule", "reward": "rfive"}
    fields |= {"tier": "suki"} if trigger == "tier" else {}
    for box in ("all_orders", "only_look"):
        fields.pop(box, None)
    answer = browser.post(PATH, **fields)
    assert answer.status_code == 303, wrong(answer.text)
    _, programme = newest(engine, shop)
    [rule] = [*programme.milestones, *programme.automatic]
    assert (rule.name, rule.reward, rule.active, rule.begins_at is None) == ("A rule", "rfive", True, False)
    assert getattr(rule, "earlier", None) is (True if trigger == "milestone" else None)
    assert "5 off" in browser.page(PATH)
    assert "A rule" in browser.page(f"{PATH}/{rule.id}")


def test_a_rule_is_changed_paused_resumed_and_removed(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    number, _ = newest(engine, shop)
    assert browser.post(PATH, based_on=str(number), **LAPSED).status_code == 303
    [rule] = newest(engine, shop)[1].automatic
    changed = LAPSED | {"id": rule.id, "days": "90", "based_on": str(number + 1)}
    assert browser.post(PATH, **changed).status_code == 303
    [after] = newest(engine, shop)[1].automatic
    assert (after.days, after.begins_at, after.mail, after.per_day) == (90, rule.begins_at, True, 100)
    assert browser.post(f"{PATH}/{rule.id}/pause", based_on=str(number + 2)).status_code == 303
    assert "Paused" in browser.page(PATH)
    assert browser.post(f"{PATH}/{rule.id}/resume", based_on=str(number + 3)).status_code == 303
    [resumed] = newest(engine, shop)[1].automatic
    assert resumed.begins_at >= rule.begins_at
    assert resumed.begins_at.microsecond == 0
    assert browser.post(f"{PATH}/{rule.id}/remove", based_on=str(number + 4), sure="yes").status_code == 303
    assert newest(engine, shop)[1].automatic == ()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"points": ""}, "points"),
        ({"points": "-1"}, "points"),
        ({"name": " "}, "name"),
        ({"days": "0"}, "days"),
        ({"days": "soon"}, "days"),
        ({"reward": "rgone"}, "reward"),
        ({"per_day": "0"}, "per_day"),
        ({"trigger": "tier", "tier": "nobody"}, "tier"),
        ({"trigger": "milestone", "at": "1.5", "metric": "orders"}, "at"),
        ({"trigger": "milestone", "at": "1.555", "metric": "spend"}, "at"),
        ({"trigger": "frequent", "orders": "1"}, "orders"),
    ],
)
def test_mistakes_stand_at_their_fields_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow, form: dict[str, str], field: str
) -> None:
    number, before = newest(engine, shop)
    answer = browser.post(PATH, based_on=str(number), **LAPSED | form)
    assert (answer.status_code, field in wrong(answer.text)) == (422, True), wrong(answer.text)
    assert newest(engine, shop) == (number, before)


def test_a_page_that_is_out_of_date_and_what_does_not_exist_change_nothing(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    number, _ = newest(engine, shop)
    assert browser.post(PATH, based_on="99", **LAPSED).status_code == 409
    assert browser.post(PATH, based_on=str(number), **LAPSED | {"trigger": "moon"}).status_code == 404
    assert browser.get(f"{PATH}/new", trigger="moon").status_code == 404
    assert browser.get(f"{PATH}/agone").status_code == 404
    assert browser.post(f"{PATH}/agone/pause", based_on=str(number)).status_code == 404
    browser.post(PATH, based_on=str(number), **LAPSED)
    [rule] = newest(engine, shop)[1].automatic
    assert other_browser.get(f"{PATH}/{rule.id}").status_code == 404


def test_what_was_given_is_listed_with_its_reason(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    number, _ = newest(engine, shop)
    gift: dict[str, Any] = {"trigger": "birthday", "name": "Happy day", "points": "50", "reward": "rfive"}
    browser.post(PATH, based_on=str(number), **gift)
    [rule] = newest(engine, shop)[1].automatic
    member = member_with(engine, shop, 10)
    with shop_transaction(engine, shop.id) as conn:
        assert members.get(conn, shop.id, member) is not None
        assert automatic.on_birthday(conn, shops.get(conn, shop.id), [member], datetime.now(UTC)) == [member]
    page = browser.page(f"{PATH}/{rule.id}")
    assert "Rule “Happy day”: birthday in" in page
    person = browser.page(f"/app/members/{member}")
    assert "A gift from the shop" in person
    assert "5 off (gift)" in person


def test_the_preview_says_how_many_would_get_it(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    number, _ = newest(engine, shop)
    browser.post(PATH, based_on=str(number), **LAPSED)
    [rule] = newest(engine, shop)[1].automatic
    assert "0 members would get this today" in browser.page(f"{PATH}/{rule.id}")
