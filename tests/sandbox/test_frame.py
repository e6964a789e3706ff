"""The admin frame with its stand-ins, in a real browser, at desktop and phone width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from sandbox import run
from sandbox.pages.server import WebServer
from tests.sandbox.conftest import DOMAIN
from tests.sandbox.embedded_app import make


@pytest.fixture(scope="module")
def posts() -> list[dict[str, Any]]:
    return []


@pytest.fixture(scope="module")
def home(posts: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    directory: Path = tmp_path_factory.mktemp("frame")
    local = run.start(data_dir=directory)
    embedded = WebServer("127.0.0.1", 0, make(posts, local.url))
    embedded.start()
    local.options.app_url = f"http://127.0.0.1:{embedded.port}"
    local.shop(DOMAIN, currency="PHP", name="Lakan")
    yield f"{local.url}/shops/{DOMAIN}/admin/apps/suki"
    embedded.stop()
    local.stop()


@pytest.fixture(params=[1280, 390])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": request.param, "height": 800})
    page.set_default_timeout(5_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def app(page: Page) -> FrameLocator:
    return page.frame_locator("#app")


def test_links_and_menu_load_documents_with_a_fresh_token(page: Page, home: str):
    page.goto(home)
    app(page).get_by_role("link", name="To the members").click()
    expect(app(page).get_by_role("heading", name="Members")).to_be_visible()
    expect(page).to_have_url(f"{home}/app/members")
    assert "id_token=" in page.frames[1].url
    if page.viewport_size and page.viewport_size["width"] < 720:
        page.locator("#menu").click()
    expect(page.locator("#app-links a[aria-current]")).to_have_text("Members")
    expect(page.locator("#app-links a")).to_have_text(["Members", "Programme"])
    page.locator("#app-links a", has_text="Programme").click()
    expect(app(page).get_by_role("heading", name="Programme")).to_be_visible()


def test_a_deep_address_and_the_patch_page_lead_to_the_page(page: Page, home: str):
    page.goto(f"{home}/patch?shopify-reload=/app/members")
    expect(app(page).get_by_role("heading", name="Members")).to_be_visible()
    expect(page).to_have_url(f"{home}/app/members")


def test_a_row_opens_what_it_is_about_and_a_modal_closes(page: Page, home: str):
    page.goto(f"{home}/app/members")
    app(page).get_by_role("button", name="Remove").click()
    expect(app(page).get_by_text("Gone is gone.")).to_be_visible()
    app(page).get_by_role("button", name="Keep").click()
    expect(app(page).get_by_text("Gone is gone.")).to_be_hidden()
    app(page).get_by_text("120").click()
    expect(app(page).get_by_role("heading", name="Programme")).to_be_visible()


def test_nothing_is_wider_than_the_screen(page: Page, home: str):
    for path in ("app", "app/members", "app/programme"):
        page.goto(f"{home}/{path}")
        expect(app(page).get_by_role("heading").first).to_be_visible()
        for frame in page.frames:
            assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_save_bar_sends_every_field_and_repeats_after_401(page: Page, home: str, posts: list[dict[str, Any]]):
    posts.clear()
    page.goto(f"{home}/app/programme")
    expect(page.locator("#savebar")).to_be_hidden()
    app(page).get_by_label("Points").fill("3")
    expect(page.locator("#savebar")).to_be_visible()
    app(page).get_by_label("Rounding").select_option("floor")
    app(page).get_by_label("Few").check()
    app(page).get_by_label("POS").uncheck()
    app(page).get_by_label("Text").fill("Salamat po")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(page.locator("#savebar")).to_be_hidden()
    wanted = [
        ("rate", "3"),
        ("rounding", "floor"),
        ("tax", "on"),
        ("who", "few"),
        ("where", "web"),
        ("text", "Salamat po"),
    ]
    assert [post["form"] for post in posts] == [wanted, wanted]
    first, second = (post["auth"] for post in posts)
    assert first.startswith("Bearer ")
    assert first != second


def test_discarding_puts_the_old_values_back(page: Page, home: str):
    page.goto(f"{home}/app/programme")
    app(page).get_by_label("Points").fill("9")
    app(page).get_by_label("Count tax").uncheck()
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#savebar")).to_be_hidden()
    expect(app(page).get_by_label("Points")).to_have_value("2")
    expect(app(page).get_by_label("Count tax")).to_be_checked()
