"""Requests that Shopify passes on from a storefront (app proxy): who is behind them, and how they are answered.

Shopify signs the query, not the body; the shopper is `logged_in_customer_id` of that query and nobody
else. Answers are Liquid, rendered within the shop's theme, so no text of ours may reach it as Liquid.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Response
from werkzeug.wrappers import Request

from plugin.errors import NotFound, Unauthorized
from plugin.settings import Settings
from plugin.web.auth import shop_of

OLDEST_SECONDS = 90
_ONCE = ("signature", "shop", "timestamp", "logged_in_customer_id", "path_prefix")


@dataclass(frozen=True)
class Visit:
    """One proved request: the shop, the signed-in customer (None: nobody), and where the app stands in it."""

    domain: str
    customer_id: int | None
    path_prefix: str
    locale: str = ""


def prove(asked: Request, settings: Settings, now_seconds: float) -> Visit:
    """The visit that the signed query proves; Unauthorized for anything else."""
    pairs = parse_qsl(asked.query_string.decode("ascii", "replace"), keep_blank_values=True)
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    if any(len(fields.get(name, [""])) > 1 for name in _ONCE):
        raise Unauthorized("This address is not signed by Shopify")
    query = {name: values[0] for name, values in fields.items()}
    if not _signed(fields, settings) or not _fresh(query.get("timestamp", ""), now_seconds):
        raise Unauthorized("This address is not signed by Shopify, or too old")
    domain = shop_of(query.get("shop", ""))
    if not domain:
        raise NotFound("There is no such shop")
    customer = query.get("logged_in_customer_id", "")
    number = int(customer) if customer.isascii() and customer.isdigit() and len(customer) < 19 else None
    return Visit(domain, number, _prefix(query.get("path_prefix", "")), query.get("locale", "")[:20])


def _signed(fields: dict[str, list[str]], settings: Settings) -> bool:
    given = fields.get("signature", [""])[0]
    text = "".join(sorted(f"{name}={','.join(values)}" for name, values in fields.items() if name != "signature"))
    return any(
        hmac.compare_digest(hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().encode(), given.encode())
        for key in settings.api_secrets
    )


def _fresh(timestamp: str, now_seconds: float) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    return abs(now_seconds - int(timestamp)) <= OLDEST_SECONDS


def _prefix(path: str) -> str:
    """Where the app stands on the storefront: a path on it, never another host."""
    return path.rstrip("/") if path.startswith("/") and not path.startswith("//") else ""


def new_key(settings: Settings, visit: Visit) -> str:
    """A key for one form of one customer: the same click twice is one redemption, and nobody else's page has it."""
    nonce = secrets.token_hex(8)
    return f"{nonce}{_mark(settings.api_secrets[0], visit, nonce)}"


def known_key(settings: Settings, visit: Visit, key: str) -> bool:
    """Whether the key came from a form of ours for this customer."""
    nonce, mark = key[:16], key[16:]
    return any(
        hmac.compare_digest(_mark(secret, visit, nonce).encode(), mark.encode()) for secret in settings.api_secrets
    )


def _mark(secret: str, visit: Visit, nonce: str) -> str:
    text = f"form|{visit.domain}|{visit.customer_id}|{nonce}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def liquid(html: str, status: int = 200) -> Response:
    """The answer, for Shopify to put into the theme; whatever looks like Liquid in it is only text."""
    plain = html.replace("{{", "&#123;&#123;").replace("{%", "&#123;%")
    return Response(plain, status, {"Cache-Control": "no-store"}, content_type="application/liquid")
