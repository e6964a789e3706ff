"""Jobs are claimed in the numbers asked for, done once, and run again when asked for meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from plugin.store.database.db import dispatch_transaction, shop_transaction
from plugin.store.work import jobs
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_never_more_are_claimed_than_asked_for(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, "push_member", range(2000), NOW)
        conn.exec_driver_sql("ANALYZE jobs")
    for _ in range(20):
        with shop_transaction(engine, shop.id) as conn:
            batch = jobs.claim(conn, shop.id, "push_member", 3, NOW)
            assert len(batch) == 3
            jobs.done(conn, shop.id, batch)


def test_what_is_asked_for_while_it_runs_runs_again(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, "push_member", [7], NOW)
        batch = jobs.claim(conn, shop.id, "push_member", 3, NOW)
        jobs.queue(conn, shop.id, "push_member", [7], NOW + timedelta(seconds=2))
        jobs.done(conn, shop.id, batch)
    with shop_transaction(engine, shop.id) as conn:
        assert jobs.claim(conn, shop.id, "push_member", 3, NOW) == []
        assert [job.subject for job in jobs.claim(conn, shop.id, "push_member", 3, NOW + timedelta(seconds=2))] == ["7"]


def test_what_waits_is_not_asked_for_twice_but_cannot_begin_before_who_asked_has_finished(
    engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, "push_member", [7], NOW)
    with shop_transaction(engine, shop.id) as asking:
        jobs.queue(asking, shop.id, "push_member", [7], NOW + timedelta(seconds=2))
        with shop_transaction(engine, shop.id) as runner:
            assert jobs.claim(runner, shop.id, "push_member", 3, NOW) == []
    with shop_transaction(engine, shop.id) as conn:
        [job] = jobs.claim(conn, shop.id, "push_member", 3, NOW)
        assert (job.generation, job.attempts) == (0, 1)


def test_what_waits_is_brought_forward_and_gets_the_newer_payload(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, "reconcile", ["due"], NOW + timedelta(hours=1), {"days": 1})
        jobs.queue(conn, shop.id, "reconcile", ["due"], NOW + timedelta(hours=2), {"days": 2})
        jobs.queue(conn, shop.id, "reconcile", ["due"], NOW, {"days": 2})
        [job] = jobs.claim(conn, shop.id, "reconcile", 3, NOW)
        assert job.payload == {"days": 2}


def test_what_failed_or_was_put_off_is_asked_for_again(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, "push_member", [1, 2], NOW)
        first, second = jobs.claim(conn, shop.id, "push_member", 3, NOW)
        assert jobs.fail(conn, first, "no")
        jobs.put_off(conn, second, NOW + timedelta(hours=1), "later", counted=False)
        jobs.queue(conn, shop.id, "push_member", [1, 2], NOW)
        again = jobs.claim(conn, shop.id, "push_member", 3, NOW)
        assert [(job.subject, job.generation, job.attempts) for job in again] == [("1", 1, 1), ("2", 1, 1)]


@pytest.mark.parametrize("end", ["put off", "failed"])
def test_what_is_asked_for_while_it_fails_is_tried_when_it_was_asked_for(
    engine: Engine, shop: ShopRow, end: str
) -> None:
    soon = NOW + timedelta(seconds=2)
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, "send_message", [7], NOW)
        [job] = jobs.claim(conn, shop.id, "send_message", 3, NOW)
        jobs.queue(conn, shop.id, "send_message", [7], soon)
        if end == "failed":
            assert not jobs.fail(conn, job, "no")
        else:
            jobs.put_off(conn, job, NOW + timedelta(hours=1), "later")
    with shop_transaction(engine, shop.id) as conn:
        assert [job.attempts for job in jobs.claim(conn, shop.id, "send_message", 3, soon)] == [1]


def test_the_next_job_that_waits_for_its_time_is_known(engine: Engine, shop: ShopRow) -> None:
    soon = NOW + timedelta(seconds=0.5)
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, "push_member", [7], NOW)
        jobs.queue(conn, shop.id, "send_message", [8], NOW + timedelta(hours=1))
        jobs.queue(conn, shop.id, "code", [9], soon)
    with dispatch_transaction(engine) as conn:
        assert jobs.next_due(conn, NOW) == soon
        assert jobs.next_due(conn, NOW + timedelta(hours=1)) is None
