"""Roles in the panel: an owner gives one, a viewer finds nothing to press, and the log shows who looked."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import expect

from plugin.store.database.db import shop_transaction
from tests.browser.conftest import Seat

SHOTS = os.environ.get("SUKI_SHOTS", "")


def shot(seat: Seat, name: str) -> None:
    if SHOTS:
        seat.page.wait_for_timeout(600)
        seat.page.screenshot(path=str(Path(SHOTS) / f"{name}-{seat.width}.png"), full_page=True)


def test_an_owner_gives_a_role_and_a_viewer_can_only_look(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    with shop_transaction(seat.stage.engine, seat.stage.shop_id) as conn:
        number = conn.exec_driver_sql("SELECT id FROM members").scalar_one()
    with seat.page.expect_event("load"):
        seat.page.get_by_label("Use the admin as").select_option(label="Nico Reyes")
    frame = seat.open(f"/app/members/{number}/adjust")
    expect(frame.get_by_text("You can view this page but not change it.")).to_be_visible()
    assert frame.locator('form[method="post"] s-button[type="submit"]:not([disabled])').count() == 0
    shot(seat, "viewer-adjust")
    frame = seat.open("/app/members/import")
    shot(seat, "viewer-import")
    with seat.page.expect_event("load"):
        seat.page.get_by_label("Use the admin as").select_option(label="Liza Mercado")
    frame = seat.open("/app/settings/staff")
    expect(frame.get_by_text("Nico Reyes")).to_be_visible()
    shot(seat, "staff")
    frame.get_by_text("Change role").first.click()
    expect(frame.locator("s-select[name=role]")).to_be_visible()
    shot(seat, "role")
    frame = seat.open("/app/activity/access")
    expect(frame.get_by_text("Opened a member")).to_be_visible()
    shot(seat, "access-log")
    frame = seat.open("/app/settings/automation")
    shot(seat, "automation")
