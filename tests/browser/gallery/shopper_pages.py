"""The app's pages in the store as a member sees them, in each language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browser.gallery.faults import faults
from tests.browser.stage import Stage
from tests.browser.storefront.conftest import prepared, seated

WIDTHS = (320, 390, 1280)
MAIN = ("rewards", "earn")
OTHERS = ("history", "friends", "own", "rewards/r1")


@contextmanager
def visited(chromium: Browser, stage: Stage) -> Iterator[tuple[Page, str]]:
    """A member's browser, and where the app stands in the store."""
    context, front = seated(chromium, stage, prepared(stage))
    front.sign_in()
    yield front.page, f"{front.root}/apps/suki"
    context.close()


def wrong(page: Page, root: str, paths: Sequence[str], languages: Sequence[str]) -> list[str]:
    """What is wrong with these pages."""
    found = []
    for language in languages:
        for path in paths:
            answer = page.goto(f"{root}/{path}?locale={language}")
            assert answer is not None and answer.status == 200, path
            assert page.locator(".suki").get_attribute("lang") == language
            found += [f"{language} {path}: {each}" for each in faults(page, WIDTHS)]
    return found
