"""Settings, Sending: addresses that nothing is sent to, and lifting that for one of them."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.sending import lift_suppression
from plugin.errors import BadInput
from plugin.rules.formats import one_line
from plugin.rules.words.texts import Said
from plugin.store.sending import suppressions
from plugin.store.sending.suppressions import Suppression
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction

LONGEST_SEARCH = 100
SOURCES = ("returned", "ses", "postmark", "mailgun", "sendgrid")
"""Who said so: `settings.suppressed.source.*`; why: `settings.suppressed.why.bounced` or `.complained`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/sending/suppressed", view_func=suppressed)
    app.add_url_rule("/app/settings/sending/suppressed", "lift_suppression", lift, methods=["POST"])


@caller("session", reads="suppressions")
def suppressed() -> Response:
    """The list, newest first, or what a search found."""
    return _page(Form({}, {}))


def _page(form: Form, status: int = 200) -> Response:
    text = one_line(request.args.get("q", "").replace("\0", ""), LONGEST_SEARCH)
    with transaction() as conn:
        found = suppressions.page(conn, shop().id, text, _before())
        rows = found[: suppressions.PAGE]
        people = lift_suppression.owners(conn, shop().id, [one.address for one in rows])
        reading("suppressions", len(rows), search=text)
    older = _mark(rows[-1]) if len(found) > suppressions.PAGE else ""
    return page("admin/settings/suppressed.html", status, q=text, rows=rows, people=people, older=older, form=form)


def _mark(one: Suppression) -> str:
    return f"{one.at.isoformat()}~{one.address}" if one.at else ""


def _before() -> tuple[datetime, str] | None:
    """Where a page begins; nonsense in the address begins at the top."""
    moment, _, address = request.args.get("before", "").replace("\0", "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, address) if at.tzinfo else None


@caller("session", role="manager")
def lift() -> AnyResponse:
    """Send there again, and keep who said why."""
    address, why = request.form.get("address", ""), request.form.get("why", "")
    try:
        with transaction() as conn:
            if not lift_suppression.lift(conn, shop().id, address, why, staff().actor, now()):
                raise BadInput(Said("settings.suppressed.not_there"))
    except BadInput as error:
        return _page(Form({"address": address, "why": why}, error.fields, error.message), error.status)
    return go("suppressed", done="saved")
