"""Chromium, at desktop and at phone width, in front of a whole small world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect
from pydantic import SecretStr
from sqlalchemy import Engine

from plugin.settings import Settings
from tests.browser.stage import Stage, opened

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SECRET = SecretStr("shpss_0123456789abcdef0123456789abcdef")
expect.set_options(timeout=8_000)


@pytest.fixture
def stage(live_settings: Settings, engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    """The world."""
    with opened(live_settings.model_copy(update={"shopify_api_secret": SECRET}), engine, tmp_path) as world:
        yield world


@dataclass
class Seat:
    """Somebody in front of the admin. `troubles` is what the browser complained about."""

    page: Page
    stage: Stage
    width: int
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> Frame:
        """Go to a page of the app, and answer the app's frame once the page is there."""
        self.page.goto(self.stage.admin + path)
        return self.app()

    def save(self) -> None:
        """Press Save in the admin's bar for unsaved changes."""
        self.bar.get_by_role("button", name="Save").click()

    @property
    def bar(self) -> Locator:
        """The admin's bar for unsaved changes."""
        return self.page.locator("#savebar")

    def app(self) -> Frame:
        """The app's frame."""
        self.page.wait_for_function("document.querySelector('iframe') !== null")
        element = self.page.wait_for_selector("iframe")
        frame = element.content_frame() if element else None
        assert frame is not None
        frame.wait_for_selector("s-page")
        return frame


@pytest.fixture(params=list(SIZES))
def seat(request: pytest.FixtureRequest, chromium: Browser, stage: Stage) -> Iterator[Seat]:
    """A fresh browser without any history; at the end it must have had nothing to complain about."""
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="en-US")
    page = context.new_page()
    sitting = Seat(page, stage, width)
    page.on("pageerror", lambda error: sitting.troubles.append(f"script: {error}"))
    page.on("console", lambda said: sitting.troubles.append(said.text) if said.type == "error" else None)
    yield sitting
    cookies = [cookie for cookie in context.cookies() if str(cookie.get("domain")) not in stage.sandbox.url]
    context.close()
    assert cookies == []
    assert [trouble for trouble in sitting.troubles if "422" not in trouble and "409" not in trouble] == []
