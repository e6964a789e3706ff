"""A number that somebody empties is never saved as something else without a word: it is wrong, or the field says what
empty means."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from tests.conftest import ShopRow
from tests.web.programme.test_two_tabs import BASE, EDITORS, full, known, opened
from tests.web.session import Browser

__all__ = ["full"]
SPARE = re.compile(r"rates\.|tier_rates\.|goals\.|limits\.|prices\.|tier_points\.")
"""Rows that are there, or not, as a whole."""


@pytest.mark.parametrize("editor", EDITORS)
def test_an_emptied_number_is_refused_or_says_what_empty_means(
    browser: Browser, engine: Engine, shop: ShopRow, editor: str
) -> None:
    page, to, *_ = EDITORS[editor]
    shown = browser.page(BASE + page)
    form = opened(browser, page)
    tags = {found[1]: found[0] for found in re.finditer(r'<s-number-field name="([^"]+)"[^>]*>', shown)}
    numbers = {name: tag for name, tag in tags.items() if form.get(name) and not SPARE.match(name)}
    silent = []
    for name, tag in numbers.items():
        answer = browser.post(BASE + to, **form | {name: "", "based_on": str(len(known(engine, shop)))})
        if answer.status_code == 422:
            continue
        after = opened(browser, page).get(name, "")
        told = "placeholder=" in tag or re.search(r'details="[^"]*(?:mpty|limit)', tag)
        if not told and after != form[name]:  # what another choice asks for stays as it was
            silent.append((name, form[name], after))
    assert silent == []
