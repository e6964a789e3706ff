"""An email can be read as its member got it, and sent again once staff confirm it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from plugin.actions.emails.save_kind_settings import save_kind_settings
from plugin.rules.emails.kind_settings import KindSettings
from plugin.rules.message_kinds import NO_CONSENT, NOT_TOLD, UNWANTED, MessageKind
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.work.one_mail import PART_OF
from tests.conftest import ShopRow
from tests.web.figures import NOW, add_members, people
from tests.web.session import Browser


def given(browser: Browser, engine: Engine, shop: ShopRow, state: str = "sent") -> tuple[int, int]:
    """Ana got points by hand; the email about it went. Answers the member and the message."""
    [ana] = add_members(engine, shop.id, [Buyer(7, "ana@example.com", "Ana", "Reyes")])
    asked = browser.post(
        f"/app/members/{ana.id}/adjust", points="50", note="A late parcel", kind="gift", shown="yes", tell="yes"
    )
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked.text))
    assert browser.post(f"/app/members/{ana.id}/adjust/carry-out", **fields).status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        number = conn.exec_driver_sql("SELECT id FROM messages WHERE kind = 'points_given'").scalar_one()
        conn.exec_driver_sql(
            "UPDATE messages SET state = %s, mail_subject = 'You got 50 points', language = 'en', sent_at = now()",
            (state,),
        )
        conn.exec_driver_sql("DELETE FROM jobs WHERE kind = 'send_message'")
    return ana.id, number


def test_an_email_is_read_with_the_line_it_went_with_and_what_it_says(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    member, number = given(browser, engine, shop)
    for place in (f"/app/members/{member}", "/app/messages?state=all"):
        assert f"/app/messages/{number}?" in browser.page(place)
    html = browser.page(f"/app/messages/{number}")
    assert "You got 50 points" in html and "To ana@example.com" in html
    frame = re.search(r'<iframe class="preview"[^>]* sandbox srcdoc="([^"]+)"', html)
    assert frame is not None
    assert "A late parcel" in frame[1] and "<script" not in frame[1]


def test_it_is_sent_again_only_once_it_is_confirmed(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    _, number = given(browser, engine, shop)

    def state() -> tuple[str, int]:
        with shop_transaction(engine, shop.id) as conn:
            jobs = conn.exec_driver_sql("SELECT count(*) FROM jobs WHERE kind = 'send_message'").scalar_one()
            return conn.exec_driver_sql("SELECT state FROM messages WHERE id = %s", (number,)).scalar_one(), jobs

    answer = browser.post(f"/app/messages/{number}/again", back="letter")
    assert "Select this to send it." in browser.page(answer.headers["Location"])
    assert state() == ("sent", 0)
    for _ in range(2):
        browser.post(f"/app/messages/{number}/again", back="letter", sure="yes")
    assert state() == ("queued", 1)
    assert "Send again" not in browser.page(f"/app/messages/{number}")


def test_what_it_was_about_being_gone_it_says_so(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    member, number = given(browser, engine, shop)
    undo = re.search(r'href="([^"]*/undo/\d+)', browser.page(f"/app/members/{member}"))
    assert undo is not None
    browser.post(undo[1])
    assert "The text can&#39;t be shown anymore" in browser.page(f"/app/messages/{number}")


def test_an_email_that_proves_who_somebody_is_is_shown_to_nobody_else(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    _, number = given(browser, engine, shop)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE messages SET kind = 'second_step' WHERE id = %s", (number,))
    html = browser.page(f"/app/messages/{number}")
    assert "<iframe" not in html and "The text can&#39;t be shown" in html


def test_another_shops_email_is_not_found(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    _, number = given(browser, engine, shop)
    assert other_browser.get(f"/app/messages/{number}").status_code == 404


def test_who_chose_not_to_tell_finds_the_message_with_its_reason(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    [ana] = add_members(engine, shop.id, people(1))
    asked = browser.post(f"/app/members/{ana.id}/adjust", points="50", note="Quietly", kind="gift")
    assert "No email is sent." in asked.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked.text))
    browser.post(f"/app/members/{ana.id}/adjust/carry-out", **fields)
    assert "Staff chose not to tell the member" in browser.page("/app/messages", state="skipped")


def left_out(engine: Engine, shop: ShopRow, number: int, why: str, state: str = "skipped") -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "UPDATE messages SET state = %s, last_error = %s, sent_at = NULL WHERE id = %s", (state, why, number)
        )


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (NO_CONSENT, "The customer didn&#39;t agree to marketing emails."),
        (NOT_TOLD, "Staff chose not to tell the member."),
        (PART_OF, "It went as part of another email about the same order."),
        (UNWANTED, "The member doesn&#39;t want the programme&#39;s emails."),
        ("the points were taken back", "The points were taken back."),
    ],
)
def test_why_it_was_not_sent_is_said_in_the_same_words_on_every_page(
    browser: Browser, engine: Engine, shop: ShopRow, why: str, words: str
) -> None:
    member, number = given(browser, engine, shop)
    left_out(engine, shop, number, why)
    log, letter, calendar = "/app/messages?state=all", f"/app/messages/{number}", f"/app/messages/calendar/{member}"
    for page in (log, letter, f"/app/members/{member}", calendar):
        html = browser.page(page)
        assert words in html, page
        assert f">{why}<" not in html and f"({why})" not in html, page


def test_what_never_went_is_sent_by_one_click_and_what_is_off_says_why_it_cannot(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    _, number = given(browser, engine, shop)
    left_out(engine, shop, number, NOT_TOLD)
    assert 'name="sure"' not in browser.page(f"/app/messages/{number}")
    with shop_transaction(engine, shop.id) as conn:
        off = KindSettings(False, {"wait_minutes": 5})
        save_kind_settings(conn, shop.id, MessageKind.POINTS_GIVEN, off, "staff:1", NOW)
    html = browser.page(f"/app/messages/{number}")
    assert "It can&#39;t be sent again. This kind of email is turned off." in html
    assert f"/app/messages/{number}/again" not in html
    with shop_transaction(engine, shop.id) as conn:
        on = KindSettings(True, {"wait_minutes": 5})
        save_kind_settings(conn, shop.id, MessageKind.POINTS_GIVEN, on, "staff:1", NOW)
    browser.post(f"/app/messages/{number}/again", back="letter")
    with shop_transaction(engine, shop.id) as conn:
        assert conn.exec_driver_sql(f"SELECT state FROM messages WHERE id = {number}").scalar_one() == "queued"
