"""Where the processes' clock is ahead, as in the demo, what people see is dated by that clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from werkzeug.test import Client

from plugin.app import create_app
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.reports import reports
from plugin.store.shops import shops
from plugin.store.work import messages
from plugin.store.work.messages import Outcome
from tests import payloads
from tests.conftest import ShopRow, TestDatabase
from tests.web.conftest import make_open
from tests.web.figures import add_members
from tests.web.session import Browser
from webhooks.receive import Intake

LATER = datetime.now(UTC) + timedelta(days=200)


@pytest.fixture
def intake(settings: Settings, database: TestDatabase) -> Iterator[Client]:
    """The endpoint, in that time."""
    made = Intake(settings, lambda: database.url, lambda: LATER)
    yield Client(made)
    made.close()


def deliver(intake: Client, settings: Settings, shop: ShopRow) -> None:
    body = payloads.dumps(payloads.order())
    named = {
        "X-Shopify-Hmac-Sha256": payloads.signed(settings.shopify_api_secret.get_secret_value(), body),
        "X-Shopify-Shop-Domain": shop.domain,
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-Webhook-Id": "one",
    }
    assert intake.post(data=body, headers=named).status_code == 200


def give_and_tell(engine: Engine, shop: ShopRow) -> None:
    [member] = add_members(engine, shop.id, [Buyer(1, "ana@example.com", "Ana", "Reyes")])
    with shop_transaction(engine, shop.id) as conn:
        account = Ledger(conn, shop.id, [member.id])
        account.post([Entry(member.id, "gift", 7, "gift:1", 1, LATER, "test")], LATER)
        account.write()
        row = {"shop_id": shop.id, "member_id": member.id, "kind": "welcome", "subject": "member:1"}
        [(number, *_)] = messages.queue(conn, [row], LATER)
        assert messages.end(conn, shop.id, [Outcome(number, "sent")], LATER) == {number}


def test_home_judges_what_happened_today(intake: Client, settings: Settings, engine: Engine, shop: ShopRow) -> None:
    make_open(engine, settings, shop)
    deliver(intake, settings, shop)
    give_and_tell(engine, shop)
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"facts_at": LATER.isoformat()})
        works = reports.works(conn, shop.id, LATER)
    assert (works.last_delivery, works.last_mail) == (LATER, LATER)
    page = Browser(create_app(settings, engine, lambda: LATER), settings, shop.domain).page("/app")
    assert "Arriving" in page
    assert "Quiet" not in page
