"""The till: its cart, its connection, its tokens, and what an extension may do there."""

from __future__ import annotations

import json

import pytest
import requests
from playwright.sync_api import Frame, Page, expect

from sandbox.run import Running
from sandbox.shop.staff import OWNER
from sandbox.state import Shop
from tests.sandbox.surfaces.conftest import Cors, frame_of
from tests.sandbox.test_discounts import MUG, code


@pytest.fixture
def till(browser_page: Page, hosting: Running, store: Shop) -> Page:
    browser_page.goto(f"{hosting.url}/shops/{store.domain}/till")
    frame_of(browser_page)
    return browser_page


def modal(page: Page) -> Frame:
    """Press the tile; the frame of what opens."""
    frame_of(page).get_by_role("button").click()
    element = page.wait_for_selector("#modal iframe")
    frame = element.content_frame() if element else None
    assert frame is not None
    frame.wait_for_selector("html[data-begun]")
    return frame


def test_a_code_is_added_at_the_till_and_the_sale_carries_it(till: Page, store: Shop):
    code(store, "SAVE")
    till.get_by_role("button", name=MUG).click()
    expect(till.locator(".cart-lines")).to_contain_text("1 × Stoneware mug")
    inside = modal(till)
    inside.get_by_role("button", name="Use code").click()
    expect(inside.locator("#discounts")).to_contain_text('"discountDescription":"SAVE"')
    inside.get_by_role("button", name="Done").click()
    expect(till.locator(".toast")).to_have_text("Applied")
    expect(till.locator("#modal")).to_be_hidden()
    till.locator("[data-pay]").click()
    till.wait_for_url("**/till/orders/*")
    [order] = store.order.values()
    assert (order["source"], [one["code"] for one in order["codes"]]) == ("pos", ["SAVE"])
    expect(frame_of(till).locator("#sold")).to_have_text(
        json.dumps({"id": order["id"], "name": order["name"]}, separators=(",", ":"))
    )


def test_a_code_that_does_not_fit_is_no_discount_of_the_cart(till: Page, store: Shop):
    code(store, "SAVE", minimumRequirement={"quantity": {"greaterThanOrEqualToQuantity": "5"}})
    till.get_by_role("button", name=MUG).click()
    inside = modal(till)
    inside.get_by_role("button", name="Use code").click()
    expect(till.locator("[data-code=SAVE]")).to_contain_text("not used")
    expect(inside.locator("#discounts")).to_have_text("[]")


def test_calls_by_path_go_to_the_app_with_a_token_of_staff(till: Page, called: Cors):
    inside = modal(till)
    assert (inside.locator("#staff").inner_text(), inside.locator("#token").inner_text()) == (str(OWNER), "token")
    inside.get_by_role("button", name="Ask the app").click()
    expect(inside.locator("#answer")).to_have_text("200 pong")
    assert called.calls() == [("OPTIONS", "/staff/v1/members"), ("GET", "/staff/v1/members")]
    assert called.asked[1][3].startswith("Bearer ey")


def test_without_a_connection_nothing_is_asked_and_without_access_there_is_no_token(
    till: Page, called: Cors, hosting: Running
):
    hosting.trouble.set(till_no_access=1)
    till.get_by_label("Offline").check()
    inside = modal(till)
    assert inside.locator("#token").inner_text() == "no token"
    expect(inside.locator("#net")).to_have_text('{"internetConnected":"Disconnected"}')
    inside.get_by_role("button", name="Ask the app").click()
    expect(inside.locator("#answer")).to_have_text("failed: Failed to fetch")
    assert called.asked == []


def test_the_customer_and_what_is_scanned_reach_the_extension(till: Page, hosting: Running, store: Shop):
    ana = hosting.box.enrol(store, first_name="Ana", last_name="Cruz", email="ana@example.com")
    root = f"{hosting.url}/shops/{store.domain}/till"
    said = requests.post(f"{root}/cart/setCustomer.json", json={"given": [{"id": ana["id"]}]}, timeout=5).json()
    assert said["state"]["cart.current"]["customer"] == {"id": ana["id"]}
    till.reload()
    expect(frame_of(till).get_by_role("button")).to_contain_text(f"customer {ana['id']}")
    inside = modal(till)
    till.evaluate(
        "document.querySelector('#scan input').value = 'SUKI-1'; document.querySelector('#scan').requestSubmit()"
    )
    expect(inside.locator("#scanned")).to_have_text('{"data":"SUKI-1","source":"camera"}')


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("setCustomer", [{"id": 1}]),
        ("addLineItem", [1, 1]),
        ("applyCartDiscount", ["Percentage", "x", "5"]),
        ("bulkCartUpdate", [{}]),
        ("pay", []),
    ],
)
def test_what_the_till_cannot_do_it_says_and_changes_nothing(
    hosting: Running, store: Shop, name: str, given: list[object]
):
    root = f"{hosting.url}/shops/{store.domain}/till"
    said = requests.post(f"{root}/cart/{name}.json", json={"given": given}, timeout=5).json()
    assert set(said) == {"error"}
    kept = store.till.get("1")
    assert kept is None or (kept["lines"], kept["codes"], kept["customer_id"]) == ([], [], None)
