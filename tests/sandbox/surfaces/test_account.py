"""The account: full pages with addresses of their own, and an order for who is signed in or came from its mail."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from sandbox import clock
from sandbox.run import Running
from sandbox.shop import people
from sandbox.state import Record, Shop
from sandbox.webhooks.payloads import order_body
from tests.sandbox.surfaces.conftest import Cors, frame_of
from tests.sandbox.surfaces.test_tokens import read
from tests.sandbox.test_discounts import buy


@pytest.fixture
def order(hosting: Running, store: Shop) -> Record:
    return buy(hosting, store)


def entered(page: Page, hosting: Running, store: Shop, order: Record, path: str) -> Any:
    """Sign in as the order's customer and go there; the frame."""
    back = f"/shops/{store.domain}/{path}"
    page.goto(f"{hosting.url}/shops/{store.domain}/surfaces/sign-in?customer={order['customer_id']}&back={back}")
    return frame_of(page)


def test_a_full_page_goes_from_address_to_address_and_back(
    browser_page: Page, hosting: Running, store: Shop, order: Record
):
    here = f"{hosting.url}/shops/{store.domain}/account"
    frame = entered(browser_page, hosting, store, order, "account/pages/tiny")
    expect(frame.locator("#where")).to_have_text("extension:/")
    assert frame.locator("#who").inner_text() == f"gid://shopify/Customer/{order['customer_id']}"
    frame.get_by_role("button", name="History").click()
    expect(frame.locator("#where")).to_have_text("extension:/history")
    expect(browser_page).to_have_url(f"{here}/pages/tiny?path=%2Fhistory")
    browser_page.go_back()
    expect(frame.locator("#where")).to_have_text("extension:/")
    frame.get_by_role("link", name="Deep").click()
    expect(browser_page).to_have_url(f"{here}/pages/tiny?path=%2Fdeep")
    browser_page.reload()
    expect(frame_of(browser_page).locator("#where")).to_have_text("extension:/deep")
    frame_of(browser_page).get_by_role("button", name="Orders").click()
    expect(browser_page).to_have_url(f"{here}/orders")
    expect(browser_page.get_by_role("link", name=order["name"])).to_be_visible()


def test_who_is_signed_in_sees_the_whole_order(browser_page: Page, hosting: Running, store: Shop, order: Record):
    frame = entered(browser_page, hosting, store, order, f"account/orders/{order['id']}")
    assert frame.locator("#state").inner_text() == "fully_authenticated"
    assert frame.locator("#email").inner_text() == "ana@example.com"


def test_a_link_from_the_mail_shows_the_order_and_names_nobody(
    browser_page: Page, hosting: Running, store: Shop, order: Record, called: Cors
):
    address = order_body(store, order)["order_status_url"]
    browser_page.goto(address.replace(f"https://{store.domain}/", f"{hosting.url}/shops/{store.domain}/"))
    frame = frame_of(browser_page)
    assert frame.locator("#state").inner_text() == "pre_authenticated"
    assert (frame.locator("#order").inner_text(), frame.locator("#email").inner_text()) == (order["name"], "none")
    frame.get_by_role("button", name="Ask the app").click()
    expect(frame.locator("#answer")).to_have_text("200 pong")
    claims = read(hosting, called.asked[-1][3].removeprefix("Bearer "))
    assert "sub" not in claims
    frame.get_by_role("button", name="Sign in").click()
    browser_page.wait_for_url("**/customer_authentication/login?return_to=*")


def test_an_order_is_shown_to_nobody_else(hosting: Running, store: Shop, order: Record):
    other = hosting.box.enrol(store, first_name="Ben", last_name="Go", email="ben@example.com")
    here = f"{hosting.url}/shops/{store.domain}"
    path = f"{here}/account/orders/{order['id']}"
    assert "/customer_authentication/login" in requests.get(path, timeout=5).url
    assert requests.get(path, cookies={"customer": str(other["id"])}, timeout=5).status_code == 404
    assert requests.get(f"{path}?key=guessed", cookies={"customer": str(other["id"])}, timeout=5).status_code == 404
    wrong = f"{here}/{store.settings['shop_id']}/orders/guessed/authenticate?key=guessed"
    assert requests.get(wrong, timeout=5).status_code == 404


def test_who_is_signed_in_stands_in_every_list_however_many_came_later(hosting: Running, store: Shop, order: Record):
    at = clock.now()
    later = [
        people.enrol(store, at, first_name="Later", last_name="One", email=f"later{number}@example.com")["id"]
        for number in range(200)
    ]
    known, home = str(order["customer_id"]), f"{hosting.url}/shops/{store.domain}"
    cookies, chosen = {"customer": known}, re.compile(r'<option value="(\d+)" selected>')
    listed = re.compile(r'<option value="(\d+)"')
    account = requests.get(f"{home}/account/orders", cookies=cookies, timeout=5).text
    assert chosen.findall(account) == [known]
    assert listed.findall(account) == [*map(str, reversed(later[-100:])), known]
    shop_page = requests.get(f"{home}/", params={"customer": known}, timeout=5).text
    assert chosen.findall(shop_page) == [known]
    as_later = requests.get(f"{home}/account/orders", cookies={"customer": str(later[-1])}, timeout=5).text
    assert known not in listed.findall(as_later)
