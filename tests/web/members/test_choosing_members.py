"""Members are found by name and added to a form's list: by JSON, written down as a reading, of this shop only."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.conftest import ShopRow
from tests.web.programme.test_tiers import buy
from tests.web.session import Browser

FIND = "/app/members/choose"


def test_members_are_found_by_part_of_their_name_with_the_line_that_names_them(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    buy(engine, shop, "20.00")
    found = browser.get(FIND, q="an").json
    assert found is not None
    [one] = found["goods"]
    assert (one["line"], one["picture"], set(one)) == (
        "ana@example.com", "", {"number", "title", "picture", "line"},
    )  # fmt: skip
    assert "ana@example.com" in one["title"]
    assert browser.get(FIND, q="x").json == {"goods": []}
    assert browser.get(FIND, q="").json == {"goods": []}
    assert other_browser.get(FIND, q="an").json == {"goods": []}
