"""Bodies lose what nothing needs once they were processed, and the ledger can be rebuilt from what is left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import zstandard
from sqlalchemy import Engine

from plugin.actions.privacy import strip_bodies
from plugin.actions.work.work import Work
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.work import deliveries
from plugin.store.work.jobs import Job
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow, TestDatabase
from webhooks.inbox import process_waiting
from webhooks.replay import compare

NOW = datetime.now(UTC)


def work_on(engine: Engine) -> Work:
    return Work(engine, None, None, lambda: NOW)  # type: ignore[arg-type]  # nothing is asked of anybody


def bodies(engine: Engine, shop: ShopRow) -> dict[str, tuple[str, bytes]]:
    """State and body of each delivery, by the webhook's id."""
    with shop_transaction(engine, shop.id) as conn:
        rows = conn.exec_driver_sql("SELECT webhook_id, body_state, body FROM deliveries").fetchall()
    return {row[0]: (row[1], zstandard.decompress(row[2], 2**24)) for row in rows}


def arrive(engine: Engine, shop: ShopRow, webhook_id: str, topic: str, body: bytes) -> None:
    """One delivery in the inbox."""
    with shop_transaction(engine, shop.id) as conn:
        deliveries.add(conn, shop.id, webhook_id, topic, NOW, body)


def an_order(number: int) -> dict[str, Any]:
    address = {"name": "Ana Reyes", "address1": "12 Mabini St", "phone": "+63 917 555 0101"}
    return payloads.order(number) | {"shipping_address": address, "note": "ring twice", "browser_ip": "203.0.113.9"}


def strip(engine: Engine, shop: ShopRow) -> None:
    work = work_on(engine)
    with shop_transaction(engine, shop.id) as conn:
        found = shops.get(conn, shop.id)
    strip_bodies.carry_out(work, found, Job(1, shop.id, "strip_bodies", "due", {}, 0, 0, NOW))


@pytest.fixture
def processed(engine: Engine, shop: ShopRow) -> None:
    """Three deliveries that were processed, one that failed, and one that waits."""
    start_programme(engine, shop.id, Programme(welcome_points=25))
    arrive(engine, shop, "w1", "orders/paid", payloads.dumps(an_order(1)))
    arrive(engine, shop, "w2", "customers/create", payloads.dumps(payloads.customer(8, phone="+63 917 555 0101")))
    arrive(engine, shop, "w3", "app/scopes_update", payloads.dumps({"current": ["write_customers"]}))
    arrive(engine, shop, "failed", "orders/updated", b'{"id": "Mabini St"}')
    while process_waiting(engine, lambda: datetime.now(UTC)):
        pass
    arrive(engine, shop, "waits", "orders/paid", payloads.dumps(an_order(3)))


def test_only_what_was_processed_is_stripped_and_nobodys_address_stays(
    engine: Engine, shop: ShopRow, processed: None
) -> None:
    before = bodies(engine, shop)
    strip(engine, shop)
    after = bodies(engine, shop)
    assert {key: state for key, (state, _) in after.items()} == {
        "w1": "stripped", "w2": "stripped", "w3": "stripped", "failed": "whole", "waits": "whole",
    }  # fmt: skip
    for person in (b"Reyes", b"Mabini", b"917", b"ring twice", b"203.0.113.9"):
        assert not any(person in after[key][1] for key in ("w1", "w2", "w3")), person
    assert after["w3"][1] == b"{}"
    assert (after["failed"], after["waits"]) == (before["failed"], before["waits"])


def test_the_ledger_is_rebuilt_from_stripped_bodies(
    engine: Engine, shop: ShopRow, processed: None, database: TestDatabase
) -> None:
    strip(engine, shop)
    assert compare(engine, database.url) == []


def test_a_second_run_and_one_that_was_stopped_find_nothing_left_to_do_twice(
    engine: Engine, shop: ShopRow, processed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strip_bodies, "A_STEP", 2)
    assert strip_bodies.step(work_on(engine), shop.id) == 2
    strip(engine, shop)
    first = bodies(engine, shop)
    strip(engine, shop)
    assert bodies(engine, shop) == first
    assert strip_bodies.step(work_on(engine), shop.id) == 0


def test_what_an_erasure_holds_is_passed_over_and_not_brought_back(
    engine: Engine, shop: ShopRow, processed: None, database: TestDatabase
) -> None:
    with psycopg.connect(database.superuser_url) as other:
        other.execute("UPDATE deliveries SET body = %s WHERE webhook_id = 'w1'", (zstandard.compress(b"{}"),))
        strip(engine, shop)
    assert {key: state for key, (state, _) in bodies(engine, shop).items()}["w1"] == "whole"
    strip(engine, shop)
    assert bodies(engine, shop)["w1"] == ("stripped", b"{}")


def test_another_shops_bodies_are_left_alone(
    engine: Engine, shop: ShopRow, other_shop: ShopRow, processed: None
) -> None:
    strip(engine, other_shop)
    assert {state for state, _ in bodies(engine, shop).values()} == {"whole"}
