"""The files of the private PostgreSQL: where they are, how they are made, how they are set."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from plugin.errors import Unavailable
from plugin.store.database import pg_programs

UNFIT = re.compile(rb"[^ \w./~+=@()\[\]#&!\x80-\xff-]")
"""Bytes that mean something else in PostgreSQL's settings or addresses: a comma parts hosts, a quote ends a value."""
ROLE = DATABASE = "suki"
LONGEST_DIRECTORY_BYTES = 85  # a socket's whole path may have 107
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
    "autovacuum_naptime": "'15s'",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_min_messages": "warning",
    "log_line_prefix": "'%m [%p] '",
}


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
        """The directory of the Unix socket: beside the data unless its path cannot be a socket's."""
        record = self.pgdata / "socket_dir"
        return Path(record.read_text().strip()) if record.exists() else self.pgdata

    def url(self, role: str = ROLE, database: str = DATABASE) -> str:
        """The address for psycopg."""
        return f"postgresql://{role}@/{database}?host={quote(os.fsencode(self.socket_dir))}"


def cluster(data_dir: str | Path) -> Cluster:
    """The private server of a data directory, running or not."""
    return Cluster(Path(data_dir).absolute())


def prepare(place: Cluster, options: Sequence[str] = ()) -> None:
    """Make the data directory if there is none, check its version, and write its settings."""
    if not (place.pgdata / "PG_VERSION").exists():
        _initialise(place)
    _check_version(place)
    _configure(place, options)


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
    path = os.fsencode(place.pgdata)
    if len(path) > LONGEST_DIRECTORY_BYTES or UNFIT.search(path):
        _make_short_socket_dir(place)
    wanted = SETTINGS | {"unix_socket_directories": f"'{place.socket_dir}'"}
    wanted |= dict(option.split("=", 1) for option in options)
    lines = [f"{name} = {value}\n" for name, value in wanted.items()]
    (place.pgdata / "postgresql.auto.conf").write_bytes(os.fsencode("".join(lines)))
    pg_programs.give(place.pgdata / "postgresql.auto.conf")


def _make_short_socket_dir(place: Cluster) -> None:
    if place.socket_dir == place.pgdata or not place.socket_dir.is_dir():
        short = Path(tempfile.mkdtemp(prefix="suki-"))
        pg_programs.give(short)
        (place.pgdata / "socket_dir").write_text(str(short))
