"""Bodies that nobody has seen, through intake, settling, replay, erasure and export on the real database.

Each is processed, or refused in words; none ends in an error of the database or of ours, none stops another.
`SUKI_FUZZ_BODIES` and `SUKI_FUZZ_SEED` choose how many, and which.
"""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.members import privacy
from plugin.actions.points.audit import audit
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.work import deliveries
from plugin.web.admin.activity.masked import body_shown
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow, TestDatabase
from tests.webhooks import any_body
from webhooks.inbox import ATTEMPTS, process_waiting
from webhooks.receive import Intake
from webhooks.replay import compare

SEED = int(os.environ.get("SUKI_FUZZ_SEED", "8"))
BODIES = int(os.environ.get("SUKI_FUZZ_BODIES", "300"))
NOW = datetime(2026, 11, 21, tzinfo=UTC)
A_BUG = re.compile(r"[A-Za-z_]+: [A-Za-z_]+|.* in our own code")
"""How the inbox and the jobs write down an error that is not one of ours: see `inbox.describe`."""


def take_in(settings: Settings, database: TestDatabase, seed: int) -> list[tuple[str, bytes]]:
    """Send each body as Shopify would; answers those that were taken."""
    intake = Intake(settings, lambda: database.url)
    secret = settings.shopify_api_secret.get_secret_value()
    taken = []
    answers: list[str] = []
    try:
        for number, (topic, body) in enumerate(any_body.bodies(seed, BODIES)):
            at = NOW - timedelta(hours=12) + timedelta(seconds=number)
            list(intake(as_sent(secret, topic, body, f"w{number}", at), lambda status, _: answers.append(status)))
            assert answers[-1][:3] in ("200", "413"), (answers[-1], topic, body[:500])
            taken += [(topic, body)] if answers[-1][:3] == "200" else []
    finally:
        intake.close()
    return taken


def as_sent(secret: str, topic: str, body: bytes, webhook_id: str, at: datetime) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_X_SHOPIFY_HMAC_SHA256": payloads.signed(secret, body),
        "HTTP_X_SHOPIFY_SHOP_DOMAIN": any_body.DOMAIN,
        "HTTP_X_SHOPIFY_WEBHOOK_ID": webhook_id,
        "HTTP_X_SHOPIFY_TOPIC": topic,
        "HTTP_X_SHOPIFY_TRIGGERED_AT": at.isoformat(),
    }


def refusals(engine: Engine, shop_id: int) -> list[tuple[str, str]]:
    """Topic and error of each delivery that is left in the inbox."""
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql(
            "SELECT d.topic, i.last_error FROM inbox i JOIN deliveries d ON d.shop_id = i.shop_id"
            " AND d.id = i.delivery_id"
        )
        return [(row[0], row[1]) for row in rows]


def errors_of_jobs(engine: Engine, shop_id: int) -> list[tuple[str, str, str]]:
    """Kind, state and error of the privacy jobs that are left."""
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT kind, state, last_error FROM jobs WHERE kind = ANY(%(kinds)s)",
                                    {"kinds": ["export_customer", "erase_customer"]})  # fmt: skip
        return [(row[0], row[1], row[2]) for row in rows]


@pytest.fixture
def shop_id(engine: Engine, shop: ShopRow) -> int:
    """Whose programme looks at tiers, limits and the currency that was paid in, and stops at zero."""
    rules = {
        "welcome_points": 25,
        "below_zero": "clamp",
        "basis": {"shipping": True, "tax": True},
        "tiers": {"levels": [{"key": "silver", "name": "Silver", "enter": 100, "multiplier": "1.5"}]},
        "orders": {"limits": [{"most": 5000, "per": "day"}]},
    }
    return start_programme(engine, shop.id, Programme.model_validate(rules))


def test_any_body_is_processed_or_refused_in_words_and_stops_no_other(
    engine: Engine, shop_id: int, settings: Settings, database: TestDatabase
) -> None:
    settings = settings.model_copy(update={"webhook_max_bytes": 65_536})
    taken = take_in(settings, database, SEED)
    clock = [datetime.now(UTC)]  # the inbox's rows begin at the database's own
    for _ in range(ATTEMPTS + 1):
        while process_waiting(engine, lambda: clock[0]):
            pass
        clock[0] += timedelta(hours=1)
    left = refusals(engine, shop_id)
    assert [one for one in left if A_BUG.fullmatch(one[1])] == []
    assert len(left) < len(taken) // 2, Counter(error for _, error in left).most_common(5)
    assert audit(engine) == []
    assert compare(engine, database.url) == []

    for_all = range(7, 11)
    work = cast(Any, Work)(engine, AdminClients.of(settings), None, lambda: clock[0])
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        for_export = [d.body for d in deliveries.stored(conn, shop_id, 0, BODIES)]
        for customer in for_all:
            privacy.request_export(conn, shop, customer, "", f"export {customer}", clock[0])
    while jobs.run(work, shop_id, "export_customer"):
        pass
    with shop_transaction(engine, shop_id) as conn:
        for customer in for_all:
            privacy.erase_customer(conn, shop, customer, "", 10**6 + customer, clock[0])
    while jobs.run(work, shop_id, "erase_customer"):
        pass
    assert errors_of_jobs(engine, shop_id) == []
    assert all(body_shown(body) for body in for_export)
    assert audit(engine) == []
    assert compare(engine, database.url) == []


def test_the_same_seed_makes_the_same_bodies() -> None:
    assert list(any_body.bodies(5, 60)) == list(any_body.bodies(5, 60))
    assert len({topic for topic, _ in any_body.bodies(5, 300)}) == len(any_body.TOPICS)
