"""The fullest email in every language, as a reader sees it; `whole_gallery.py` looks at all the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import MessageKind
from tests.browser.gallery.faults import faults
from tests.browser.gallery.letters import first, letters
from tests.browser.gallery.shopper_pages import MAIN, visited, wrong
from tests.browser.stage import Stage


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[Page]:
    """Somebody who reads one email after another."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_email_is_whole_narrow_and_wide_in_light_and_in_dark(reader: Page, language: str) -> None:
    reader.set_content(first(language).html)
    assert faults(reader) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>ok</p>", []),
        ("<p style='white-space:nowrap;width:90px'>a very long line that leaves its box</p>", ["leaves its box"]),
        ("<p style='width:3000px'>x</p>", ["the page is 3008 wide"]),
        ("<div style='height:20px;overflow:hidden'>one<br>two</div>", ["is cut below: two"]),
        ("<p>\U0010fffc</p>", ["no font has U+10FFFC"]),
        ("<p style='width:40px;overflow-wrap:anywhere'>unbreakable</p>", ["breaks a word: unbreakable"]),
        ("<p style='color:#999;background:#fff'>pale</p>", ["contrast 2.85: pale"]),
        ("<script>document.documentElement.dir='rtl'</script><p dir='ltr'>مرحبا</p>", ["reads from the left"]),
        ("<script>document.documentElement.dir='rtl'</script><p align='left'>مرحبا</p>", ["stands at the left"]),
    ],
)
def test_each_fault_is_found(reader: Page, html: str, found: list[str]) -> None:
    reader.set_content(f"<!doctype html><html><body style='background:#fff;color:#000'>{html}</body></html>")
    reader.evaluate("document.documentElement.dir = document.querySelector('script') ? 'rtl' : ''")
    shown = [each for each in faults(reader, (640,)) if each.startswith("640 light")]
    assert len(shown) == len(found)
    assert all(text in each for text, each in zip(found, shown, strict=True))


def test_the_pages_in_the_store_are_whole_in_every_language(chromium: Browser, stage: Stage) -> None:
    with visited(chromium, stage) as (page, root):
        assert wrong(page, root, MAIN, LANGUAGES) == []


def test_on_the_narrowest_screens_only_the_coloured_heading_is_smaller(reader: Page) -> None:
    found = []
    for kind in (MessageKind.TIER_ENDING, MessageKind.WELCOME):
        reader.set_content(next(letters("en", kind)).html)
        for width in (320, 640):
            reader.set_viewport_size({"width": width, "height": 800})
            found.append(reader.evaluate("getComputedStyle(document.querySelector('h1')).fontSize"))
    assert found == ["18px", "18px", "23px", "28px"]
