"""Staff whose Shopify admin is in Spanish: the panel opens so, and stays so from page to page."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.stage import DOMAIN

SHOTS = os.environ.get("SUKI_SHOTS", "")


def shot(seat: Seat, name: str) -> None:
    if SHOTS:
        seat.page.wait_for_timeout(600)
        seat.page.screenshot(path=str(Path(SHOTS) / f"{name}-{seat.width}.png"), full_page=True)


def test_the_panel_stays_spanish_from_page_to_page(seat: Seat) -> None:
    seat.stage.sandbox.shop(DOMAIN).settings["locale"] = "es"
    app = seat.open()
    expect(app.locator("html")).to_have_attribute("lang", "es")
    expect(app.locator("s-page")).to_have_attribute("heading", "Inicio")
    shot(seat, "spanish-home")
    app.get_by_text("Inicio recomendado").first.click()
    expect(app.locator("s-page")).to_have_attribute("heading", "Inicio recomendado")
    expect(app.locator("html")).to_have_attribute("lang", "es")
    shot(seat, "spanish-start")
    assert "locale=es" in app.url
