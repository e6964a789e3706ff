"""Two people, or two tabs, in one form: what both typed is saved together, or shown side by side; nothing is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import Engine

from plugin.rules.activities.activity_rules import Review
from plugin.rules.gifts.automatic_rules import Lapsed
from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.programme import Goal, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from tests.conftest import ShopRow
from tests.web.programme.test_programme_page import shown_fields
from tests.web.session import Browser

BASE = "/app/programme"
EDITORS = {
    "rules": ("/rules", "", "points_name", "beans", "stars", "basis.minimum_order", "7"),
    "base rate": ("/earning", "", "earning.points", "2", "3", "welcome_points", "7"),
    "code": ("/next-order", "", "next_order_code.value", "5", "6", "next_order_code.valid_days", "7"),
    "goals": ("/rules", "", "goals.0.points", "60", "70", "goals.1.points", "90"),
    "orders": ("/orders", "/orders", "per_order", "5", "6", "code_percent", "50"),
    "rule": ("/orders/rules/weekend", "/orders/rule", "multiplier", "3", "4", "name", "Weekdays"),
    "reward": ("/rewards/rone", "/rewards", "points", "120", "130", "name", "Six off"),
    "activity": ("/activities/aone", "/activities", "points", "11", "12", "name", "Say it"),
    "automatic": ("/automatic/atwo", "/automatic", "days", "61", "62", "name", "Hello"),
    "cashback": ("/cashback", "/cashback", "cashback.percent", "6", "7", "cashback.after_days", "15"),
    "tiers": ("/tiers", "/tiers", "tiers.levels.1.bonus", "15", "25", "tiers.levels.0.name", "Copper"),
    "expiry": ("/expiry", "/expiry", "expiry.period", "13", "14", "expiry.first_warning_days", "29"),
    "referrals": ("/referrals", "/referrals", "referrals.hold_days", "15", "16", "referrals.minimum_order", "5"),
}
"""The page, where its form goes, a field with what each types there, and another field with its change."""
FULL = Programme(
    goals=(Goal(name="Mug", points=50), Goal(name="Bag", points=80)),
    orders=OrderEarning(rules=(OrderRule(key="weekend", name="Weekend", multiplier=2),)),
    rewards=(AmountOff(id="rone", name="Five off", points=100, value=5),),
    activities=(Review(id="aone", name="Review", points=10, word="review"),),
    automatic=(Lapsed(id="atwo", name="Back", points=10, days=60, begins_at=datetime(2026, 1, 1, tzinfo=UTC)),),
    tiers=PRESETS["orders"],
)


@pytest.fixture(autouse=True)
def full(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, FULL, "Suki", "", datetime.now(UTC) - timedelta(hours=1))


def known(engine: Engine, shop: ShopRow) -> list[Version]:
    with shop_transaction(engine, shop.id) as conn:
        return programmes.versions(conn, shop.id)


def opened(browser: Browser, page: str) -> dict[str, str]:
    shown = browser.page(BASE + page)
    return shown_fields(re.sub(r'<form method="post"(?![^>]* data-saves).*?</form>', "", shown, flags=re.DOTALL))


@pytest.mark.parametrize("editor", EDITORS)
def test_changes_of_different_fields_are_saved_together(
    browser: Browser, engine: Engine, shop: ShopRow, editor: str
) -> None:
    page, to, field, theirs, _, other, mine = EDITORS[editor]
    form = opened(browser, page)
    assert "done=saved" in browser.post(BASE + to, **form | {field: theirs}).headers["Location"]
    answer = browser.post(BASE + to, **form | {other: mine})
    assert "done=merged" in answer.headers["Location"]
    after = opened(browser, page)
    assert (after[field], after[other]) == (theirs, mine)
    assert len(known(engine, shop)) == 4


@pytest.mark.parametrize("editor", EDITORS)
def test_changes_of_the_same_field_stand_side_by_side_and_what_was_typed_stays(
    browser: Browser, engine: Engine, shop: ShopRow, editor: str
) -> None:
    page, to, field, theirs, mine, other, typed = EDITORS[editor]
    form = opened(browser, page)
    browser.post(BASE + to, **form | {field: theirs})
    shown = browser.post(BASE + to, **form | {field: mine, other: typed, "note": "Mine"})
    assert (shown.status_code, len(known(engine, shop))) == (409, 3)
    assert "You saved version 3 in another tab, and changed the same there" in shown.text
    at_field = re.search(rf'<s-[a-z-]+ name="{re.escape(field)}"[^>]*>', shown.text)
    assert at_field is not None
    assert 'error="This was changed meanwhile. Save again to keep what you entered."' in at_field[0]
    assert f'data-take="{field}" data-value="{theirs}"' in shown.text
    again = shown_fields(shown.text)
    assert (again[field], again[other], again["note"], again["based_on"]) == (mine, typed, "Mine", "3")
    assert "done=saved" in browser.post(BASE + to, **again).headers["Location"]
    after = opened(browser, page)
    assert (after[field], after[other]) == (mine, typed)


@pytest.mark.parametrize("editor", EDITORS)
def test_a_form_sent_twice_is_saved_once_and_both_answers_say_so(
    browser: Browser, engine: Engine, shop: ShopRow, editor: str
) -> None:
    page, to, field, mine, *_ = EDITORS[editor]
    form = opened(browser, page) | {field: mine}
    first, second = (browser.post(BASE + to, **form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert "done=saved" in first.headers["Location"]
    assert len(known(engine, shop)) == 3


def test_a_new_reward_that_is_sent_twice_is_there_once(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    form = opened(browser, "/rewards/new?kind=percent_off") | {"name": "Ten off", "points": "50", "value": "10"}
    for _ in range(2):
        assert "done=saved" in browser.post(f"{BASE}/rewards", **form).headers["Location"]
    assert [one.id for one in known(engine, shop)[-1].programme.rewards] == ["rone", form["id"]]
    paused, again = (browser.post(f"{BASE}/rewards/rone/pause", based_on="2") for _ in range(2))
    assert paused.headers["Location"] == again.headers["Location"]
    assert "done=saved" in paused.headers["Location"]
    assert [one.active for one in known(engine, shop)[-1].programme.rewards] == [False, True]
    assert len(known(engine, shop)) == 4


def test_what_is_wrong_with_mine_is_said_and_theirs_stays(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    form = opened(browser, "/rewards/rone")
    browser.post(f"{BASE}/rewards", **form | {"name": "Six off"})
    shown = browser.post(f"{BASE}/rewards", **form | {"points": "-1"})
    assert shown.status_code == 422
    again = shown_fields(shown.text)
    assert (again["name"], again["points"]) == ("Six off", "-1")
    assert "done=" in browser.post(f"{BASE}/rewards", **again | {"points": "90"}).headers["Location"]
    (reward,) = known(engine, shop)[-1].programme.rewards
    assert (reward.name, reward.points) == ("Six off", 90)


def test_what_somebody_removed_is_put_back_only_when_asked_twice(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    form = opened(browser, "/rewards/rone")
    browser.post(f"{BASE}/rewards/rone/remove", based_on="2", sure="yes")
    shown = browser.post(f"{BASE}/rewards", **form | {"points": "90"})
    assert (shown.status_code, known(engine, shop)[-1].programme.rewards) == (409, ())
    again = shown_fields(shown.text)
    assert (again["name"], again["points"]) == ("Five off", "90")
    assert browser.post(f"{BASE}/rewards", **again).status_code == 303
    assert [one.points for one in known(engine, shop)[-1].programme.rewards] == [90]


def test_an_edit_of_a_plan_goes_into_the_plan_that_took_its_place(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    browser.post(f"{BASE}/rewards", **opened(browser, "/rewards/rone") | {"points": "90", "effective_on": day})
    plan = shown_fields(browser.page(f"{BASE}/rewards/rone", version="3"))
    browser.post(f"{BASE}/rewards", **plan | {"name": "Six off"})
    assert browser.post(f"{BASE}/rewards", **plan | {"value": "6"}).status_code == 303
    newest = known(engine, shop)[-1]
    (reward,) = newest.programme.rewards
    assert (reward.name, str(reward.model_dump()["value"]), reward.points) == ("Six off", "6", 90)
    assert newest.effective_from > datetime.now(UTC) + timedelta(days=7)
    assert known(engine, shop)[1].programme == programmes_now(engine, shop)


def programmes_now(engine: Engine, shop: ShopRow) -> Programme:
    with shop_transaction(engine, shop.id) as conn:
        return programmes.current(conn, shop.id, datetime.now(UTC)).programme


def test_an_edit_of_a_plan_that_was_withdrawn_never_comes_into_force_by_itself(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    browser.post(f"{BASE}/rewards", **opened(browser, "/rewards/rone") | {"points": "90", "effective_on": day})
    plan = shown_fields(browser.page(f"{BASE}/rewards/rone", version="3"))
    browser.post(f"{BASE}/versions/3/withdraw")
    shown = browser.post(f"{BASE}/rewards", **plan | {"name": "Six off"})
    assert (shown.status_code, len(known(engine, shop))) == (409, 3)
    assert "The version you were editing is no longer planned." in unescape(shown.text)
    again = shown_fields(shown.text)
    assert (again["name"], again["points"], again["based_on"]) == ("Six off", "90", "2")
