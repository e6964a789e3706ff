"""A bundle in the checkout and on the thank-you page, in a real browser."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import requests
from playwright.sync_api import Frame, Page, expect

from sandbox.run import Running
from sandbox.state import Shop
from sandbox.surfaces.extensions import every
from tests.sandbox.conftest import variants
from tests.sandbox.surfaces.conftest import Cors, frame_of
from tests.sandbox.test_discounts import MUG, code


@pytest.fixture
def address(hosting: Running, store: Shop) -> str:
    return f"{hosting.url}/shops/{store.domain}/checkout?lines={variants(store, MUG)[0]['id']}:1"


def said(frame: Frame, name: str) -> Any:
    """What the tiny extension wrote."""
    return json.loads(frame.locator(f"#{name}").inner_text())


def test_signals_follow_a_code_that_the_extension_adds_and_the_buyer_removes(
    browser_page: Page, address: str, store: Shop
):
    code(store, "SAVE")
    browser_page.goto(address)
    frame = frame_of(browser_page)
    whole = said(frame, "total")["amount"]
    frame.get_by_role("button", name="Use my code").click()
    expect(frame.locator("#result")).to_have_text('{"type":"success"}')
    assert said(frame, "codes") == [{"code": "SAVE"}]
    [allocation] = said(frame, "allocations")
    assert round(said(frame, "total")["amount"] + allocation["discountedAmount"]["amount"], 2) == whole
    expect(browser_page.locator("[data-sum=discount]")).to_be_visible()
    browser_page.get_by_role("button", name="Remove SAVE").click()
    expect(frame.locator("#codes")).to_have_text("[]")
    assert said(frame, "total")["amount"] == whole
    assert said(frame, "allocations") == []


def test_a_buyer_may_type_the_code_and_the_extension_sees_it(browser_page: Page, address: str, store: Shop):
    code(store, "SAVE")
    browser_page.goto(address)
    frame = frame_of(browser_page)
    browser_page.get_by_label("Discount code or gift card").fill("NOPE")
    browser_page.get_by_role("button", name="Apply").click()
    expect(browser_page.locator("#code-error")).to_have_text("Enter a valid discount code or gift card")
    browser_page.get_by_label("Discount code or gift card").fill("SAVE")
    browser_page.get_by_role("button", name="Apply").click()
    expect(frame.locator("#codes")).to_have_text('[{"code":"SAVE"}]')
    frame.get_by_role("button", name="Take it off").click()
    expect(frame.locator("#codes")).to_have_text("[]")


@pytest.mark.parametrize(
    ("locale", "words", "money"),
    [
        ("en", ["Hello Ana", "1 point", "2 points", "Only in English"], "₱1,234.50"),
        ("fr-CA", ["Bonjour Ana", "1 point ", "2 points!", "Only in English"], "1 234,50 ₱"),
    ],
)
def test_texts_are_the_extensions_own_in_the_buyers_language(
    browser_page: Page, address: str, locale: str, words: list[str], money: str
):
    browser_page.goto(f"{address}&locale={locale}")
    frame = frame_of(browser_page)
    assert said(frame, "words") == words
    assert frame.locator("#money").inner_text().replace("\u202f", "\u00a0").replace("\u00a0", " ").startswith(money[:8])
    assert frame.locator("html").get_attribute("data-troubles") is None


def test_calls_go_to_the_app_from_a_frame_without_an_origin_and_need_its_leave(
    browser_page: Page, address: str, called: Cors
):
    browser_page.goto(address)
    frame = frame_of(browser_page)
    frame.get_by_role("button", name="Ask the app").click()
    expect(frame.locator("#answer")).to_have_text("200 pong")
    assert called.calls() == [("OPTIONS", "/shopper/v1/me"), ("GET", "/shopper/v1/me")]
    assert {origin for _, _, origin, _ in called.asked} == {"null"}
    assert called.asked[1][3].startswith("Bearer ey")
    called.allows = False
    frame.get_by_role("button", name="Ask the app").click()
    expect(frame.locator("#answer")).to_have_text("failed: Failed to fetch")


def test_the_editor_settings_and_storage_are_there(browser_page: Page, address: str, store: Shop, hosting: Running):
    browser_page.goto(f"{address}&editor=1")
    frame = frame_of(browser_page)
    assert frame.locator("#editor").inner_text() == "none"
    assert said(frame, "settings") == {}
    browser_page.get_by_text("Try", exact=True).click()
    browser_page.get_by_label("heading").fill("Points")
    browser_page.get_by_label("least").fill("3")
    browser_page.get_by_role("button", name="Set", exact=True).click()
    frame = frame_of(browser_page)
    expect(frame.locator("#settings")).to_have_text('{"heading":"Points","least":3}')
    frame.get_by_role("button", name="Keep").click()
    expect(frame.locator("#kept")).to_have_text('{"n":1}')
    browser_page.goto(f"{browser_page.url.partition('?')[0]}?editor=1")
    expect(frame_of(browser_page).locator("#editor")).to_have_text("checkout")


def test_the_thank_you_page_names_the_order_and_can_change_nothing(browser_page: Page, address: str, store: Shop):
    browser_page.goto(address)
    frame_of(browser_page)
    browser_page.get_by_label("Email").fill("ana@example.com")
    browser_page.get_by_role("button", name="Pay now").click()
    expect(browser_page.get_by_role("heading", name="Thank you!")).to_be_visible()
    frame = frame_of(browser_page)
    [order] = store.order.values()
    confirmation = said(frame, "order")
    assert confirmation["order"] == {"id": f"gid://shopify/Order/{order['id']}"}
    assert frame.locator("#checkout").inner_text() == order["checkout_token"]
    assert frame.locator("#can").inner_text() == "undefined"


def test_the_address_of_the_app_in_a_bundle_is_where_the_app_is_now(hosting: Running, called: Cors):
    [tiny] = every(hosting.options.extensions_dir)
    script = tiny.script("purchase.checkout.block.render", called.url)
    assert f"const APP = '{called.url}'" in script
    assert "app.example" not in script
    assert tiny.script("purchase.cart.block.render", called.url) == ""


def test_an_extension_is_called_by_its_name_in_the_readers_language(hosting: Running):
    [tiny] = every(hosting.options.extensions_dir)
    assert [tiny.label(locale) for locale in ("en", "fr-CA", "fil")] == ["Tiny", "Minuscule", "Tiny"]
    assert replace(tiny, name="t:only.english").label("en") == "Only in English"
    assert replace(tiny, name="t:only.missing").label("en") == "tiny"
    assert replace(tiny, name="Plain").label("en") == "Plain"


def test_a_link_on_the_shops_own_host_leads_into_the_only_shop(hosting: Running, store: Shop):
    address = f"{hosting.url}/apps/suki/r/abc?x=1"
    answer = requests.get(address, allow_redirects=False, timeout=5)
    assert answer.headers["Location"] == f"/shops/{store.domain}/apps/suki/r/abc?x=1"
    hosting.shop("another.myshopify.com")
    assert requests.get(address, timeout=5).status_code == 404
