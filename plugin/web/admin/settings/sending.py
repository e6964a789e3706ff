"""Settings, Sending: when promotional emails may go, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from babel.dates import format_time
from flask import Flask, Response, request
from pydantic import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.sending.promotional_room import shared_room
from plugin.actions.sending.save_sending import save_sending
from plugin.errors import BadInput
from plugin.rules import mistakes
from plugin.rules.sending import promotional as rules
from plugin.rules.sending.promotional import Sending
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.words import language

HALF_HOURS: Final = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/sending", view_func=sending)
    app.add_url_rule("/app/settings/sending", "save_sending", save, methods=["POST"])


@caller("session", reads="nothing")
def sending() -> Response:
    """The form."""
    return _page(Form(_form_of(rules.stored(shop().settings)), {}))


@caller("session", role="manager")
def save() -> AnyResponse:
    """Store it, or say what is wrong at its fields."""
    form = request.form.to_dict()
    try:
        wanted = _read(form)
        with transaction() as conn:
            save_sending(conn, shop().id, wanted, staff().actor, now())
    except BadInput as error:
        return _page(Form(form, error.fields, error.message), error.status)
    return go("sending", done="saved")


def _form_of(kept: Sending) -> dict[str, str]:
    return {
        "quiet": "yes" if kept.quiet else "",
        "quiet_from": f"{kept.quiet_from:%H:%M}",
        "quiet_until": f"{kept.quiet_until:%H:%M}",
        "most": str(kept.most),
        "days": str(kept.days),
    }


def _read(form: Mapping[str, str]) -> Sending:
    raw = {name: form.get(name, "").strip() for name in ("quiet_from", "quiet_until", "most", "days")}
    try:
        return Sending.model_validate({"quiet": bool(form.get("quiet")), **raw})
    except ValidationError as error:
        raise BadInput(mistakes.NOT_RIGHT, mistakes.in_words(error)) from None


def _page(form: Form, status: int = 200) -> Response:
    times = [(f"{each:%H:%M}", format_time(each, "short", locale=language())) for each in HALF_HOURS]
    with transaction() as conn:
        room = shared_room(conn, shop(), now())
    return page(
        "admin/settings/sending.html", status, form=form, times=times, room=room, each_order=rules.SHARED_AN_ORDER
    )
