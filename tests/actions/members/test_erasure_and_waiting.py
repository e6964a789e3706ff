"""What waits in the inbox is left as it is by an erasure, and says nothing when its turn comes; no body stops one."""

from __future__ import annotations

from collections.abc import Callable
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
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow
from webhooks.inbox import ATTEMPTS, process_waiting


class Office:
    """A shop's inbox and its privacy jobs, with a clock that the test moves."""

    def __init__(self, engine: Engine, shop_id: int, settings: Settings) -> None:
        self.engine, self.shop_id = engine, shop_id
        self.now = datetime.now(UTC)
        clients = AdminClients.of(settings)
        self.work = cast(Callable[..., Work], Work)(engine, clients, None, lambda: self.now)

    def arrives(self, name: str, topic: str, body: bytes | dict[str, Any]) -> None:
        said = body if isinstance(body, bytes) else payloads.dumps(body)
        with shop_transaction(self.engine, self.shop_id) as conn:
            deliveries.add(conn, self.shop_id, name, topic, self.now, said)

    def erase(self, customer: int) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            privacy.erase_customer(conn, shops.get(conn, self.shop_id), customer, "", 10**6 + customer, self.now)

    def process(self) -> None:
        for _ in range(ATTEMPTS):
            self.now += timedelta(hours=1)
            while process_waiting(self.engine, lambda: self.now, forgetting=self.work.forgetting_key):
                pass

    def run(self) -> None:
        self.now += timedelta(hours=1)
        for kind in ("export_customer", "erase_customer"):
            jobs.run(self.work, self.shop_id, kind)

    def bodies(self) -> dict[str, bytes]:
        with shop_transaction(self.engine, self.shop_id) as conn:
            waiting = deliveries.claim(conn, self.shop_id, 99, self.now + timedelta(days=9))
            every = [*deliveries.stored(conn, self.shop_id, 0, 99), *waiting]
        return {each.webhook_id: each.body for each in every}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]


@pytest.fixture
def office(engine: Engine, shop: ShopRow, settings: Settings) -> Office:
    return Office(engine, start_programme(engine, shop.id, Programme()), settings)


def test_what_waits_is_left_and_says_nothing_of_the_person_when_its_turn_comes(office: Office) -> None:
    """An order placed before the erasure posts nothing; a request of theirs is carried out."""
    office.arrives("first", "orders/paid", payloads.order(1))
    office.process()
    order, request = payloads.order(2), {"customer": {"id": 7, "email": "ana@example.com"}}
    office.arrives("order", "orders/paid", order)
    office.arrives("request", "customers/data_request", request)
    office.arrives("guest", "customers/redact", {"customer": {"email": "ana@example.com"}})
    office.erase(7)
    office.run()
    waiting = office.bodies()
    assert (waiting["order"], waiting["request"]) == (payloads.dumps(order), payloads.dumps(request))
    assert b"ana@example.com" not in waiting["first"]
    assert {row[0] for row in office.rows("SELECT state FROM members")} == {"erased"}

    office.process()
    office.run()
    assert not any(b"ana@example.com" in body for body in office.bodies().values())
    assert office.rows("SELECT kind FROM privacy_requests WHERE done_at IS NULL") == []
    assert office.rows("SELECT kind FROM jobs WHERE kind LIKE '%%customer' AND kind <> 'fetch_customer'") == []
    assert office.rows("SELECT sum(points) FROM entries") == [(49,)]
    assert {row[0] for row in office.rows("SELECT state FROM members")} == {"erased"}
    assert audit(office.engine) == []


def test_what_failed_for_good_holds_up_no_erasure(office: Office) -> None:
    office.arrives("broken", "orders/paid", payloads.order(1, created_at="never"))
    office.process()
    office.erase(7)
    office.run()
    assert office.rows("SELECT done_at IS NOT NULL FROM privacy_requests") == [(True,)]
    assert b"ana@example.com" not in b"".join(
        row[0] for row in office.rows("SELECT body FROM deliveries")
    )  # compressed, but short enough to be found


@pytest.mark.parametrize(
    "odd",
    [
        b'{"email":"ana@example.com","x":' + b"[" * 253 + b"]" * 253 + b"}",
        b'{"email":"ana@example.com","x":' + b"[" * 5000 + b"]" * 5000 + b"}",
        rb'{"email":"ana\u0040example.com","x":"\ud83d"}',
        rb'{"note":"\nana@example.com","x":"\u0000"}',
        rb'{"note":"ana@example.com","x":1e400}',
        rb'not json at all: \u0061na@example.com',
    ],
)  # fmt: skip
def test_no_body_stops_an_erasure_and_none_keeps_the_address(office: Office, odd: bytes) -> None:
    office.arrives("first", "orders/paid", payloads.order(1))
    office.arrives("odd", "orders/updated", odd)
    office.process()
    office.erase(7)
    office.run()
    assert office.rows("SELECT done_at IS NOT NULL FROM privacy_requests") == [(True,)]
    with shop_transaction(office.engine, office.shop_id) as conn:
        deliveries.retry(conn, office.shop_id, [row[0] for row in conn.exec_driver_sql("SELECT id FROM deliveries")],
                         office.now)  # fmt: skip
    left = office.bodies()["odd"]
    assert left == b"{}" or b"example.com" not in left
    assert b"ana" not in left
