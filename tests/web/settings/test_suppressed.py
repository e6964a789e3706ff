"""Staff see which addresses get no email and why, and lift that with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from plugin.store.database.db import shop_transaction
from plugin.store.sending import optouts, suppressions
from tests.conftest import ShopRow
from tests.web.figures import NOW, add_members, people
from tests.web.session import Browser

PAGE = "/app/settings/sending/suppressed"


def suppress(engine: Engine, shop: ShopRow, *addresses: str, why: str = "bounced") -> None:
    with shop_transaction(engine, shop.id) as conn:
        for place, address in enumerate(addresses):
            at = NOW - timedelta(minutes=place)
            suppressions.suppress(conn, shop.id, address, why, "mailgun", "5.1.1", at)


def state(engine: Engine, shop: ShopRow) -> list[tuple[object, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        sql = "SELECT address, why, lifted_by, lifted_why FROM suppressions ORDER BY address"
        return [tuple(row) for row in conn.execute(text(sql))]


def test_an_empty_list_says_so_and_nobody_else_s_addresses_are_in_it(
    browser: Browser, engine: Engine, other_shop: ShopRow
) -> None:
    suppress(engine, other_shop, "ben@example.com")
    html = browser.page(PAGE)
    assert "No address is suppressed." in html and "ben@example.com" not in html


def test_the_list_shows_whose_it_is_and_why_and_finds_by_the_beginning(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    suppress(engine, shop, ana.email, "under_score@example.com")
    suppress(engine, shop, "spam@example.com", why="complained")
    html = browser.page(PAGE)
    assert f"/app/members/{ana.id}" in html and "Mailgun said so. Status 5.1.1." in html
    assert html.index("under_score@") > html.index("p0001@")
    assert "Reported as spam" in html
    found = browser.page(PAGE, q="UNDER_")
    assert "under_score@example.com" in found and ana.email not in found
    assert "No suppressed address begins with" in browser.page(PAGE, q="underxscore")
    assert "No suppressed address begins with" in browser.page(PAGE, q="%")
    assert browser.get(PAGE, q="\0", before="nonsense").status_code == 200


def test_a_long_list_goes_on_page_by_page(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    suppress(engine, shop, *(f"p{number:03}@example.com" for number in range(suppressions.PAGE + 1)))
    first = browser.page(PAGE)
    assert first.count('name="address"') == suppressions.PAGE
    before = first.split("before=")[1].split('"')[0].split("&")[0]
    assert "p050@example.com" not in first
    second = browser.get(f"{PAGE}?before={before}").text
    assert second.count('name="address"') == 1 and "p050@example.com" in second


def test_lifting_needs_a_reason_and_keeps_who_gave_it(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    suppress(engine, shop, ana.email)
    refused = browser.post(PAGE, address=ana.email, why="  ")
    assert refused.status_code == 422
    assert 'error="Enter a reason."' in refused.text
    assert state(engine, shop) == [(ana.email, "bounced", "", "")]
    assert browser.post(PAGE, address=ana.email, why=" Fixed <b>it</b>\n").status_code == 303
    assert state(engine, shop) == [(ana.email, "", f"staff:{browser.account}", "Fixed <b>it</b>")]
    assert "Sent to an address again" in browser.page("/app/activity/staff")
    again = browser.post(PAGE, address=ana.email, why="twice")
    assert (again.status_code, "isn&#39;t suppressed anymore" in again.text) == (422, True)
    suppress(engine, shop, ana.email)
    assert "Fixed &lt;b&gt;it&lt;/b&gt;" in browser.page(PAGE)


@pytest.mark.parametrize("address", ["nobody@example.com", "", "x\0y", "a" * 5000])
def test_an_address_that_is_not_there_is_said_to_be_so(
    browser: Browser, engine: Engine, shop: ShopRow, address: str
) -> None:
    suppress(engine, shop, "ana@example.com")
    assert browser.post(PAGE, address=address, why="because").status_code == 422
    assert state(engine, shop) == [("ana@example.com", "bounced", "", "")]


def test_the_member_s_page_says_what_they_refused_and_that_their_address_is_no_good(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    path = f"/app/members/{ana.id}"
    assert "No emails to this address" not in browser.page(path)
    suppress(engine, shop, ana.email)
    with shop_transaction(engine, shop.id) as conn:
        optouts.refuse(conn, shop.id, ana.id, ["welcome", "promotional"], "click", NOW)
        suppressions.count_soft(conn, shop.id, ana.email, NOW)
        conn.execute(text("UPDATE members SET chosen_locale = 'fil'"))
    html = browser.page(path)
    said = ("No emails to this address", "Turned off: Welcome", "Gets no offers and news", "Chose Filipino for emails")
    for words in (*said, "1 email couldn&#39;t be delivered for now."):
        assert words in html
