"""The addresses that surfaces ask as programs do: JSON for the theme, for Shopify's extensions, and for staff.

Shopify's extensions run on hosts of Shopify's: a browser asks first whether it may (OPTIONS), and shows an answer to
the extension only when its headers say so, errors included. There are no cookies, so any origin may ask.
"""

from __future__ import annotations

from typing import Final

from flask import Response

STOREFRONT: Final = "/proxy/v1"
SHOPPERS: Final = "/shopper/v1"
STAFF: Final = "/staff/v1"
RETRY_HEADER: Final = "X-Shopify-Retry-Invalid-Session-Request"
LARGEST_BODY_BYTES: Final = 128 * 1024
"""A cart of 500 lines is 75 KB."""
_OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Max-Age": "7200",
}
_READABLE: Final = "ETag, Retry-After"


def _within(path: str, start: str) -> bool:
    return path.startswith(f"{start}/")


def asked(path: str) -> bool:
    """Whether a surface asks here, and wants JSON whatever comes of it."""
    return any(_within(path, start) for start in (STOREFRONT, SHOPPERS, STAFF))


def by_token(path: str) -> bool:
    """Whether who asks here runs on another host, and carries a token."""
    return _within(path, SHOPPERS) or _within(path, STAFF)


def by_staff(path: str) -> bool:
    """Whether this is for staff: only a token in the header opens it, and nobody is redirected."""
    return _within(path, STAFF)


def preflight() -> Response:
    """The browser's own question before a request, which carries no token."""
    return Response(status=204)


def readable(response: Response, path: str) -> Response:
    """The answer with what lets an extension read it."""
    if by_token(path):
        response.headers.update(_OPEN)
        shown = f"{_READABLE}, {RETRY_HEADER}" if by_staff(path) else _READABLE
        response.headers["Access-Control-Expose-Headers"] = shown
    response.headers.setdefault("Cache-Control", "no-store")
    return response
