"""How the panel's pages feel in Chromium: `python -m bench.panel.pages` while `make demo` runs.

Goes along every link from Home, opens one page of each kind in the admin's frame as if it were the first, and clicks
into it. Of each page: its largest contentful paint (LCP), the slowest answer to a click or key (INP), how far
things moved before anybody touched it (CLS), and how many bytes its document has. It says nothing of Shopify's own
frame and elements, which the sandbox only resembles, nor of the way there: everything is on this machine.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import Any

import click
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from rich.console import Console
from rich.table import Table

ASKED = {"LCP ms": 1000, "INP ms": 100, "CLS": 0.02, "kB": 100}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WATCH = """(() => {
  const seen = window.panelSeen = {lcp: 0, cls: 0, inp: 0};
  const watch = (type, take, more) => new PerformanceObserver((list) => list.getEntries().forEach(take))
    .observe({type, buffered: true, ...more});
  watch('largest-contentful-paint', (one) => { seen.lcp = one.startTime; });
  watch('layout-shift', (one) => { if (!one.hadRecentInput) seen.cls += one.value; });
  const felt = (one) => { if (one.interactionId) seen.inp = Math.max(seen.inp, one.duration); };
  watch('event', felt, {durationThreshold: 16});
})()"""
LINKS = "[...document.querySelectorAll('#page [href], s-app-nav [href]')].map((one) => one.getAttribute('href'))"
TOUCHED = (
    "#page summary, #page s-checkbox, #page s-select, #page s-text-field, #page s-number-field, #page s-search-field"
)
BYTES = "performance.getEntriesByType('navigation')[0].decodedBodySize"
NO_PAGE = re.compile(r"\.(csv|json)\b|/static/|/app/members/list")
TRIED = 4
"""So many of a page's fields and folds are clicked."""


@dataclass(frozen=True, slots=True)
class Felt:
    """What one page was like; `cls` has no unit."""

    path: str
    lcp_ms: float
    inp_ms: float
    cls: float
    kb: float


@click.command(help=__doc__)
@click.option("--admin", default="http://127.0.0.1:9300/shops/suki-demo.myshopify.com/admin", show_default=True)
@click.option("--width", default=1280, show_default=True)
@click.option("--most", default=400, show_default=True, help="Look at no more pages than this.")
def main(admin: str, width: int, most: int) -> None:
    """Measure and print the worst pages."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        felt = _walked(browser, admin, width, most)
        browser.close()
    show(felt, width)


def _walked(browser: Browser, admin: str, width: int, most: int) -> list[Felt]:
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.add_init_script(WATCH)
    page.goto(admin)
    root, waiting, seen, felt = page.url.rstrip("/"), ["/app"], set[str](), list[Felt]()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        shape = re.sub(r"/\d+", "/N", path.partition("?")[0])
        if shape in seen or NO_PAGE.search(path):
            continue
        seen.add(shape)
        page.goto(root + path)
        frame = _frame(page)
        waiting += [link for link in frame.evaluate(LINKS) if link.startswith("/app")]
        felt.append(_felt(page, frame, shape))
    return felt


def _frame(page: Page) -> Frame:
    element = page.wait_for_selector("iframe")
    frame = element.content_frame() if element else None
    assert frame is not None
    frame.wait_for_selector("s-page")
    page.wait_for_timeout(300)
    return frame


def _felt(page: Page, frame: Frame, shape: str) -> Felt:
    kilobytes = frame.evaluate(BYTES) / 1000
    moved = frame.evaluate("window.panelSeen.cls")
    for one in frame.locator(TOUCHED).all()[:TRIED]:
        if one.is_visible():
            one.click(timeout=2000)
            page.keyboard.press("Escape")
    page.wait_for_timeout(150)
    seen: dict[str, Any] = frame.evaluate("window.panelSeen")
    return Felt(shape, seen["lcp"], seen["inp"], moved, kilobytes)


def show(felt: list[Felt], width: int) -> None:
    """The worst pages of each measure."""
    table = Table(title=f"{len(felt)} pages at {width} px")
    for name in ("What", "Asked", "Worst", "Beyond it", "The worst pages"):
        table.add_column(name, overflow="fold")
    values = {"LCP ms": "lcp_ms", "INP ms": "inp_ms", "CLS": "cls", "kB": "kb"}
    for name, field in values.items():
        ranked = sorted(felt, key=lambda one: -getattr(one, field))
        beyond = sum(getattr(one, field) > ASKED[name] for one in felt)
        worst = "\n".join(f"{getattr(one, field):.3g} {one.path}" for one in ranked[:6])
        table.add_row(name, f"≤ {ASKED[name]}", f"{getattr(ranked[0], field):.3g}", str(beyond), worst)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
