"""Staff give points to everybody in a list and take them back, and keep a view of the list that others find."""

from __future__ import annotations

from playwright.sync_api import expect

from plugin.store.database.db import shop_transaction
from tests.browser.conftest import Seat
from tests.browser.test_redemptions import look


def balances(seat: Seat) -> dict[str, int]:
    with shop_transaction(seat.stage.engine, seat.stage.shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT email, balance FROM members ORDER BY id")
        return {row[0]: row[1] for row in rows}


def two_members(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.buy("Ben", "Santos")
    seat.stage.settle()


def test_points_are_given_to_a_whole_list_and_taken_back(seat: Seat) -> None:
    two_members(seat)
    before = balances(seat)
    app = seat.open("/app/members")
    look(seat, "members")
    app.locator('s-select[name="whom"] select').select_option("all")
    app.get_by_text("Continue", exact=True).click()
    app.locator('s-text-field[name="points"] input').fill("25")
    app.locator('s-text-field[name="note"] input').fill("Thank you")
    app.get_by_text("Preview", exact=True).click()
    expect(app.get_by_text("They are told by email.")).to_be_visible()
    look(seat, "bulk-check")
    app.get_by_text("Apply to 2 people").dblclick()
    expect(app.locator("s-page")).to_have_attribute("heading", "Give 25 points to each")
    seat.stage.settle()
    assert balances(seat) == {email: points + 25 for email, points in before.items()}
    app.get_by_text("Refresh").click()
    expect(app.get_by_text("Undo", exact=True)).to_be_visible()
    look(seat, "bulk-done")
    app.get_by_text("Undo", exact=True).click()
    app.get_by_text("Undo for 2 people").click()
    expect(app.get_by_text("Being undone").first).to_be_attached()
    seat.stage.settle()
    assert balances(seat) == before


def test_a_view_is_saved_and_found_beside_the_lists(seat: Seat) -> None:
    two_members(seat)
    app = seat.open("/app/members?points_from=1")
    app.locator('s-text-field[name="name"] input').fill("With points")
    app.get_by_text("Save view").click()
    expect(app.get_by_text("With points", exact=True).first).to_be_visible()
    app = seat.open("/app/members")
    app.get_by_text("With points", exact=True).click()
    expect(app.locator('s-number-field[name="points_from"] input')).to_have_value("1")
    expect(app.locator('s-link[id^="member-"]')).to_have_count(2)
    look(seat, "members-view")
