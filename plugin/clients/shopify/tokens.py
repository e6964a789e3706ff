"""Access to one shop: an ID token becomes a pair of expiring offline tokens, an old pair becomes a new one.

Shopify's own package `shopifyapp` can do both, but only at https://{shop}.myshopify.com (so never at the
sandbox); it opens a new connection each time, sleeps in the request when told to slow down, and refreshes
only in the last minute. So the two POSTs are ours; checking the ID token is still Shopify's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from plugin.clients import http
from plugin.clients.shopify.admin import shop_address
from plugin.errors import Refused, SukiError, TokenRejected, Unauthorized, Unavailable
from plugin.settings import Settings

_PATH = "/admin/oauth/access_token"
_OAUTH = "urn:ietf:params:oauth:"


@dataclass(frozen=True)
class TokenPair:
    """The two tokens of one shop and when each of them ends; never printed."""

    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """The member of staff behind an ID token, as Shopify describes them."""

    id: str
    name: str
    email: str
    owns: bool


def person(settings: Settings, session: requests.Session, shop_domain: str, id_token: str) -> Person:
    """Who opened the app, and whether the shop is theirs: what comes beside an online token.

    The token itself is not kept. Unauthorized: Shopify does not take this ID token: a fresh one may do.
    """
    said = _ask(settings, session, shop_domain, _exchanged(id_token, "online-access-token"))
    try:
        user = said["associated_user"]
        name = f"{user.get('first_name') or ''} {user.get('last_name') or ''}".strip()[:200]
        return Person(str(int(user["id"])), name, str(user.get("email") or "")[:320], user["account_owner"] is True)
    except (AttributeError, KeyError, TypeError, ValueError):
        # The cause would show the token.
        raise Unavailable("Shopify's token response doesn't say who this is") from None


def exchange(settings: Settings, session: requests.Session, shop_domain: str, id_token: str) -> TokenPair:
    """The shop's offline pair for an ID token that was verified before.

    Unauthorized: Shopify does not take this ID token (they live one minute): a fresh one may do.
    """
    grant = _exchanged(id_token, "offline-access-token") | {"expiring": 1}
    asked_at = datetime.now(UTC)
    return _pair(_ask(settings, session, shop_domain, grant), asked_at)


def _exchanged(id_token: str, kind: str) -> dict[str, Any]:
    return {
        "grant_type": f"{_OAUTH}grant-type:token-exchange",
        "subject_token": id_token,
        "subject_token_type": f"{_OAUTH}token-type:id_token",
        "requested_token_type": f"urn:shopify:params:oauth:token-type:{kind}",
    }


def refresh(settings: Settings, session: requests.Session, shop_domain: str, refresh_token: str) -> TokenPair:
    """A new pair for the refresh token of the old one; ask from one place at a time per shop.

    TokenRejected: the merchant has to open the app again. Repeating after Unavailable is safe: Shopify keeps
    the old refresh token usable until the new one is used.
    """
    grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    asked_at = datetime.now(UTC)
    return _pair(_ask(settings, session, shop_domain, grant), asked_at)


def _ask(settings: Settings, session: requests.Session, shop_domain: str, grant: dict[str, Any]) -> Any:
    answer = http.post(
        session,
        shop_address(settings, shop_domain) + _PATH,
        {
            "client_id": settings.shopify_api_key,
            "client_secret": settings.shopify_api_secret.get_secret_value(),
            **grant,
        },
        headers={},
        timeout_seconds=settings.http_timeout_seconds,
        changes_something=False,
    )
    if answer.status != 200:
        raise _refusal(answer)
    return answer.json


def _refusal(answer: http.Answer) -> SukiError:
    if answer.status == 429 or answer.status >= 500:
        return Unavailable(f"Shopify didn't issue a token ({answer.status})", answer.retry_after_seconds)
    said = answer.json if isinstance(answer.json, dict) else {}
    code = str(said.get("error") or answer.status)[:60]
    if code == "invalid_subject_token":
        return Unauthorized("Shopify doesn't accept this ID token. Open the page again")
    if code in ("invalid_grant", "invalid_refresh_token"):
        return TokenRejected("Shopify no longer accepts this shop's refresh token")
    if code == "invalid_client":
        return Refused("Shopify doesn't recognise this API key and secret, or the app was uninstalled", code)
    return Refused(f"Shopify didn't issue a token ({code})", code)


def _pair(said: Any, asked_at: datetime) -> TokenPair:
    try:
        return TokenPair(
            access_token=_text(said["access_token"]),
            access_expires_at=asked_at + timedelta(seconds=int(said["expires_in"])),
            refresh_token=_text(said["refresh_token"]),
            refresh_expires_at=asked_at + timedelta(seconds=int(said["refresh_token_expires_in"])),
            scopes=tuple(sorted(scope.strip() for scope in said["scope"].split(",") if scope.strip())),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        # The cause would show the tokens.
        raise Unavailable("Shopify's token response can't be read") from None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("a token is text")
    return value
