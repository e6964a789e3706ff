"""Every page: it is there, Polaris understands it, it is small, and it says what is so."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, url_for
from sqlalchemy import Engine

from plugin.actions.reports.recount_facts import RECOUNTED
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.web import admin, panel
from tests.conformance.polaris import problems
from tests.conftest import ShopRow
from tests.web.figures import NOW
from tests.web.session import Browser

ADMIN = Path(str(admin.__file__)).parent
TABS = [endpoint for entry in panel.ENTRIES for endpoint in entry.tabs]


@pytest.mark.parametrize("endpoint", TABS)
def test_a_page_of_a_new_shop_is_there(app: Flask, browser: Browser, endpoint: str) -> None:
    with app.test_request_context():
        path = url_for(endpoint)
        section = next(entry.tabs for entry in panel.ENTRIES if endpoint in entry.tabs)
        tabs = [url_for(each) for each in section] if len(section) > 1 else []
    page = browser.page(path)
    assert [each for each in tabs if f'href="{each}?' not in page] == []


def test_every_page_has_a_way_in(app: Flask) -> None:
    """Each address without a number or name in it is a tab, or linked from some page, or from Shopify's admin."""
    by_shopify = {
        target["url"]
        for toml in (Path(__file__).parents[2] / "extensions").glob("*/shopify.extension.toml")
        for extension in tomllib.loads(toml.read_text()).get("extensions", [])
        for target in extension.get("targeting", [])
        if "url" in target
    }
    templates = "".join(path.read_text() for path in (ADMIN.parent / "templates").rglob("*.html"))
    code = "".join(path.read_text() for path in ADMIN.rglob("*.py"))
    pages = {
        rule.endpoint for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/app") and "GET" in (rule.methods or ()) and not rule.arguments
        and rule.rule not in by_shopify
    }  # fmt: skip
    linked = set(re.findall(r"(?:link|url_for|search_form|filters|older|go)\(\s*['\"](\w+)['\"]", templates + code))
    assert pages - set(TABS) - linked == set()


def test_every_file_of_a_page_is_in_the_list() -> None:
    listed = {Path(str(page.__file__)) for entry in panel.ENTRIES for page in entry.pages}
    listed |= {Path(str(page.__file__)) for page in panel.BESIDE}
    files = {path for path in ADMIN.rglob("*.py") if "def register(app: Flask) -> None" in path.read_text()}
    assert files - listed == set()


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/app/programme/rewards/rnone", "Back to Redeem"),
        ("/app/programme/automatic/anone", "Back to Automatic"),
        ("/app/programme/orders/rules/none", "Back to Order rules"),
        ("/app/redemptions/99", "Back to Redemptions"),
        ("/app/members/99", "Back to Members"),
        ("/app/nowhere", "Go to Home"),
    ],
)
def test_what_is_not_there_leads_back_to_its_list(browser: Browser, path: str, back: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert problems(answer.text) == []
    assert back in answer.text


def test_versions_are_listed_twenty_at_a_time(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        for points in range(1, 24):
            programmes.add(conn, shop.id, Programme(welcome_points=points), "suki", "", NOW, NOW)
    first = browser.page("/app/programme/versions")
    older = re.search(r"before=(\d+)", first)
    assert older is not None
    assert (first.count('class="entry-points"'), older[1]) == (20, "5")
    rest = browser.page("/app/programme/versions", before=older[1])
    assert (rest.count('class="entry-points"'), "The first version" in rest, "before=" in rest) == (4, True, False)


def test_home_says_that_figures_were_corrected_for_a_week(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    def recounted(at: datetime, wrong: int) -> str:
        found = {"at": at.isoformat(), "orders": 200, "members": 180, "wrong_orders": wrong, "wrong_members": 0}
        with shop_transaction(engine, shop.id) as conn:
            shops.merge_settings(conn, shop.id, {RECOUNTED: found})
        return browser.page("/app")

    words = "The nightly check found 3 wrong figures among 380 and corrected them."
    assert words in recounted(datetime.now(UTC) - timedelta(days=6), 3)
    assert words not in recounted(datetime.now(UTC) - timedelta(days=8), 3)
    assert "Figures for reports" not in recounted(datetime.now(UTC), 0)


def test_every_empty_state_has_a_picture_of_its_own() -> None:
    pages = Path(__file__).parents[2] / "plugin" / "web" / "templates" / "admin"
    found = {page: page.read_text().split("<s-empty-state")[1:] for page in pages.rglob("*.html")}
    empty = {page: parts for page, parts in found.items() if parts}
    assert len(empty) > 20
    bare = [page.name for page, parts in empty.items() if not all("{{ pic.picture('" in part[:600] for part in parts)]
    assert bare == []
