"""One HTTP POST of a webhook over a kept-alive connection, with Shopify's time limits."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Outcome:
    """What the app answered; status 0 means no answer."""

    status: int
    text: str

    @property
    def accepted(self) -> bool:
        """Only 200-299 counts."""
        return 200 <= self.status < 300


class Sender:
    """Connections of one thread, one for each address."""

    def __init__(self, connect_seconds: float, answer_seconds: float) -> None:
        self.connect_seconds, self.answer_seconds = connect_seconds, answer_seconds
        self.open: dict[tuple[str, str], http.client.HTTPConnection] = {}

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Send; a connection that the other side closed meanwhile is opened anew once."""
        parts = urlsplit(url)
        key = (parts.scheme, parts.netloc)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        reused = key in self.open
        try:
            return self._once(key, path, body, headers)
        except (http.client.HTTPException, OSError) as error:
            self._forget(key)
            stale = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)
            if not (reused and isinstance(error, stale)):
                return Outcome(0, f"{type(error).__name__}: {error}"[:200])
        try:
            return self._once(key, path, body, headers)
        except (http.client.HTTPException, OSError) as error:
            self._forget(key)
            return Outcome(0, f"{type(error).__name__}: {error}"[:200])

    def _once(self, key: tuple[str, str], path: str, body: bytes, headers: dict[str, str]) -> Outcome:
        connection = self.open.get(key) or self._connect(key)
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read(4096)
        if answer.will_close:
            self._forget(key)
        else:
            answer.read()
        return Outcome(answer.status, text[:200].decode("utf-8", "replace"))

    def _connect(self, key: tuple[str, str]) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if key[0] == "https" else http.client.HTTPConnection
        connection = kind(key[1], timeout=self.connect_seconds)
        connection.connect()
        connection.sock.settimeout(self.answer_seconds)
        self.open[key] = connection
        return connection

    def _forget(self, key: tuple[str, str]) -> None:
        connection = self.open.pop(key, None)
        if connection:
            connection.close()

    def close(self) -> None:
        """Close all connections."""
        for key in list(self.open):
            self._forget(key)
