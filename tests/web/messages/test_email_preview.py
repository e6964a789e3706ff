"""The preview follows the form: samples, real members and orders of this shop, looks and languages; and tests of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.orders.settle_orders import settle_orders
from plugin.clients.smtp.mail import Mailer
from plugin.rules.messages import RenderedMail
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.emails import drafts
from plugin.store.shops import access_log, shops, staff
from plugin.store.shops.access_log import Wanted
from plugin.store.shops.staff import Account
from tests import payloads
from tests.conftest import ShopRow
from tests.web.activity.test_activity_log import ana
from tests.web.figures import NOW
from tests.web.messages.form import Fields, fields_of
from tests.web.session import STAFF, Browser
from webhooks.orders import order as read_order

PAGE = "/app/messages/emails/welcome"
CONFIRMATION = "/app/messages/emails/order_confirmation"


def typed(browser: Browser, page: str = PAGE, **changes: Any) -> Fields:
    return {**fields_of(browser.page(page)), "look": ["light"], "seen_language": ["en"], **changes}


def reads(engine: Engine, shop: ShopRow) -> list[tuple[str, str]]:
    with shop_transaction(engine, shop.id) as conn:
        return [(line.what, line.subject) for line in access_log.page(conn, shop.id, Wanted(), None)][::-1]


def test_the_preview_shows_what_is_typed_and_saves_and_notes_nothing(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    answer = browser.post(f"{PAGE}/preview", **typed(browser, **{"t.earned.title": "Hello **{{ first_name }}**"}))
    assert answer.status_code == 200
    assert "Hello **Ana**" in answer.get_json()["html"], "a line has values and no marks"
    assert answer.get_json()["subject"] == "Welcome to Demo: 50 points to start with"
    with shop_transaction(engine, shop.id) as conn:
        assert drafts.all_of(conn, shop.id) == {}
    assert reads(engine, shop) == []


def test_it_looks_dark_light_or_like_text_and_speaks_each_language(browser: Browser) -> None:
    def look(name: str, language: str = "en") -> str:
        answer = browser.post(f"{PAGE}/preview", **typed(browser, look=name, seen_language=language))
        return str(answer.get_json()["html"])

    assert "prefers-color-scheme" not in look("dark") + look("light")
    assert look("dark") != look("light")
    assert "<table" not in look("text")
    assert "<pre" in look("text")
    assert look("light", "fil") != look("light")
    assert 'lang="fil"' in look("light", "fil")


def test_a_member_of_the_shop_is_seen_with_their_own_name_and_points_and_it_is_written_down(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    member = ana(engine, shop)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE members SET first_name = 'Zenaida' WHERE id = %(id)s", {"id": member})
    answer = browser.post(f"{PAGE}/preview/member/{member}", **typed(browser))
    assert answer.status_code == 200
    assert "Zenaida" in answer.get_json()["html"]
    assert reads(engine, shop) == [("member", f"member {member}")]


@pytest.mark.parametrize(
    "path", ["member/{member}", "member/99", "order/12", f"order/{2**63}", "member/99999999999999999999"]
)
def test_another_shops_member_or_order_and_nobody_at_all_is_refused(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow, path: str
) -> None:
    member = ana(engine, shop)
    answer = other_browser.post(f"{PAGE}/preview/{path.format(member=member)}", **typed(other_browser))
    assert answer.status_code == 404
    assert "Ana" not in answer.text
    assert "couldn't find" in answer.text.lower().replace("\\u2019", "'")


def test_members_are_found_by_name_and_never_those_of_another_shop(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    member = ana(engine, shop)
    assert f'data-choose="member:{member}"' in browser.get(f"{PAGE}/people", q="reyes").text
    assert f'data-choose="member:{member}"' in browser.get(f"{PAGE}/people").text
    assert "data-choose" not in browser.get(f"{PAGE}/people", q="nobody").text
    assert "data-choose" not in other_browser.get(f"{PAGE}/people", q="reyes").text
    assert [what for what, _ in reads(engine, shop)] == ["members"] * 3


def test_an_order_is_found_by_its_number_and_shown_with_it(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    fact = read_order("orders/paid", NOW, payloads.dumps(payloads.order()), "USD")
    with shop_transaction(engine, shop.id) as conn:
        settle_orders(conn, shops.get(conn, shop.id), [fact], NOW)
    for q in ("#1001", "1001", ""):
        assert ">Order #1001</button>" in browser.get(f"{PAGE}/people", q=q).text
    assert "Order #" not in browser.get(f"{PAGE}/people", q="1002").text


def test_a_picture_of_another_shop_is_refused_at_its_place_in_preview_and_saving(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    with system_transaction(engine) as conn:
        shops.merge_settings(conn, shop.id, {"files_folder": "https://cdn.shopify.com/s/files/1/0001/0002/"})
    browser.post(PAGE, **{**fields_of(browser.page(PAGE)), "do": "add", "new_type": "image"})
    fields = typed(browser)
    [name] = [name for name in fields if name.startswith("o.") and name.endswith(".image")]
    for url, status in (
        ("https://cdn.shopify.com/s/files/1/0009/0009/files/theirs.png", 422),
        ("https://cdn.shopify.com/s/files/1/0001/0002/files/../../0009/0009/files/theirs.png", 422),
        ("https://cdn.shopify.com/s/files/1/0001/0002/files/%2e%2e/%2e%2e/0009/0009/files/theirs.png", 422),
        ("https://CDN.Shopify.com./s/files/1/0009/0009/files/theirs.png", 422),
        ("https://cdn.shopify.com:443/s/files/1/0009/0009/files/theirs.png", 422),
        ("https://cdn.shopify.com/shopifycloud/anything.png", 422),
        ("https://cdn.shopify.com/s/files/1/0001/0002/files/mine.png?v=1", 200),
        ("https://pictures.example.com/mine.png", 200),
    ):
        answer = browser.post(f"{PAGE}/preview", **{**fields, name: url})
        assert answer.status_code == status, url
        if status == 422:
            assert name in answer.get_json()["fields"]
            refused = browser.post(PAGE, **{**fields, name: url, "do": "save"})
            assert refused.status_code == 422
            assert f'id="wrong-{name}"' in refused.text
            assert "belongs to another shop" in refused.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seen_language": "xx"}, "language"),
        ({"language": "xx"}, "language"),
        ({"t.email.subject": "x" * 10_000}, "300"),
        ({"design": "{"}, ""),
    ],
)
def test_what_cannot_be_shown_says_why(browser: Browser, changes: dict[str, str], words: str) -> None:
    answer = browser.post(f"{PAGE}/preview", **{**typed(browser), **changes})
    assert answer.status_code == 422
    assert words in json.dumps(answer.get_json()).lower()
    assert answer.get_json()["message"]


def test_viewers_see_no_customers_in_previews(
    app: Flask, browser: Browser, engine: Engine, shop: ShopRow, settings: Settings
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account("77", "viewer", "", "", None, NOW))
    viewer = Browser(app, settings, shop.domain, "77")
    fields = typed(browser)
    assert viewer.get(PAGE).status_code == 200
    assert viewer.get(f"{PAGE}/people").status_code == 403
    assert viewer.post(f"{PAGE}/preview", **fields).status_code == 403
    assert viewer.post(PAGE, **fields, do="save").status_code == 403


def test_a_test_without_an_address_says_so(browser: Browser) -> None:
    answer = browser.post(PAGE, **{**fields_of(browser.page(PAGE)), "do": "test"})
    assert answer.status_code == 422
    assert "know your email address yet" in answer.text


def test_a_mail_server_that_is_away_is_said_and_the_form_stays(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account(STAFF, "owner", "Ana", "ana@example.com", None, NOW))
    fields = {**fields_of(browser.page(PAGE)), "t.email.subject": "Mine", "do": "test"}
    answer = browser.post(PAGE, **fields)
    assert answer.status_code == 503
    assert fields_of(answer.text)["t.email.subject"] == ["Mine"]
    with shop_transaction(engine, shop.id) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM messages").scalar_one() == 0


def test_a_test_is_sent_in_the_language_that_the_preview_shows(
    browser: Browser, engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account(STAFF, "owner", "Ana", "ana@example.com", None, NOW))
    sent: list[RenderedMail] = []
    monkeypatch.setattr(Mailer, "send", lambda _mailer, mail, _to, _name, sender: sent.append(mail))
    answer = browser.post(PAGE, **{**fields_of(browser.page(PAGE)), "seen_language": "fil", "do": "test"})
    assert answer.status_code == 200
    assert [mail.locale for mail in sent] == ["fil"]


def test_a_preview_offers_to_unsubscribe_only_where_the_email_does(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    member = ana(engine, shop)
    for page, offers in ((CONFIRMATION, False), (PAGE, True)):
        fields = typed(browser, page, look="text")
        for who in ("", f"/member/{member}"):
            shown = browser.post(f"{page}/preview{who}", **fields).get_json()["html"]
            assert ("Unsubscribe" in shown) == offers, (page, who)


def test_a_preview_of_something_wrong_does_not_speak_of_saving(browser: Browser) -> None:
    answer = browser.post(f"{PAGE}/preview", **typed(browser, **{"t.earned.title": "{{ first_name"}))
    assert answer.status_code == 422
    assert answer.get_json()["message"] == "The preview shows what is wrong as it was before."
    assert list(answer.get_json()["fields"]) == ["t.earned.title"]
    assert "saved" not in answer.text


@pytest.mark.parametrize("wrong", ["{{ first_name", "{{ nobody }}", "[a](javascript:1)", "x" * 20_000])
def test_the_preview_goes_on_while_a_field_is_wrong_and_says_so_at_each(browser: Browser, wrong: str) -> None:
    changes = {"t.how.body": wrong, "t.earned.title": "A new title", "t.earned.body": wrong}
    answer = browser.post(f"{PAGE}/preview", **typed(browser, **changes))
    assert answer.status_code == 422
    said = answer.get_json()
    assert set(said["fields"]) == {"t.how.body", "t.earned.body"}
    assert "A new title" in said["html"]
    assert said["subject"] == "Welcome to Demo: 50 points to start with"
    assert wrong not in said["html"]


def test_a_preview_for_nobody_that_there_is_says_so(browser: Browser) -> None:
    for who in ("sample:99", "member:999999", "order:1", "x"):
        answer = browser.post(f"{PAGE}/preview", **typed(browser, who=who))
        assert answer.status_code == 404
        assert "couldn't find" in answer.get_json()["message"].lower().replace("\u2019", "'")
        assert "html" not in answer.get_json()


def test_every_sample_of_a_kind_can_be_chosen(browser: Browser) -> None:
    fields = typed(browser, CONFIRMATION)
    seen = {
        browser.post(f"{CONFIRMATION}/preview", **{**fields, "who": f"sample:{at}"}).get_json()["html"]
        for at in range(4)
    }
    assert len(seen) == 4


def test_blocks_that_were_added_say_something_in_a_preview(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    for kind in ("rewards_in_reach", "ways_to_earn", "tier"):
        browser.post(PAGE, **{**fields_of(browser.page(PAGE)), "do": "add", "new_type": kind})
    shown = browser.post(f"{PAGE}/preview", **typed(browser, look="text")).get_json()["html"]
    assert "Free mug" in shown
    assert "Silver" in shown
    member = ana(engine, shop)
    assert "Free mug" not in browser.post(f"{PAGE}/preview/member/{member}", **typed(browser)).get_json()["html"]
