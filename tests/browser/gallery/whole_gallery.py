"""Every sample of every email in every language, as a reader sees it. Takes minutes: `make test-long`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import MessageKind
from tests.browser.gallery.faults import faults
from tests.browser.gallery.letters import letters, long_words
from tests.browser.gallery.shopper_pages import OTHERS, visited, wrong
from tests.browser.stage import Stage


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[Page]:
    """Somebody who reads one email after another."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_email_is_whole_narrow_and_wide_in_light_and_in_dark(
    reader: Page, language: str, kind: MessageKind
) -> None:
    found = []
    for letter in letters(language, kind):
        reader.set_content(letter.html)
        found += [f"{letter.name}: {each}" for each in faults(reader)]
    assert found == []


def test_names_that_cannot_be_broken_leave_no_box(reader: Page) -> None:
    found = []
    for letter in long_words():
        reader.set_content(letter.html)
        found += [f"{letter.name}: {each}" for each in faults(reader)]
    assert found == []


def test_every_page_in_the_store_is_whole_in_every_language(chromium: Browser, stage: Stage) -> None:
    with visited(chromium, stage) as (page, root):
        assert wrong(page, root, OTHERS, LANGUAGES) == []
