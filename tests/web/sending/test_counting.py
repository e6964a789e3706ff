"""Clicks and opens are counted where the shop wants it, and a link leads where it was made to lead, or nowhere."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import text

from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import RenderedMail
from plugin.rules.sending import counting
from plugin.rules.sending.counting import Counting, counted
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.web.sending.conftest import Reader
from tests.web.session import Browser

TARGET = "https://shop.example/a?b=1&c=%22x%22#é"
HTML = (
    '<body><a class="x" href="https://shop.example/a?b=1&amp;c=%22x%22#é">Shop</a>'
    '<a href="{own}/email/1.2">Choose</a><a href="mailto:a@b.example">Us</a><img src="https://cdn.example/x.png"></body>'
)
BOTH = Counting(clicks=True, opens=True)


def mail(reader: Reader) -> RenderedMail:
    return RenderedMail("Welcome", HTML.replace("{own}", reader.links.app_url), f"Shop: {TARGET}\n")


def switch(reader: Reader, wanted: Counting) -> int:
    """The shop's setting; answers the number of a message."""
    with shop_transaction(reader.engine, reader.shop.id) as conn:
        shops.merge_settings(conn, reader.shop.id, {counting.SETTING: wanted.stored()})
        sql = "INSERT INTO messages (shop_id, member_id, kind, subject, state) VALUES (:s, :m, 'welcome', 'w', 'sent')"
        one = conn.execute(text(f"{sql} RETURNING id"), {"s": reader.shop.id, "m": reader.member.id})
        return int(one.scalar_one())


def path(reader: Reader, url: str) -> str:
    assert url.startswith(reader.links.app_url)
    return url.removeprefix(reader.links.app_url)


def counts(reader: Reader) -> list[tuple[object, ...]]:
    return reader.rows("SELECT clicks, opens FROM message_clicks")


def test_nothing_is_counted_unless_the_shop_says_so(reader: Reader) -> None:
    one = mail(reader)
    assert Counting.read({}) == Counting()
    assert counted(one, reader.links, Counting.read({}), MessageKind.WELCOME, 1, 2) is one
    assert counted(one, reader.links, BOTH, MessageKind.SECOND_STEP, 1, 2) is one


def test_links_lead_over_the_app_and_no_picture_is_added_for_clicks_alone(reader: Reader, browser: Browser) -> None:
    message = switch(reader, Counting(clicks=True))
    made = counted(mail(reader), reader.links, Counting(clicks=True), MessageKind.WELCOME, reader.shop.id, message)
    assert made.text == mail(reader).text
    assert made.html.count("<img") == 1 and "mailto:a@b.example" in made.html and "/email/1.2" in made.html
    url = unescape(made.html.split('href="')[1].split('"')[0])
    answer = reader.client.get(path(reader, url))
    assert (answer.status_code, answer.headers["Location"].replace("%C3%A9", "é")) == (302, TARGET)
    assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers
    reader.client.get(path(reader, url))
    reader.client.head(path(reader, url))
    assert counts(reader) == [(2, 0)]
    assert "2 clicks in emails" in browser.page(f"/app/members/{reader.member.id}")


def test_a_picture_is_counted_only_where_opens_are(reader: Reader) -> None:
    message = switch(reader, Counting(clicks=True))
    url = path(reader, counting.open_url(reader.links, reader.shop.id, message))
    assert reader.client.get(url).mimetype == "image/gif"
    assert counts(reader) == []
    with shop_transaction(reader.engine, reader.shop.id) as conn:
        shops.merge_settings(conn, reader.shop.id, {counting.SETTING: BOTH.stored()})
    reader.client.get(url)
    assert counts(reader) == [(0, 1)]
    made = counted(mail(reader), reader.links, BOTH, MessageKind.WELCOME, reader.shop.id, message)
    assert f"{reader.links.app_url}/seen/" in made.html.split("<img")[-1]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "https://shop.example@evil.example"]
)
def test_it_is_no_open_redirect(reader: Reader, target: str) -> None:
    message = switch(reader, BOTH)
    genuine = path(reader, counting.click_url(reader.links, reader.shop.id, message, TARGET))
    _, start, named, packed = genuine.split("/")
    other = counting.click_url(reader.links, reader.shop.id, message, target).rpartition("/")[2]
    forged = [
        f"/{start}/{named}/{other}",
        f"/{start}/{named.replace(f'.{message}.', f'.{message + 1}.')}/{packed}",
        f"/{start}/{named[:-1]}0/{packed}" if named[-1] != "0" else f"/{start}/{named[:-1]}1/{packed}",
        f"/{start}/{named}/{packed}A",
        f"/{start}/{named}/{packed}=",
        f"/{start}/{named}/ö",
        f"/{start}/x/{packed}",
    ]
    for one in forged:
        answer = reader.client.get(one)
        assert (answer.status_code, answer.headers.get("Location")) == (404, None), one
    assert counts(reader) == []


def test_an_old_link_still_leads_on_when_nothing_is_counted_any_more(reader: Reader) -> None:
    message = switch(reader, Counting())
    url = path(reader, counting.click_url(reader.links, reader.shop.id, message, TARGET))
    assert reader.client.get(url).status_code == 302
    with shop_transaction(reader.engine, reader.shop.id) as conn:
        shops.merge_settings(conn, reader.shop.id, {counting.SETTING: BOTH.stored()})
        conn.execute(text("DELETE FROM messages"))
    assert reader.client.get(url).status_code == 302
    assert counts(reader) == []


def test_staff_switch_it_on_and_off(browser: Browser, reader: Reader) -> None:
    page = "/app/settings/sending/counting"
    assert "checked" not in browser.page(page)
    assert browser.post(page, clicks="yes").status_code == 303
    html = browser.page(page)
    assert html.count(" checked") == 1
    assert "Changed what is counted of emails" in browser.page("/app/activity/staff")
