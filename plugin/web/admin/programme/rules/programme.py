"""The programme's own rules, on a page for each purpose: the base rate, the next order's code, and what counts; each
save is a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import save_programme
from plugin.rules.programme import Programme
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, page
from plugin.web.admin.programme import cost_words, previews
from plugin.web.admin.programme.previews import Beside
from plugin.web.admin.programme.rules import set_here
from plugin.web.admin.programme.saving import edit_of, newest, replaced, saved_or_shown
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import now, shop
from plugin.web.forms import rules as rules_form
from plugin.web.shown import major, step
from plugin.web.words import counted, t

EMPTY_GOAL = {"name": "", "points": ""}
SPARE_GOALS = 2
ENDPOINTS: Mapping[str, str] = {"rules": "rules", "earning": "earning", "code": "next_order_code"}
"""The page of each part."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/rules", "rules", programme)
    app.add_url_rule("/app/programme/earning", "earning", earning)
    app.add_url_rule("/app/programme/next-order", "next_order_code", code)
    app.add_url_rule("/app/programme", "save_programme", save, methods=["POST"])
    app.add_url_rule("/app/programme/rules/preview", "preview_programme", preview, methods=["POST"])


@caller("session", reads="nothing")
def programme() -> Response:
    """What counts, how points are called, rounding; the ways to expiry and to the versions."""
    return _begun("rules")


@caller("session", reads="nothing")
def earning() -> Response:
    """What every order earns, and what joining does."""
    return _begun("earning")


@caller("session", reads="nothing")
def code() -> Response:
    """The code that every buyer gets for the next order."""
    return _begun("code")


def _begun(part: str) -> Response:
    version = newest()
    return _shown(Form(rules_form.form_of(version.programme) | {"part": part}, {}), version, version.number)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form as the next version, or show what is wrong at its fields."""
    part = request.form.get("part", "")
    return saved_or_shown(_saving, _shown, ENDPOINTS.get(part, "rules"), _editor(part))


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """What shoppers see of the part that is typed, and what it costs."""
    part = request.form.get("part", "")
    return previews.asked(_saving, _editor(part), BESIDE.get(part, BESIDE["rules"]))


def _saving(conn: Connection, form: dict[str, str], based_on: int) -> int:
    base = programmes.edited(conn, shop().id, based_on, now()).programme
    draft = rules_form.read(rules_form.completed(form, base))
    return save_programme.save_programme(conn, shop().id, draft, edit_of(form, based_on))


def _editor(part: str) -> Editor:
    """How the form of one part is read from a programme."""

    def fields(programme: Programme, typed: Mapping[str, str]) -> Mapping[str, str]:
        known = rules_form.form_of(programme)
        return {name: text for name, text in known.items() if part not in ENDPOINTS or rules_form.part_of(name) == part}

    return Editor(fields, {"goals": "name"}, rules_form.in_order)


def _code_entry(programme: Programme, form: Mapping[str, str]) -> Sequence[tuple[str, str, str]]:
    """The code as the order's email brings it."""
    one = programme.next_order_code
    if not one.enabled:
        return []
    off = f"{one.value.normalize():f}%" if one.kind == "percent" else major(one.value)
    until = counted("programme.preview.code_days", one.valid_days)
    return [(t("programme.preview.code"), t("programme.ways.off", value=off), until)]


BESIDE: Mapping[str, Beside] = {
    "rules": Beside(("headline", "more", "welcome"), cost_words.of_orders),
    "earning": Beside(("headline", "more", "welcome"), cost_words.of_joining),
    "code": Beside((), cost_words.of_orders, entries=_code_entry),
}


def _shown(form: Form, version: Version, based_on: int, status: int = 200) -> Response:
    part = form.values.get("part", "")
    if part not in ENDPOINTS:
        part = next(map(rules_form.part_of, form.errors), "rules")
    form = replaced(form, rules_form.in_order(form.values))
    goals = rules_form.goal_rows(form.values)
    room = rules_form.GOALS_SHOWN - len(goals)
    values: dict[str, Any] = {
        "form": form,
        "version": version,
        "based_on": based_on,
        "part": part,
        "here": ENDPOINTS[part],
        "goals": goals + [EMPTY_GOAL] * min(SPARE_GOALS, room),
        "step": step(),
        "says": set_here.lines(form.values, version.programme),
        "preview": previews.begun(form, version, _saving, _editor(part), BESIDE[part]),
    }
    return page(f"admin/programme/rules/{TEMPLATES[part]}.html", status, **values)


TEMPLATES: Mapping[str, str] = {"rules": "programme", "earning": "earning", "code": "next_order"}
