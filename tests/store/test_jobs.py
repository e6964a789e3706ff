"""Jobs are claimed in the numbers asked for, done once, and run again when asked for meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from plugin.store import jobs
from plugin.store.database.db import shop_transaction
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


def test_a_job_that_was_asked_for_again_while_it_ran_has_no_try_to_give_back(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, "send_message", [7], NOW)
        [job] = jobs.claim(conn, shop.id, "send_message", 1, NOW)
        jobs.queue(conn, shop.id, "send_message", [7], NOW)
        jobs.put_off(conn, job, NOW, "the code does not exist yet", counted=False)
        assert [each.attempts for each in jobs.page(conn, shop.id, "queued", None, 5)] == [0]
