"""Points are spent at the till, and the sale carries the code."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stage import DOMAIN
from tests.browser.surfaces.conftest import Surfaces
from tests.browser.surfaces.test_redeeming import standing

pytestmark = pytest.mark.parametrize("seat", ["phone"], indirect=True)


def test_points_are_spent_at_the_till_and_the_sale_carries_the_code(surfaces: Surfaces) -> None:
    before = standing(surfaces)
    page = surfaces.go(f"till/customers/{surfaces.order['customer_id']}")
    page.get_by_role("button", name="Add to the cart").click()
    expect(page.locator("#cart")).to_contain_text("Ana Reyes")
    page.goto(f"{surfaces.root}/till")
    page.locator("[data-add]").first.click()
    surfaces.frame("home.tile").get_by_role("button").click()
    frame = surfaces.frame("home.modal")
    frame.get_by_role("button", name="Redeem 5 off").click()
    frame.get_by_role("button", name="Redeem and add to the sale").click()
    surfaces.seat.stage.settle()
    expect(page.locator("#cart [data-code]")).to_contain_text("−PHP 5.00")
    [code] = standing(surfaces) - before
    page.locator("#modal [data-close]").click()
    page.locator("[data-pay]").click()
    page.wait_for_url("**/till/orders/*")
    surfaces.seat.stage.settle()
    order = max(surfaces.seat.stage.sandbox.shop(DOMAIN).order.values(), key=lambda one: one["id"])
    assert (order["source"], [one["code"] for one in order["codes"]]) == ("pos", [code])
    assert code not in standing(surfaces)
    assert surfaces.troubles() == []


def test_a_till_without_connection_or_access_says_so_and_guesses_no_balance(surfaces: Surfaces) -> None:
    trouble = surfaces.seat.stage.sandbox.trouble
    trouble.set(till_offline=1)
    surfaces.go("till")
    tile = surfaces.frame("home.tile").get_by_role("button")
    expect(tile).to_be_disabled()
    expect(tile).to_contain_text("Needs an internet connection")
    trouble.calm()
    trouble.set(till_no_access=1)
    surfaces.go("till")
    tile = surfaces.frame("home.tile").get_by_role("button")
    tile.click()
    frame = surfaces.frame("home.modal")
    frame.get_by_role("searchbox").fill("Ana")
    frame.get_by_role("searchbox").press("Tab")
    expect(frame.get_by_text("Your staff account can't use this app.")).to_be_visible()
    expect(tile).to_contain_text("Add a customer to see their points")
    assert all("401" in one for one in surfaces.seat.troubles)
    surfaces.seat.troubles.clear()
