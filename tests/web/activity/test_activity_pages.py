"""Deliveries, jobs, messages, settings and Home: what is wrong is seen, and can be tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import Connection, Engine

from plugin.rules.message_kinds import MessageKind
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.work import deliveries, messages
from plugin.store.work.messages import Outcome
from tests.conftest import ShopRow
from tests.web.figures import NOW, add_failures, add_members
from tests.web.messages.form import TITLE, opened, press
from tests.web.session import Browser
from webhooks.named_shop import REFUSAL

ORDER = {
    "id": 1,
    "name": "#1001",
    "email": "ana@example.com",
    "contact_email": "ana@example.com",
    "phone": "+63 900",
    "browser_ip": "203.0.113.7",
    "order_status_url": "https://demo.example/orders/secret-key",
    "token": "secret-token",
    "note": "Leave it with Juan",
    "note_attributes": [{"name": "Gift for", "value": "Juan"}],
    "customer": {"id": 7, "first_name": "Ana", "last_name": "Reyes", "name": "Ana Reyes", "tags": "vip"},
    "shipping_address": {"name": "Ana Reyes", "address1": "12 Mabini Street", "city": "Makati", "zip": "1200"},
    "line_items": [{"name": "Linen shirt", "title": "Linen shirt", "price": "45.00", "properties": [{"a": "Juan"}]}],
}


def inbox(conn: Connection, shop: ShopRow) -> list[tuple[str, int]]:
    rows = conn.exec_driver_sql("SELECT state, attempts FROM inbox WHERE shop_id = %(s)s", {"s": shop.id})
    return [(row[0], row[1]) for row in rows]


def test_a_failed_delivery_is_seen_with_its_error_and_tried_again(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    delivery, _ = add_failures(engine, shop.id)
    assert "t be processed. See why, then retry it." in browser.page("/app")
    listed = browser.page("/app/activity", state="failed")
    assert "BadPayload: no line_items" in listed
    assert "Retry<" in listed
    answer = browser.post("/app/activity/deliveries/retry", id=str(delivery), state="failed")
    assert (answer.status_code, "done=retried" in answer.headers["Location"]) == (303, True)
    with shop_transaction(engine, shop.id) as conn:
        assert inbox(conn, shop) == [("new", 0)]
    assert "Retried 1 failed delivery" in browser.page("/app/activity/staff")


def test_a_delivery_of_another_shop_is_seen_and_cannot_be_tried_again(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    delivery, _ = add_failures(engine, shop.id)
    with shop_transaction(engine, shop.id) as conn:
        deliveries.refuse(conn, shop.id, [delivery], REFUSAL)
        conn.exec_driver_sql("UPDATE deliveries SET received_at = now()")
    assert "1 was meant for another shop, in the last 7 days" in browser.page("/app")
    listed = browser.page("/app/activity", state="refused")
    assert (REFUSAL in listed, "Refused (1)" in listed, "Retry<" in listed) == (True, True, False)
    shown = browser.page(f"/app/activity/deliveries/{delivery}")
    assert ("meant for another shop" in shown, "Retry<" in shown, "Ana" in shown) == (
        True,
        False,
        False,
    )
    answer = browser.post("/app/activity/deliveries/retry", id=str(delivery))
    assert "done=nothing" in answer.headers["Location"]
    with shop_transaction(engine, shop.id) as conn:
        assert inbox(conn, shop) == [("refused", 2)]


def test_all_failed_jobs_are_tried_again_at_once(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    add_failures(engine, shop.id)
    assert "Shopify refused it" in browser.page("/app/activity/jobs")
    browser.post("/app/activity/jobs/retry", all="yes")
    with shop_transaction(engine, shop.id) as conn:
        rows = conn.exec_driver_sql("SELECT state, attempts FROM jobs").all()
    assert [tuple(row) for row in rows] == [("queued", 0)]
    assert "No failed jobs" in browser.page("/app/activity/jobs", state="failed")


@pytest.mark.parametrize("path", ["/app/activity/deliveries/retry", "/app/activity/jobs/retry"])
def test_nobody_retries_what_belongs_to_another_shop(
    browser: Browser, engine: Engine, other_shop: ShopRow, path: str
) -> None:
    delivery, job = add_failures(engine, other_shop.id)
    for fields in ({"id": [str(delivery), str(job)]}, {"all": "yes"}, {"id": "x"}, {}):
        assert "done=nothing" in browser.post(path, **fields).headers["Location"]
    with shop_transaction(engine, other_shop.id) as conn:
        assert inbox(conn, other_shop) == [("failed", 1)]


def test_a_deliverys_body_is_readable_and_its_person_is_not(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    delivery, _ = add_failures(engine, shop.id, orjson.dumps(ORDER))
    page = browser.page(f"/app/activity/deliveries/{delivery}")
    for shown in ("#1001", "Linen shirt", "45.00"):
        assert shown in page
    for personal in ("vip", "ana@", "+63", "203.0", "secret", "Juan", "Ana", "Reyes", "Mabini", "Makati", "1200"):
        assert personal not in page


@pytest.mark.parametrize("body", [b"not json: ana@example.com", b"[" * 100_000, b"\xff\xfe", b'"ana@example.com"'])
def test_a_body_that_is_no_order_shows_nothing_personal(
    browser: Browser, engine: Engine, shop: ShopRow, body: bytes
) -> None:
    delivery, _ = add_failures(engine, shop.id, body)
    assert "ana@" not in browser.page(f"/app/activity/deliveries/{delivery}")


def test_a_huge_body_is_cut(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    body = orjson.dumps({"line_items": [{"title": "<" * 50}] * 5000})
    delivery, _ = add_failures(engine, shop.id, body)
    assert "…" in browser.page(f"/app/activity/deliveries/{delivery}")


def test_another_shops_delivery_is_not_found(browser: Browser, engine: Engine, other_shop: ShopRow) -> None:
    delivery, _ = add_failures(engine, other_shop.id)
    assert browser.get(f"/app/activity/deliveries/{delivery}").status_code == 404
    assert "webhook-1" not in browser.page("/app/activity")


def test_a_delivery_is_found_by_its_webhook_id(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    add_failures(engine, shop.id)
    assert "orders/paid" in browser.page("/app/activity", q="webhook-1")
    assert "No delivery found" in browser.page("/app/activity", q="webhook-2")


def test_messages_are_listed_by_state_with_their_error(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    [ana] = add_members(engine, shop.id, [Buyer(7, "ana@example.com", "Ana", "Reyes")])
    row = {"shop_id": shop.id, "member_id": ana.id, "kind": "order_confirmation", "subject": "order:1", "locale": "en"}
    with shop_transaction(engine, shop.id) as conn:
        [(number, _, _)] = messages.queue(conn, [row], NOW)
        messages.end(conn, shop.id, [Outcome(number, "failed", "550 no such mailbox")], NOW)
    page = browser.page("/app/messages", state="failed")
    assert "550 no such mailbox" in page
    assert "Ana Reyes" in page
    assert "t be sent." in browser.page("/app")


class TestHome:
    def test_without_the_permissions_it_says_which_are_missing(
        self, browser: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        with system_transaction(engine) as conn:
            shops.describe(conn, shop.id, {"scopes": ["read_orders"]})
        page = browser.page("/app")
        assert "Needs your attention" in page
        assert "write_discounts" in page

    def test_a_backlog_nobody_works_on_is_named(self, browser: Browser, engine: Engine, shop: ShopRow) -> None:
        add_failures(engine, shop.id)
        with shop_transaction(engine, shop.id) as conn:
            conn.exec_driver_sql("UPDATE inbox SET state = 'new', not_before = now() - interval '10 minutes'")
        assert "Check that a worker is running." in browser.page("/app")


class TestSettings:
    def test_the_day_from_which_orders_count_is_a_local_day(
        self, browser: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        answer = browser.post("/app/settings", counts_from="2026-03-01")
        assert answer.status_code == 303
        with system_transaction(engine) as conn:
            assert shops.get(conn, shop.id).counts_from == datetime(2026, 2, 28, 16, tzinfo=UTC)
        assert 'value="2026-03-01"' in browser.page("/app/settings")

    @pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "0001-01-01", "9999-12-31", "2026-01-01T00:00"])
    def test_a_day_that_cannot_be_is_refused_at_its_field(self, browser: Browser, text: str) -> None:
        answer = browser.post("/app/settings", counts_from=text)
        assert answer.status_code == 422
        assert 'error="Enter a date' in answer.text


class TestBrand:
    GOOD = {"primary": "#112233", "background": "#FFFFFF", "text": "#000000", "sender_name": "Casa Ana"}

    def test_saving_it_changes_the_mails(self, browser: Browser, engine: Engine, shop: ShopRow) -> None:
        assert browser.post("/app/messages/brand", **self.GOOD).status_code == 303
        with system_transaction(engine) as conn:
            assert shops.get(conn, shop.id).brand["primary"] == "#112233"
        page = browser.page("/app/messages/brand")
        assert "#112233" in page
        assert "Casa Ana &lt;rewards@example.com&gt;" in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [("primary", "red"), ("logo_url", "javascript:alert(1)"), ("reply_to", "a@b\nBcc: c@d"), ("text", "")]
        + [
            ("sender_name", name) for name in ("PayPal <security@paypal.com>", "a＠b.com", "www.nena.ph", "nena.ph/pay")
        ],
    )
    def test_what_cannot_be_used_is_said_at_its_field(
        self, browser: Browser, engine: Engine, shop: ShopRow, field: str, value: str
    ) -> None:
        answer = browser.post("/app/messages/brand", **{**self.GOOD, field: value})
        assert answer.status_code == 422
        assert 'error="Enter ' in answer.text
        with system_transaction(engine) as conn:
            assert shops.get(conn, shop.id).brand == {}

    @pytest.mark.parametrize(("language", "words"), [("en", "Thank you"), ("fil", "Salamat")])
    def test_the_preview_is_the_mail_itself(self, browser: Browser, language: str, words: str) -> None:
        answer = browser.post("/app/messages/brand/preview", **self.GOOD, language=language)
        assert answer.status_code == 200
        assert words in answer.text
        assert "#112233" in answer.text

    def test_every_kind_of_mail_can_be_previewed(self, browser: Browser) -> None:
        page = browser.page("/app/messages/brand")
        for kind in MessageKind:
            assert f'<s-option value="{kind}"' in page
            answer = browser.post("/app/messages/brand/preview", **self.GOOD, language="en", email=kind)
            assert (answer.status_code, "#112233" in answer.text) == (200, True)
            assert (kind == "order_confirmation") == ("Thank you, Ana!" in answer.text)

    def test_the_preview_has_the_words_that_the_shop_published(self, browser: Browser) -> None:
        press(browser, opened(browser), "publish", **{TITLE: "Kape tayo"})
        for language, own in (("en", True), ("fil", False)):
            answer = browser.post("/app/messages/brand/preview", **self.GOOD, language=language, email="welcome")
            assert (answer.status_code, "#112233" in answer.text, "Kape tayo" in answer.text) == (200, True, own)

    def test_light_text_makes_dark_cards_and_the_page_says_so(self, browser: Browser) -> None:
        assert "makes the cards dark" not in browser.page("/app/messages/brand")
        browser.post("/app/messages/brand", **{**self.GOOD, "text": "#fefefe"})
        assert "makes the cards dark" in browser.page("/app/messages/brand")

    def test_the_preview_goes_on_with_what_is_valid(self, browser: Browser) -> None:
        form = {**self.GOOD, "accent": "#ffee00", "reply_to": "not-an-address", "footer": "12 Mabini Street"}
        answer = browser.post("/app/messages/brand/preview", **form, language="en")
        assert (answer.status_code, "12 Mabini Street" in answer.text) == (200, True)

    def test_a_kind_that_there_is_not_shows_the_confirmation(self, browser: Browser) -> None:
        answer = browser.post("/app/messages/brand/preview", **self.GOOD, language="en", email="no_such_kind")
        assert (answer.status_code, "Thank you, Ana!" in answer.text) == (200, True)


def test_the_snippet_of_the_newest_version_can_be_copied(browser: Browser) -> None:
    page = browser.page("/app/messages/shopify")
    assert "divided_by" in page
    assert 'data-copy="snippet"' in page


def test_a_database_that_is_away_is_said_briefly(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert NOW  # the shop is there; now its database goes away
    from plugin.errors import Unavailable
    from plugin.store.database import db

    def away(*_: object) -> object:
        raise Unavailable("the database does not answer", retry_after_seconds=1)

    monkeypatch.setattr(db, "system_transaction", away)
    answer = browser.get("/app")
    assert (answer.status_code, answer.text) == (503, "the database does not answer")
