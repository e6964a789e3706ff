"""Where everything is measured: a private, durable PostgreSQL, our real processes, and a shop; all temporary."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from demo import processes
from demo.processes import Child, DemoStopped
from plugin.actions.shops.install_shop import WANTED_SCOPES
from plugin.actions.shops.tokens import encrypted
from plugin.clients.shopify.tokens import TokenPair
from plugin.errors import SukiError
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database import embedded, migrate
from plugin.store.database.cluster import ROLE, cluster
from plugin.store.database.db import engine_at, shop_transaction, system_transaction
from plugin.store.shops import launches, shops
from plugin.store.versions import programmes

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
YEARS_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A server that runs: where it listens, and its first process."""

    port: int
    pid: int


def processor_seconds(*pids: int) -> float:
    """What processes and all that they started have used of the processors so far."""
    total = 0.0
    for pid in pids:
        first = psutil.Process(pid)
        for process in (first, *first.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # a child that ended meanwhile uses nothing any more
                used = process.cpu_times()
                total += used.user + used.system
    return total


@dataclass(frozen=True)
class Database:
    """One database of the private server."""

    url: str
    keeper_url: str
    engine: Engine

    def ask(self, query: str, *values: object) -> Any:
        """The first column of the first row, as the keeper, whom row-level security does not bind."""
        with self.asking() as ask:
            return ask(query, *values)

    @contextmanager
    def asking(self) -> Iterator[Callable[..., Any]]:
        """The same again and again: a connection for each question would take its share of what is measured."""
        with psycopg.connect(self.keeper_url, autocommit=True) as conn:

            def ask(query: str, *values: object) -> Any:
                row = conn.execute(query, values).fetchone()
                return row[0] if row else None

            yield ask

    def run(self, *statements: str) -> None:
        """Each statement in a transaction of its own, as the keeper."""
        with psycopg.connect(self.keeper_url, autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement)


class Place:
    """The directory, the server, and what runs in it."""

    failures = (DemoStopped, SukiError, SQLAlchemyError, psycopg.Error, subprocess.SubprocessError)
    """What can go wrong in one part of the bench and leaves the others possible."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.secret = secrets.token_hex(32)
        self.database = self._prepared(embedded.join(directory), "suki")

    def _prepared(self, url: str, name: str) -> Database:
        keeper = cluster(self.directory).url("postgres", name)
        database = Database(url, keeper, engine_at(url, "suki-bench"))
        migrate.upgrade(database.engine)
        return database

    def second_database(self, name: str) -> Database:
        """Another migrated database of the same server."""
        self.database.run(f"CREATE DATABASE {name} OWNER {ROLE}")
        return self._prepared(cluster(self.directory).url(database=name), name)

    def durability(self) -> str:
        """What the server says of its own safety, for the head of the table."""
        return ", ".join(f"{name} {self.database.ask(f'SHOW {name}')}" for name in DURABLE)

    def settings(self, database: Database, port: int) -> dict[str, str]:
        """The environment of our processes."""
        ours = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return kept | {
            "APP_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "DATA_DIR": str(self.directory),
            "DATABASE_URL": database.url,
            "SHOPIFY_API_KEY": "bench",
            "SHOPIFY_API_SECRET": self.secret,
            "SHOPIFY_SHOP_URL": "http://127.0.0.1:9/{shop}",
            "ENCRYPTION_KEYS": self._key(),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": "9",
            "SMTP_SECURITY": "none",
            "MAIL_FROM": "bench@example.com",
        }

    def _key(self) -> str:
        file = self.directory / "key"
        if not file.exists():
            file.write_text(Fernet.generate_key().decode())
        return file.read_text()

    @contextmanager
    def running(
        self,
        name: str,
        *module: str,
        database: Database | None = None,
        port: int = 0,
        changed: Mapping[str, str] | None = None,
    ) -> Iterator[Child]:
        """One of our processes, ended when the block ends; `changed` settings are different in it."""
        environment = self.settings(database or self.database, port or free_port()) | dict(changed or {})
        child = processes.start(name, list(module), environment, self.directory / "logs")
        try:
            yield child
        finally:
            processes.stop(child)

    def postgres(self) -> int:
        """The process id of the database server."""
        pid = embedded.pid_of(self.directory)
        if pid is None:
            raise SukiError("PostgreSQL has stopped")
        return pid

    @contextmanager
    def web(self, database: Database | None = None) -> Iterator[Server]:
        """`suki serve`."""
        port = free_port()
        with self.running("web", "plugin.cli", "serve", database=database, port=port) as child:
            processes.wait_for("web", f"http://127.0.0.1:{port}/readyz", [child])
            yield Server(port, child.process.pid)

    @contextmanager
    def verifying_only(self) -> Iterator[Server]:
        """The same server with the same intake, which stores nothing."""
        port = free_port()
        module = ("gunicorn", "-c", "python:plugin.serving", "bench.verify_only:application")
        with self.running("verify-only", *module, port=port) as child:
            processes.wait_for("verify-only", f"http://127.0.0.1:{port}/", [child])
            yield Server(port, child.process.pid)

    @contextmanager
    def peer(self, directory: Path) -> Iterator[Server]:
        """Shopify's Express package, in `directory`."""
        port = free_port()
        environment = self.settings(self.database, port) | {"NODE_ENV": "production"}
        with (self.directory / "peer.log").open("wb") as log:
            process = subprocess.Popen(["node", "server.mjs"], cwd=directory, env=environment, stdout=log, stderr=log)
        child = Child("peer", process, self.directory / "peer.log")
        try:
            processes.wait_for("peer", f"http://127.0.0.1:{port}/healthz", [child])
            yield Server(port, child.process.pid)
        finally:
            processes.stop(child)

    def shop(self, domain: str, database: Database | None = None) -> int:
        """An installed shop with the programme that every shop begins with."""
        engine = (database or self.database).engine
        now = datetime.now(UTC)
        with system_transaction(engine) as conn:
            settings = {"code_salt": "bench", "counts_from": YEARS_AGO.isoformat(), "facts_at": now.isoformat()}
            shop_id = shops.add(conn, domain, settings, now)
            launches.launch(conn, shop_id, now)
        pair = TokenPair("none", now + timedelta(days=1), "none", now + timedelta(days=90), WANTED_SCOPES)
        with shop_transaction(engine, shop_id) as conn:
            programmes.add(conn, shop_id, Programme(), "bench", "", YEARS_AGO)
            loaded = Settings(**self.for_settings(self.database))
            shops.save_tokens(conn, shop_id, encrypted(loaded, shop_id, pair))
            shops.describe(conn, shop_id, {"scopes": sorted(WANTED_SCOPES)})
        return shop_id

    def for_settings(self, database: Database) -> dict[str, Any]:
        """The settings of a process of ours, for code of ours that runs in the bench itself."""
        return {name.lower(): value for name, value in self.settings(database, 1).items()}


@contextmanager
def place() -> Iterator[Place]:
    """A place in a temporary directory, removed at the end with everything in it."""
    directory = Path(tempfile.mkdtemp(prefix="suki-bench-"))
    directory.chmod(0o755)  # PostgreSQL runs as an account of its own where we are root
    try:
        made = Place(directory)
        yield made
    finally:
        embedded.leave(directory)
        shutil.rmtree(directory, ignore_errors=True)
