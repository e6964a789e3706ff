"""A mail of unknown fate is sent again when staff say so, once per click, and only then."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.rules.message_kinds import NO_CONSENT, SWITCHED_OFF
from plugin.rules.types import Buyer, CustomerFacts
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts, members
from plugin.store.work import jobs, messages
from plugin.store.work.messages import Outcome
from tests.conftest import ShopRow
from tests.web.session import Browser

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def message(engine: Engine, shop: ShopRow, state: str) -> int:
    with shop_transaction(engine, shop.id) as conn:
        buyer = Buyer(customer_id=7, email="ana@example.com")
        members.add(conn, shop.id, [buyer], {buyer: NOW})
        member = members.by_customers(conn, shop.id, [7])[7]
        row = {"shop_id": shop.id, "member_id": member.id, "kind": "order_confirmation", "subject": "order:1"}
        [(number, *_)] = messages.queue(conn, [row], NOW)
        messages.end(conn, shop.id, [Outcome(number, state)], NOW)
        return number


def test_an_unknown_mail_can_be_sent_again_once(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    number = message(engine, shop, "unknown")
    assert "Send again" in browser.page("/app/messages", state="unknown")
    for _ in range(2):
        assert browser.post(f"/app/messages/{number}/again", sure="yes").status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        found = messages.get(conn, shop.id, number)
        queued = jobs.page(conn, shop.id, "queued", None, 10)
    assert found is not None and found.state == "queued"
    assert [(job.kind, job.subject, job.generation) for job in queued] == [("send_message", str(number), 0)]


def left_out(engine: Engine, shop: ShopRow, why: str) -> int:
    number = message(engine, shop, "skipped")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE messages SET last_error = %(why)s", {"why": why})
    return number


@pytest.mark.parametrize("why", ["the gift was taken back", NO_CONSENT])
def test_what_would_only_be_left_out_again_says_why_and_has_no_button(
    browser: Browser, engine: Engine, shop: ShopRow, why: str
) -> None:
    left_out(engine, shop, why)
    page = browser.page("/app/messages", state="skipped")
    said = {NO_CONSENT: "agree to marketing emails."}.get(why, "The gift was taken back")
    assert said in page
    assert "Send again" not in page


def test_who_has_agreed_by_now_can_be_written_to(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    left_out(engine, shop, NO_CONSENT)
    with shop_transaction(engine, shop.id) as conn:
        customer_facts.save(conn, shop.id, {7: CustomerFacts(frozenset(), "subscribed", 1)}, datetime.now(UTC))
    assert "Send again" in browser.page("/app/messages", state="skipped")


def test_a_mail_left_out_while_mails_were_switched_off_can_be_sent(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    left_out(engine, shop, SWITCHED_OFF)
    assert "Send again" in browser.page("/app/messages", state="skipped")


@pytest.mark.parametrize("state", ["sent", "queued", "sending", "failed", "unknown", "skipped"])
def test_an_empty_list_says_what_would_be_in_it(browser: Browser, state: str) -> None:
    assert ("when orders come in" in browser.page("/app/messages", state=state)) == (state == "sent")


def test_a_mail_that_was_sent_stays_sent(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    number = message(engine, shop, "sent")
    browser.post(f"/app/messages/{number}/again")
    with shop_transaction(engine, shop.id) as conn:
        assert jobs.page(conn, shop.id, "queued", None, 10) == []


def test_another_shops_mail_cannot_be_sent(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    number = message(engine, shop, "unknown")
    other_browser.post(f"/app/messages/{number}/again")
    with shop_transaction(engine, shop.id) as conn:
        found = messages.get(conn, shop.id, number)
    assert found is not None and found.state == "unknown"
