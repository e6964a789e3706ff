"""Files of members and of codes: what was understood is shown first, and nothing happens before staff say so."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Seat
from tests.browser.test_money import picture

MEMBERS = "Email;First Name;Points Balance;Points Spent;VIP Tier\n" + "".join(
    f"nena{number}@example.com;Nena;1.{number}00;20;Gold\n" for number in range(1, 8)
)
CODES = "Valid until,Voucher code\n" + "".join(f"2027-12-31,CINEMA-{number}-LONG-ENOUGH\n" for number in range(1, 9))


def file(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-16")}


def test_another_apps_members_are_checked_and_imported(seat: Seat) -> None:
    app = seat.open("/app/members/import")
    picture(seat.page, "imports", seat.width)
    app.locator("input[name=file]").set_input_files(file("export.csv", MEMBERS))
    app.get_by_text("Preview import").click()
    expect(app.get_by_text("Some tiers have other names here").first).to_be_visible()
    picture(seat.page, "import-check", seat.width)
    app.get_by_label("Read “VIP Tier” as").select_option("")
    app.get_by_text("Update preview").click()
    expect(app.get_by_text("Some tiers have other names here")).to_have_count(0)
    expect(app.get_by_text("Balances are set to the file's points.")).to_be_visible()
    picture(seat.page, "import-assigned", seat.width)
    app.get_by_text("Import 7 lines").click()
    expect(app.get_by_text(re.compile("You can undo this until"))).to_be_visible()


def test_a_partners_codes_are_checked_and_imported(seat: Seat) -> None:
    app = seat.open("/app/programme/rewards/new?kind=pool_code")
    app.get_by_label("Name").fill("A cinema ticket")
    app.get_by_label("Price", exact=True).fill("50")
    seat.save()
    app.get_by_text("A cinema ticket").first.click()
    app.get_by_text("Import codes").click()
    app.locator("input[name=file]").set_input_files(file("codes.csv", CODES))
    picture(seat.page, "codes", seat.width)
    app.get_by_text("Check codes").click()
    expect(app.get_by_text("Here are the first 5 of 8. Nothing has been imported yet.")).to_be_visible()
    expect(app.get_by_role("cell", name="CINEMA-5-LONG-ENOUGH")).to_be_visible()
    picture(seat.page, "code-check", seat.width)
    app.get_by_text("Import 8 codes").click()
    expect(app.get_by_text("8 left")).to_be_visible()
