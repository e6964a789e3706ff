"""Home says that a shop's own version of an email could not be sent, until another one is published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from plugin.messages.sending.letters import BROKEN
from plugin.rules.emails.design import Source
from plugin.store.database.db import shop_transaction
from plugin.store.emails import versions
from tests.conftest import ShopRow
from tests.web.activity.test_message_log import member, message
from tests.web.session import Browser

SAID = "emails were sent in an earlier version, because yours couldn't be made: Welcome."


def publish(engine: Engine, shop: ShopRow, at: datetime) -> None:
    with shop_transaction(engine, shop.id) as conn:
        versions.add(
            conn,
            shop.id,
            "welcome",
            Source(subject="s", preheader="", mjml="<mjml></mjml>", text="t"),
            "",
            "staff:1",
            at,
        )


def test_home_says_which_of_the_shops_own_emails_could_not_be_sent(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    now = datetime.now(UTC)
    ana = member(engine, shop, "ana@example.com", "Ana")
    message(engine, shop, ana, "Fine", sent_at=now)
    publish(engine, shop, now - timedelta(days=2))
    assert "couldn't be made" not in browser.page("/app").replace("&#39;", "'")
    message(engine, shop, ana, "One", last_error=BROKEN, sent_at=now - timedelta(hours=2))
    message(engine, shop, ana, "Two", last_error=BROKEN, sent_at=now - timedelta(hours=1))
    message(engine, shop, ana, "Old", last_error=BROKEN, sent_at=now - timedelta(days=8))
    assert f"2 {SAID}" in browser.page("/app").replace("&#39;", "'")
    publish(engine, shop, now)
    assert "couldn't be made" not in browser.page("/app").replace("&#39;", "'")
