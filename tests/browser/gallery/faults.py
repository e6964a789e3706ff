"""What is wrong with a page as it stands before a reader."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
WIDTHS = (320, 640)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_FAULTS = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8")


def faults(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """Of the page that is open, at each width and in both schemes."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width} {scheme}: {each}" for each in page.evaluate(_FAULTS)]
    return found
