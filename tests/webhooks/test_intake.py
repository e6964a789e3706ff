"""The door for webhooks by itself: what it takes in, and what it does when what is behind it fails, hangs or floods."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine, text

from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from tests import payloads
from tests.conftest import ShopRow, TestDatabase
from webhooks.receive import Intake

SECRET = "test-secret"
BODY = payloads.dumps(payloads.order())


@pytest.fixture
def intake(settings: Settings, database: TestDatabase) -> Iterator[Intake]:
    made = Intake(settings, lambda: database.url)
    yield made
    made.close()


def send(intake: Intake, body: bytes = BODY, **headers: str) -> tuple[str, bytes]:
    """Status and text for one webhook, as a WSGI server asks."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_X_SHOPIFY_HMAC_SHA256": payloads.signed(SECRET, body),
        "HTTP_X_SHOPIFY_SHOP_DOMAIN": "demo.myshopify.com",
        "HTTP_X_SHOPIFY_TOPIC": "orders/paid",
        "HTTP_X_SHOPIFY_WEBHOOK_ID": "w1",
        **{f"HTTP_X_SHOPIFY_{name.upper()}": value for name, value in headers.items()},
    }
    said: list[str] = []
    text = b"".join(intake(environ, lambda status, _headers: said.append(status)))
    return said[0], text


def stored(engine: Engine, shop: ShopRow) -> list[str]:
    """The webhook ids of what was stored."""
    with shop_transaction(engine, shop.id) as conn:
        return list(conn.execute(text("SELECT webhook_id FROM deliveries ORDER BY webhook_id")).scalars())


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("suki_intake_total", {"outcome": outcome}) or 0.0


NO_OBJECTS = {
    "the signed part of an ID token": b"eyJhbGciOiJIUzI1NiJ9.eyJkZXN0IjoiaHR0cHM6Ly9kZW1vLm15c2hvcGlmeS5jb20ifQ",
    "a launch address": b"embedded=1&host=YWRtaW4&shop=demo.myshopify.com&timestamp=1764460800",
    "a launch address that is JSON, too": b' {"id":1,"q":"&embedded=1&shop=demo.myshopify.com"}',
    "an OAuth callback": b"code=1&host=YWRtaW4&shop=demo.myshopify.com&state=%7B%22id%22%3A1%7D&timestamp=1764460800",
    "a query of the app proxy": b"logged_in_customer_id=7path_prefix=/apps/sukishop=demo.myshopify.comtimestamp=1",
    "a list": b"[]",
    "a list of what would do": b'[{"id":1}]',
    "nothing": b"",
    "a space": b" ",
    "a text": b'"{}"',
    "a number": b"1",
    "null": b"null",
    "a mark of the byte order": b"\xef\xbb\xbf{}",
    "no text": b"\x00{}",
}


@pytest.mark.parametrize("topic", ["orders/paid", "app/uninstalled", "shop/redact", "products/update"])
@pytest.mark.parametrize("body", NO_OBJECTS.values(), ids=NO_OBJECTS.keys())
def test_what_is_signed_and_no_json_object_is_another_message_and_refused_like_a_bad_signature(
    intake: Intake, engine: Engine, shop: ShopRow, body: bytes, topic: str
) -> None:
    before = counted("not a webhook")
    assert send(intake, body, topic=topic) == ("401 Unauthorized", b"bad signature")
    assert (counted("not a webhook"), stored(engine, shop)) == (before + 1, [])
    with system_transaction(engine) as conn:
        assert conn.execute(text("SELECT count(*) FROM intake_counters")).scalar_one() == 0


def test_what_is_not_signed_is_a_bad_signature_whatever_it_is(intake: Intake) -> None:
    before = counted("not a webhook")
    for body in (b"e30.e30", b"{}"):
        assert send(intake, body, hmac_sha256="bm90IGl0") == ("401 Unauthorized", b"bad signature")
    assert counted("not a webhook") == before
