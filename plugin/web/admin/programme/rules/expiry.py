"""When points end: one part of the programme, with what it means for the points there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from flask import Flask, Response
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import save_programme
from plugin.rules import formats
from plugin.rules.points import expiry as rules
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import Programme
from plugin.store.points import expiry as expiry_store
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, page
from plugin.web.admin.programme.saving import edit_of, newest, saved_or_shown
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.shown import zone
from plugin.web.words import language

FIELDS = tuple(Expiry.model_fields)


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/expiry", "expiry", shown)
    app.add_url_rule("/app/programme/expiry", "save_expiry", save, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """The form with the newest version."""
    version = newest()
    return _page(Form(_fields(version.programme, {}), {}), version, version.number)


def _fields(programme: Programme, typed: Mapping[str, str]) -> Mapping[str, str]:
    saved = programme.expiry.model_dump()
    return {f"expiry.{name}": str(saved[name]) for name in FIELDS}


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form as the next version, or show what is wrong at its fields."""

    def saved(conn: Connection, form: dict[str, str], based_on: int) -> int:
        raw = {name: form.get(f"expiry.{name}", "").strip() for name in FIELDS}
        return save_programme.save_part(conn, shop().id, "expiry", raw, edit_of(form, based_on))

    return saved_or_shown(saved, _page, "expiry", Editor(_fields))


def _page(form: Form, version: Version, based_on: int, status: int = 200) -> Response:
    values: dict[str, Any] = {
        "form": form,
        "version": version,
        "based_on": based_on,
        "months": [(str(number), name) for number, name in months()],
    }
    ahead = []
    if version.programme.expiry.policy != "never":
        with transaction() as conn:
            ahead = expiry_store.ending_by_month(conn, shop().id, zone().key, now())
    example = _example(version.programme.expiry)
    return page(
        "admin/programme/rules/expiry.html",
        status,
        ahead=[(_month(month), points) for month, points in ahead],
        example=example and formats.long_date(example, language()),
        **values,
    )


def months() -> list[tuple[int, str]]:
    """Each month's number and name, in the reader's language."""
    return list(language().months["stand-alone"]["wide"].items())


def _month(month: date) -> str:
    """A month with its year, in the reader's language."""
    return format_skeleton("yMMMM", month, locale=language())


def _example(expiry: Expiry) -> date | None:
    """The last day of points that are earned, and used, today."""
    if expiry.policy == "never":
        return None
    return rules.period_end(expiry, now().astimezone(zone()).date())
