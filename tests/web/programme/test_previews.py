"""Beside each editor stands what shoppers see and what it costs, as it is typed; nothing is saved by it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from plugin.web.forms.tiers import form_of
from tests.conftest import ShopRow
from tests.web.programme.test_tiers import buy
from tests.web.session import Browser

BASE = "/app/programme"


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
