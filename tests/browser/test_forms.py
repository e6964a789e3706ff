"""Forms ask only for what goes with what was chosen."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Seat


def test_fields_of_other_choices_are_away_until_they_are_chosen(seat: Seat) -> None:
    app = seat.open("/app/programme/expiry")
    expect(app.get_by_label("Expire after")).to_be_hidden()
    expect(app.get_by_label("First email")).to_be_hidden()
    app.get_by_label("Expiry", exact=True).select_option("calendar")
    expect(app.get_by_label("Day", exact=True)).to_be_visible()
    app.get_by_text("Reminders").first.click()
    expect(app.get_by_label("First email")).to_be_visible()
    expect(app.get_by_label("Expire after")).to_be_hidden()
    app.get_by_label("Expiry", exact=True).select_option("inactivity")
    expect(app.get_by_label("Expire after")).to_be_visible()
    expect(app.get_by_label("Day", exact=True)).to_be_hidden()


def test_the_unit_of_a_field_follows_the_choice(seat: Seat) -> None:
    app = seat.open("/app/programme/tiers")
    mark = app.locator("s-number-field[name='tiers.levels.0.enter']")
    expect(mark).to_have_attribute("suffix", "PHP")
    app.get_by_label("Tiers are based on").select_option("orders")
    expect(mark).to_have_attribute("suffix", "orders")
