"""Settings of the shop: from which day orders count."""

from __future__ import annotations

from datetime import date, datetime, time

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions import save_brand
from plugin.errors import BadInput
from plugin.web import shown
from plugin.web.admin.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings", view_func=settings)
    app.add_url_rule("/app/settings", "save_settings", save, methods=["POST"])


@caller("session")
def settings() -> Response:
    """The form."""
    first_day = shop().counts_from.astimezone(shown.zone()).date()
    return page("settings.html", form=Form({"counts_from": first_day.isoformat()}, {}))


@caller("session")
def save() -> AnyResponse:
    """Orders count from the beginning of that local day."""
    text = request.form.get("counts_from", "").strip()
    try:
        with transaction() as conn:
            save_brand.save_counts_from(conn, shop().id, _moment(text), staff().actor, now())
    except BadInput as error:
        return page("settings.html", error.status, form=Form({"counts_from": text}, error.fields, error.message))
    return go("settings", done="saved")


def _moment(text: str) -> datetime:
    try:
        chosen = date.fromisoformat(text)
        if chosen.year < 2000:
            raise ValueError("long ago")
    except ValueError:
        words = "must be a day such as 2026-01-31"
        raise BadInput("That day cannot be used.", {"counts_from": words}) from None
    return datetime.combine(chosen, time(), shown.zone())
