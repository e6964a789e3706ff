"""Settings, Sending: whether clicks and opens of emails are counted."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.sending import save_counting
from plugin.rules.sending.counting import Counting
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/sending/counting", "counting", counting)
    app.add_url_rule("/app/settings/sending/counting", "save_counting", save, methods=["POST"])


@caller("session", reads="nothing")
def counting() -> Response:
    """The form."""
    kept = Counting.read(shop().settings)
    values = {name: "yes" if on else "" for name, on in kept.stored().items()}
    return page("admin/settings/counting.html", form=Form(values, {}))


@caller("session", role="manager")
def save() -> AnyResponse:
    """Store it; emails that are on their way stay as they are."""
    wanted = Counting(request.form.get("clicks") == "yes", request.form.get("opens") == "yes")
    with transaction() as conn:
        save_counting.save_counting(conn, shop().id, wanted, staff().actor, now())
    return go("counting", done="saved")
