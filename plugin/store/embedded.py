"""A private PostgreSQL 18 in the data directory, for machines that have none (no DATABASE_URL).

Every process that uses it holds a shared lock on one file; the last to let go stops the server. The
kernel drops the lock of a process that was killed, so nothing has to be cleaned up by hand. The app
connects as the plain role `suki`: a superuser would not be bound by row-level security.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from plugin.errors import Unavailable
from plugin.store import pg_programs

ROLE = DATABASE = "suki"
START_SECONDS = 120
ORPHAN_SECONDS = 5
LONGEST_SOCKET_PATH = 100
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "max_connections": "200",
    "shared_buffers": "'256MB'",
    "max_wal_size": "'4GB'",
    "checkpoint_timeout": "'15min'",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "log_min_messages": "warning",
    "log_line_prefix": "'%m [%p] '",
}
_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Cluster:
    """Where one private server keeps its things."""

    data_dir: Path

    @property
    def pgdata(self) -> Path:
        """PostgreSQL's own directory."""
        return self.data_dir / "postgres"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.pgdata / "server.log"

    @property
    def socket_dir(self) -> Path:
        """The directory of the Unix socket: beside the data unless that path is too long for a socket."""
        if len(str(self.pgdata)) <= LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432"):
            return self.pgdata
        return Path((self.pgdata / "socket_dir").read_text().strip())

    def url(self, role: str = ROLE, database: str = DATABASE) -> str:
        """The address for psycopg."""
        return f"postgresql://{role}@/{database}?host={self.socket_dir}"


def cluster(data_dir: str | Path) -> Cluster:
    """The private server of a data directory, running or not."""
    return Cluster(Path(data_dir).absolute())


def join(data_dir: str | Path, options: Sequence[str] = ()) -> str:
    """Start the private server if it does not run, register this process as a user, and give its address."""
    place = cluster(data_dir)
    place.data_dir.mkdir(parents=True, exist_ok=True)
    with _exclusive(place):
        _register(place)
        if not is_running(place):
            _start(place, options)
        _make_role_and_database(place)
    return place.url()


def leave(data_dir: str | Path) -> bool:
    """Let go of the private server; True if this was the last user and the server is stopped."""
    place = cluster(data_dir)
    users = _held.pop(place.data_dir, None)
    if users is None:
        return False
    with _exclusive(place):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(users)
        _stop(place)
        return True


def revive(data_dir: str | Path) -> None:
    """Have the server come back if it died under a process that uses it; returns at once."""
    place = cluster(data_dir)
    if place.data_dir not in _held:
        return
    try:
        with _exclusive(place, wait=False):
            if not is_running(place) and not _processes(place):
                _forget_dead_server(place)
                pg_programs.run(
                    "pg_ctl",
                    "-D",
                    str(place.pgdata),
                    "-l",
                    str(place.log),
                    "-W",
                    "start",
                )
    except (BlockingIOError, Unavailable):
        return  # somebody else is at it, or the next attempt will be


def is_running(place: Cluster) -> bool:
    """Whether the server of this data directory lives (it may still be recovering)."""
    pid = _recorded_pid(place)
    return pid is not None and _is_postgres_of(pid, place)


def pid_of(data_dir: str | Path) -> int | None:
    """The process id of the running server."""
    place = cluster(data_dir)
    return _recorded_pid(place) if is_running(place) else None


def _recorded_pid(place: Cluster) -> int | None:
    try:
        return int((place.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _is_postgres_of(pid: int, place: Cluster) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(place.pgdata) in process.cmdline()
    except psutil.Error:
        return False


@contextmanager
def _exclusive(place: Cluster, wait: bool = True) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    descriptor = os.open(place.data_dir / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _register(place: Cluster) -> None:
    if place.data_dir in _held:
        return
    descriptor = os.open(place.data_dir / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _held[place.data_dir] = descriptor
    owner = os.getpid()
    atexit.register(lambda: leave(place.data_dir) if os.getpid() == owner else None)


def _start(place: Cluster, options: Sequence[str]) -> None:
    if not (place.pgdata / "PG_VERSION").exists():
        _initialise(place)
    _check_version(place)
    _configure(place, options)
    _wait_for_orphans(place)
    _forget_dead_server(place)
    pg_programs.run(
        "pg_ctl",
        "-D",
        str(place.pgdata),
        "-l",
        str(place.log),
        "-w",
        "-t",
        str(START_SECONDS),
        "start",
    )


def _initialise(place: Cluster) -> None:
    new = place.data_dir / "postgres.new"
    shutil.rmtree(new, ignore_errors=True)  # left by an initdb that was interrupted
    new.mkdir(mode=0o700)
    if pg_programs.account():
        pg_programs.give(new)
        pg_programs.let_through(new)
        pg_programs.open_binaries()
    locale = (
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    )
    pg_programs.run("initdb", "-U", "postgres", "--auth=trust", *locale, "-D", str(new))
    new.rename(place.pgdata)


def _check_version(place: Cluster) -> None:
    made_by = (place.pgdata / "PG_VERSION").read_text().strip()
    if made_by != str(pg_programs.MAJOR_VERSION):
        raise Unavailable(
            f"{place.pgdata} was made by PostgreSQL {made_by}, this is {pg_programs.MAJOR_VERSION}: "
            "dump it with the old version of Suki and load it with this one"
        )


def _configure(place: Cluster, options: Sequence[str]) -> None:
    if len(str(place.pgdata)) > LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432"):
        _make_short_socket_dir(place)
    wanted = SETTINGS | {"unix_socket_directories": f"'{place.socket_dir}'"}
    wanted |= dict(option.split("=", 1) for option in options)
    lines = [f"{name} = {value}\n" for name, value in wanted.items()]
    (place.pgdata / "postgresql.auto.conf").write_text("".join(lines))
    pg_programs.give(place.pgdata / "postgresql.auto.conf")


def _make_short_socket_dir(place: Cluster) -> None:
    record = place.pgdata / "socket_dir"
    if record.exists() and Path(record.read_text().strip()).is_dir():
        return
    short = Path(tempfile.mkdtemp(prefix="suki-"))
    pg_programs.give(short)
    record.write_text(str(short))


def _forget_dead_server(place: Cluster) -> None:
    """Drop what a killed server left; a pid file whose pid is another program's would stop the next start."""
    (place.pgdata / "postmaster.pid").unlink(missing_ok=True)
    for lock in place.socket_dir.glob(".s.PGSQL.*"):
        lock.unlink()


def _wait_for_orphans(place: Cluster) -> None:
    """The children of a killed server must be gone before the next: they soon leave, or are ended."""
    deadline = time.monotonic() + ORPHAN_SECONDS
    while orphans := _processes(place):
        if time.monotonic() > deadline:
            for orphan in orphans:
                orphan.kill()
        time.sleep(0.05)


def _processes(place: Cluster) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _works_in(process, place)]


def _works_in(process: psutil.Process, place: Cluster) -> bool:
    try:
        if process.name() not in ("postgres", "pg_ctl", "sh") or process.status() == psutil.STATUS_ZOMBIE:
            return False
        inside = bool(process.cwd() == str(place.pgdata))
        return inside or any(str(place.pgdata) in word for word in process.cmdline())
    except psutil.Error:
        return False


def _stop(place: Cluster) -> None:
    pid = _recorded_pid(place)
    if pid is None or not _is_postgres_of(pid, place):
        return
    try:
        pg_programs.run("pg_ctl", "-D", str(place.pgdata), "-m", "fast", "-w", "-t", "60", "stop")
    except Unavailable:
        os.kill(pid, signal.SIGQUIT)  # no clean end in a minute: stop at once, recover at the next start


def _make_role_and_database(place: Cluster) -> None:
    with psycopg.connect(
        place.url("postgres", "postgres"), autocommit=True, connect_timeout=10
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)).fetchone():
            role = sql.Identifier(ROLE)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(role))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            names = sql.Identifier(DATABASE), sql.Identifier(ROLE)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
