"""What the calls of the surfaces share: who asks, what they send, and how an answer leaves."""

from __future__ import annotations

import hashlib
from typing import TypeVar

from flask import Response, g, request
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection
from werkzeug.exceptions import UnsupportedMediaType

from plugin.errors import BadInput, Closed, NotFound, Outdated
from plugin.rules.names import turns
from plugin.store.shops import paces
from plugin.web import keys, surfaces
from plugin.web.current import now, parts, shop, staff
from plugin.web.shopper.page import Shopper, shopper_of, visit

S = TypeVar("S", bound=BaseModel)
MOST_ID = 2**63


def body(shape: type[S]) -> S:
    """What was sent, checked; BadInput names what is wrong with which field. A number in quotes is no number."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json.")
    request.max_content_length = surfaces.LARGEST_BODY_BYTES
    try:
        return shape.model_validate_json(request.get_data(), strict=True)
    except ValidationError as error:
        wrong = {".".join(map(str, each["loc"])) or "body": each["msg"] for each in error.errors(include_url=False)}
        raise BadInput("The body is not right: " + "; ".join(sorted(wrong)), wrong) from None


def number(name: str) -> int | None:
    """A whole number of the query, such as `before`; None without one."""
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) < MOST_ID):
        raise BadInput(f"{name} is a whole number.", {name: "a whole number"})
    return int(text)


def member(conn: Connection) -> Shopper:
    """The member who asks; Closed (`no_member`) for a guest, an unknown customer and one who has left."""
    found = shopper_of(conn)
    if found is None:
        raise Closed("This is for members", "no_member")
    g.members_locale, g.points_name = found.member.locale, found.points_name
    return found


def insist_on(key: str, about: int | None = None) -> None:
    """Outdated (`expired_page`) unless the key is of an answer that was given to whoever asks; `about` is the
    customer whom staff act for."""
    if not keys.known_key(parts().settings, _holder(about), key):
        raise Outdated("This page has expired", "expired_page")


def new_key(about: int | None = None) -> str:
    """The key for the next act of whoever asks; `about` is the customer whom staff act for."""
    return keys.new_key(parts().settings, _holder(about))


def once(conn: Connection, key: str) -> bool:
    """Whether this key is used for the first time within the hour: for acts that have no other mark of it."""
    return paces.take(conn, shop().id, [(str(turns.ActByKey(key)), 1)], now())


def _holder(about: int | None) -> str:
    """For whom a key is: a customer or guest of this shop, or one of its staff with one customer."""
    if "visit" in g:
        return visit().holder
    if about is None:
        raise NotFound("We couldn't find that customer.")
    return f"{staff().domain}|staff {staff().user_id}|{about}"


def answer(shape: BaseModel, status: int = 200) -> Response:
    """The answer as JSON, for whoever asked alone.

    What was only read may be kept if it is asked for anew each time: its mark is the content but for the key. A key
    that was used must not come back with it, so the mark is another after each act, and every hour.
    """
    response = Response(shape.model_dump_json(), status, content_type="application/json")
    if request.method not in ("GET", "HEAD") or "visit" not in g:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["Cache-Control"] = "private, no-cache"
    said = f"{visit().holder}|{now():%Y%m%d%H}|{g.get('acted_at')}|{shape.model_dump_json(exclude={'key'})}"
    response.set_etag(hashlib.sha256(said.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response
