"""How the API says no: problem details (RFC 9457), with a code that programs can rely on."""

from __future__ import annotations

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from plugin.errors import BadInput, Denied, SukiError, TooMany, Unauthorized, Unavailable, Unreached

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: ("bad_request", "The request cannot be read"),
    401: ("unauthorized", "The key is missing, wrong or revoked"),
    403: ("wrong_scope", "The key may not do this"),
    404: ("not_found", "Not found"),
    405: ("method_not_allowed", "Not with this method"),
    409: ("conflict", "This contradicts what was sent before"),
    413: ("too_large", "The body is too large"),
    415: ("not_json", "The body must be JSON"),
    422: ("invalid", "The request is not right"),
    429: ("too_many_calls", "Too many calls"),
    503: ("unavailable", "Not available at the moment"),
}
_UNKNOWN = ("error", "Something went wrong")


def wanted() -> bool:
    """Whether a program asks, and not a person."""
    return request.path.startswith(PREFIX)


def of(error: SukiError) -> Response:
    """An expected error as a problem."""
    more: dict[str, object] = {}
    if isinstance(error, BadInput):
        more["fields"] = error.fields
    if isinstance(error, Denied):
        title = "It does not reach this member now" if isinstance(error, Unreached) else "The rules do not allow it"
        more = {"code": error.code, "title": title, "values": error.values}
    answer = _problem(error.status, error.message, more)
    if isinstance(error, TooMany | Unavailable):
        answer.headers["Retry-After"] = str(max(1, round(error.retry_after_seconds)))
    if isinstance(error, Unauthorized):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def by_http(error: HTTPException) -> Response:
    """What the framework refuses: no such address, a wrong method, a body that is too large."""
    answer = _problem(error.code or 500, error.description or error.name, {})
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def bug() -> Response:
    """Our own mistake; it has been logged."""
    return _problem(500, "Something went wrong on our side. It has been logged.", {})


def _problem(status: int, detail: str, more: dict[str, object]) -> Response:
    code, title = _TITLES.get(status, _UNKNOWN)
    said = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **more}
    return Response(orjson.dumps(said), status, {"Cache-Control": "no-store"}, content_type=MEDIA_TYPE)
