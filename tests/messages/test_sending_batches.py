"""A batch of emails, a real database, a mail server that does as it likes, and a worker that is killed."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from plugin import jobs
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.messages.sending import handing_over, letters
from plugin.messages.welcome import mail as welcome
from plugin.settings import Settings
from plugin.store.database.db import engine_at, shop_transaction
from plugin.store.shops import shops
from plugin.store.work import jobs as stored
from plugin.store.work.job_kinds import JobKind
from tests.clients.moody_server import Moody
from tests.conftest import ShopRow, TestDatabase
from tests.messages.waiting import welcomes

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FINE = "ana@example.com"
CONNECTIONS = 4


def now() -> datetime:
    """Not the machine's clock."""
    return NOW


@pytest.fixture
def server() -> Iterator[Moody]:
    with Moody() as running:
        yield running


@pytest.fixture
def work(engine: Engine, settings: Settings, server: Moody) -> Iterator[Work]:
    ours = settings.model_copy(
        update={"smtp_port": server.port, "smtp_timeout_seconds": 5.0, "smtp_connections": CONNECTIONS}
    )
    with Mailer.from_settings(ours) as mailer:
        yield Work(engine, AdminClients.of(ours), mailer, now)


def states(engine: Engine, shop_id: int) -> dict[int, str]:
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT id, state FROM messages ORDER BY id")
        return {row[0]: row[1] for row in rows}


def left(engine: Engine, shop_id: int) -> list[tuple[Any, ...]]:
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT subject::int, attempts, last_error FROM jobs WHERE kind = 'send_message'")
        return sorted(tuple(row) for row in rows)


def taken(server: Moody) -> Counter[int]:
    """How often each message was taken."""
    return Counter(int(one.split(".")[2].split("@")[0]) for one in server.taken)


def test_a_batch_is_read_together_and_each_goes_once(work: Work, shop: ShopRow, server: Moody) -> None:
    made = welcomes(work.engine, shop.id, [f"ana{n}@example.com" for n in range(30)], NOW)
    statements = _counted(work.engine, lambda: jobs.run_due(work))
    assert states(work.engine, shop.id) == dict.fromkeys(made, "sent")
    assert taken(server) == Counter(made)
    assert left(work.engine, shop.id) == []
    balances = [each for each in statements if "FROM lots" in each]
    assert len(balances) == 1


def _counted(engine: Engine, step: Callable[[], object]) -> list[str]:
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        step()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


def test_one_whose_address_is_none_fails_alone(work: Work, shop: ShopRow, server: Moody) -> None:
    made = welcomes(work.engine, shop.id, [FINE, "not an address", "ben@example.com"], NOW)
    jobs.run_due(work)
    assert list(states(work.engine, shop.id).values()) == ["sent", "failed", "sent"]
    assert taken(server) == Counter([made[0], made[2]])


def test_one_that_the_database_or_its_own_code_refuses_keeps_none_of_the_others(
    work: Work, shop: ShopRow, server: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = welcomes(work.engine, shop.id, [FINE, "ben@example.com", "cy@example.com", "di@example.com"], NOW)
    built = welcome.build

    def build(occasion: Any) -> Any:
        if occasion.message.id == made[1]:
            occasion.conn.exec_driver_sql("SELECT 1 / 0")
        if occasion.message.id == made[2]:
            raise KeyError("a bug")
        return built(occasion)

    monkeypatch.setattr("plugin.messages.sending.send.KINDS", {"welcome": type(welcome.MAIL)(build, welcome.samples)})
    jobs.run_due(work)
    assert list(states(work.engine, shop.id).values()) == ["sent", "queued", "queued", "sent"]
    assert [row[0] for row in left(work.engine, shop.id)] == [made[1], made[2]]
    assert taken(server) == Counter([made[0], made[3]])


def test_who_leaves_between_reading_and_handing_over_gets_nothing(work: Work, shop: ShopRow, server: Moody) -> None:
    made = welcomes(work.engine, shop.id, [FINE, "ben@example.com"], NOW)
    drawn = letters.rendered

    def leave(*args: Any) -> Any:
        with shop_transaction(work.engine, shop.id) as conn:
            conn.exec_driver_sql("UPDATE members SET no_emails = true WHERE email = 'ben@example.com'")
        return drawn(*args)

    letters.rendered = leave
    try:
        jobs.run_due(work)
    finally:
        letters.rendered = drawn
    assert states(work.engine, shop.id) == {made[0]: "sent", made[1]: "skipped"}
    assert taken(server) == Counter([made[0]])
    assert left(work.engine, shop.id) == []


@pytest.mark.parametrize(
    "said", ['settings = settings || \'{"emails": {"welcome": {"on": false}}}\'', "paused = ARRAY['mails']"]
)
def test_what_staff_switch_off_between_reading_and_handing_over_does_not_go(
    work: Work, shop: ShopRow, server: Moody, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    made = welcomes(work.engine, shop.id, [FINE, "ben@example.com"], NOW)
    drawn = letters.rendered

    def switch_off(*args: Any) -> Any:
        with shop_transaction(work.engine, shop.id) as conn:
            conn.exec_driver_sql(f"UPDATE shops SET {said}")
        return drawn(*args)

    monkeypatch.setattr(letters, "rendered", switch_off)
    jobs.run_due(work)
    assert states(work.engine, shop.id) == dict.fromkeys(made, "skipped")
    assert taken(server) == Counter()


def test_a_message_that_somebody_holds_is_tried_again_and_keeps_none_of_the_others(
    work: Work, shop: ShopRow, server: Moody, database: TestDatabase
) -> None:
    made = welcomes(work.engine, shop.id, [FINE, "ben@example.com"], NOW)
    with psycopg.connect(database.superuser_url) as other:
        other.execute("SELECT FROM messages WHERE id = %s FOR UPDATE", [made[0]])
        jobs.run_due(work)
        assert states(work.engine, shop.id) == {made[0]: "queued", made[1]: "sent"}
    assert [row[:2] for row in left(work.engine, shop.id)] == [(made[0], 0)]
    assert taken(server) == Counter([made[1]])


def test_what_could_not_be_written_down_is_written_down_with_the_next(
    work: Work, shop: ShopRow, server: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others' locks undo every second transaction; nothing is of unknown fate, nothing goes twice."""
    made = welcomes(work.engine, shop.id, [f"ana{n}@example.com" for n in range(20)], NOW)
    noted, calls = handing_over.messages.end, iter(range(1000))

    def end(conn: Any, *args: Any) -> Any:
        if args[1] and next(calls) % 2 == 0:
            conn.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '55P03'; END $$")
        return noted(conn, *args)

    monkeypatch.setattr(handing_over.messages, "end", end)
    jobs.run_due(work)
    found = states(work.engine, shop.id)
    sent = [key for key in made if found[key] == "sent"]
    assert set(found.values()) <= {"sent", "queued"}
    assert taken(server) == Counter(sent)
    assert [row[:2] for row in left(work.engine, shop.id)] == [(key, 0) for key in made if key not in sent]
    assert sent


def test_when_the_turn_is_over_the_rest_waits_untried(work: Work, shop: ShopRow, server: Moody) -> None:
    made = welcomes(work.engine, shop.id, [f"ana{n}@example.com" for n in range(9)], NOW)
    kind = jobs.KINDS[JobKind.SEND_MESSAGE]
    assert kind.side_by_side is not None
    work_of_shop = _claimed(work, shop.id)
    failures = kind.side_by_side(work, work_of_shop[0], work_of_shop[1], lambda: True)
    assert taken(server) == Counter(made[:1])
    assert {type(error).__name__ for error in failures.values()} == {"TurnOver"}
    assert len(failures) == 8


def _claimed(work: Work, shop_id: int) -> tuple[Any, Any]:
    with shop_transaction(work.engine, shop_id) as conn:
        return shops.get(conn, shop_id), stored.claim(conn, shop_id, "send_message", 100, NOW)


def worker(url: str, settings: Settings, shop_id: int) -> None:
    """A process of its own that sends what is due."""
    engine = engine_at(url)
    with Mailer.from_settings(settings) as mailer:
        jobs.run(Work(engine, AdminClients.of(settings), mailer, now), shop_id, "send_message")


def test_after_a_kill_nine_only_what_was_being_handed_over_is_unknown_and_nothing_goes_twice(
    work: Work, shop: ShopRow, server: Moody, database: TestDatabase
) -> None:
    """Three hang behind the final dot, while the fourth connection sends on. The rest has gone by then, or goes
    afterwards."""
    made = welcomes(work.engine, shop.id, [f"ana{n}@example.com" for n in range(24)], NOW)
    server.treat = tuple(f"<suki.{shop.id}.{key}@" for key in made[:3])
    child = multiprocessing.get_context("spawn").Process(
        target=worker, args=(database.url, work.clients.settings, shop.id)
    )
    child.start()
    while server.hanging["dot"] < 3:
        assert child.is_alive()
        time.sleep(0.01)
    child.kill()
    child.join(10)
    server.treat = ()
    server.wake.set()
    jobs.run_due(work)
    found = states(work.engine, shop.id)
    unknown = {key for key in made if found[key] == "unknown"}
    assert set(made[:3]) <= unknown
    assert len(unknown) <= CONNECTIONS
    assert {found[key] for key in made if key not in unknown} == {"sent"}
    assert set(taken(server).values()) == {1}
    assert set(made) - set(taken(server)) <= unknown - set(made[:3])
    assert left(work.engine, shop.id) == []


def test_two_shops_share_the_connections(work: Work, shop: ShopRow, other_shop: ShopRow, server: Moody) -> None:
    many = welcomes(work.engine, shop.id, [f"ana{n}@example.com" for n in range(60)], NOW)
    one = welcomes(work.engine, other_shop.id, [FINE], NOW)
    first = threading.Thread(target=jobs.run, args=(work, shop.id, "send_message"))
    first.start()
    jobs.run(work, other_shop.id, "send_message")
    first.join(30)
    assert taken(server) == Counter([*many, *one])
