"""Jobs are claimed in the numbers asked for, done once, and run again when asked for meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
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
            jobs.fail(conn, job, "no")
        else:
            jobs.put_off(conn, job, NOW + timedelta(hours=1), "later")
    with shop_transaction(engine, shop.id) as conn:
        assert [job.attempts for job in jobs.claim(conn, shop.id, "send_message", 3, soon)] == [1]
