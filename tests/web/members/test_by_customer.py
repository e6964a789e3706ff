"""The link of Shopify's customer page leads to the member, of this shop and no other."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from tests.conftest import ShopRow
from tests.web.figures import add_members, people
from tests.web.session import Browser

ADDRESS = "/app/members/by-customer"


def lands(browser: Browser, **query: str) -> str:
    """Where the link leads."""
    answer = browser.get(ADDRESS, **query)
    assert answer.status_code == 303, answer.text[:300]
    return urlsplit(answer.headers["Location"]).path


@pytest.mark.parametrize("form", ["{}", "gid://shopify/Customer/{}"])
def test_a_customer_who_is_a_member_leads_to_their_page(
    browser: Browser, engine: Engine, shop: ShopRow, form: str
) -> None:
    (one,) = add_members(engine, shop.id, people(1))
    assert lands(browser, id=form.format(one.customer_id)) == f"/app/members/{one.id}"


def test_what_the_frame_needs_stays_in_the_address(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    (one,) = add_members(engine, shop.id, people(1))
    there = browser.get(ADDRESS, id=str(one.customer_id), host="aG9zdA", embedded="1").headers["Location"]
    kept = parse_qs(urlsplit(there).query)
    assert (kept["host"], kept["shop"], "id" in kept) == (["aG9zdA"], [shop.domain], False)


@pytest.mark.parametrize(
    "asked", ["", "0", "999999999999999999", "9" * 19, "-1", "1e3", "gid://shopify/Order/1", "1,2", "٣", "1\x00"]
)
def test_nobody_leads_to_the_list(browser: Browser, engine: Engine, shop: ShopRow, asked: str) -> None:
    add_members(engine, shop.id, people(1))
    assert lands(browser, id=asked) == "/app/members"


def test_another_shops_member_is_nobody(browser: Browser, engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    (stranger,) = add_members(engine, other_shop.id, people(1))
    assert lands(browser, id=str(stranger.customer_id)) == "/app/members"
