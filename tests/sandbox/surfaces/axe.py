"""axe-core in a page and in every frame of it. Of extensions it tests the stand-in elements, not Shopify's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Frame, Page

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async (impacts) => {
  const found = await axe.run(document, {iframes: false, resultTypes: ['violations']});
  return found.violations.filter((one) => !impacts.length || impacts.includes(one.impact))
    .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) =>
      `${id}: ${target.flat().join(' ')} ${failureSummary.split('\\n').at(-1).trim()}`));
}"""


@cache
def _script() -> str:
    return AXE.read_text("utf-8")


def serious(page: Page | Frame) -> list[str]:
    """What axe-core calls serious or critical, with where it is."""
    frames = page.frames if isinstance(page, Page) else [page]
    found: list[str] = []
    for frame in frames:
        frame.evaluate(_script())
        found += [f"{frame.url.rpartition('/')[2]}: {one}" for one in frame.evaluate(RUN, ["serious", "critical"])]
    return found


def violations(frame: Frame) -> list[str]:
    """Whatever axe-core calls a violation, however small."""
    if not frame.evaluate("'axe' in window"):
        frame.evaluate(_script())
    found: list[str] = frame.evaluate(RUN, [])
    return found
