"""One private PostgreSQL per test run, one database per worker made from a migrated template, clean per test.

The tests connect as the plain role `suki`, as production does: row-level security binds it. With
SUKI_TEST_ROLE=runtime they connect as a role that owns nothing (docs/operating/deploying.md, "Two roles"); the tests
that look at what the owner may do fail then, and nothing else.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql
from sqlalchemy import Engine, insert
from sqlalchemy.sql.dml import ReturningInsert

from plugin.actions.rewards import carry_out_now
from plugin.actions.work import follow_events
from plugin.settings import Settings
from plugin.store.database import embedded, migrate, roles
from plugin.store.database.cluster import ROLE, Cluster
from plugin.store.database.cluster import cluster as cluster_of
from plugin.store.database.db import engine_at, system_transaction
from plugin.store.shops import launches
from plugin.store.shops.seal import Seal, option
from plugin.store.tables import shops

if not os.environ.get("CI"):  # there Hypothesis chooses: the same examples each time, no time limit
    hypothesis.settings.register_profile("here", deadline=None)
    hypothesis.settings.load_profile("here")

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
"""What the tests' secrets are under; the shared engine has it."""
TEMPLATE, RUNTIME_ROLE = "suki_template", "suki_runtime"
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers='64MB'")
EMPTY_ALL_TABLES = """
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
              AND tablename NOT IN ('alembic_version', 'procrastinate_steps')
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$;
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True)
class ShopRow:
    """The shop that a test works for."""

    id: int
    domain: str


@dataclass(frozen=True)
class TestDatabase:
    """This worker's database, as the app sees it and as its keeper does."""

    __test__ = False
    url: str
    superuser_url: str
    owner_url: str


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMIUM_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """Other tests have transactions under way in the same cluster: what follows from events waits for them.

    Who redeems waits for the code, however busy this machine is; a test about that says for how long.
    """
    follow_events.PATIENCE_SECONDS = 20.0
    carry_out_now.SHOPIFYS_SECONDS = 30.0


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine, one for all tests of a worker: Playwright runs only once in a process."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server_dir() -> Iterator[Path]:
    """A directory for a private server of the test's own. Not pytest's: another run beside this one closes
    the way to it for the account that PostgreSQL runs under."""
    with tempfile.TemporaryDirectory(prefix="suki-server-") as path:
        yield Path(path)


@pytest.fixture(scope="session")
def database() -> Iterator[TestDatabase]:
    """This worker's own migrated database; the server ends with the last worker."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    name = f"suki_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    data_dir = Path(tempfile.gettempdir()) / f"suki-tests-{run[:12]}"
    embedded.join(data_dir, FAST_AND_FORGETFUL)
    cluster = cluster_of(data_dir)
    with _alone(data_dir), psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as keeper:
        _make_template(keeper, cluster)
        _make_database(keeper, name, TEMPLATE)
        _make_runtime_role(keeper)
    role = ROLE
    if os.environ.get("SUKI_TEST_ROLE") == "runtime":
        role = RUNTIME_ROLE
        roles.grant(cluster.url(database=name), role)
    yield TestDatabase(cluster.url(role, name), cluster.url("postgres", name), cluster.url(database=name))
    if embedded.leave(data_dir):
        shutil.rmtree(data_dir, ignore_errors=True)


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    with (data_dir / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_template(keeper: psycopg.Connection, cluster: Cluster) -> None:
    if keeper.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
        return
    _make_database(keeper, TEMPLATE, "template1")
    engine = engine_at(cluster.url(database=TEMPLATE))
    migrate.upgrade(engine)
    engine.dispose()


def _make_runtime_role(keeper: psycopg.Connection) -> None:
    if not keeper.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (RUNTIME_ROLE,)).fetchone():
        keeper.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(RUNTIME_ROLE)))


def _make_database(keeper: psycopg.Connection, name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    keeper.execute(statement.format(*map(sql.Identifier, (name, ROLE, template))))


@pytest.fixture(scope="session")
def shared_engine(database: TestDatabase) -> Iterator[Engine]:
    """One engine for the whole run; tests ask for `engine`, which is clean."""
    engine = engine_at(database.url, "suki-tests", execution_options=option(Seal([KEY])))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(shared_engine: Engine, database: TestDatabase) -> Engine:
    """The app's engine on an empty, migrated database."""
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        keeper.execute(EMPTY_ALL_TABLES)
    return shared_engine


@pytest.fixture
def shop(engine: Engine) -> ShopRow:
    """An installed shop."""
    domain = "demo.myshopify.com"
    row = insert(shops).values(domain=domain, name="Demo", email="owner@demo.example").returning(shops.c.id)
    return _launched(engine, row, domain)


@pytest.fixture
def other_shop(engine: Engine) -> ShopRow:
    """A second shop, which must never be touched."""
    domain = "other.myshopify.com"
    row = insert(shops).values(domain=domain, name="Other").returning(shops.c.id)
    return _launched(engine, row, domain)


def _launched(engine: Engine, row: ReturningInsert[tuple[int]], domain: str) -> ShopRow:
    """A shop whose programme reaches shoppers."""
    with system_transaction(engine) as connection:
        number = connection.execute(row).scalar_one()
        launches.launch(connection, number, datetime(2000, 1, 1, tzinfo=UTC))
    return ShopRow(number, domain)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that need no database; `settings.model_copy(update={...})` changes some."""
    return Settings(
        _env_file=None,
        data_dir=str(tmp_path),
        app_url="https://loyalty.example.com",
        shopify_api_key="test-key",
        shopify_api_secret="test-secret",
        encryption_keys=KEY,
        smtp_host="127.0.0.1",
        smtp_port=9,
        smtp_security="none",
        mail_from="rewards@example.com",
    )


@pytest.fixture
def live_settings(settings: Settings, database: TestDatabase) -> Settings:
    """Settings that name this worker's database, for what makes its own engine."""
    return settings.model_copy(update={"database_url": database.url})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted (`record_property("counts", …)`), whichever process they ran in."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "counts":
                terminalreporter.write_line(str(value))
