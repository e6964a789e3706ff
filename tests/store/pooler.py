"""A real PgBouncer in front of the tests' database, where the program is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from plugin.store.database import pg_programs

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PORT = 6432


@contextmanager
def pooler(database_url: str, mode: str, *lines: str) -> Iterator[str]:
    """The address of a PgBouncer as Debian sets it up, but for its mode and these lines of its settings."""
    with tempfile.TemporaryDirectory(prefix="suki-pooler-") as directory:
        settings = Path(directory, "pgbouncer.ini")
        settings.write_text(_settings(database_url, directory, mode, lines))
        account = pg_programs.account()
        if account:
            shutil.chown(directory, account)
            shutil.chown(settings, account)
        as_whom = ("-u", account) if account else ()
        process = subprocess.Popen([str(PGBOUNCER), *as_whom, str(settings)], stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            said = list(iter(process.stderr.readline, "")) if process.poll() is not None else []
            while "process up" not in (said[-1:] or [""])[0]:
                said.append(process.stderr.readline())
                assert said[-1], said
            name = urlsplit(database_url).path.strip("/")
            yield f"postgresql://suki@/{name}?host={directory}&port={PORT}"
        finally:
            process.terminate()
            process.communicate(timeout=10)


def _settings(database_url: str, directory: str, mode: str, lines: tuple[str, ...]) -> str:
    behind = parse_qs(urlsplit(database_url).query)["host"][0]
    return "\n".join(
        [
            "[databases]",
            f"* = host={behind} user=suki",
            "[pgbouncer]",
            "auth_type = any",
            f"listen_port = {PORT}",
            f"unix_socket_dir = {directory}",
            f"pool_mode = {mode}",
            *lines,
            "",
        ]
    )
