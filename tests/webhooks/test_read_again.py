"""Orders of an earlier reading are read again; nothing is posted until staff say so, or a webhook does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from plugin.actions.orders import decide_readings, lift_guesses
from plugin.actions.orders.fetch_missing import judge_again
from plugin.actions.points.audit import audit
from plugin.actions.privacy import index_stored
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.orders import orders, reading_differences
from plugin.store.orders.orders import StoredOrder
from plugin.store.orders.reading_differences import Difference
from plugin.store.privacy import erasure_rows
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import deliveries, jobs
from plugin.store.work.job_kinds import JobKind
from tests import payloads
from tests.actions.orders.test_settle_orders import balances, start_programme
from tests.conftest import ShopRow
from webhooks import read_again
from webhooks.inbox import process_waiting
from webhooks.replay import compared

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OLD_VALUE, WHOLE_VALUE = 33, 50
"""Of an order over 50 whose first reading took 17 for shipping from its goods; and by the present one."""


@pytest.fixture
def shop_id(engine: Engine, shop: ShopRow) -> int:
    shop_id = start_programme(engine, shop.id, Programme())
    with system_transaction(engine) as conn:
        shops.merge_settings(conn, shop_id, {index_stored.INDEXED: [1, 1], lift_guesses.LIFTED: [1, 1]})
    return shop_id


def arrives(engine: Engine, shop_id: int, order_id: int, **more: Any) -> None:
    order = payloads.order(order_id, [payloads.line(order_id, "50.00")], total_price="50.00", **more)
    with shop_transaction(engine, shop_id) as conn:
        count = conn.exec_driver_sql("SELECT count(*) FROM deliveries").scalar_one()
        deliveries.add(conn, shop_id, f"w{count}", "orders/updated", NOW, payloads.dumps(order))
    while process_waiting(engine, lambda: datetime.now(UTC)):
        pass


def read_before(engine: Engine, shop_id: int, order_id: int, beyond_minor: int = 0) -> None:
    """The order as the first reading kept it, judged by that; with its ledger."""
    beyond = f'[{{"id": 5, "lines": [], "beyond_lines_minor": {beyond_minor}}}]' if beyond_minor else "[]"
    with shop_transaction(engine, shop_id) as conn:
        conn.exec_driver_sql(
            "UPDATE order_views SET reading = 1, view = view - 'reading' || jsonb_build_object('refunds', %s::jsonb)"
            " WHERE order_id = %s",
            (beyond, order_id),
        )
        judge_again(conn, shops.get(conn, shop_id), [order_id], NOW)
        jobs_gone(conn)


def jobs_gone(conn: Connection) -> None:
    conn.exec_driver_sql("DELETE FROM jobs")


@pytest.fixture
def two(engine: Engine, shop_id: int) -> int:
    """Order 1 comes to the same, order 2 does not."""
    for order_id in (1, 2):
        arrives(engine, shop_id, order_id)
    read_before(engine, shop_id, 1)
    read_before(engine, shop_id, 2, beyond_minor=1700)
    assert [stored(engine, shop_id, key).deserved for key in (1, 2)] == [WHOLE_VALUE, OLD_VALUE]
    assert [stored(engine, shop_id, key).reading for key in (1, 2)] == [1, 1]
    return shop_id


Step = Callable[[Connection, Shop, datetime], bool]


def steps(engine: Engine, shop_id: int, step: Step = read_again.read_step) -> None:
    while True:
        with shop_transaction(engine, shop_id) as conn:
            if step(conn, shops.get(conn, shop_id), NOW):
                return


def stored(engine: Engine, shop_id: int, order_id: int) -> StoredOrder:
    with shop_transaction(engine, shop_id) as conn:
        found = orders.get(conn, shop_id, order_id)
    assert found is not None
    return found


def listed(engine: Engine, shop_id: int) -> list[Difference]:
    with shop_transaction(engine, shop_id) as conn:
        return reading_differences.page(conn, shop_id)


def states(engine: Engine, shop_id: int) -> list[tuple[int, int, int, str]]:
    return [(one.order_id, one.points_now, one.points, one.state) for one in listed(engine, shop_id)]


def decide(engine: Engine, shop_id: int, decision: str, ids: list[int] | None = None) -> int:
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        count = decide_readings.decide(conn, shop, decision, ids, "staff:1", NOW)
        due = jobs.claim(conn, shop_id, JobKind.READ_AGAIN, 9, datetime.now(UTC) + timedelta(days=1))
        assert [job.subject for job in due] == (["decided"] if count else [])
        jobs.done(conn, shop_id, due)
    steps(engine, shop_id, read_again.decided_step)
    return count


def rows(engine: Engine, shop_id: int, table: str) -> int:
    with shop_transaction(engine, shop_id) as conn:
        return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_reading_again_posts_nothing_and_lists_what_differs(engine: Engine, two: int) -> None:
    before = [rows(engine, two, table) for table in ("entries", "jobs", "messages", "lots")]
    steps(engine, two)
    assert [rows(engine, two, table) for table in ("entries", "jobs", "messages", "lots")] == before
    assert states(engine, two) == [(2, OLD_VALUE, WHOLE_VALUE, "open")]
    assert [reason.code for reason in listed(engine, two)[0].reasons] == ["eligible"]
    assert stored(engine, two, 1).reading == stored(engine, two, 1).view.reading == 2  # type: ignore[union-attr]
    assert (stored(engine, two, 2).reading, stored(engine, two, 2).deserved) == (1, OLD_VALUE)
    assert balances(engine, two)[7][0] == WHOLE_VALUE + OLD_VALUE
    assert audit(engine) == []


def test_what_staff_take_over_is_posted_once(engine: Engine, two: int) -> None:
    steps(engine, two)
    assert decide(engine, two, "take") == 1
    assert states(engine, two) == [(2, WHOLE_VALUE, WHOLE_VALUE, "taken")]
    assert balances(engine, two)[7][0] == 2 * WHOLE_VALUE
    assert stored(engine, two, 2).reading == 2
    assert decide(engine, two, "take") == decide(engine, two, "leave") == 0
    steps(engine, two)
    assert balances(engine, two)[7][0] == 2 * WHOLE_VALUE
    assert audit(engine) == []


def test_no_mail_goes_for_an_order_of_long_ago(engine: Engine, two: int) -> None:
    steps(engine, two)
    before = rows(engine, two, "messages")
    decide(engine, two, "take", [2])
    assert rows(engine, two, "messages") == before


def test_what_staff_leave_stays_and_is_not_asked_again(engine: Engine, two: int, database: Any) -> None:
    steps(engine, two)
    assert decide(engine, two, "leave", [1, 2, 99]) == 1
    with system_transaction(engine) as conn:
        shops.merge_settings(conn, two, {read_again.MARK: {}})
    steps(engine, two)
    assert states(engine, two) == [(2, OLD_VALUE, WHOLE_VALUE, "left")]
    assert (stored(engine, two, 2).reading, balances(engine, two)[7][0]) == (2, WHOLE_VALUE + OLD_VALUE)
    assert audit(engine) == [] == compared(engine, database.url).faults
    arrives(engine, two, 2, updated_at="2026-11-22T10:00:00Z")
    assert stored(engine, two, 2).deserved == WHOLE_VALUE


def test_a_webhook_corrects_its_order_at_once_and_the_list_says_so(engine: Engine, two: int) -> None:
    steps(engine, two)
    arrives(engine, two, 2, updated_at="2026-11-22T10:00:00Z")
    assert states(engine, two) == [(2, WHOLE_VALUE, WHOLE_VALUE, "corrected")]
    assert decide(engine, two, "leave") == 0
    assert balances(engine, two)[7][0] == 2 * WHOLE_VALUE


def test_a_webhook_between_a_decision_and_its_turn_is_not_undone(engine: Engine, two: int) -> None:
    steps(engine, two)
    with shop_transaction(engine, two) as conn:
        decide_readings.decide(conn, shops.get(conn, two), "leave", None, "staff:1", NOW)
    arrives(engine, two, 2, updated_at="2026-11-22T10:00:00Z")
    steps(engine, two, read_again.decided_step)
    assert states(engine, two) == [(2, WHOLE_VALUE, WHOLE_VALUE, "corrected")]


def test_a_replay_reports_what_is_undecided_apart(engine: Engine, two: int, database: Any) -> None:
    for read in (False, True):  # before it was found, and after
        if read:
            steps(engine, two)
        found = compared(engine, database.url)
        assert found.faults == []
        assert [words.partition(": ")[2] for words in found.apart] == [
            f"order:2: {OLD_VALUE} points, rebuilt {WHOLE_VALUE}"
        ]
    decide(engine, two, "take")
    assert (compared(engine, database.url).faults, compared(engine, database.url).apart) == ([], [])


def test_killed_in_the_middle_it_goes_on_where_it_was(
    engine: Engine, two: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_again, "A_STEP", 1)
    with shop_transaction(engine, two) as conn:
        assert not read_again.read_step(conn, shops.get(conn, two), NOW)
    with pytest.raises(KeyboardInterrupt), shop_transaction(engine, two) as conn:
        read_again.read_step(conn, shops.get(conn, two), NOW)
        raise KeyboardInterrupt
    assert states(engine, two) == []
    steps(engine, two)
    assert states(engine, two) == [(2, OLD_VALUE, WHOLE_VALUE, "open")]
    with shop_transaction(engine, two) as conn:
        assert read_again.is_done(shops.get(conn, two))
        assert shops.get(conn, two).settings[read_again.MARK]["seen"] == 2


def test_what_can_no_longer_be_read_keeps_what_it_has(engine: Engine, two: int) -> None:
    with shop_transaction(engine, two) as conn:
        conn.exec_driver_sql("DELETE FROM delivery_subjects")
    steps(engine, two)
    assert states(engine, two) == []
    assert [(stored(engine, two, key).reading, stored(engine, two, key).deserved) for key in (1, 2)] == [
        (2, WHOLE_VALUE),
        (2, OLD_VALUE),
    ]


def test_an_erasure_takes_a_persons_differences_along(engine: Engine, two: int) -> None:
    steps(engine, two)
    (one,) = listed(engine, two)
    assert one.member_id is not None
    with shop_transaction(engine, two) as conn:
        assert erasure_rows.take_out(conn, two, "reading_differences", [one.member_id], [7], 9) == 1
    assert states(engine, two) == []
