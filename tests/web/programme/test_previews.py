"""Beside each editor stands what shoppers see and what it costs, as it is typed; nothing is saved by it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from plugin.web.forms.referrals import form_of as referral_form
from plugin.web.forms.tiers import form_of
from tests.conftest import ShopRow
from tests.web.programme.test_tiers import buy
from tests.web.programme.test_ways import FIVE_OFF
from tests.web.session import Browser

BASE = "/app/programme"
REFERRALS = referral_form(Referrals())


def tiers() -> dict[str, str]:
    return form_of(PRESETS["yearly_spend"])


def versions(engine: Engine, shop: ShopRow) -> int:
    with shop_transaction(engine, shop.id) as conn:
        return len(programmes.versions(conn, shop.id))


def steps(page: str) -> list[str]:
    """The headings of the rows that the preview shows, changed ones with a star."""
    rows = re.findall(r'<div class="one( changed)?">(?:<span>)?<strong>([^<]+)</strong>', page)
    return [name + ("*" if changed else "") for changed, name in rows]


def test_the_ladder_is_shown_in_its_order_with_thresholds_and_benefits(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    typed = browser.post(f"{BASE}/tiers/preview", based_on="1", **tiers() | {"tiers.levels.0.perks": "A cake"}).text
    assert steps(typed) == ["Bronze*", "Silver*", "Gold*"]
    assert "$300.00" in typed and "<li>A cake</li>" in typed and "1.25" in typed
    assert versions(engine, shop) == 1
    with shop_transaction(engine, shop.id) as conn:
        assert programmes.current(conn, shop.id, datetime.now(UTC)).programme.tiers.levels == ()


def test_what_is_saved_is_shown_plainly_and_only_a_change_is_marked(browser: Browser) -> None:
    browser.post(f"{BASE}/tiers", based_on="1", **tiers())
    page = browser.page(f"{BASE}/tiers")
    assert steps(page.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')) == ["Bronze", "Silver", "Gold"]
    typed = browser.post(f"{BASE}/tiers/preview", based_on="2", **tiers() | {"tiers.levels.2.name": "Top"}).text
    assert steps(typed) == ["Bronze", "Silver", "Top*"]


def test_how_many_members_each_tier_would_hold_is_counted(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    buy(engine, shop, "350.00")
    typed = browser.post(f"{BASE}/tiers/preview", based_on="1", **tiers()).text
    found = re.findall(r"<p>(After saving[^<]+|[^<]+: \d+)</p>", typed)
    assert found == [
        "After saving, 1 member would be in these tiers:", "Bronze: 0", "Silver: 1", "Gold: 0", "No tier: 0",
    ]  # fmt: skip


def test_a_row_with_a_mistake_is_left_out_and_the_rest_is_shown(browser: Browser) -> None:
    typed = browser.post(f"{BASE}/tiers/preview", based_on="1", **tiers() | {"tiers.levels.1.enter": "much"}).text
    assert steps(typed) == ["Bronze*", "Gold*"]
    assert "Something is missing" in typed


@pytest.mark.parametrize("based_on", ["0", "999", "x", ""])
def test_a_preview_of_a_form_of_another_time_is_of_the_newest_version(browser: Browser, based_on: str) -> None:
    assert browser.post(f"{BASE}/tiers/preview", based_on=based_on, **tiers()).status_code == 200


def test_a_share_is_said_and_where_it_was(browser: Browser) -> None:
    typed = browser.post(f"{BASE}/tiers/preview", based_on="1", **tiers()).text
    assert "Members get back up to" in typed


def shown(browser: Browser, path: str, **form: str) -> str:
    """A preview in plain text, without styles."""
    answer = browser.post(f"{BASE}/{path}/preview", **{"based_on": "1"} | form)
    assert answer.status_code == 200
    text = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_campaign_of_next_week_is_shown_as_it_will_read_then(browser: Browser) -> None:
    rule = {"key": "r1", "kind": "campaign", "name": "Double weekend", "effect": "multiplier", "multiplier": "2"}
    rule |= {"first": "2030-01-05", "last": "2030-01-06", "subscription": "any", "sale": "any"}
    said = shown(browser, "orders", **rule)
    assert "Double weekend: 2× points until January 6, 2030" in said
    assert "Orders that it applies to give back up to" in said


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("activities", {"kind": "birthday", "id": "a1", "name": "Your day", "points": "50"}, "Your day"),
        ("activities", {"kind": "social", "id": "a1", "name": "", "points": "", "network": "instagram",
                        "deed": "follow", "url": ""}, "New activity"),
        ("automatic", {"trigger": "milestone", "id": "m1", "name": "Tenth order", "metric": "orders", "at": "10",
                       "points": "500", "mail": "yes"},
         "10 orders In the member&#39;s history, and in an email 500 points"),
        ("cashback", {"cashback.enabled": "yes", "cashback.percent": "5", "cashback.after_days": "14"},
         "Something is missing"),
        ("rules", {"part": "earning", "earning.points": "3", "earning.per_amount": "2", "welcome_points": "9",
                   "earning.award_on": "paid", "earning.pending_days": "0"},
         "Earn 3 points for every $2.00 you spend. Account created +9 points"),
        ("rules", {"part": "code", "next_order_code.enabled": "yes", "next_order_code.kind": "percent",
                   "next_order_code.value": "15", "next_order_code.valid_days": "30", "next_order_code.prefix": "X"},
         "Your code for the next order In the email of each order. Good for 30 days. 15% off"),
        ("referrals", REFERRALS, "Nothing. Inviting friends is switched off."),
        ("referrals", REFERRALS | {"referrals.enabled": "yes"}, "Your friend gets: 10% off. You get: 500 points."),
    ],
)  # fmt: skip
def test_each_editor_shows_what_members_see_of_what_is_typed(
    browser: Browser, engine: Engine, shop: ShopRow, path: str, form: dict[str, str], words: str
) -> None:
    assert words in shown(browser, path, **form)
    assert versions(engine, shop) == 1


def test_a_birthday_that_gives_as_much_as_an_order_is_warned_of(browser: Browser) -> None:
    day = {"kind": "birthday", "id": "a1", "name": "Day", "leap_day": "1 March"}
    assert "What it costs can&#39;t be said" in shown(browser, "activities", **day, points="10000")
    browser.post(f"{BASE}/rewards", based_on="1", **FIVE_OFF)
    said = shown(browser, "activities", **day, points="10000")
    assert "Costs about $500.00 each time. Look twice: that is as much as a usual order" in said
    assert "Look twice" not in shown(browser, "activities", **day, points="10")


def test_another_shops_programme_is_not_in_a_preview(browser: Browser, other_browser: Browser) -> None:
    browser.post(f"{BASE}/tiers", based_on="1", **tiers())
    assert "Bronze" not in other_browser.post(f"{BASE}/rules/preview", based_on="2", part="rules").text
