"""A small HTTP server on a real socket that answers as it is told, also with troubles no sandbox has."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.fernet import Fernet

from plugin.settings import Settings

SHOP = "amihan.myshopify.com"
OTHER_SHOP = "habagat.myshopify.com"


@dataclass(frozen=True)
class Say:
    """One answer."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Hang:
    """Take the request and never answer."""


class Drop:
    """Take the request and reset the connection."""


class Drip:
    """Promise a long body and send a byte of it from time to time."""


@dataclass
class Server:
    """What the server is to answer next (the last one stays), and what it was asked."""

    url: str
    script: list[object] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def will(self, *answers: object) -> None:
        """Set the answers to come."""
        self.script[:] = answers

    def next(self) -> object:
        """The next answer."""
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def settings(self, **changes: Any) -> Settings:
        """Settings whose shops live on this server."""
        values: dict[str, Any] = {
            "app_url": "http://127.0.0.1:9600",
            "shopify_api_key": "key",
            "shopify_api_secret": "hush-hush",
            "shopify_shop_url": f"{self.url}/shops/{{shop}}",
            "encryption_keys": Fernet.generate_key().decode(),
            "smtp_host": "127.0.0.1",
            "mail_from": "shop@example.com",
            "http_timeout_seconds": 0.4,
        }
        return Settings(**{**values, **changes})


@contextmanager
def serving() -> Iterator[Server]:
    """A running server; everything about it ends with the block."""
    httpd = _Listener(("127.0.0.1", 0), _Handler)
    server = httpd.scripted = Server(f"http://127.0.0.1:{httpd.server_port}")
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.ended.set()
        httpd.shutdown()
        httpd.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    scripted: Server

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gives up is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        assert isinstance(self.server, _Listener)
        server = self.server.scripted
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.asked.append({"path": self.path, "headers": dict(self.headers), "json": json.loads(body)})
        answer = server.next()
        if isinstance(answer, Say):
            self._say(answer)
        elif isinstance(answer, Hang):
            server.ended.wait(10)
        elif isinstance(answer, Drip):
            self._drip(server)
        else:
            self._reset()

    def _say(self, answer: Say) -> None:
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, server: Server) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            while not server.ended.wait(0.05):
                self.wfile.write(b" ")
        except OSError:
            self.close_connection = True

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
