"""Readers of events: nothing is passed over, whoever commits when; one member's events come in their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import Connection, Engine

from plugin.errors import NotYet
from plugin.rules.events import ActivityDone, Event, EventKind, MemberLeft
from plugin.store.database import own_cluster
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.work import event_windows, events, months
from tests.conftest import ShopRow, TestDatabase

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KINDS = [EventKind.ACTIVITY_DONE]
NAME = "test"


def happen(conn: Connection, shop_id: int, number: int, member: int = 1) -> None:
    """Something happens; the number tells it from others."""
    events.add(conn, shop_id, [Event(ActivityDone(number, "a1", 5), "", member)], NOW)


def add(engine: Engine, shop: ShopRow, *numbers: int) -> None:
    with shop_transaction(engine, shop.id) as conn:
        for number in numbers:
            happen(conn, shop.id, number)


def read(engine: Engine, shop: ShopRow, limit: int = 100, kinds: list[EventKind] = KINDS) -> list[int]:
    """What the reader gets until there is nothing more, page by page."""
    found: list[int] = []
    for _ in range(100):
        with shop_transaction(engine, shop.id) as conn:
            one = event_windows.reader(conn, shop.id, NAME)
            page = event_windows.next_page(conn, shop.id, one, kinds, limit)
            event_windows.keep(conn, shop.id, page)
        found += [one.payload.record for one in page.events]  # type: ignore[union-attr]
        if not page.more:
            return found
    raise AssertionError("never at the end")


def read_all(engine: Engine, shop: ShopRow) -> list[int]:
    """The same, waiting for transactions that tests beside this one have under way."""
    found = read(engine, shop)
    for _ in range(10_000):
        with shop_transaction(engine, shop.id) as conn:
            one = event_windows.reader(conn, shop.id, NAME)
            if not event_windows.next_page(conn, shop.id, one, KINDS, 1).waits:
                return found
        found += read(engine, shop)
    raise AssertionError("somebody never ends")


@pytest.fixture
def keeper(database: TestDatabase) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        yield connection


@contextmanager
def under_way(engine: Engine, shop: ShopRow) -> Iterator[ExitStack]:
    """A transaction that is held open: `.close()` commits it."""
    with ExitStack() as held:
        held.conn = held.enter_context(shop_transaction(engine, shop.id))  # type: ignore[attr-defined]
        yield held


def test_each_event_is_read_once_and_in_order(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    add(engine, shop, 1, 2, 3)
    add(engine, other_shop, 9)
    assert read_all(engine, shop) == [1, 2, 3]
    assert read_all(engine, shop) == []
    add(engine, shop, 4)
    assert read_all(engine, shop) == [4]
    assert read_all(engine, other_shop) == [9]


def test_pages_are_parts_of_one_window(engine: Engine, shop: ShopRow) -> None:
    add(engine, shop, 1, 2, 3, 4, 5)
    with under_way(engine, shop) as late:
        happen(late.conn, shop.id, 6)  # type: ignore[attr-defined]
        assert read(engine, shop, limit=2) == [1, 2, 3, 4, 5]
    assert read_all(engine, shop) == [6]


def test_who_draws_a_number_first_and_commits_last_is_not_passed_over(engine: Engine, shop: ShopRow) -> None:
    with under_way(engine, shop) as first:
        happen(first.conn, shop.id, 1, member=1)  # type: ignore[attr-defined]
        with shop_transaction(engine, shop.id) as second:
            happen(second, shop.id, 2, member=2)
        assert read(engine, shop) == []
    assert read_all(engine, shop) == [1, 2]
    assert read_all(engine, shop) == []


def test_who_draws_a_number_last_and_commits_last_is_read_after_the_first(engine: Engine, shop: ShopRow) -> None:
    with under_way(engine, shop) as second:
        second.conn.exec_driver_sql("SELECT pg_current_xact_id()")  # type: ignore[attr-defined]
        add(engine, shop, 1)
        happen(second.conn, shop.id, 2)  # type: ignore[attr-defined]
        assert read(engine, shop) == []
    assert read_all(engine, shop) == [1, 2]


def test_a_window_ends_where_the_order_of_a_members_events_would_break(engine: Engine, shop: ShopRow) -> None:
    """The second transaction began before the first and waited for the member; a third one is still under way."""
    with under_way(engine, shop) as third, under_way(engine, shop) as second:
        second.conn.exec_driver_sql("SELECT pg_current_xact_id()")  # type: ignore[attr-defined]
        third.conn.exec_driver_sql("SELECT pg_current_xact_id()")  # type: ignore[attr-defined]
        add(engine, shop, 1)
        happen(second.conn, shop.id, 2)  # type: ignore[attr-defined]
        second.close()
        assert read(engine, shop) == []
    assert read_all(engine, shop) == [1, 2]


def test_a_long_transaction_elsewhere_only_delays(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    add(engine, shop, 1)
    read_all(engine, shop)
    with under_way(engine, other_shop) as long:
        long.conn.exec_driver_sql("SELECT pg_current_xact_id()")  # type: ignore[attr-defined]
        add(engine, shop, 2)
        add(engine, shop, 3)
        with shop_transaction(engine, shop.id) as conn:
            one = event_windows.reader(conn, shop.id, NAME)
            page = event_windows.next_page(conn, shop.id, one, KINDS, 10)
        assert (list(page.events), page.waits) == ([], True)
    assert read_all(engine, shop) == [2, 3]


def test_what_was_undone_is_not_read_and_stops_nobody(engine: Engine, shop: ShopRow) -> None:
    with pytest.raises(RuntimeError), shop_transaction(engine, shop.id) as conn:
        happen(conn, shop.id, 1)
        raise RuntimeError
    add(engine, shop, 2)
    assert read_all(engine, shop) == [2]


def test_a_reader_sees_only_its_kinds(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        events.add(conn, shop.id, [Event(MemberLeft(), "", 1)], NOW)
    add(engine, shop, 1)
    assert read_all(engine, shop) == [1]


def test_of_two_that_read_the_same_page_one_is_undone(engine: Engine, shop: ShopRow) -> None:
    add(engine, shop, 1)
    with shop_transaction(engine, shop.id) as conn:
        one = event_windows.reader(conn, shop.id, NAME)
        page = event_windows.next_page(conn, shop.id, one, KINDS, 1)
    assert read_all(engine, shop) == [1]
    with pytest.raises(NotYet), shop_transaction(engine, shop.id) as conn:
        event_windows.keep(conn, shop.id, page)


def test_who_is_far_behind_reads_in_smaller_windows(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_windows, "LARGEST_WINDOW", 3)
    for number in range(1, 21):
        add(engine, shop, number)
    with shop_transaction(engine, shop.id) as conn:
        one = event_windows.reader(conn, shop.id, NAME)
        assert len(event_windows.next_page(conn, shop.id, one, KINDS, 100).events) == 3
    assert read_all(engine, shop) == list(range(1, 21))


def test_after_a_restore_nothing_is_lost_and_what_is_new_is_read(
    engine: Engine, database: TestDatabase, shop: ShopRow, other_shop: ShopRow, keeper: psycopg.Connection
) -> None:
    """In the new cluster transactions are counted from another number: here what was restored is far ahead."""
    add(engine, shop, 1)
    assert read_all(engine, shop) == [1]
    add(engine, shop, 2, 3)
    add(engine, other_shop, 7)
    keeper.execute("SET session_replication_role = replica")
    keeper.execute("UPDATE events SET xid = (xid::text::bigint + 1000000)::text::xid8")
    keeper.execute("UPDATE event_readers SET from_xid = (from_xid::text::bigint + 1000000)::text::xid8")
    keeper.execute("INSERT INTO own_cluster (system_identifier) VALUES ('another')")
    with system_transaction(engine) as conn:
        assert not own_cluster.is_same(conn)
        assert own_cluster.note(conn)
        assert own_cluster.is_same(conn)
        assert not own_cluster.note(conn)
    add(engine, shop, 4)
    assert read_all(engine, shop) == [2, 3, 4]
    assert read_all(engine, other_shop) == [7]
    add(engine, other_shop, 8)
    assert read_all(engine, other_shop) == [8]
    assert read_all(engine, shop) == []


def test_a_reader_left_behind_is_switched_off_and_goes_on_from_now(
    engine: Engine, shop: ShopRow, other_shop: ShopRow, keeper: psycopg.Connection
) -> None:
    old = datetime(2001, 5, 3, tzinfo=UTC)
    keeper.execute("SELECT suki_make_month('events', '2001-05-01')")
    for one in (shop, other_shop):
        add(engine, one, 1)
        read_all(engine, one)
    with shop_transaction(engine, shop.id) as conn:
        events.add(conn, shop.id, [Event(ActivityDone(2, "a1", 5), "", 1, old)], old)
    with system_transaction(engine) as conn:
        assert months.drop(conn, "events", datetime(2001, 6, 1, tzinfo=UTC).date()) == ["events_2001_05"]
    with shop_transaction(engine, shop.id) as conn:
        assert [name for name, _ in event_windows.switched_off(conn, shop.id)] == [NAME]
    add(engine, shop, 3)
    assert read(engine, shop) == []
    with shop_transaction(engine, other_shop.id) as conn:
        assert event_windows.switched_off(conn, other_shop.id) == []
    with shop_transaction(engine, shop.id) as conn:
        assert event_windows.go_on(conn, shop.id) == [NAME]
        assert event_windows.go_on(conn, shop.id) == []
    add(engine, shop, 4)
    assert read_all(engine, shop)[-1] == 4
