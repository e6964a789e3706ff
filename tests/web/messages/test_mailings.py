"""Mailings in the panel: written as a draft, looked at, sent after a tick, followed, canceled; managers only."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.mailings.mailing import Letter
from plugin.rules.names.news import Mailed
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.emails import mailings
from plugin.store.shops import staff
from plugin.store.shops.staff import Account
from tests.conftest import ShopRow
from tests.messages.waiting import welcomes
from tests.web.figures import NOW
from tests.web.session import Browser

PAGE = "/app/messages/mailings"
FIELDS = {
    "key": "k1",
    "name": "Autumn",
    "language": "en",
    "code": "FRESH10",
    "bought": "",
    "most": "0",
    "texts.en.subject": "Fresh",
    "texts.en.title": "Fresh from the roastery",
    "texts.en.body": "Three **new** coffees are in.",
}


@pytest.fixture
def viewer(app: Flask, engine: Engine, shop: ShopRow, settings: Settings) -> Browser:
    """Somebody of the staff who may only look."""
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account("77", "viewer", "", "", None, NOW))
    return Browser(app, settings, shop.domain, "77")


def draft(browser: Browser, **changes: str) -> str:
    """A draft by the form; its address."""
    answer = browser.post(f"{PAGE}/new", **{**FIELDS, **changes})
    assert answer.status_code == 303, answer.text[:2000]
    return answer.headers["Location"].partition("?")[0]


def rows(engine: Engine, shop: ShopRow, query: str) -> list[Any]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(query)]


def test_a_draft_is_kept_once_however_often_the_button_is_pressed(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert "No mailings yet" in browser.page(PAGE)
    assert 'name="texts.en.title"' in browser.page(f"{PAGE}/new")
    assert draft(browser) == draft(browser)
    assert rows(engine, shop, "SELECT state, count(*) FROM mailings GROUP BY 1") == [("draft", 1)]
    assert "Autumn" in browser.page(PAGE)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    answer = browser.post(f"{PAGE}/new", **{**FIELDS, "texts.en.title": "", "name": "", "most": "many"})
    assert answer.status_code == 422
    answer = browser.post(f"{PAGE}/new", **{**FIELDS, "texts.en.title": "", "name": ""})
    assert answer.status_code == 422
    assert "Enter a text." in answer.text
    assert "Three **new** coffees are in." in answer.text
    assert rows(engine, shop, "SELECT count(*) FROM mailings") == [(0,)]


def test_a_draft_is_shown_as_its_readers_get_it_and_can_be_changed(browser: Browser) -> None:
    address = draft(browser)
    html = browser.page(address)
    assert "Fresh from the roastery" in html
    assert "FRESH10" in html
    assert "It is for 0 members." in html
    assert (
        browser.post(
            address, **{**FIELDS, "name": "Winter", "texts.de.title": "Neu", "texts.de.body": "Da"}
        ).status_code
        == 303
    )
    assert "Winter" in browser.page(address)
    assert ">Neu<" in browser.page(address, seen="de").replace("&gt;", ">").replace("&lt;", "<")


def test_nothing_is_sent_without_the_tick_and_once_with_it(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    address = draft(browser)
    assert browser.post(f"{address}/send", when="now").status_code == 422
    assert rows(engine, shop, "SELECT state FROM mailings") == [("draft",)]
    for _ in range(2):
        assert browser.post(f"{address}/send", when="now", sure="yes").status_code == 303
    assert rows(engine, shop, "SELECT state FROM mailings") == [("planned",)]
    assert rows(engine, shop, "SELECT count(*) FROM jobs WHERE kind = 'mailing'") == [(1,)]
    assert browser.post(address, **FIELDS).status_code == 422
    assert 'name="texts.en.title"' not in browser.page(address)


def test_a_time_is_by_the_shops_clock_and_within_a_year(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    address = draft(browser)
    late = {"when": "later", "sure": "yes", "send_time": "09:30"}
    for day, words in (("2020-01-01", "next 365 days"), ("2099-01-01", "next 365 days"), ("soon", "Enter a date")):
        answer = browser.post(f"{address}/send", **late, send_on=day)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert browser.post(f"{address}/send", **{**late, "send_time": "25:00"}, send_on="2020-01-01").status_code == 422
    day = (NOW + timedelta(days=3)).date()
    assert browser.post(f"{address}/send", **late, send_on=day.isoformat()).status_code == 303
    [(said,)] = rows(engine, shop, "SELECT (send_at AT TIME ZONE (SELECT timezone FROM shops))::text FROM mailings")
    assert said == f"{day} 09:30:00"


def test_what_became_of_its_emails_is_counted_with_the_reasons(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    address = draft(browser)
    browser.post(f"{address}/send", when="now", sure="yes")
    number = int(address.rpartition("/")[2])
    made = welcomes(engine, shop.id, ["ana@example.com", "ben@example.com", "cai@example.com"], NOW)
    states = (("sent", ""), ("skipped", "the customer did not agree to marketing mails"), ("queued", ""))
    become = "UPDATE messages SET kind = 'mailing', subject = %(s)s, state = %(t)s, last_error = %(w)s WHERE id = %(i)s"
    with shop_transaction(engine, shop.id) as conn:
        for place, (message, (state, why)) in enumerate(zip(made, states, strict=True)):
            conn.exec_driver_sql(become, {"s": str(Mailed(number, place)), "t": state, "w": why, "i": message})
        mailings.wrote(conn, shop.id, number, 3)
        mailings.end(conn, shop.id, number, "written", NOW)
    html = browser.page(address)
    figures = re.findall(r'<span class="figure">([\d,]+)</span>', html)
    assert figures == ["1", "1", "1", "0", "0"]
    assert re.search(r"<s-list-item>1: [^<]*marketing", html)
    assert "Sending" in browser.page(PAGE)


def test_it_is_canceled_after_a_tick(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    address = draft(browser)
    browser.post(f"{address}/send", when="now", sure="yes")
    assert browser.post(f"{address}/cancel").status_code == 303
    assert rows(engine, shop, "SELECT state FROM mailings") == [("planned",)]
    assert browser.post(f"{address}/cancel", sure="yes").status_code == 303
    assert rows(engine, shop, "SELECT state FROM mailings") == [("canceled",)]
    assert "Canceled" in browser.page(PAGE)


def test_another_shops_mailing_is_not_there(browser: Browser, engine: Engine, other_shop: ShopRow) -> None:
    with shop_transaction(engine, other_shop.id) as conn:
        number, _ = mailings.add(conn, other_shop.id, Letter(name="x", language="en", texts={}), "", "staff:1", NOW)
    address = f"{PAGE}/{number}"
    assert browser.get(address).status_code == 404
    for path in ("", "/send", "/cancel", "/test"):
        assert browser.post(f"{address}{path}", **FIELDS, sure="yes").status_code == 404
    assert browser.get(f"{PAGE}/{2**70}").status_code == 404


def test_viewers_see_and_do_nothing(browser: Browser, viewer: Browser, engine: Engine, shop: ShopRow) -> None:
    address = draft(browser)
    assert "Create mailing" not in viewer.page(PAGE)
    assert "Send mailing" not in viewer.page(address)
    assert viewer.post(f"{PAGE}/new", **{**FIELDS, "key": "k2"}).status_code == 403
    for path in ("", "/send", "/cancel", "/test"):
        assert viewer.post(f"{address}{path}", **FIELDS, sure="yes").status_code == 403
    assert rows(engine, shop, "SELECT state FROM mailings") == [("draft",)]
