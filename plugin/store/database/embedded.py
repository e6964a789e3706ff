"""A private PostgreSQL 18 in the data directory, for machines that have none (no DATABASE_URL).

Every process that uses it holds a shared lock on one file; the last to let go stops the server. The
kernel drops the lock of a process that was killed, so nothing has to be cleaned up by hand. The app
connects as the plain role `suki`: a superuser would not be bound by row-level security.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from plugin.errors import Unavailable
from plugin.store.database import pg_programs
from plugin.store.database.cluster import DATABASE, ROLE, Cluster, cluster, prepare

START_SECONDS = 120
STOP_SECONDS = 60
ORPHAN_SECONDS = 5
PID_FILE_SECONDS = 5
# PostgreSQL waits for itself where it can (pg_ctl -w). The short sleeps below wait for what nothing tells of: a pid
# file of a server whose recovery is not waited for, strangers' processes to end, the end of a recovery.
_held: dict[Path, int] = {}


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
    """Have the server come back if it died under a process that uses it; does not wait for its recovery."""
    place = cluster(data_dir)
    if place.data_dir not in _held:
        return
    try:
        with _exclusive(place, wait=False):
            if not is_running(place) and not _is_being_started(place):
                _forget_dead_server(place)
                _pg_ctl(place, "start", "-l", str(place.log), "-W")
                _wait_for_pid_file(place)
    except (BlockingIOError, Unavailable):
        return  # somebody else is at it, or the next attempt will be


def _wait_for_pid_file(place: Cluster) -> None:
    """Keep the lock until the new server can be seen: who comes next must not take its files for a dead one's."""
    deadline = time.monotonic() + PID_FILE_SECONDS
    while not is_running(place) and time.monotonic() < deadline:
        time.sleep(0.02)


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
    prepare(place, options)
    _wait_for_orphans(place)
    _forget_dead_server(place)
    _pg_ctl(place, "start", "-l", str(place.log), "-w", "-t", str(START_SECONDS))


def _pg_ctl(place: Cluster, verb: str, *options: str) -> None:
    pg_programs.run("pg_ctl", verb, "-D", str(place.pgdata), *options)


def _forget_dead_server(place: Cluster) -> None:
    """Drop what a killed server left; a pid file whose pid is another program's would stop the next start."""
    (place.pgdata / "postmaster.pid").unlink(missing_ok=True)
    for lock in place.socket_dir.glob(".s.PGSQL.*"):
        lock.unlink()


def _wait_for_orphans(place: Cluster) -> None:
    """The children of a killed server must be gone before the next: they soon leave, or are ended."""
    deadline = time.monotonic() + ORPHAN_SECONDS
    while orphans := [process for process in psutil.process_iter() if _works_in(process, place)]:
        if time.monotonic() > deadline:
            for orphan in orphans:
                orphan.kill()
        time.sleep(0.05)


def _is_being_started(place: Cluster) -> bool:
    """Whether a server is on its way up that has not written its pid yet, or an old one on its way out."""
    starter = f'-D "{place.pgdata}"'  # as pg_ctl has the shell run it
    return any(_works_in(each, place) or starter in _command(each) for each in psutil.process_iter())


def _works_in(process: psutil.Process, place: Cluster) -> bool:
    try:
        alive = process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
        return alive and (process.cwd() == str(place.pgdata) or str(place.pgdata) in process.cmdline())
    except psutil.Error:
        return False


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()) if process.name() == "sh" else ""
    except psutil.Error:
        return ""


def _stop(place: Cluster) -> None:
    pid = _recorded_pid(place)
    if pid is None or not _is_postgres_of(pid, place):
        return
    try:
        _pg_ctl(place, "stop", "-m", "fast", "-w", "-t", str(STOP_SECONDS))
    except Unavailable:
        os.kill(pid, signal.SIGQUIT)  # no clean end in a minute: stop at once, recover at the next start


def _make_role_and_database(place: Cluster) -> None:
    with _keeper(place) as keeper:
        if not keeper.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)).fetchone():
            role = sql.Identifier(ROLE)
            keeper.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(role))
        if not keeper.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            names = sql.Identifier(DATABASE), sql.Identifier(ROLE)
            keeper.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _keeper(place: Cluster) -> psycopg.Connection[Any]:
    """A superuser's connection, as soon as the server is done recovering."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return psycopg.connect(place.url("postgres", "postgres"), autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or not is_running(place):
                raise Unavailable(f"the private PostgreSQL does not answer: {error}") from error
        time.sleep(0.1)
