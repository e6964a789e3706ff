"""What a merchant does in the panel, by mouse, finger and keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.conftest import Seat

PAGES = (
    "/app",
    "/app/members",
    "/app/members/1",
    "/app/programme",
    "/app/programme/versions",
    "/app/messages",
    "/app/messages/brand",
    "/app/messages/shopify",
    "/app/activity",
    "/app/activity/deliveries/1",
    "/app/activity/jobs",
    "/app/activity/staff",
    "/app/settings",
)


def heading(app: Frame) -> str:
    """The page's own heading."""
    return app.locator("s-page").get_attribute("heading") or ""


def test_opening_the_app_installs_it_and_keeps_the_token_out_of_the_address(seat: Seat) -> None:
    app = seat.open()
    expect(app.get_by_text("is ready")).to_be_visible()
    assert seat.stage.shop_id
    assert "id_token" not in app.url
    assert app.evaluate("[document.cookie, localStorage.length]") == ["", 0]


def test_a_member_is_looked_up_and_an_entry_explains_itself(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.buy("Bea", "Santos")
    seat.stage.settle()
    app = seat.open("/app/members")
    app.get_by_label("Search members").fill("reyes")
    app.get_by_text("Search", exact=True).click()
    expect(app.get_by_text("Bea Santos")).to_have_count(0)
    app.get_by_text("Ana Reyes").click()
    expect(app.locator("s-page")).to_have_attribute("heading", "Ana Reyes")
    entry = app.locator("details", has_text="Earned with order").first
    expect(entry.locator("li").first).to_be_hidden()
    entry.locator("summary").click()
    expect(entry.locator("li").first).to_contain_text("counts, at 1 for every ₱1.00, rounded down")
    expect(app.get_by_text(re.compile("^SUKI-")).first).to_be_visible()
    expect(app.get_by_text("Order #1001 is confirmed").first).to_be_visible()


def test_an_entry_opens_by_keyboard(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    app = seat.open("/app/members/1")
    summary = app.locator("details summary").first
    summary.focus()
    seat.page.keyboard.press("Enter")
    expect(app.locator("details").first.locator("li").first).to_be_visible()


def test_a_failed_delivery_is_tried_again_and_gets_through(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    assert seat.stage.sandbox.box.dispatcher.wait_idle(20)
    seat.stage.execute("UPDATE inbox SET state = 'failed', last_error = 'the database was away', attempts = 6")
    app = seat.open()
    expect(app.get_by_text("Needs your attention")).to_be_visible()
    app.get_by_text("View failed").first.click()
    expect(app.get_by_text("the database was away").first).to_be_visible()
    app.get_by_text(re.compile(r"Retry all \d+")).click()
    expect(seat.page.get_by_text("Retrying now").first).to_be_visible()
    seat.stage.settle()
    app = seat.open()
    expect(app.get_by_text("Everything is working")).to_be_visible()
    app = seat.open("/app/members")
    expect(app.get_by_text("Ana Reyes")).to_be_visible()


def test_saving_the_programme_makes_a_version_and_mistakes_are_said_at_the_field(seat: Seat) -> None:
    seat.open()
    app = seat.open("/app/programme/rules")
    app.get_by_label("Name for points").fill(" ")
    app.get_by_label("Minimum order").fill("-1")
    seat.save()
    expect(app.get_by_text("Enter 0 or more.", exact=True)).to_be_visible()
    expect(app.get_by_text("Enter a value.", exact=True)).to_be_visible()
    app.get_by_label("Name for points").fill("beans")
    app.get_by_label("Minimum order").fill("25")
    app.get_by_text("Tax, shipping and discounts").click()
    app.get_by_label("Include tax").check()
    app.get_by_text("Note, start date and preview").click()
    app.get_by_label("Note").fill("A better name")
    seat.save()
    expect(seat.page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(app.get_by_text(re.compile("^Version 2, since"))).to_be_visible()
    expect(app.get_by_label("Minimum order")).to_have_value("25")
    app.get_by_text("With tax", exact=True).click()
    expect(app.get_by_label("Include tax")).to_be_checked()
    app.get_by_text("Versions", exact=True).click()
    expect(app.locator(".entry-words", has_text="A better name")).to_be_visible()
    expect(app.get_by_text(re.compile("points → beans"))).to_be_visible()


def test_links_swap_the_page_and_the_back_button_returns(seat: Seat) -> None:
    app = seat.open("/app/activity")
    app.evaluate("window.stayed = true")
    app.get_by_text("Jobs", exact=True).click()
    expect(app.get_by_text("Completed jobs disappear from this list.")).to_be_visible()
    assert app.evaluate("window.stayed") is True
    assert app.evaluate("location.pathname") == "/app/activity/jobs"
    app.evaluate("history.back()")
    expect(app.get_by_text("Webhooks received from Shopify")).to_be_visible()


def test_a_page_asked_for_without_a_token_comes_back_with_one(seat: Seat) -> None:
    app = seat.open()
    app.evaluate("location.assign('/app/settings?shop=' + new URLSearchParams(location.search).get('shop'))")
    expect(app.get_by_text("Orders count from")).to_be_visible()
    app.wait_for_function("!location.search.includes('id_token')")


def test_the_brand_is_previewed_while_it_is_typed(seat: Seat) -> None:
    app = seat.open("/app/messages/brand")
    app.get_by_role("textbox", name="Footer").fill("12 Mabini Street, Makati")
    preview = app.frame_locator("#preview")
    expect(preview.get_by_text("12 Mabini Street, Makati")).to_be_visible()
    app.get_by_label("Language").select_option("fil")
    expect(preview.get_by_text("Salamat").first).to_be_visible()
    app.get_by_label("Email", exact=True).select_option(label="Points expiring soon")
    expect(preview.get_by_text("Kumusta").first).to_be_visible()
    app.get_by_label("Language").select_option("en")
    expect(preview.get_by_text("Use them while they last").first).to_be_visible()


def test_no_page_is_wider_than_the_screen(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Maria Concepcion Esperanza", "Del Rosario-Villanueva-Macapagal")
    seat.stage.settle()
    for path in PAGES:
        app = seat.open(path)
        wide = app.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path


@pytest.mark.parametrize("path", ["/app/nowhere", "/app/members/99"])
def test_what_is_not_there_is_said_within_the_panel(seat: Seat, path: str) -> None:
    seat.open()
    seat.page.goto(seat.stage.admin + path)
    frame = seat.page.frame_locator("iframe")
    expect(frame.get_by_text(re.compile("couldn.t find|has no page", re.IGNORECASE)).first).to_be_visible()
    seat.troubles[:] = [trouble for trouble in seat.troubles if "404" not in trouble]
