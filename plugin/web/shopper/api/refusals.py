"""How the surfaces are told no: problem details (RFC 9457), with a code for programs and a text for the reader.

A shopper reads their own language; staff read what the panel says. The database is not asked: it may be what failed.
"""

from __future__ import annotations

from typing import Final

import orjson
from babel import Locale
from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from plugin.errors import BadInput, Denied, SukiError, TooMany, Unauthorized, Unavailable
from plugin.rules import explain, formats
from plugin.rules.formats import DEFAULT_POINTS_NAME
from plugin.rules.types import Reason
from plugin.web import surfaces
from plugin.web.api.problems import MEDIA_TYPE
from plugin.web.surfaces import RETRY_HEADER
from plugin.web.words import said, said_in

_CODES: Final = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "not_json",
    422: "invalid",
    429: "too_many_calls",
    503: "unavailable",
}
_TITLES: Final = {
    401: "The token or signature is missing, wrong or too old",
    403: "This caller has no access",
    404: "Not found",
    405: "Not with this method",
    409: "This contradicts what was sent or shown before",
    413: "The body is too large",
    415: "The body must be JSON",
    422: "The request is not right, or the rules do not allow it",
    429: "Too many calls",
    503: "Not available at the moment",
}
_OF_STATUS: Final = {
    401: "shopper.api.session_over",
    404: "shopper.api.not_found",
    413: "shopper.trouble.too_large",
    429: "shopper.shared.too_many_tries",
}
_OF_CODE: Final = {
    "no_member": "shopper.api.no_member",
    "expired_page": "shopper.shared.expired_unchanged",
    "not_installed": "shopper.trouble.not_available",
}


def wanted() -> bool:
    """Whether a surface asks."""
    return surfaces.asked(request.path)


def of(error: SukiError) -> Response:
    """An expected error as a problem."""
    more: dict[str, object] = {}
    if isinstance(error, BadInput):
        more["fields"] = {name: said(text) for name, text in error.fields.items()}
    if isinstance(error, Denied):
        more = {"code": error.code, "values": error.values}
    answer = _problem(error.status, _text(error), more)
    if isinstance(error, TooMany | Unavailable):
        answer.headers["Retry-After"] = str(max(1, round(error.retry_after_seconds)))
    if isinstance(error, Unauthorized):
        answer.headers["WWW-Authenticate"] = "Bearer"
        if surfaces.by_staff(request.path):
            answer.headers[RETRY_HEADER] = "1"
    return answer


def by_http(error: HTTPException) -> Response:
    """What the framework refuses: no such address, a wrong method, a body that is too large."""
    status = error.code or 500
    answer = _problem(status, _words_for(status), {})
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def bug() -> Response:
    """Our own mistake; it has been logged."""
    return _problem(500, _words_for(500), {})


def reader() -> Locale:
    """In whose language a shopper is refused: the visit's, the member's where it is known, the shop's."""
    shop, visit = g.get("shop"), g.get("visit")
    asked = visit.locale if visit is not None else request.args.get("locale", "")[:20]
    return formats.reader_locale(asked, g.get("members_locale", ""), shop.locale if shop is not None else "")


def _text(error: SukiError) -> str:
    if surfaces.by_staff(request.path):
        return said(error.message)
    if not isinstance(error, Denied):
        return _words_for(error.status)
    if error.code in _OF_CODE:
        return said_in(reader(), _OF_CODE[error.code], None, {})
    if not explain.known(error.code):
        return _words_for(error.status)
    name = g.get("points_name", DEFAULT_POINTS_NAME)
    return explain.words(Reason(error.code, error.values), reader(), "shopper", points_name=name)


def _words_for(status: int) -> str:
    key = "shopper.trouble.ours" if status >= 500 else _OF_STATUS.get(status, "shopper.trouble.other")
    return said_in(reader(), key, None, {})


def _problem(status: int, detail: str, more: dict[str, object]) -> Response:
    title = _TITLES.get(status, "Something went wrong")
    said = {"type": "about:blank", "title": title, "status": status, "code": _CODES.get(status, "error"),
            "detail": detail, **more}  # fmt: skip
    return Response(orjson.dumps(said, default=str), status, {"Cache-Control": "no-store"}, content_type=MEDIA_TYPE)
