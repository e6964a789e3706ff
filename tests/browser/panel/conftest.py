"""A walker in an empty shop, and one where there is something on every page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Engine

from plugin.app import create_app
from plugin.settings import Settings
from tests.browser.conftest import SECRET
from tests.browser.panel import everything
from tests.browser.panel.walk import Walk, begun
from tests.browser.stage import Stage


@pytest.fixture
def app(live_settings: Settings, engine: Engine) -> Flask:
    """The app, to ask what an address means."""
    return create_app(live_settings.model_copy(update={"shopify_api_secret": SECRET}), engine)


@pytest.fixture
def walk(chromium: Browser, stage: Stage, app: Flask) -> Iterator[Walk]:
    """In front of Home, in a shop where nothing happened yet."""
    yield from begun(chromium, stage, app)


@pytest.fixture
def full(chromium: Browser, stage: Stage, app: Flask, live_settings: Settings) -> Iterator[Walk]:
    """In front of Home, in a shop where everything has happened once."""
    everything.happen(stage, app, live_settings)
    yield from begun(chromium, stage, app)
