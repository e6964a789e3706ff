"""Turns of job runners: how they end, what somebody else's lock does to them, and rounds through every shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection, Engine, text
from structlog.testing import capture_logs

from plugin import jobs
from plugin.actions.work.rounds import InEveryShop
from plugin.actions.work.work import Work
from plugin.errors import NoDatabase
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from plugin.store.work import jobs as stored
from tests.actions.test_jobs import effect, later, queue, seen, work
from tests.conftest import ShopRow, TestDatabase

__all__ = ["effect", "work"]
Install = Callable[..., None]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def fails_with(conn: Connection, code: str) -> None:
    conn.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")


def test_a_job_that_meets_a_lock_is_tried_soon_again_and_no_attempt_is_counted(
    work: Work, shop: ShopRow, effect: Install, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.store.database.db.LOCK_TIMEOUT_MS", 20)
    done: list[str] = []

    def rename(_work: Work, at: Any, job: Any) -> None:
        with shop_transaction(work.engine, at.id) as conn:
            conn.execute(text("UPDATE shops SET name = 'changed'"))
        done.append(job.subject)

    effect(rename)
    queue(work, shop.id)
    before = counted("suki_waits_total", where="jobs", why="LockNotAvailable")
    with psycopg.connect(database.superuser_url) as other:
        other.execute("SELECT FROM shops FOR UPDATE")
        for _ in range(20):
            jobs.run_due(work)
            later(work, seconds=2)
        assert [row[:4] for row in seen(work, shop.id)] == [("1", "queued", 0, "")]
    assert counted("suki_waits_total", where="jobs", why="LockNotAvailable") - before > 3
    later(work, seconds=15)
    assert (jobs.run_due(work), done, seen(work, shop.id)) == (1, ["1"], [])


def test_an_effect_that_was_carried_out_is_recorded_though_a_deadlock_came_between(
    work: Work, shop: ShopRow, effect: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []
    effect(lambda _work, _shop, job: runs.append(job.subject))
    queue(work, shop.id)
    done, deadlocks = stored.done, iter(["40P01", "40P01", "55P03"])

    def meets_a_deadlock(conn: Connection, *args: Any) -> None:
        if code := next(deadlocks, None):
            fails_with(conn, code)
        done(conn, *args)

    monkeypatch.setattr(stored, "done", meets_a_deadlock)
    assert (jobs.run_due(work), jobs.run_due(work), runs, seen(work, shop.id)) == (1, 0, ["1"], [])


def test_a_runner_that_lost_its_lock_begins_nothing_more_and_leaves_failures_to_the_next(
    work: Work, shop: ShopRow, effect: Install, database: TestDatabase
) -> None:
    runs: list[str] = []

    def cut(_work: Work, _shop: Any, job: Any) -> None:
        runs.append(job.subject)
        with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
            keeper.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            while keeper.execute("SELECT FROM pg_locks WHERE locktype = 'advisory'").fetchone():
                pass
        if job.subject == "2":
            raise ZeroDivisionError

    effect(cut, batch=2)
    queue(work, shop.id, ["1", "2", "3"])
    assert jobs.run(work, shop.id, "test") == 2
    assert runs == ["1", "2"]
    assert [row[:4] for row in seen(work, shop.id)] == [("2", "queued", 1, ""), ("3", "queued", 0, "")]


def test_a_turn_ends_in_the_middle_of_a_batch_and_the_rest_waits_untried(
    work: Work, shop: ShopRow, effect: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(0, 1000, 6))
    monkeypatch.setattr(jobs, "monotonic", lambda: next(seconds))
    runs: list[str] = []
    effect(lambda _work, _shop, job: runs.append(job.subject))
    queue(work, shop.id, ["1", "2", "3", "4", "5"])
    assert jobs.run_reaching(work, shop.id, "test") == (5, True)
    assert runs == ["1", "2", "3"]
    assert seen(work, shop.id) == [("4", "queued", 0, "", 0), ("5", "queued", 0, "", 0)]
    assert jobs.run_due(work) == 2
    assert (runs, seen(work, shop.id)) == (["1", "2", "3", "4", "5"], [])


OF_NO_SHOP = {"keep_months"}
"""What the schedule does for the database as a whole."""
EVERY_SHOP = {name: task for _, name, task in jobs.SCHEDULE if isinstance(task, InEveryShop)}


def test_whatever_the_schedule_does_it_does_shop_by_shop() -> None:
    assert {name for _, name, _ in jobs.SCHEDULE} - set(EVERY_SHOP) == OF_NO_SHOP
    assert len({task.name for task in EVERY_SHOP.values()}) == len(EVERY_SHOP)


@pytest.mark.parametrize("name", EVERY_SHOP)
def test_a_shop_in_which_something_is_broken_does_not_keep_the_others_from_their_turn(
    work: Work, shop: ShopRow, other_shop: ShopRow, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step of the schedule itself, in a shop whose transaction fails; the other one has its step."""
    task = EVERY_SHOP[name]
    met: list[int] = []
    step = task.step

    def in_shop(its_work: Work, at: Any) -> object:
        met.append(at.id)
        if at.id == shop.id:
            with shop_transaction(its_work.engine, at.id) as conn:
                conn.execute(text("SELECT 1 / 0"))
        return step(its_work, at)

    with shop_transaction(work.engine, other_shop.id) as conn:
        programmes.add(conn, other_shop.id, Programme(), "test", "", LONG_AGO)  # as every shop has; asked at some hours
    before = counted("suki_shop_errors_total", round=task.name)
    with capture_logs():
        InEveryShop(task.name, in_shop, task.uninstalled_too)(work)
    assert sorted(met) == sorted([shop.id, other_shop.id])
    assert counted("suki_shop_errors_total", round=task.name) - before == 1


def test_a_programme_that_cannot_be_read_stops_its_own_shop_only(
    engine: Engine, work: Work, shop: ShopRow, other_shop: ShopRow
) -> None:
    for at in (shop, other_shop):
        with shop_transaction(engine, at.id) as conn:
            conn.execute(
                text(
                    "INSERT INTO programme_versions (shop_id, number, rules, author, note, effective_from)"
                    " VALUES (:shop, 1, CAST(:rules AS jsonb), '', '', now() - interval '1 day')"
                ),
                {"shop": at.id, "rules": '{"activities": 7}' if at.id == shop.id else "{}"},
            )
    before = counted("suki_shop_errors_total", round="queue_celebrations")
    with capture_logs():
        jobs.queue_celebrations(work)
    assert counted("suki_shop_errors_total", round="queue_celebrations") - before == 1


def test_a_database_that_is_gone_ends_the_round(work: Work, shop: ShopRow, other_shop: ShopRow) -> None:
    met: list[int] = []

    def gone(_work: Work, at: Any) -> None:
        met.append(at.id)
        raise NoDatabase("the database does not answer")

    with pytest.raises(NoDatabase):
        InEveryShop("gone", gone)(work)
    assert sorted(met) == [shop.id, other_shop.id]
