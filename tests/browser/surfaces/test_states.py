"""What surfaces show in the editor, with old tokens, before the launch, and to who reads from right to left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from plugin.store.database.db import shop_transaction
from plugin.store.shops import launches
from tests.browser.surfaces.conftest import Surfaces

pytestmark = pytest.mark.parametrize("seat", ["phone"], indirect=True)


@pytest.fixture
def asked(surfaces: Surfaces) -> Iterator[list[str]]:
    """What the page asks of the app."""
    found: list[str] = []
    app = surfaces.seat.stage.app_url
    surfaces.page.on("request", lambda one: found.append(one.url) if one.url.startswith(app) else None)
    yield found


def test_the_editor_shows_an_example_and_asks_nothing(surfaces: Surfaces, asked: list[str]) -> None:
    surfaces.checkout(surfaces.order["customer_id"])
    surfaces.frame("purchase.checkout")
    asked.clear()
    surfaces.page.goto(f"{surfaces.page.url.partition('?')[0]}?editor=1")
    expect(surfaces.frame("purchase.checkout").locator("s-section")).to_be_visible()
    for path, target in (("account/profile", "profile"), ("account/pages/account-rewards", "customer-account.page")):
        surfaces.page.goto(f"{surfaces.root}/{path}?editor=1")
        expect(surfaces.frame(target).locator("s-section").first).to_be_visible()
        assert surfaces.troubles() == []
    assert asked == []


def test_with_old_tokens_the_checkout_shows_nothing_and_the_account_says_so(surfaces: Surfaces) -> None:
    surfaces.seat.stage.sandbox.trouble.set(surface_token_expired=1)
    surfaces.checkout(surfaces.order["customer_id"])
    expect(surfaces.frame("purchase.checkout").locator("s-section, s-skeleton-paragraph")).to_have_count(0)
    surfaces.go("account/pages/account-rewards", surfaces.order["customer_id"])
    expect(surfaces.frame("customer-account.page").get_by_role("button", name="Try again").first).to_be_visible()
    surfaces.rest()
    assert all("401" in one for one in surfaces.seat.troubles)
    surfaces.seat.troubles.clear()


def test_before_the_launch_nobody_sees_anything_but_its_test_members(surfaces: Surfaces) -> None:
    stage, ana = surfaces.seat.stage, surfaces.order["customer_id"]
    stage.execute("UPDATE shops SET stage = 'draft', launched_at = NULL")
    for who in (ana, None):
        surfaces.checkout(who)
        expect(surfaces.frame("purchase.checkout").locator("s-section, s-skeleton-paragraph")).to_have_count(0)
    surfaces.go("account/profile", ana)
    expect(surfaces.frame("profile").locator("s-section, s-spinner, s-skeleton-paragraph")).to_have_count(0)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert launches.mark_test(conn, stage.shop_id, 1, test=True)
    surfaces.checkout(ana)
    expect(surfaces.frame("purchase.checkout").locator("s-section")).to_be_visible()
    surfaces.checkout(None)
    expect(surfaces.frame("purchase.checkout").locator("s-section, s-skeleton-paragraph")).to_have_count(0)
    surfaces.rest()
    assert all("403" in one for one in surfaces.seat.troubles)
    surfaces.seat.troubles.clear()


def test_who_reads_from_right_to_left_gets_pages_that_fit(surfaces: Surfaces) -> None:
    ana = surfaces.order["customer_id"]
    for path, target in (
        ("account/pages/account-rewards?locale=ar", "customer-account.page"),
        ("till?locale=ar", "till"),
    ):
        surfaces.go(path, ana)
        page = surfaces.page
        page.wait_for_load_state("networkidle")
        for frame in page.frames:
            assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), target
        assert page.frames[1].evaluate("document.documentElement.dir") == "rtl"
    assert surfaces.troubles() == []
