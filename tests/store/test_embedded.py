"""The private PostgreSQL survives being killed, and ends with its last user."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import procrastinate
import psutil
import psycopg
import pytest
from sqlalchemy import Engine, text

from plugin.errors import Unavailable
from plugin.settings import Settings
from plugin.store.database import embedded
from plugin.store.database.cluster import cluster
from plugin.store.database.db import create_engine, system_transaction

ROOT = Path(__file__).parents[2]
OTHER_USER = """
import sys
from plugin.store.database import embedded
embedded.join(sys.argv[1])
print("in", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data_dir(server_dir: Path) -> Iterator[Path]:
    embedded.join(server_dir)
    yield server_dir
    embedded.leave(server_dir)


def ask(data_dir: Path, question: str) -> object:
    with psycopg.connect(cluster(data_dir).url()) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def test_the_app_is_not_a_superuser_so_that_row_level_security_binds_it(data_dir: Path) -> None:
    bound = "SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user"
    assert ask(data_dir, bound) is True


@pytest.mark.parametrize(
    ("name", "value"),
    [("fsync", "on"), ("synchronous_commit", "on"), ("TimeZone", "UTC"), ("server_encoding", "UTF8")],
)
def test_the_server_is_durable_and_speaks_utf8_and_utc(data_dir: Path, name: str, value: str) -> None:
    assert ask(data_dir, f"SHOW {name}") == value


def test_what_was_committed_is_there_after_kill_9_and_a_pid_file_naming_another_program(
    data_dir: Path,
) -> None:
    with psycopg.connect(cluster(data_dir).url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    killed = embedded.pid_of(data_dir)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(killed)] if psutil.pid_exists(killed) else [], timeout=5)
    pid_file = cluster(data_dir).pgdata / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(killed), str(os.getpid()), 1))
    embedded.join(data_dir)
    assert ask(data_dir, "SELECT answer FROM kept") == 42


def test_a_killed_server_comes_back_under_a_running_app(data_dir: Path, settings: Settings) -> None:
    engine = create_engine(settings.model_copy(update={"data_dir": str(data_dir)}))
    killed = embedded.pid_of(data_dir)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert any(answers(engine) and embedded.pid_of(data_dir) not in (None, killed) for _ in range(400))
    engine.dispose()


def answers(engine: Engine) -> bool:
    try:
        with system_transaction(engine) as connection:
            return connection.execute(text("SELECT pg_sleep(0.02) IS NOT NULL")).scalar_one() is True
    except Unavailable:
        psutil.cpu_percent(interval=0.05)  # give it a moment
        return False


def test_the_server_stays_while_another_process_uses_it_and_ends_with_the_last(data_dir: Path) -> None:
    command = [sys.executable, "-c", OTHER_USER, str(data_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "in\n"
        assert embedded.leave(data_dir) is False
        assert embedded.pid_of(data_dir) is not None
        other.communicate("")
    assert other.returncode == 0
    assert embedded.pid_of(data_dir) is None


def test_a_user_that_was_killed_does_not_keep_the_server_up(data_dir: Path) -> None:
    command = [sys.executable, "-c", OTHER_USER, str(data_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "in\n"
        other.kill()
        other.wait()
    assert embedded.leave(data_dir) is True
    assert embedded.pid_of(data_dir) is None


def test_a_directory_of_another_version_is_refused_in_words(data_dir: Path) -> None:
    assert embedded.leave(data_dir) is True
    (cluster(data_dir).pgdata / "PG_VERSION").write_text("17\n")
    with pytest.raises(Unavailable, match="made by PostgreSQL 17, this is 18"):
        embedded.join(data_dir)


@pytest.mark.parametrize("name", ["Meine Läden (neu) #1", "100 %, it's mine"])
def test_the_data_may_be_in_a_directory_of_any_name(server_dir: Path, settings: Settings, name: str) -> None:
    """A space, another alphabet; and what means something else in an address or in PostgreSQL's settings."""
    place = server_dir / name
    embedded.join(place)
    try:
        assert ask(place, "SELECT current_user::text") == "suki"
        engine = create_engine(settings.model_copy(update={"data_dir": str(place)}))
        with system_transaction(engine) as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
        engine.dispose()
        beside = cluster(place).socket_dir == cluster(place).pgdata
        assert beside == ("," not in name)
        app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=cluster(place).url()))
        with app.open():
            assert app.connector.execute_query_one("SELECT 1 AS n") == {"n": 1}
    finally:
        assert embedded.leave(place)
