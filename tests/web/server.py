"""The web process as it runs in production, on a socket of the test's own, and a door to its database
that can be shut."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography.fernet import Fernet

from plugin.cli import GUNICORN_CONFIG

ROOT = Path(__file__).parents[2]
SECRET, OLD_SECRET = "shpss_new_0123456789abcdef0123456789", "shpss_old_0123456789abcdef0123456789"
LIMIT_BYTES = 65_536
SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str


@dataclass(frozen=True)
class WebProcess:
    """A running web process."""

    port: int

    def send(self, body: bytes | Iterable[bytes], headers: Mapping[str, str], method: str = "POST") -> Answer:
        """One request to /webhooks; an iterable body goes in chunks, without a length."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, "/webhooks", body, dict(headers), encode_chunked=not isinstance(body, bytes))
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            connection.close()

    def send_raw(self, request: bytes) -> bytes:
        """Bytes as they are, then the end of what we have to say; the answer's first line."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return connection.makefile("rb").readline()


@contextmanager
def web_process(database_url: str, data_dir: Path) -> Iterator[WebProcess]:
    """gunicorn with the production configuration; the socket waits for it, so nobody has to."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        handle, port = listening.fileno(), listening.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "-c", GUNICORN_CONFIG, "--bind", f"fd://{handle}"]
        environment = {"PATH": os.environ["PATH"], **_environment(database_url, data_dir)}
        process = subprocess.Popen(
            [*command, "plugin.app:application"],
            cwd=ROOT,
            env=environment,
            pass_fds=[handle],
            stdout=subprocess.DEVNULL,
        )
        try:
            yield WebProcess(port)
        finally:
            process.terminate()
            process.wait(30)


def _environment(database_url: str, data_dir: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(data_dir),
        "APP_URL": "http://127.0.0.1:9399",
        "WEB_WORKERS": "1",
        "WEBHOOK_MAX_BYTES": str(LIMIT_BYTES),
        "SHOPIFY_API_KEY": "key",
        "SHOPIFY_API_SECRET": SECRET,
        "SHOPIFY_API_SECRET_OLD": OLD_SECRET,
        "SHOPIFY_API_SECRET_OLD_UNTIL": datetime.now(UTC).date().isoformat(),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "rewards@example.com",
    }


class Door:
    """A socket between the app and its database: it can be shut and opened again."""

    def __init__(self, url: str) -> None:
        self._behind = f"{parse_qs(urlsplit(url).query)['host'][0]}/{SOCKET}"
        self._directory = tempfile.mkdtemp(prefix="suki-door-")
        self.url = url.partition("?")[0] + f"?host={self._directory}"
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._through = threading.Event()
        self._through.set()
        self.open()

    def open(self) -> None:
        """Let everybody through."""
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(f"{self._directory}/{SOCKET}")
        self._listening.listen()
        threading.Thread(target=self._let_in, args=(self._listening,), daemon=True).start()

    def shut(self) -> None:
        """As a database that went away: every connection ends, no new one is taken."""
        Path(self._directory, SOCKET).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in (end for pair in self._pairs for end in pair):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def hold(self) -> None:
        """As a server that is stopped: every connection stays, and nothing comes through."""
        self._through.clear()

    def let_go(self) -> None:
        """Whatever was held comes through."""
        self._through.set()

    def remove(self) -> None:
        """For good."""
        self.let_go()
        self.shut()
        shutil.rmtree(self._directory)

    def _let_in(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                outside = listening.accept()[0]
                inside = socket.socket(socket.AF_UNIX)
                inside.connect(self._behind)
                self._pairs.append((outside, inside))
                for ends in ((outside, inside), (inside, outside)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                self._through.wait()
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
