"""Links of emails that lead over the app, and the picture of one dot: counted where the shop counts, and passed on."""

from __future__ import annotations

from base64 import b64decode
from typing import Final, Literal

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.sending.email_links import email_links
from plugin.errors import NotFound
from plugin.rules.sending import counting
from plugin.rules.sending.counting import CLICK_PATH, OPEN_PATH, Counting
from plugin.rules.sending.signed_links import EmailLinks
from plugin.store.database import db
from plugin.store.sending import clicks
from plugin.store.shops import shops
from plugin.web.auth import caller
from plugin.web.current import now, parts

DOT: Final = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(f"{CLICK_PATH}/<named>/<packed>", "counted_link", follow)
    app.add_url_rule(f"{OPEN_PATH}/<named>.gif", "counted_open", seen)


@caller("public")
def follow(named: str, packed: str) -> AnyResponse:
    """On to where the link was meant to lead; nowhere, where we did not make it."""
    found = counting.read_click(_links(), named, packed)
    if found is None:
        raise NotFound("This link is not complete")
    shop_id, message_id, target = found
    _count(shop_id, message_id, "clicks")
    answer = redirect(target, 302)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@caller("public")
def seen(named: str) -> Response:
    """The dot, whatever was asked for: a mail program shows nothing broken."""
    found = counting.read_open(_links(), named)
    if found is not None:
        _count(*found, "opens")
    return Response(DOT, 200, {"Cache-Control": "no-store"}, mimetype="image/gif")


def _links() -> EmailLinks:
    with db.system_transaction(parts().engine) as conn:
        return email_links(conn, parts().settings)


def _count(shop_id: int, message_id: int, what: Literal["clicks", "opens"]) -> None:
    """Where the shop counts this now; a look without opening (HEAD) is none."""
    if request.method != "GET":
        return
    with db.shop_transaction(parts().engine, shop_id) as conn:
        shop = shops.find(conn, shop_id)
        if shop is not None and shop.state == "installed" and getattr(Counting.read(shop.settings), what):
            clicks.count(conn, shop_id, message_id, what, now())
