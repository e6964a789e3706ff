"""The webhook endpoint: verify, commit to the inbox, 200. Nothing else happens in the request.

A plain WSGI callable, because the framework's cost per request would be most of the work. All
requests that wait share one commit, and each is acknowledged only after that commit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from plugin.observe import get_logger, intake_outcomes
from plugin.settings import Settings
from plugin.store.work.deliveries import Arrival
from webhooks.committer import Committer
from webhooks.topics import TAKEN
from webhooks.verify import signed_by

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com")
_TOKEN = re.compile(r"[!-~]{1,128}")
_HEADERS = [("Content-Type", "text/plain; charset=utf-8")]
_EMPTY = [("Content-Length", "0")]  # else the server sends the end of an empty body in a packet of its own
log = get_logger()


class _Refused(Exception):
    def __init__(self, status: str, why: str, said: str = "") -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.said = said or why


def _present() -> datetime:
    return datetime.now(UTC)


class Intake:
    """WSGI callable for `POST /webhooks`."""

    def __init__(
        self, settings: Settings, address: Callable[[], str], clock: Callable[[], datetime] = _present
    ) -> None:
        self._settings = settings
        self._max_bytes = settings.webhook_max_bytes
        self._committer = Committer(address, clock)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one webhook."""
        try:
            arrival = self._read(environ)
        except _Refused as refused:
            intake_outcomes.labels(refused.why).inc()
            start_response(refused.status, [*_HEADERS, ("Allow", "POST")])
            return [refused.said.encode()]
        status = self._committer.commit(arrival) if arrival else "200 OK"
        start_response(status, _EMPTY)
        return [b""]

    def close(self) -> None:
        """Let go of the database connection and end the committing thread."""
        self._committer.close()

    def _read(self, environ: Environ) -> Arrival | None:
        if environ["REQUEST_METHOD"] != "POST":
            raise _Refused("405 Method Not Allowed", "only POST")
        body = _body(environ, self._max_bytes)
        if not signed_by(
            [key.encode() for key in self._settings.api_secrets], body, environ.get("HTTP_X_SHOPIFY_HMAC_SHA256", "")
        ):
            raise _Refused("401 Unauthorized", "bad signature")
        if body[:1] != b"{":
            raise _not_a_webhook(environ)
        return _arrival(environ, body)


def _not_a_webhook(environ: Environ) -> _Refused:
    """Signed with our key, and no JSON object: an ID token, a launch address or another message of Shopify's.

    The caller learns no more than that of a bad signature.
    """
    log.error("intake_not_a_webhook", topic=str(environ.get("HTTP_X_SHOPIFY_TOPIC", ""))[:128])
    return _Refused("401 Unauthorized", "not a webhook", said="bad signature")


def _body(environ: Environ, limit: int) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "-1"
    if not re.fullmatch(r"-1|[0-9]{1,12}", length):
        raise _Refused("400 Bad Request", "bad content length")
    if int(length) > limit:
        raise _Refused("413 Content Too Large", "too large")
    body: bytes = environ["wsgi.input"].read(int(length) if length != "-1" else limit + 1)
    if len(body) > limit:
        raise _Refused("413 Content Too Large", "too large")
    if len(body) < int(length):
        raise _Refused("400 Bad Request", "body cut short")
    return body


def _arrival(environ: Environ, body: bytes) -> Arrival | None:
    domain = environ.get("HTTP_X_SHOPIFY_SHOP_DOMAIN", "")
    webhook_id = environ.get("HTTP_X_SHOPIFY_WEBHOOK_ID", "")
    topic = environ.get("HTTP_X_SHOPIFY_TOPIC", "")
    if not _DOMAIN.fullmatch(domain) or not _TOKEN.fullmatch(webhook_id) or not _TOKEN.fullmatch(topic):
        raise _Refused("400 Bad Request", "missing headers")
    if topic not in TAKEN:
        intake_outcomes.labels("other topic").inc()
        return None
    return Arrival(
        domain=domain,
        webhook_id=webhook_id,
        topic=topic,
        event_id=_optional(environ, "HTTP_X_SHOPIFY_EVENT_ID"),
        api_version=_optional(environ, "HTTP_X_SHOPIFY_API_VERSION"),
        triggered_at=_triggered_at(environ),
        body=body,
    )


def _optional(environ: Environ, name: str) -> str:
    value: str = environ.get(name, "")
    return value if _TOKEN.fullmatch(value) else ""


def _triggered_at(environ: Environ) -> datetime:
    """Headers are not signed, so a moment that no clock can show (year 0, year 10000) must not be stored."""
    try:
        moment = datetime.fromisoformat(environ.get("HTTP_X_SHOPIFY_TRIGGERED_AT", ""))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return _present()
