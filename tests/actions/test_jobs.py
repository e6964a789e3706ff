"""Jobs: one runner a shop and kind, run again when asked meanwhile, put off longer each time, kept when given up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine, text

from plugin import jobs
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.job_outcomes import back_off
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.errors import Refused, TokenRejected, Unavailable, UnknownOutcome
from plugin.jobs import KINDS, Kind, run, run_due
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs as stored
from plugin.store.work.jobs import Job
from tests.actions.stage import Clock
from tests.conftest import ShopRow

Effect = Callable[[Work, Shop, Job], None]


@pytest.fixture
def work(engine: Engine) -> Work:
    """A worker that needs neither Shopify nor mail."""
    return Work(engine, cast(AdminClients, None), cast(Mailer, None), Clock())


@pytest.fixture
def effect(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make a kind of job out of a function."""

    def install(one: Effect, name: str = "test", **options: Any) -> None:
        monkeypatch.setitem(cast(dict[str, Kind], KINDS), name, Kind(one, **options))

    return install


def queue(work: Work, shop_id: int, subjects: Sequence[object] = ("1",), kind: str = "test") -> None:
    with shop_transaction(work.engine, shop_id) as conn:
        stored.queue(conn, shop_id, kind, subjects, work.clock())


def seen(work: Work, shop_id: int) -> list[tuple[Any, ...]]:
    """(subject, state, attempts, error, seconds until the next try) of every job."""
    asked = text("SELECT subject, state, attempts, last_error, not_before FROM jobs ORDER BY subject")
    with shop_transaction(work.engine, shop_id) as conn:
        rows = conn.execute(asked).all()
    return [(*row[:4], round((row[4] - work.clock()).total_seconds())) for row in rows]


def later(work: Work, **ahead: float) -> None:
    cast(Clock, work.clock).ahead += timedelta(**ahead)


def test_a_job_is_carried_out_once_and_gone(work: Work, shop: ShopRow, effect: Callable[..., None]) -> None:
    done: list[str] = []
    effect(lambda _work, _shop, job: done.append(job.subject))
    queue(work, shop.id, ["a", "b", "a"])
    queue(work, shop.id, ["b"])
    assert (run_due(work), sorted(done), run_due(work), seen(work, shop.id)) == (2, ["a", "b"], 0, [])


def test_two_runners_at_once_never_work_on_the_same_shop_and_kind(
    work: Work, shop: ShopRow, other_shop: ShopRow, effect: Callable[..., None]
) -> None:
    inside, may_leave = threading.Event(), threading.Event()
    done: list[tuple[int, str]] = []

    def slow(_work: Work, at: Shop, job: Job) -> None:
        if at.id == shop.id:
            inside.set()
            assert may_leave.wait(10)
        done.append((at.id, job.kind))

    effect(slow)
    effect(lambda _work, at, job: done.append((at.id, job.kind)), "other")
    for at in (shop.id, other_shop.id):
        queue(work, at)
        queue(work, at, kind="other")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run, work, shop.id, "test")
        assert inside.wait(10)
        assert run(work, shop.id, "test") == 0
        assert [run(work, shop.id, "other"), run(work, other_shop.id, "test")] == [1, 1]
        may_leave.set()
        assert first.result() == 1
    assert sorted(done) == sorted([(shop.id, "other"), (other_shop.id, "test"), (shop.id, "test")])


def test_the_lock_of_a_runner_ends_with_it_even_when_it_breaks(work: Work, shop: ShopRow) -> None:
    queue(work, shop.id, kind="unheard_of")
    with pytest.raises(KeyError):
        run(work, shop.id, "unheard_of")
    with work.engine.connect() as conn:
        assert stored.only_runner(conn, shop.id, "unheard_of")


def test_a_job_asked_for_again_while_it_runs_is_run_again(
    work: Work, shop: ShopRow, effect: Callable[..., None]
) -> None:
    runs: list[int] = []

    def asks_again(_work: Work, _shop: Shop, job: Job) -> None:
        runs.append(job.generation)
        if len(runs) == 1:
            queue(work, shop.id)

    effect(asks_again)
    queue(work, shop.id)
    run_due(work)
    assert (runs, seen(work, shop.id)) == ([0, 1], [])


def test_what_fails_is_put_off_further_each_time_and_in_the_end_stays_as_failed(
    work: Work, shop: ShopRow, effect: Callable[..., None]
) -> None:
    def fails(*_: object) -> None:
        raise UnknownOutcome("nobody knows")

    effect(fails, attempts=4)
    queue(work, shop.id)
    waits = []
    for _ in range(3):
        run_due(work)
        ((_, state, _, error, seconds),) = seen(work, shop.id)
        waits.append(seconds)
        assert (state, error, run_due(work)) == ("queued", "nobody knows", 0)
        later(work, seconds=seconds + 1)
    run_due(work)
    assert (waits, seen(work, shop.id)[0][:4]) == ([5, 10, 20], ("1", "failed", 4, "nobody knows"))
    later(work, days=9)
    assert run_due(work) == 0


def test_waiting_grows_to_an_hour_and_no_further() -> None:
    assert [back_off(n).total_seconds() for n in (1, 2, 3, 10, 50)] == [5, 10, 20, 2560, 3600]


@pytest.mark.parametrize(
    ("error", "state", "attempts", "seconds", "shown"),
    [
        (Refused("no"), "failed", 1, None, "no"),
        (Unavailable("busy", 42), "queued", 0, 42, "busy"),
        (Unavailable("down"), "queued", 1, 5, "down"),
        (TokenRejected("open the app"), "queued", 0, 1800, "open the app"),
        (ZeroDivisionError("ana@example.com"), "queued", 1, 5, "ZeroDivisionError in our own code"),
    ],
)
def test_each_error_means_what_it_says(
    work: Work,
    shop: ShopRow,
    effect: Callable[..., None],
    error: Exception,
    state: str,
    attempts: int,
    seconds: int | None,
    shown: str,
) -> None:
    def fails(*_: object) -> None:
        raise error

    effect(fails)
    queue(work, shop.id)
    run_due(work)
    ((_, found, tries, said, wait),) = seen(work, shop.id)
    assert (found, tries, said) == (state, attempts, shown)
    assert seconds is None or wait == seconds


def test_one_that_fails_leaves_the_others_alone(work: Work, shop: ShopRow, effect: Callable[..., None]) -> None:
    def picky(_work: Work, _shop: Shop, job: Job) -> None:
        if job.subject == "2":
            raise Refused("not this one")

    effect(picky, parallel=2)
    queue(work, shop.id, range(5))
    run_due(work)
    assert [row[:2] for row in seen(work, shop.id)] == [("2", "failed")]


def test_a_failed_job_that_is_asked_for_anew_begins_anew(
    work: Work, shop: ShopRow, effect: Callable[..., None]
) -> None:
    def refuses(*_: object) -> None:
        raise Refused("no")

    effect(refuses)
    queue(work, shop.id)
    run_due(work)
    effect(lambda *_: None)
    queue(work, shop.id)
    assert [row[1:4] for row in seen(work, shop.id)] == [("queued", 0, "")]
    assert (run_due(work), seen(work, shop.id)) == (1, [])


def test_the_jobs_of_an_uninstalled_shop_wait_except_those_that_may_not(
    work: Work, shop: ShopRow, other_shop: ShopRow, effect: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[int, str]] = []
    effect(lambda _work, at, job: done.append((at.id, job.kind)))
    effect(lambda _work, at, job: done.append((at.id, job.kind)), "must", after_uninstall=True)
    monkeypatch.setattr(jobs, "ALWAYS", ["must"])
    for at in (shop.id, other_shop.id):
        queue(work, at)
        queue(work, at, kind="must")
    set_state(work, shop, "uninstalled")
    run_due(work)
    assert sorted(done) == sorted([(shop.id, "must"), (other_shop.id, "must"), (other_shop.id, "test")])
    set_state(work, shop, "installed")
    run_due(work)
    assert done[-1] == (shop.id, "test")


def set_state(work: Work, shop: ShopRow, state: str) -> None:
    with system_transaction(work.engine) as conn:
        conn.execute(text("UPDATE shops SET state = :state WHERE id = :id"), {"state": state, "id": shop.id})


def test_one_that_is_asked_for_anew_while_it_is_refused_has_not_failed(
    work: Work, shop: ShopRow, effect: Callable[..., None]
) -> None:
    def refuses(_work: Work, _shop: Shop, job: Job) -> None:
        if not job.generation:
            queue(work, shop.id, kind="anew")
        raise Refused("no")

    def failed() -> float:
        return REGISTRY.get_sample_value("suki_jobs_total", {"kind": "anew", "outcome": "failed"}) or 0

    effect(refuses, "anew", turn_seconds=0)
    queue(work, shop.id, kind="anew")
    before = failed()
    run_due(work)
    assert (failed() - before, seen(work, shop.id)[0][1:4]) == (0, ("queued", 0, ""))
    run_due(work)
    assert (failed() - before, seen(work, shop.id)[0][1:4]) == (1, ("failed", 1, "no"))
