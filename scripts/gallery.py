"""Pictures of every email in every language, and a sheet of them for each language, width and scheme:

python scripts/gallery.py DIR [LANGUAGE …]
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import MessageKind
from tests.browser.gallery.faults import SCHEMES, WIDTHS, Scheme
from tests.browser.gallery.letters import Letter, first, letters
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

SHEET_WIDTH = 1800
TILE = {320: 190, 640: 290}
"""How wide a picture is on its sheet."""


def main(folder: Path, languages: list[str]) -> None:
    """All pictures; says where each sheet is, and which fonts its letters came from."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        for language in languages:
            shown = [first(language), *letters(language, *MessageKind)]
            for width in WIDTHS:
                for scheme in SCHEMES:
                    print(_sheet(browser, folder, shown, width, scheme), flush=True)
            print(f"{language}: {', '.join(_fonts(browser, shown[0]))}", flush=True)
        browser.close()


def _sheet(browser: Browser, folder: Path, shown: list[Letter], width: int, scheme: Scheme) -> Path:
    """The pictures of one language, and the sheet of the first of each kind."""
    page = browser.new_page(viewport={"width": width, "height": 400}, color_scheme=scheme)
    language = shown[0].language
    tiles = []
    for letter in shown:
        taken = folder / language / f"{letter.name}-{width}-{scheme}.png"
        page.set_content(letter.html)
        page.screenshot(path=taken, full_page=True)
        if not letter.name.rpartition("-")[2].isdecimal():
            tiles.append(f"<figure><img src='{taken.name}'><figcaption>{escape(letter.name)}</figcaption></figure>")
    page.close()
    written = folder / language / f"sheet-{width}-{scheme}.html"
    style = f"body{{margin:8px;columns:{SHEET_WIDTH // TILE[width]};column-gap:8px;font:11px sans-serif}}"
    style += "figure{margin:0 0 8px;break-inside:avoid}img{width:100%;border:1px solid #999;box-sizing:border-box}"
    written.write_text(f"<!doctype html><style>{style}</style>{''.join(tiles)}", encoding="utf-8")
    sheet = browser.new_page(viewport={"width": SHEET_WIDTH, "height": 400})
    sheet.goto(written.absolute().as_uri())
    taken = folder / f"{language}-{width}-{scheme}.png"
    sheet.screenshot(path=taken, full_page=True)
    sheet.close()
    return taken


def _fonts(browser: Browser, letter: Letter) -> list[str]:
    """The fonts that an email's letters are drawn with, as Chromium itself names them."""
    page: Page = browser.new_page()
    page.set_content(letter.html)
    asked = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        asked.send(f"{domain}.enable")
    root = asked.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    nodes = asked.send("DOM.querySelectorAll", {"nodeId": root, "selector": "body *"})["nodeIds"]
    found: dict[str, int] = {}
    for node in nodes:
        for font in asked.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            found[font["familyName"]] = found.get(font["familyName"], 0) + int(font["glyphCount"])
    page.close()
    return [f"{family} ({count})" for family, count in sorted(found.items(), key=lambda one: -one[1])]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(LANGUAGES))
