"""A merchant plans a campaign, tries it on a past order, and the next order earns by it until it is ended."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Frame, expect

from tests.browser.conftest import Seat


def no_sideways_scrolling(app: Frame) -> None:
    assert app.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def look(seat: Seat, name: str) -> None:
    """A picture to look at, where a folder for pictures is named."""
    if folder := os.environ.get("SUKI_PICTURES"):
        seat.page.screenshot(path=f"{folder}/{name}-{seat.width}.png")


def test_a_campaign_is_tried_saved_earned_by_and_ended(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    app = seat.open("/app/programme/campaigns")
    expect(app.get_by_text("No campaigns yet")).to_be_visible()
    look(seat, "campaigns-empty")
    app.get_by_text("Add campaign").first.click()
    app.get_by_label("Name", exact=True).fill("Payday week")
    app.get_by_label("Multiplier").fill("3")
    app.get_by_text("Try it").click()
    app.get_by_label("Order", exact=True).select_option(index=1)
    preview = app.frame_locator("#tried")
    expect(preview.get_by_text("without this rule")).to_be_visible()
    expect(preview.get_by_text("3× (rule “Payday week”)")).to_be_visible()
    no_sideways_scrolling(app)
    app.locator("#tried").scroll_into_view_if_needed()
    look(seat, "campaign")
    seat.save()
    expect(app.get_by_text("Payday week")).to_be_visible()
    expect(app.get_by_text("Active", exact=True)).to_be_visible()
    no_sideways_scrolling(app)
    look(seat, "campaigns")
    seat.stage.buy("Ana", "Reyes", at=datetime.now(UTC) + timedelta(seconds=2))  # orders know whole seconds only
    seat.stage.settle()
    app = seat.open("/app/members/1")
    entry = app.locator("details", has_text="Earned with order #1002").first
    entry.locator("summary").click()
    expect(entry).to_contain_text("3× (rule “Payday week”)")
    app = seat.open("/app/programme/campaigns")
    app.get_by_role("button", name=re.compile("End now")).first.click()
    expect(app.get_by_text("Ended", exact=True)).to_be_visible()
    app = seat.open("/app/programme/orders")
    expect(app.get_by_text("No rules yet")).to_be_visible()
    no_sideways_scrolling(app)
    look(seat, "order-rules")


def test_a_mistake_in_a_campaign_stands_at_its_field(seat: Seat) -> None:
    seat.open()
    app = seat.open("/app/programme/orders/new?kind=campaign")
    app.get_by_label("Name", exact=True).fill("Backwards")
    app.get_by_label("End date", exact=True).fill("2020-01-01")
    seat.save()
    expect(app.get_by_text("Enter an end after the start.", exact=True)).to_be_visible()
    expect(app.get_by_label("Name", exact=True)).to_have_value("Backwards")
