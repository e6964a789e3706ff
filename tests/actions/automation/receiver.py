"""A receiver of webhooks over real sockets, which can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(status: int, *headers: str, body: str = "") -> bytes:
    """An answer with a body."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


@dataclass
class Came:
    """One request: its line, its headers by lower-case name, its body."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return orjson.loads(self.body)

    def is_signed_by(self, secret: str) -> bool:
        """Whether a signature of the header is right: HMAC-SHA256 of `id.timestamp.body`, as the specification says."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        said = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
        return expected in self.headers["webhook-signature"].split(" ")


Respond = Callable[[Came, socket.socket], bytes]


@dataclass
class Receiver:
    """What came, and what is answered: bytes, or nothing where `respond` did it itself."""

    port: int = 0
    came: list[Came] = field(default_factory=list)
    respond: Respond = lambda _came, _line: OK

    @property
    def url(self) -> str:
        """Where to send to."""
        return f"http://127.0.0.1:{self.port}/hooks?from=suki"

    def types(self) -> list[str]:
        """The types of what came, in its order."""
        return [one.json["type"] for one in self.came]


@contextmanager
def receiver(made: Receiver | None = None) -> Iterator[Receiver]:
    """One that listens on a free port."""
    made = made or Receiver()
    listening = socket.create_server(("127.0.0.1", 0), backlog=200)
    made.port = listening.getsockname()[1]
    threading.Thread(target=_accept, args=(made, listening), daemon=True).start()
    yield made
    listening.close()


def _accept(made: Receiver, listening: socket.socket) -> None:
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(made, line), daemon=True).start()


def _serve(made: Receiver, line: socket.socket) -> None:
    with suppress(OSError), line, line.makefile("rb") as said:
        while first := said.readline():
            headers = {}
            while (header := said.readline().decode().strip()) != "":
                name, _, value = header.partition(":")
                headers[name.lower()] = value.strip()
            came = Came(first.decode().strip(), headers, said.read(int(headers["content-length"])))
            made.came.append(came)
            line.sendall(made.respond(came, line))
