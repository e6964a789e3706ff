"""Versions in the panel: planned and withdrawn, published again, compared, and begun from a preset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.rules.rewards.money_rewards import NEEDS
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.programme.redeem.rewards import KINDS
from plugin.web.forms.rules import form_of
from plugin.web.panel import TABS
from tests.conformance.polaris import problems
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import FIVE_OFF
from tests.web.session import Browser

DAY = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()


def known(engine: Engine, shop: ShopRow) -> list[Version]:
    with shop_transaction(engine, shop.id) as conn:
        return programmes.versions(conn, shop.id)


def save(browser: Browser, based_on: int, expected: int = 303, **fields: str) -> str:
    form = {**form_of(Programme()), "based_on": str(based_on), "effective_on": "", **fields}
    answer = browser.post("/app/programme", **form)
    assert answer.status_code == expected, answer.text
    return answer.text if expected != 303 else answer.headers["Location"]


def test_a_version_can_be_planned_looked_at_changed_and_withdrawn(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert "version=2" in save(browser, 1, welcome_points="10", effective_on=DAY)
    page = browser.page("/app/programme/earning")
    assert "Version 2 is planned for" in page
    assert 'name="based_on" value="1"' in page
    plan = browser.page("/app/programme/earning", version="2")
    assert 'name="based_on" value="2"' in plan
    assert 'name="effective_on" label="Takes effect"' in plan
    assert f'value="{DAY}"' in plan
    assert 'value="10"' in plan
    save(browser, 2, welcome_points="20", effective_on=DAY)
    versions = browser.page("/app/programme/versions")
    assert versions.count(">Planned</s-badge>") == 1
    assert versions.count(">Withdrawn</s-badge>") == 1
    assert 'href="/app/programme/versions/3/withdraw' in versions
    asked = browser.page("/app/programme/versions/3/withdraw")
    assert "take effect" in asked
    assert "Withdraw version" in asked
    assert problems(asked) == []
    assert programmes.planned(known(engine, shop), datetime.now(UTC)) is not None
    assert browser.get("/app/programme/versions/1/withdraw").status_code == 422
    assert browser.post("/app/programme/versions/3/withdraw").status_code == 303
    assert "is no longer planned" in browser.get("/app/programme/versions/3/withdraw").text
    assert browser.post("/app/programme/versions/3/withdraw").status_code == 422
    assert browser.post("/app/programme/versions/1/withdraw").status_code == 422
    assert programmes.planned(known(engine, shop), datetime.now(UTC)) is None
    assert "is planned for" not in browser.page("/app/programme/rules")


def test_a_day_that_cannot_be_is_named_at_its_field(browser: Browser) -> None:
    page = save(browser, 1, 422, welcome_points="10", effective_on="2020-01-01")
    assert 'error="Enter a date from today to two years from now."' in page


MORE = ("order_rules", "campaigns", "activities", "automatic", "cashback", "expiry")
"""Pages of the programme that are no tabs."""


def test_every_page_of_the_programme_says_that_a_version_is_planned(browser: Browser, app: Flask) -> None:
    save(browser, 1, welcome_points="10", effective_on=DAY)
    endpoints = {*TABS["programme"], *MORE}
    paths = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in endpoints]
    assert len(paths) == len(endpoints) == 11
    for path in paths:
        assert "Version 2 is planned for" in browser.page(path), path
        assert "This is version 2, planned for" in browser.page(path, version="2"), path


def test_lists_of_the_planned_version_stay_in_it(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF).status_code == 303
    save(browser, 2, welcome_points="10", effective_on=DAY)
    page = browser.page("/app/programme/rewards", version="3")
    (reward,) = known(engine, shop)[2].programme.rewards
    assert f"/app/programme/rewards/{reward.id}?shop={shop.domain}&amp;version=3" in page
    assert page.count("version=3") == 2
    assert browser.page("/app/programme/rewards/add", version="3").count("version=3") == 1 + len(KINDS)
    asked = browser.post(f"/app/programme/rewards/{reward.id}/remove", based_on="3").text
    assert asked.count(f"/app/programme/rewards?shop={shop.domain}&amp;version=3") == 2
    paused = browser.post(f"/app/programme/rewards/{reward.id}/pause", based_on="3")
    assert "version=4" in paused.headers["Location"]
    assert [version.programme.rewards[0].active for version in known(engine, shop)[1:]] == [True, True, False]


def test_an_old_version_is_published_again_after_a_look_at_what_changes(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    save(browser, 1, welcome_points="10")
    page = browser.page("/app/programme/review", again="1")
    assert "Welcome points" in page
    assert browser.post("/app/programme/review?again=1", based_on="2", note="Back").status_code == 303
    versions = known(engine, shop)
    assert len(versions) == 3
    assert (versions[2].programme, versions[2].note) == (versions[0].programme, "Back")
    again = browser.post("/app/programme/review?again=1", based_on="2")
    assert "done=saved" in again.headers["Location"]
    assert len(known(engine, shop)) == 3


def test_a_whole_programme_replaces_only_what_was_looked_at(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    save(browser, 1, welcome_points="10")
    save(browser, 2, welcome_points="20")
    answer = browser.post("/app/programme/review?again=1", based_on="2", note="Back")
    assert (answer.status_code, len(known(engine, shop))) == (409, 3)
    assert "The programme has changed since you opened this page" in answer.text
    assert 'name="based_on" value="3"' in answer.text
    assert "<s-table-cell>20</s-table-cell>" in answer.text
    assert browser.post("/app/programme/review?again=1", based_on="3").status_code == 303


def test_two_versions_are_compared_in_words(browser: Browser) -> None:
    save(browser, 1, welcome_points="10", points_name="beans")
    page = browser.page("/app/programme/compare", old="1", new="2")
    assert "<s-table-cell>Name for points</s-table-cell>" in page
    assert "<s-table-cell>beans</s-table-cell>" in page
    assert "These versions are the same." in browser.page("/app/programme/compare", old="2", new="2")
    assert browser.get("/app/programme/compare", old="1", new="99").status_code == 404


def test_a_preset_is_offered_shown_and_saved(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "Points and tiers" in browser.page("/app/programme")
    page = browser.page("/app/programme/review", preset="tiers")
    assert "Tier “Gold”" in page
    assert len(known(engine, shop)) == 1
    assert browser.post("/app/programme/review?preset=tiers", based_on="1", note="").status_code == 303
    assert len(known(engine, shop)[1].programme.tiers.levels) == 3
    assert "Points and tiers" not in browser.page("/app/programme")


def test_cashback_is_begun_from_a_preset_once_the_shop_allows_store_credit(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert "Your shop needs to allow store credit." in browser.page("/app/programme")
    with shop_transaction(engine, shop.id) as conn:
        shops.describe(conn, shop.id, {"scopes": ["read_orders"]})
    page = browser.page("/app/programme/review", preset="cashback")
    assert 'data-request-scopes="read_store_credit_accounts,write_store_credit_account_transactions"' in page
    assert problems(page) == []
    refused = browser.post("/app/programme/review?preset=cashback", based_on="1", note="")
    assert refused.status_code == 422
    assert "Your shop needs to allow this first" in refused.text
    assert len(known(engine, shop)) == 1
    with shop_transaction(engine, shop.id) as conn:
        shops.describe(conn, shop.id, {"scopes": ["read_orders", *NEEDS["store_credit"]]})
    assert "data-request-scopes" not in browser.page("/app/programme/review", preset="cashback")
    assert browser.post("/app/programme/review?preset=cashback", based_on="1", note="").status_code == 303
    begun = known(engine, shop)[1].programme
    assert (begun.cashback.enabled, begun.cashback.percent, begun.cashback.after_days) == (True, 5, 14)
    assert (begun.earning.points, begun.rewards) == (0, ())


def test_what_does_not_exist_is_not_reviewed(browser: Browser) -> None:
    for query in ({}, {"preset": "gold"}, {"again": "0"}, {"again": "99"}, {"again": "x"}):
        assert browser.get("/app/programme/review", **query).status_code == 404


def test_another_shops_versions_are_not_there(browser: Browser, other_browser: Browser) -> None:
    save(browser, 1, welcome_points="10")
    assert other_browser.get("/app/programme/review", again="2").status_code == 404
    assert other_browser.post("/app/programme/versions/2/withdraw").status_code == 422


def test_what_would_change_is_shown_and_nothing_is_saved(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    page = save(browser, 1, 200, **{"earning.points": "3", "only_look": "yes", "note": "Spring"})
    assert "What would change" in page
    assert "There are no orders to compare yet." in page
    assert 'value="Spring"' in page
    assert 'name="based_on" value="1"' in page
    assert problems(page) == []
    assert len(known(engine, shop)) == 1
    with shop_transaction(engine, shop.id) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM staff_log").scalar_one() == 0


def test_a_look_at_a_form_with_a_mistake_names_the_mistake(browser: Browser) -> None:
    page = save(browser, 1, 422, welcome_points="-1", only_look="yes")
    assert 'error="Enter 0 or more."' in page


def test_a_look_at_tiers_is_shown_above_the_form_as_it_was_typed(browser: Browser) -> None:
    fields = {"tiers.metric": "spend", "tiers.window": "calendar", "tiers.validity": "next_year",
              "tiers.downgrade": "earned", "tiers.window_days": "365", "tiers.validity_days": "365",
              "tiers.grace_days": "0", "tiers.levels.0.name": "Gold", "tiers.levels.0.enter": "20"}  # fmt: skip
    answer = browser.post("/app/programme/tiers", **fields, based_on="1", only_look="yes")
    assert answer.status_code == 200, answer.text
    assert "There are no orders to compare yet." in answer.text
    assert problems(answer.text) == []


def test_what_only_pauses_is_left_out_of_the_list_until_it_is_asked_for(browser: Browser) -> None:
    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF | {"id": "rone"})
    for number, what in ((2, "pause"), (3, "resume"), (4, "pause")):
        browser.post(f"/app/programme/rewards/rone/{what}", based_on=str(number))
    page = browser.page("/app/programme/versions")
    assert re.findall(r'entry-points">(\d+)<', page) == ["5", "2", "1"]
    assert "Show 2 versions that only paused or resumed something" in page
    everything = browser.page("/app/programme/versions", all="yes")
    assert re.findall(r'entry-points">(\d+)<', everything) == ["5", "4", "3", "2", "1"]
