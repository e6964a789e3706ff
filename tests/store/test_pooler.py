"""Behind a pooler that keeps sessions Suki works as it does without one; any other pooler is refused by name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from plugin import worker
from plugin.cli import main
from plugin.errors import SettingsError
from plugin.settings import Settings
from plugin.store.database import migrate, sessions
from plugin.store.database.db import engine_at, shop_transaction
from plugin.store.database.sessions import NOT_RESET, SHARED, refuse_shared
from tests.conftest import ShopRow, TestDatabase
from tests.store.pooler import PGBOUNCER, pooler
from tests.web.server import web_process
from tests.web.test_intake import BODY, headers
from tests.webhooks.test_intake import send, stored
from webhooks.inbox import process_waiting
from webhooks.receive import Intake

IGNORED = "ignore_startup_parameters = extra_float_digits,options"
needs_pgbouncer = pytest.mark.skipif(
    PGBOUNCER is None, reason="no PgBouncer on this machine: apt-get install pgbouncer"
)


@pytest.fixture(params=[(), (IGNORED,)], ids=["as installed", "options ignored"])
def pooled(request: pytest.FixtureRequest, database: TestDatabase, engine: Engine) -> Iterator[str]:
    """The address of a pooler in session mode before a clean database."""
    with pooler(database.url, "session", *request.param) as url:
        yield url


@needs_pgbouncer
def test_behind_a_pooler_that_keeps_sessions_webhooks_are_stored_and_processed(
    pooled: str, settings: Settings, engine: Engine, shop: ShopRow
) -> None:
    refuse_shared(pooled)
    migrate.upgrade(pooled)
    intake = Intake(settings, lambda: pooled)
    assert [send(intake, webhook_id=f"w{number}")[0] for number in range(3)] == ["200 OK"] * 3
    intake.close()
    assert stored(engine, shop) == ["w0", "w1", "w2"]
    through = engine_at(pooled)
    try:
        assert process_waiting(through, lambda: datetime.now(UTC) + timedelta(minutes=1)) == 3
    finally:
        through.dispose()


@needs_pgbouncer
def test_the_web_process_stores_webhooks_behind_it(
    database: TestDatabase, engine: Engine, shop: ShopRow, tmp_path: Path
) -> None:
    with pooler(database.url, "session") as url, web_process(url, tmp_path) as web:
        signed = headers(BODY)
        assert [web.send(BODY, {**signed, "X-Shopify-Webhook-Id": name}).status for name in "abc"] == [200] * 3
    assert stored(engine, shop) == ["a", "b", "c"]


@needs_pgbouncer
def test_every_session_has_its_limits_and_its_zone_behind_a_pooler_as_without_one(
    pooled: str, database: TestDatabase
) -> None:
    found = []
    for url in (pooled, database.url):
        made = engine_at(url)
        with made.connect() as conn:
            names = ("timezone", "statement_timeout", "idle_in_transaction_session_timeout", "suki.scope")
            found.append([conn.execute(text(f"SHOW {name}")).scalar_one() for name in names])
        made.dispose()
    assert found == [["UTC", "30s", "1min", ""]] * 2


@needs_pgbouncer
def test_nothing_of_a_former_session_is_left_in_the_next(pooled: str, engine: Engine, shop: ShopRow) -> None:
    with psycopg.connect(pooled, autocommit=True) as conn:
        sessions.set_up(conn, {"suki.scope": "intake", "suki.shop_id": shop.id})
    made = engine_at(pooled)
    with made.connect() as conn:
        assert conn.execute(text("SELECT current_setting('suki.scope'), current_setting('suki.shop_id')")).one() == (
            "",
            "",
        )
        assert conn.execute(text("SELECT count(*) FROM members")).scalar_one() == 0
    made.dispose()


@needs_pgbouncer
def test_the_worker_is_woken_through_the_pooler(pooled: str, engine: Engine, shop: ShopRow) -> None:
    woken, stopping, listening = threading.Event(), threading.Event(), threading.Event()

    def wake() -> None:
        (woken if listening.is_set() else listening).set()

    thread = threading.Thread(target=worker.listen, args=(pooled, {"suki_inbox": wake}, stopping))
    thread.start()
    assert listening.wait(10)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("SELECT pg_notify('suki_inbox', '')")
    assert woken.wait(10)
    stopping.set()
    thread.join()


@needs_pgbouncer
@pytest.mark.parametrize("mode", ["transaction", "statement"])
@pytest.mark.parametrize("choice", ["server_round_robin = 0", "server_round_robin = 1"])
def test_a_pooler_that_shares_sessions_is_refused_before_anything_begins(
    database: TestDatabase, engine: Engine, mode: str, choice: str
) -> None:
    with pooler(database.url, mode, choice, IGNORED) as url:
        with pytest.raises(SettingsError, match="pool_mode = session"):
            refuse_shared(url)
        if mode == "transaction":
            with pytest.raises(SettingsError):
                migrate.upgrade(url, 5)


@needs_pgbouncer
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_process_does_not_start_behind_a_pooler_that_shares_sessions(
    database: TestDatabase, settings: Settings, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with pooler(database.url, "transaction") as url:
        monkeypatch.setattr("plugin.cli.load_settings", lambda: settings.model_copy(update={"database_url": url}))
        answer = CliRunner().invoke(main, [command])
    assert (answer.exit_code, SHARED in " ".join(answer.output.split())) == (1, True)


@needs_pgbouncer
def test_a_pooler_that_hands_sessions_on_as_they_were_left_is_refused(database: TestDatabase, engine: Engine) -> None:
    with pooler(database.url, "session", "server_reset_query =") as url, pytest.raises(SettingsError) as refused:
        refuse_shared(url)
    assert refused.value.message == NOT_RESET


def test_postgresql_itself_shares_nothing(database: TestDatabase) -> None:
    refuse_shared(database.url)


def test_a_database_that_does_not_answer_is_not_judged() -> None:
    refuse_shared("postgresql://suki@/suki?host=/nowhere")


def test_a_session_that_cannot_be_set_up_is_not_left_open(database: TestDatabase) -> None:
    conn = psycopg.connect(database.url)
    with pytest.raises(psycopg.Error):
        sessions.set_up(conn, {"statement_timeout": "soon"})
    assert conn.closed


def test_a_setting_is_quoted_whatever_it_holds(database: TestDatabase) -> None:
    with psycopg.connect(database.url) as conn:
        sessions.set_up(conn, {"suki.odd": "it's; --"})
        assert conn.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert conn.execute("SHOW suki.odd").fetchone() == ("it's; --",)
