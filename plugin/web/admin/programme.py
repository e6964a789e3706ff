"""The programme's rules on one page; each save is a new version."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions import save_programme
from plugin.errors import BadInput
from plugin.rules.money import minor_digits
from plugin.store import programmes
from plugin.store.programmes import Version
from plugin.web.admin.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction

EMPTY_GOAL = {"name": "", "points": ""}
SPARE_GOALS = 2


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme", view_func=programme)
    app.add_url_rule("/app/programme", "save_programme", save, methods=["POST"])


@caller("session")
def programme() -> Response:
    """The form with the newest version."""
    with transaction() as conn:
        version = programmes.current(conn, shop().id)
    return _shown(Form(save_programme.form_of(version.programme), {}), version, version.number)


@caller("session")
def save() -> AnyResponse:
    """Save the form as the next version, or show what is wrong at its fields."""
    form = request.form.to_dict()
    text = form.get("based_on", "")
    based_on = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    try:
        with transaction() as conn:
            number = save_programme.save_programme(conn, shop().id, form, based_on, staff().actor, now())
    except BadInput as error:
        with transaction() as conn:
            version = programmes.current(conn, shop().id)
        return _shown(Form(form, error.fields, error.message), version, based_on, error.status)
    return go("programme", done="saved" if number != based_on else "unchanged")


def _shown(form: Form, version: Version, based_on: int, status: int = 200) -> Response:
    goals = save_programme.goal_rows(form.values)
    room = save_programme.GOALS_SHOWN - len(goals)
    step = f"{10 ** -minor_digits(shop().currency):.{minor_digits(shop().currency)}f}"
    return page(
        "programme.html",
        status,
        form=form,
        version=version,
        based_on=based_on,
        stale="based_on" in form.errors,
        goals=goals + [EMPTY_GOAL] * min(SPARE_GOALS, room),
        step=step,
    )
