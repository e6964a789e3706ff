"""The real bundles of the extensions in the sandbox's surfaces, in front of the real app."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Frame, Page

from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from sandbox.state import Record
from tests.browser.conftest import Seat
from tests.browser.stage import DOMAIN

ROOT = Path(__file__).parents[3]
EXTENSIONS = ROOT / "extensions"
REWARD = AmountOff(id="rfive", name="5 off", points=10, value=5)


@pytest.fixture(scope="session")
def bundles() -> Path:
    """The extensions, built; without Node there is nothing to host."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "esbuild").is_dir():
        pytest.skip("no Node with the extensions' packages on this machine")
    subprocess.run([node, "scripts/extensions/build.mjs"], cwd=ROOT, check=True, capture_output=True, timeout=120)
    return EXTENSIONS


@dataclass
class Surfaces:
    """Where shoppers and staff meet the app. Ana has points, and there is a reward."""

    seat: Seat
    order: Record

    @property
    def root(self) -> str:
        """The shop in the sandbox."""
        return f"{self.seat.stage.sandbox.url}/shops/{DOMAIN}"

    @property
    def page(self) -> Page:
        """What somebody looks at."""
        return self.seat.page

    def go(self, path: str, as_who: int | None = None) -> Page:
        """A surface, as one of the shop's customers, or as nobody."""
        back = f"/shops/{DOMAIN}/{path}"
        query = {"customer": str(as_who or ""), "back": back}
        self.page.goto(f"{self.root}/surfaces/sign-in?{urlencode(query)}")
        return self.page

    def checkout(self, as_who: int | None = None, quantity: int = 2) -> Page:
        """A checkout with some of the first article in it."""
        shop = self.seat.stage.sandbox.shop(DOMAIN)
        variant = next(one["id"] for product in shop.product.values() for one in product["variants"])
        return self.go(f"checkout?lines={variant}:{quantity}", as_who)

    def frame(self, target: str = "", within: Page | None = None) -> Frame:
        """The frame of an extension, once it shows something."""
        page = within or self.page
        element = page.wait_for_selector(f"iframe[data-target*='{target}']")
        frame = element.content_frame() if element else None
        assert frame is not None
        frame.wait_for_selector("html[data-begun]")
        return frame

    def rest(self) -> None:
        """Wait until the page has heard the answers to all that it asked."""
        self.page.wait_for_load_state("networkidle")

    def troubles(self) -> list[str]:
        """What the frames complain about: missing texts, elements that a surface does not have."""
        found = (frame.evaluate("document.documentElement.dataset.troubles") for frame in self.page.frames)
        return [one for one in found if one]


@pytest.fixture
def surfaces(seat: Seat, bundles: Path) -> Iterator[Surfaces]:
    stage = seat.stage
    stage.sandbox.options.extensions_dir = bundles
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        programmes.add(conn, stage.shop_id, Programme(rewards=(REWARD,)), "test", "", datetime.now(UTC))
    order = stage.buy("Ana", "Reyes")
    stage.settle()
    yield Surfaces(seat, order)
