"""A sandbox and an app that only writes down what it is sent, both on free ports."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox import run
from sandbox.signing import id_token
from sandbox.state import Record, Shop

DOMAIN = "lakan.myshopify.com"
EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
    "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
    "expiring": 1,
}


@dataclass
class Received:
    """One webhook as the app got it."""

    topic: str
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


@dataclass
class Listener:
    """The app: answers what it is told to answer."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def topics(self) -> list[str]:
        """What came, in order of arrival."""
        return [one.topic for one in self.received]

    def of(self, topic: str) -> list[Received]:
        """What came of one topic."""
        return [one for one in self.received if one.topic == topic]


@pytest.fixture
def app() -> Iterator[Listener]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {key.lower(): value for key, value in self.headers.items()}
            listener.received.append(Received(headers["x-shopify-topic"], body, headers))
            self.send_response(listener.answers.pop(0) if listener.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield listener
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def local(app: Listener, tmp_path: Path) -> Iterator[run.Running]:
    running = run.start(app_url=app.url, data_dir=tmp_path, retry_seconds=(0.05,) * 8, time_factor=1)
    yield running
    running.stop()


@pytest.fixture
def shop(local: run.Running) -> Shop:
    return local.shop(DOMAIN, currency="PHP", name="Lakan")


class Client:
    """A caller of the Admin API with a token of its own."""

    def __init__(self, local: run.Running, domain: str = DOMAIN) -> None:
        self.local, self.domain = local, domain
        self.session = requests.Session()
        self.tokens = self.exchange().json()
        self.session.headers["X-Shopify-Access-Token"] = self.tokens["access_token"]

    def token_call(self, **asked: Any) -> requests.Response:
        """A call to the token address."""
        keys = {"client_id": self.local.options.api_key, "client_secret": self.local.options.api_secret}
        url = f"{self.local.url}/shops/{self.domain}/admin/oauth/access_token"
        return self.session.post(url, json=keys | asked, timeout=5)

    def exchange(self, **changes: Any) -> requests.Response:
        """An ID token for an offline token."""
        options = self.local.options
        token = id_token(options.api_key, options.api_secret, self.domain)
        return self.token_call(**(EXCHANGE | {"subject_token": token} | changes))

    def raw(self, query: str, **variables: Any) -> requests.Response:
        """A GraphQL call."""
        url = f"{self.local.url}/shops/{self.domain}/admin/api/2026-10/graphql.json"
        return self.session.post(url, json={"query": query, "variables": variables}, timeout=5)

    def call(self, query: str, **variables: Any) -> Any:
        """The data of a call that must succeed."""
        answer = self.raw(query, **variables).json()
        assert "errors" not in answer, answer
        return answer["data"]


@pytest.fixture
def api(local: run.Running, shop: Shop) -> Iterator[Client]:
    client = Client(local)
    yield client
    client.session.close()


def variants(shop: Shop, title: str) -> list[Record]:
    """The variants of a product."""
    return next(one["variants"] for one in shop.product.values() if one["title"] == title)
