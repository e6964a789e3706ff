"""The programme's rules on one page; each save is a new version."""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import save_programme
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, page
from plugin.web.admin.programme.saving import edit_of, newest, replaced, saved_or_shown
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import shop
from plugin.web.forms import rules as rules_form
from plugin.web.shown import step

EMPTY_GOAL = {"name": "", "points": ""}
SPARE_GOALS = 2
EDITOR = Editor(lambda programme, typed: rules_form.form_of(programme), {"goals": "name"}, rules_form.in_order)


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/rules", "rules", programme)
    app.add_url_rule("/app/programme", "save_programme", save, methods=["POST"])


@caller("session", reads="nothing")
def programme() -> Response:
    """The form with the newest version."""
    version = newest()
    return _shown(Form(rules_form.form_of(version.programme), {}), version, version.number)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form as the next version, or show what is wrong at its fields."""

    def saved(conn: Connection, form: dict[str, str], based_on: int) -> int:
        return save_programme.save_programme(conn, shop().id, rules_form.read(form), edit_of(form, based_on))

    return saved_or_shown(saved, _shown, "rules", EDITOR)


def _shown(form: Form, version: Version, based_on: int, status: int = 200) -> Response:
    form = replaced(form, rules_form.in_order(form.values))
    goals = rules_form.goal_rows(form.values)
    room = rules_form.GOALS_SHOWN - len(goals)
    return page(
        "admin/programme/rules/programme.html",
        status,
        form=form,
        version=version,
        based_on=based_on,
        goals=goals + [EMPTY_GOAL] * min(SPARE_GOALS, room),
        step=step(),
    )
