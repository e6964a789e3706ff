"""Staff choose products by name and picture: in Shopify's picker, and where there is none in a search of our own."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.sandbox.surfaces.axe import serious

NEW = "/app/programme/rewards/new?kind=amount_off"


def test_shopifys_picker_fills_the_field_and_what_was_chosen_can_be_removed(seat: Seat) -> None:
    seat.open()
    app = seat.open(NEW)
    products = app.get_by_role("group", name="Only for these products")
    products.get_by_text("Choose products").click()
    picker = seat.page.locator("#picker")
    picker.get_by_label("Search").fill("rattan")
    picker.get_by_role("checkbox").first.check()
    title = picker.locator("li").first.inner_text()
    picker.get_by_role("button", name="Select").click()
    expect(products.locator("li")).to_have_count(1)
    expect(products.locator("li")).to_contain_text(title)
    expect(seat.page.locator("#savebar")).to_be_visible()
    products.get_by_text("Choose products").click()
    expect(picker.get_by_role("checkbox", name=title)).to_be_checked()
    picker.get_by_role("button", name="Cancel").click()
    expect(products.locator("li")).to_have_count(1)
    products.get_by_role("button", name=f"Remove {title}").click()
    expect(products.locator("li")).to_have_count(0)
    assert app.evaluate("document.querySelector('[name=products]').value") == ""


def test_without_app_bridges_picker_a_search_of_our_own_does_it(seat: Seat) -> None:
    seat.open()
    app = seat.open(NEW)
    app.evaluate("delete window.shopify.resourcePicker")
    products = app.get_by_role("group", name="Only for these products")
    products.get_by_text("Choose products").click()
    search = app.get_by_label("Search products")
    search.fill("ratt")
    expect(app.locator("dialog.choosing li")).to_have_count(1)
    assert serious(app) == []
    app.locator("dialog.choosing").get_by_role("checkbox").check()
    search.fill("zzz")
    expect(app.locator("dialog.choosing")).to_contain_text("Nothing found")
    app.get_by_role("button", name="Done").click()
    expect(products.locator("li")).to_have_count(1)
    expect(products.locator("li img")).to_be_visible()
