"""After a restored backup the erasures since then are repeated: from a list, or from the log, which name nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import psycopg
import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from plugin.actions.points.audit import audit
from plugin.actions.privacy import erasing_shop
from plugin.cli import main
from plugin.settings import Settings
from plugin.store.database.db import system_transaction
from plugin.store.shops import shops
from tests.actions.members.test_privacy import traces
from tests.actions.privacy.people import ADDRESS, ANA, arrive, customer, order, redact
from tests.actions.privacy.test_erasing_a_shop import asked
from tests.actions.stage import Stage
from tests.conftest import TestDatabase
from tests.test_settings import GOOD

TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    " AND NOT relispartition AND relname !~ '^(alembic|procrastinate)'"
)
SINCE = ("--since", "2020-01-01")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: TestDatabase, stage: Stage) -> None:
    """The environment of an operator: the same database and the same keys."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    keys = stage.work.clients.settings.encryption_keys.get_secret_value()
    for name, value in {**GOOD, "DATABASE_URL": database.url, "ENCRYPTION_KEYS": keys}.items():
        monkeypatch.setenv(name, value)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["privacy", *arguments])


STORED = """SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_schema = 'public'
AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"""


def back_up(keeper: psycopg.Connection) -> None:
    keeper.execute("DROP SCHEMA IF EXISTS backup CASCADE")
    keeper.execute("CREATE SCHEMA backup")
    for (name,) in keeper.execute(TABLES).fetchall():
        keeper.execute(f"CREATE TABLE backup.{name} AS SELECT * FROM public.{name}")


def restore(keeper: psycopg.Connection) -> None:
    keeper.execute("SET session_replication_role = replica")
    for (name,) in keeper.execute(TABLES).fetchall():
        keeper.execute(f"DELETE FROM public.{name}")
        kept = ", ".join(row[0] for row in keeper.execute(STORED, (name,)).fetchall())
        keeper.execute(f"INSERT INTO public.{name} ({kept}) SELECT {kept} FROM backup.{name}")
    keeper.execute("SET session_replication_role = origin")
    keeper.execute("DROP SCHEMA backup CASCADE")


def full(stage: Stage) -> None:
    """Ana with an account and an order, an order of the till with her telephone, and Benito."""
    arrive(stage, "customers/create", customer(phone="+639175550101"))
    arrive(stage, "orders/paid", order(11, customer=customer(), email="ana@example.com"))
    arrive(stage, "orders/paid", order(12, shipping_address=ADDRESS))
    arrive(stage, "orders/paid", order(13, shipping_address={"address1": "13 Mango Lane"}))
    arrive(stage, "customers/create", customer(71, "benito@example.com", first_name="Benito"))
    stage.settle()


@pytest.mark.parametrize("source", ["list", "log"])
def test_who_was_forgotten_after_the_backup_is_forgotten_again(
    stage: Stage, keeper: psycopg.Connection, shell: None, tmp_path: Path, source: str
) -> None:
    full(stage)
    assert stage.work.forgetting_key
    back_up(keeper)
    with capture_logs() as said:
        redact(stage, (13,), id=ANA, email="ana@example.com", phone="+639175550101")
    erased = traces(keeper, "ana@example.com", "anastacia", "mango lane", ANA)
    listed = run("export-list", *SINCE)
    lines = listed.output if source == "list" else "\n".join(orjson.dumps(one, default=str).decode() for one in said)
    assert listed.exit_code == 0
    assert not [word for word in ("ana@example", "Anastacia", str(ANA), "91755") if word in listed.output]
    restore(keeper)
    assert len(traces(keeper, "ana@example.com", "anastacia", "mango lane", ANA)) > 8
    (tmp_path / "list").write_text(f"not a line of it\n{{}}\n{lines}\n")

    done = run("replay", *SINCE, "list")
    assert (done.exit_code, "to be erased again" in done.output) == (0, True)
    stage.settle()
    assert traces(keeper, "ana@example.com", "anastacia", "mango lane", ANA) == erased == []
    assert stage.rows("SELECT email FROM members WHERE state = 'member'") == [("benito@example.com",)]
    assert run("replay", *SINCE, "list").output == f"{stage.shop.domain}: all remembered\n"
    arrive(stage, "orders/updated", order(11, updated="2026-11-30T07:00:00Z", customer=customer()))
    assert traces(keeper, "anastacia", ANA) == []
    assert audit(stage.engine) == []


def test_a_shop_that_was_erased_after_the_backup_is_erased_again(
    stage: Stage, keeper: psycopg.Connection, shell: None, tmp_path: Path
) -> None:
    """But not one that came back, nor one that this database never knew."""
    full(stage)
    back_up(keeper)
    request = asked(stage)
    while erasing_shop.one_transaction(stage.work, stage.shop_id, request):
        pass
    (tmp_path / "list").write_text(run("export-list", *SINCE).output)
    restore(keeper)
    stage.clock.ahead = timedelta()
    unknown = {"event": "shop_forgotten", "shop": "never.myshopify.com", "at": datetime.now(UTC).isoformat()}
    (tmp_path / "list").write_text((tmp_path / "list").read_text() + orjson.dumps(unknown).decode() + "\n")
    done = run("replay", *SINCE, "list").output
    assert done.splitlines() == [
        "never.myshopify.com: not in this database, so there is nothing to erase",
        f"{stage.shop.domain}: the whole shop to be erased again",
    ]
    stage.clock.ahead = timedelta(days=4)
    stage.settle()
    assert traces(keeper, "ana@example.com", "anastacia", "mango lane") == []
    with system_transaction(stage.engine) as conn:
        assert conn.exec_driver_sql("SELECT state FROM shops").scalar_one() == "redacted"
        shops.add(conn, stage.shop.domain, {}, datetime.now(UTC) + timedelta(days=9))
    assert run("replay", *SINCE, "list").output.splitlines()[1] == f"{stage.shop.domain}: all remembered"


def test_a_list_that_says_nothing_is_an_error_and_not_a_success(shell: None, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("hello\n")
    done = run("replay", *SINCE, "list")
    assert (done.exit_code, "Nothing was done" in done.output) == (1, True)
    assert run("replay", "--since", "soon", "list").exit_code == 1
