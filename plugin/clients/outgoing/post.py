"""One POST to a stranger's server: to a public address only, never further, bounded in time and size.

The name is resolved here, each of its addresses is judged, and the very address that passed is connected to; the
certificate and the server name are still those of the name. Redirects are an answer like any other.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Final

import certifi

from plugin.rules.outgoing import public_address

CONNECT_SECONDS: Final = 5.0
ALL_SECONDS: Final = 15.0
"""For connecting, sending and the whole answer together."""
MOST_BYTES: Final = 65_536
"""Of an answer; what is longer is cut, and the connection closed."""
KEPT_BYTES: Final = 1_000
"""Of an answer that is written down."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one try: the answer's status (None: there was none), what went wrong as a code, how its body
    begins, what Retry-After asks for, and how long it took."""

    status: int | None
    wrong: str
    text: str
    retry_after_seconds: float
    seconds: float

    @property
    def taken(self) -> bool:
        """Whether the receiver took it: 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Line:
    """A connection to one endpoint that is kept from one message to the next. Not for two threads at once."""

    def __init__(self, url: str, allowed: frozenset[str] = frozenset()) -> None:
        parts = public_address.split(url)
        assert parts is not None and parts.hostname
        self._parts = parts
        self._trusted = public_address.place(parts) in allowed
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._open: _Connection | None = None

    def post(self, headers: Mapping[str, str], body: bytes, seconds: float = ALL_SECONDS) -> Answered:
        """Send it once, or a second time where a kept connection turned out to be closed. Never raises."""
        began = time.monotonic()
        kept = self._open is not None
        answered = self._tried(headers, body, began, began + seconds)
        if kept and answered.wrong == "closed":
            answered = self._tried(headers, body, began, began + seconds)
        return answered

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _tried(self, headers: Mapping[str, str], body: bytes, began: float, until: float) -> Answered:
        try:
            line = self._open = self._open or self._connected(until)
            line.until = until
            line.request("POST", self._path, body, dict(headers))
            with line.getresponse() as response:
                text, whole = _bounded(response)
            if not whole or response.will_close:
                self.close()
            return Answered(response.status, "", text, _wished(response), time.monotonic() - began)
        except (OSError, HTTPException, _Refused, ValueError) as error:
            self.close()
            return Answered(None, _code(error), "", 0.0, time.monotonic() - began)

    def _connected(self, until: float) -> _Connection:
        assert self._parts.hostname
        where = _resolved(self._parts.hostname, public_address.port(self._parts), trusted=self._trusted)
        line = _Connection(self._parts.hostname, public_address.port(self._parts))
        line.reach(where, until, tls=self._parts.scheme == "https")
        return line


class _Refused(Exception):
    """We do not connect there; the code is why."""


def _resolved(host: str, port: int, *, trusted: bool) -> list[Any]:
    """Where a name is, as the resolver says it. All of it must be public: a name with a private address is refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _Refused("unknown_host") from None
    if not trusted and not all(public_address.is_public(str(place[4][0])) for place in found):
        raise _Refused("private_address")
    return found


class _Connection(HTTPConnection):
    """A connection whose every wait ends when the time for the whole message is over."""

    until: float = 0.0

    def reach(self, places: list[Any], until: float, *, tls: bool) -> None:
        """Connect to the first of these addresses that answers."""
        self.until = until
        if tls:
            self.default_port = 443
        self.sock = _Timed(self, _first(places, until), self.host if tls else None)

    def connect(self) -> None:
        """Only where `reach` went: never by the name again."""
        raise _Refused("closed")


def _first(places: list[Any], until: float) -> socket.socket:
    last: OSError | None = None
    for family, kind, protocol, _, address in places:
        one = socket.socket(family, kind, protocol)
        try:
            one.settimeout(_left(until, CONNECT_SECONDS))
            one.connect(address)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return one
        except OSError as error:
            one.close()
            last = error
    raise last or _Refused("unknown_host")


def _left(until: float, most: float = ALL_SECONDS) -> float:
    left = min(most, until - time.monotonic())
    if left <= 0:
        raise TimeoutError
    return left


class _Timed:
    """What `http.client` uses of a socket, with the time that is left as the limit of each call: a server that sends
    a byte now and then gets no more time than one that sends nothing."""

    def __init__(self, line: _Connection, plain: socket.socket, server_name: str | None) -> None:
        self._line = line
        self._socket = plain
        self._readers, self._closed = 0, False
        if server_name is not None:
            plain.settimeout(_left(line.until, CONNECT_SECONDS))
            try:
                self._socket = _TLS.wrap_socket(plain, server_hostname=server_name)
            except (OSError, ValueError):
                plain.close()
                raise

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(_left(self._line.until))
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_Stream(self))

    def let_go(self) -> None:
        """A reader is done. `http.client` closes what it no longer needs while the answer is still being read."""
        self._readers -= 1
        if self._closed and self._readers <= 0:
            self._socket.close()

    def receive(self, buffer: memoryview) -> int:
        """Some bytes, or 0 at the end."""
        self._socket.settimeout(_left(self._line.until))
        return self._socket.recv_into(buffer)

    def close(self) -> None:
        self._closed = True
        if self._readers <= 0:
            self._socket.close()


class _Stream(io.RawIOBase):
    def __init__(self, timed: _Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._timed.receive(memoryview(buffer))

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._timed.let_go()


def _bounded(response: HTTPResponse) -> tuple[str, bool]:
    """How the body begins, and whether it was read to its end."""
    found = bytearray()
    while len(found) <= MOST_BYTES and (piece := response.read1(8192)):
        found += piece
    whole = len(found) <= MOST_BYTES
    return bytes(found[:KEPT_BYTES]).decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}"), whole


def _wished(response: HTTPResponse) -> float:
    try:
        return max(0.0, float(response.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0


def _code(error: Exception) -> str:
    """Why there was no answer. Never the error's own words: they may name addresses within the operator's network."""
    if isinstance(error, _Refused):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ConnectionError):
        return "closed"
    return "no_http" if isinstance(error, HTTPException | ValueError) else "unreachable"


_TLS: Final = ssl.create_default_context(cafile=certifi.where())
