"""Who may call: each route declares it, and nothing is answered before it is proved.

Sessions are proved by Shopify's ID token alone, in the `Authorization` header or, on the first load of
a document, in the address. There are no cookies.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

from flask import Request, Response, request
from shopify_app import ShopifyApp
from shopify_app.types import RequestInput

from plugin.errors import NotFound, Unauthorized
from plugin.rules.access.roles import Role, Scope
from plugin.settings import LOCAL_HOSTS, Settings
from plugin.web import surfaces
from plugin.web.current import Staff
from plugin.web.surfaces import RETRY_HEADER

Caller = Literal["session", "public", "webhook", "proxy", "shopper", "operator", "key", "link"]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Declared:
    """What a view says of itself: who may call it, with which least role or scope, and what it shows of people.

    `reads` is a key of `words.access.READS`, or "nothing"; None stands for a view that never said. `asks`: it changes
    nothing, though it is sent as a form is.
    """

    kind: Caller
    role: Role | None = None
    scope: Scope | None = None
    reads: str | None = None
    asks: bool = False


PATCH_PATH = "/session-token"
STAFF_NUMBER = re.compile(r"[0-9]{1,20}")
SHOP_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com")


def caller(
    kind: Caller,
    *,
    role: Role | None = None,
    scope: Scope | None = None,
    reads: str | None = None,
    asks: bool = False,
) -> Callable[[View], View]:
    """Declare who may call a view. A view without it answers nobody, and a form without a role answers only owners."""
    declared = Declared(kind, role, scope, reads, asks)

    def declare(view: View) -> View:
        view.declared = declared  # type: ignore[attr-defined]  # a mark on the function, read below
        return view

    return declare


def declared_by(view: object) -> Declared | None:
    """Everything that a view declared."""
    return cast("Declared | None", getattr(view, "declared", None))


def declared_caller(view: object) -> Caller | None:
    """Who may call a view, as it declared."""
    declared = declared_by(view)
    return declared.kind if declared else None


def shop_of(value: str) -> str:
    """The value if it is the domain of a Shopify shop, else nothing."""
    return value if SHOP_DOMAIN.fullmatch(value) else ""


def staff_behind(asked: Request, settings: Settings) -> Staff | Response:
    """The staff member that the request's ID token proves, or what to answer instead."""
    if not _authorization(asked) and (asked.method not in ("GET", "HEAD") or surfaces.by_staff(asked.path)):
        return refused()
    result = shopify_app(settings).verify_app_home_req(_as_shopify_wants(asked), PATCH_PATH)
    if not result.ok or result.id_token is None:
        location = str(result.response.headers.get("Location", ""))
        return redirect_to_patch(location) if location else refused()
    staff = _staff(result.id_token.claims, result.id_token.token)
    return staff if staff is not None else refused()


def _authorization(asked: Request) -> str:
    """What the header says; an empty one is none."""
    return asked.headers.get("Authorization", "").strip()


def shopify_app(settings: Settings) -> ShopifyApp:
    """Shopify's package with the secrets that are good at this moment."""
    secrets = settings.api_secrets
    return ShopifyApp(
        client_id=settings.shopify_api_key,
        client_secret=secrets[0],
        old_client_secret=secrets[1] if len(secrets) > 1 else None,
    )


def _as_shopify_wants(asked: Request) -> RequestInput:
    """The request without its body: the body is not signed, and need not be read for this."""
    headers = {name: value for name, value in asked.headers.items() if name != "Authorization" or _authorization(asked)}
    return {"method": asked.method, "headers": headers, "url": asked.url, "body": ""}


def _staff(claims: dict[str, Any], token: str) -> Staff | None:
    """What Shopify's package leaves open: an end, a beginning, one shop in `dest` and `iss`, and one of its staff.

    The same secret signs the tokens of checkouts and customer accounts: their `sub` is the address of a customer,
    their `dest` a bare domain, and they name no issuer.
    """
    dest, person = claims.get("dest"), claims.get("sub")
    domain = shop_of(dest.removeprefix("https://")) if isinstance(dest, str) else ""
    at_home = bool(domain) and dest == f"https://{domain}" and claims.get("iss") == f"{dest}/admin"
    if not at_home or "exp" not in claims or "nbf" not in claims:
        return None
    return Staff(domain, person, token) if isinstance(person, str) and STAFF_NUMBER.fullmatch(person) else None


def refused() -> Response:
    """401, and App Bridge tries once more with a fresh ID token."""
    return Response("Unauthorized", 401, {RETRY_HEADER: "1"}, mimetype="text/plain")


def redirect_to_patch(location: str) -> Response:
    """To the page that gets a fresh ID token; relative, as the app may stand behind a proxy."""
    parts = urlsplit(location)
    return Response("", 302, {"Location": f"{parts.path}?{parts.query}"})


def fresh_token_wanted(settings: Settings) -> Response:
    """The answer when Shopify itself refuses the ID token: it ended on the way."""
    if _authorization(request):
        return refused()
    result = shopify_app(settings).verify_app_home_req(
        {"method": "GET", "headers": {}, "url": _without_token(request.url), "body": ""}, PATCH_PATH
    )
    return redirect_to_patch(str(result.response.headers["Location"]))


def _without_token(url: str) -> str:
    return re.sub(r"([?&])id_token=[^&]*", r"\1", url)


def prove_operator(asked: Request, settings: Settings) -> None:
    """Whoever runs the app: with METRICS_TOKEN; where the app itself is of this machine only, from this machine."""
    token = settings.metrics_token
    given = asked.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if token is not None:
        if not hmac.compare_digest(given, token.get_secret_value().encode()):
            raise Unauthorized("To read the metrics, send the token in METRICS_TOKEN")
    elif not settings.is_local or asked.remote_addr not in LOCAL_HOSTS or "X-Forwarded-For" in asked.headers:
        raise NotFound("Not found")
