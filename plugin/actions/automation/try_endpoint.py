"""Staff try an endpoint: one signed message now, and what came back."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.automation.send_webhooks import signed
from plugin.clients.outgoing.post import Answered, Line
from plugin.rules.outgoing import bodies
from plugin.store.automation import endpoints
from plugin.store.automation.endpoints import Endpoint
from plugin.store.shops.shops import Shop

SECONDS = 5.0
"""Somebody waits for it."""


def message(conn: Connection, shop: Shop, one: Endpoint, now: datetime) -> tuple[dict[str, str], bytes]:
    """Headers and body of a message that says nothing but that it is a test."""
    key = f"test_{shop.id}_{secrets.token_hex(8)}"
    said = bodies.body(key, bodies.TEST, now, shop.domain, None, "", {"endpoint": one.id}, personal=False)
    return signed(key, said, endpoints.secrets_of(conn, shop.id, one.id, now), now)


def send(one: Endpoint, headers: dict[str, str], body: bytes, allowed: frozenset[str]) -> Answered:
    """Send it, outside of any transaction."""
    line = Line(one.url, allowed)
    try:
        return line.post(headers, body, SECONDS)
    finally:
        line.close()
