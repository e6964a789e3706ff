"""The suki command: what an operator types, and what it answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from plugin.cli import main
from plugin.settings import Settings
from plugin.store.database import migrate
from tests.conftest import RUNTIME_ROLE, TestDatabase
from tests.test_settings import GOOD

ROOT = Path(__file__).parents[1]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A correct start, in an empty directory."""
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "host"):
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_help_names_every_command() -> None:
    answer = CliRunner().invoke(main, ["--help"])
    assert answer.exit_code == 0
    for command in ("serve", "worker", "migrate", "demo", "audit", "replay", "facts", "settings", "secrets"):
        assert f"\n  {command} " in answer.output


def test_a_fresh_key_can_be_used() -> None:
    answer = CliRunner().invoke(main, ["secrets", "new"])
    assert Fernet(answer.output.strip())


@pytest.mark.usefixtures("environment")
def test_settings_are_shown_without_their_secrets() -> None:
    answer = CliRunner().invoke(main, ["settings"], env={"DATABASE_URL": "postgresql://u:pass-word@localhost/suki"})
    assert answer.exit_code == 0
    shown = {line.split()[0]: line.split(maxsplit=1)[1] for line in answer.output.splitlines()}
    assert set(shown) == {name.upper() for name in Settings.model_fields}
    assert shown["SHOPIFY_API_SECRET"] == shown["ENCRYPTION_KEYS"] == shown["DATABASE_URL"] == "set"
    assert shown["SMTP_PASSWORD"] == "not set"
    assert shown["PORT"] == "8300 (by default)" and shown["SMTP_HOST"] == "smtp.example.com"
    assert all(secret not in answer.output for secret in ("hush-hush", GOOD["ENCRYPTION_KEYS"], "pass-word"))


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "settings", "audit"])
def test_every_command_names_what_is_missing_and_fails(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APP_URL")
    monkeypatch.delenv("MAIL_FROM")
    answer = CliRunner().invoke(main, [command])
    assert answer.exit_code == 1
    assert "APP_URL is not set" in answer.output and "MAIL_FROM is not set" in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.usefixtures("environment")
def test_migrate_brings_a_database_to_the_newest_schema_and_may_run_twice(
    engine: Engine, database: TestDatabase
) -> None:
    for _ in range(2):
        answer = CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": database.url})
        assert (answer.exit_code, answer.output) == (0, f"The database is at schema {migrate.newest()}.\n")
    assert migrate.current(engine) == migrate.newest()


@pytest.mark.usefixtures("environment")
def test_migrate_by_an_owner_gives_the_processes_role_its_rights(engine: Engine, database: TestDatabase) -> None:
    runtime = database.owner_url.replace("//suki@", f"//{RUNTIME_ROLE}@")
    addresses = {"DATABASE_OWNER_URL": database.owner_url, "DATABASE_URL": runtime}
    answer = CliRunner().invoke(main, ["migrate"], env=addresses)
    assert answer.output.splitlines() == [
        f"The database is at schema {migrate.newest()}.",
        f"The role {RUNTIME_ROLE} can read and write rows, but can't create or truncate tables.",
    ]
    shown = CliRunner().invoke(main, ["settings", "--connect"], env=addresses).output.splitlines()[-2:]
    assert shown == [
        f"DATABASE_URL answers as {RUNTIME_ROLE}, PostgreSQL 18",
        "DATABASE_OWNER_URL answers as suki, PostgreSQL 18",
    ]
    with psycopg.connect(runtime) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("TRUNCATE entries")
    alone = CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": runtime})
    assert alone.exit_code == 1
    assert f"the role {RUNTIME_ROLE} may not make tables in this database. Set DATABASE_OWNER_URL" in alone.output


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_no_process_starts_as_a_superuser(engine: Engine, database: TestDatabase, command: str) -> None:
    answer = CliRunner().invoke(main, [command], env={"DATABASE_URL": database.superuser_url})
    assert answer.exit_code == 1
    assert "the database role postgres is a superuser" in answer.output
    assert "Traceback" not in answer.output
    shown = CliRunner().invoke(main, ["settings", "--connect"], env={"DATABASE_URL": database.superuser_url})
    assert "DATABASE_URL the database role postgres is a superuser" in shown.output


@pytest.mark.usefixtures("environment")
def test_migrate_says_so_when_there_is_no_database(tmp_path: Path) -> None:
    nowhere = f"postgresql://suki@/suki?host={tmp_path}"
    answer = CliRunner().invoke(main, ["migrate", "--wait", "0"], env={"DATABASE_URL": nowhere})
    assert answer.exit_code == 1 and "no database after 0 s" in answer.output


def test_the_command_starts_quickly_and_loads_no_metrics_before_they_are_shared() -> None:
    probe = "import sys, plugin.cli; sys.exit('prometheus_client' in sys.modules)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", probe], env=environment, cwd=ROOT, timeout=60)
    assert done.returncode == 0
