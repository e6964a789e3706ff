"""A lock, a deadlock, a cancelled statement or an error around one shop: the others go on, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection, Engine, text
from structlog.testing import capture_logs

from plugin.actions.work import rounds
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import launches, shops
from plugin.store.versions import programmes
from plugin.store.work import deliveries
from plugin.store.work.deliveries import Delivery
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow, TestDatabase
from webhooks import inbox
from webhooks.inbox import process_waiting

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
TOPIC = "orders/updated"
WAITS = {"55P03": "LockNotAvailable", "40P01": "DeadlockDetected", "57014": "QueryCanceled",
         "40001": "SerializationFailure"}  # fmt: skip


def add_shop(engine: Engine, number: int) -> int:
    with system_transaction(engine) as conn:
        shop_id = shops.add(conn, f"shop-{number}.myshopify.com", {}, NOW - timedelta(days=9))
        launches.launch(conn, shop_id, NOW - timedelta(days=9))
        return shop_id


def arrived(engine: Engine, shop_id: int, *order_ids: int) -> None:
    with shop_transaction(engine, shop_id) as conn:
        begun = programmes.versions(conn, shop_id)
    if not begun:
        start_programme(engine, shop_id, Programme())
    with shop_transaction(engine, shop_id) as conn:
        for order_id in order_ids:
            body = payloads.dumps(payloads.order(order_id))
            deliveries.add(conn, shop_id, f"w{order_id}", TOPIC, NOW, body)


def points(engine: Engine, shop_id: int) -> int:
    with shop_transaction(engine, shop_id) as conn:
        return int(conn.execute(text("SELECT coalesce(sum(points), 0) FROM entries")).scalar_one())


def waiting(engine: Engine, shop_id: int) -> list[tuple[Any, ...]]:
    """(attempts, error, state) of what waits."""
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.execute(text("SELECT attempts, last_error, state FROM inbox ORDER BY delivery_id"))
        return [tuple(row) for row in rows]


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


@contextmanager
def held(database: TestDatabase, shop_id: int) -> Iterator[psycopg.Connection]:
    """Somebody else's transaction that has changed every member of the shop."""
    with psycopg.connect(database.superuser_url) as other:
        other.execute("SELECT FROM members WHERE shop_id = %s FOR UPDATE", (shop_id,))
        yield other


def broken(code: str) -> Callable[..., None]:
    def step(conn: Connection, *_args: object) -> None:
        conn.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")

    return step


def test_a_member_held_for_forty_seconds_delays_neither_fifty_other_shops_nor_counts_as_a_failure(
    engine: Engine, database: TestDatabase, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.store.database.db.LOCK_TIMEOUT_MS", 20)
    arrived(engine, shop.id, 1)
    assert process_waiting(engine, lambda: NOW) == 1
    before = points(engine, shop.id)
    others = [add_shop(engine, number) for number in range(50)]
    with held(database, shop.id):
        arrived(engine, shop.id, 2, 3)
        for second in range(40):
            for other in others[second::40]:
                arrived(engine, other, 1)
            process_waiting(engine, lambda at=NOW + timedelta(seconds=second): at)  # type: ignore[misc]
            assert waiting(engine, shop.id) == [(0, "", "new")] * 2
            assert all(points(engine, other) == before for other in others[second::40])
    assert process_waiting(engine, lambda: NOW + timedelta(seconds=60)) == 2
    assert (points(engine, shop.id), waiting(engine, shop.id)) == (3 * before, [])
    assert before > 0


def test_a_batch_that_meets_a_lock_asks_for_it_once_and_is_seen_in_the_metrics(
    engine: Engine, database: TestDatabase, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived(engine, shop.id, 1)
    process_waiting(engine, lambda: NOW)
    arrived(engine, shop.id, *range(2, 20))
    tries: list[int] = []
    apply = inbox.apply
    monkeypatch.setattr(inbox, "apply", lambda *args: (tries.append(len(args[2])), apply(*args)))
    names = {"where": "inbox", "why": "LockNotAvailable"}
    before = counted("suki_waits_total", **names), counted("suki_deliveries_total", topic=TOPIC, outcome="put off")
    with held(database, shop.id):
        assert process_waiting(engine, lambda: NOW) == 0
        assert process_waiting(engine, lambda: NOW + timedelta(seconds=1)) == 0
    after = counted("suki_waits_total", **names), counted("suki_deliveries_total", topic=TOPIC, outcome="put off")
    assert tries == [18]
    assert (after[0] - before[0], after[1] - before[1]) == (1, 18)


@pytest.mark.parametrize("code", WAITS)
@pytest.mark.parametrize("place", ["apply", "processed"])
def test_whatever_was_undone_because_of_others_is_tried_again_uncounted(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch, code: str, place: str
) -> None:
    arrived(engine, shop.id, 1, 2)
    before = counted("suki_waits_total", where="inbox", why=WAITS[code])
    with monkeypatch.context() as patch:
        patch.setattr(inbox if place == "apply" else deliveries, place, broken(code))
        assert process_waiting(engine, lambda: NOW) == 0
    assert waiting(engine, shop.id) == [(0, "", "new")] * 2
    assert counted("suki_waits_total", where="inbox", why=WAITS[code]) - before == 1
    assert points(engine, shop.id) == 0
    assert process_waiting(engine, lambda: NOW + timedelta(minutes=2)) == 2
    assert waiting(engine, shop.id) == []


def test_one_delivery_that_always_takes_too_long_soon_stands_alone(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived(engine, shop.id, 1, 2, 3, 4)
    apply = inbox.apply

    def slow(conn: Connection, at: Any, batch: list[Delivery], *rest: Any) -> None:
        if any(delivery.webhook_id == "w3" for delivery in batch):
            broken("57014")(conn)
        apply(conn, at, batch, *rest)

    monkeypatch.setattr(inbox, "apply", slow)
    assert process_waiting(engine, lambda: NOW) == 0
    done = [process_waiting(engine, lambda at=at: NOW + timedelta(seconds=at)) for at in range(60, 66)]  # type: ignore[misc]
    assert done == [1, 1, 0, 1, 0, 0]
    assert waiting(engine, shop.id) == [(0, "", "new")]


@pytest.mark.parametrize("place", ["claim", "processed", "only_worker"])
def test_an_error_of_ours_around_one_shop_is_counted_and_passed_over(
    engine: Engine, shop: ShopRow, other_shop: ShopRow, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    for at in (shop, other_shop):
        arrived(engine, at.id, 1)
    original = getattr(deliveries, place)

    def breaks(conn: Connection, shop_id: int, *args: Any) -> Any:
        if shop_id == shop.id:
            raise ZeroDivisionError
        return original(conn, shop_id, *args)

    before = counted("suki_shop_errors_total", round="inbox")
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, place, breaks)
        with capture_logs():
            assert process_waiting(engine, lambda: NOW) == 1
    assert counted("suki_shop_errors_total", round="inbox") - before == 1
    assert points(engine, other_shop.id) > 0
    assert process_waiting(engine, lambda: NOW) == 1
    assert points(engine, shop.id) > 0


def test_a_body_that_cannot_be_unpacked_fails_alone(engine: Engine, shop: ShopRow) -> None:
    arrived(engine, shop.id, 1, 2)
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(text("ALTER TABLE deliveries DISABLE TRIGGER USER"))
        conn.execute(text("UPDATE deliveries SET body = 'no zstd' WHERE webhook_id = 'w1'"))
        conn.execute(text("ALTER TABLE deliveries ENABLE TRIGGER USER"))
    assert process_waiting(engine, lambda: NOW) == 2
    assert [row[0] for row in waiting(engine, shop.id)] == [1]
    assert points(engine, shop.id) > 0


def test_each_round_begins_at_another_shop() -> None:
    seen: list[list[int]] = []
    for _ in range(4):
        seen.append([])
        assert rounds.around("a round of this test", [7, 3, 5], lambda at: len([seen[-1].append(at)])) == 3  # type: ignore[func-returns-value]
    assert seen == [[3, 5, 7], [5, 7, 3], [7, 3, 5], [3, 5, 7]]


def test_two_workers_never_work_on_one_shop_and_the_second_takes_another(
    engine: Engine, shop: ShopRow, other_shop: ShopRow
) -> None:
    for at in (shop, other_shop):
        arrived(engine, at.id, 1)
    with shop_transaction(engine, shop.id) as conn:
        assert deliveries.only_worker(conn, shop.id)
        assert process_waiting(engine, lambda: NOW) == 1
    assert (points(engine, shop.id), points(engine, other_shop.id) > 0) == (0, True)
    assert process_waiting(engine, lambda: NOW) == 1


def test_a_batch_is_limited_by_the_bytes_of_its_bodies_packed_and_unpacked(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "CLAIMED_BYTES", 3000)
    sizes = (1000, 1000, 900, 200, 5000, 10)
    with shop_transaction(engine, shop.id) as conn:
        for number, size in enumerate(sizes):
            deliveries.add(conn, shop.id, f"w{number}", TOPIC, NOW, b"x" * size)
        taken = []
        while batch := deliveries.claim(conn, shop.id, 500, NOW):
            taken.append([len(delivery.body) for delivery in batch])
            deliveries.processed(conn, shop.id, [delivery.id for delivery in batch])
    assert taken == [[1000, 1000, 900], [200], [5000], [10]]
