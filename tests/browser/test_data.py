"""A customer's data is opened once, and handed on as a file."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.browser.conftest import Seat


def test_an_export_is_opened_after_a_question_and_downloaded(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    shop = seat.stage.sandbox.shop("casa-ana.myshopify.com")
    ana = next(one for one in shop.customer.values() if one["email"] == "ana.reyes@example.com")
    seat.stage.sandbox.box.ask_for_data(shop, ana)
    seat.stage.settle()
    app = seat.open("/app/settings/data")
    app.get_by_text("Open data").click()
    expect(app.get_by_text("You can only open it once")).to_be_visible()
    app.get_by_text("Open data", exact=True).click()
    expect(app.get_by_text("You can download it for 24 hours")).to_be_visible()
    with app.page.expect_download() as sent:
        app.get_by_text("Download", exact=True).click()
    parts = json.loads(sent.value.path().read_text())
    assert {"members", "orders", "entries", "deliveries"} <= {part["section"] for part in parts}
    assert "ana.reyes@example.com" in str(parts)
