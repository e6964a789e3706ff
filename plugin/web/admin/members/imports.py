"""Members › Import and export: a file is looked at, its columns assigned, carried out once, and undone as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails.told import told_at_first
from plugin.actions.imports import carry_out_file, undo_file, upload_file
from plugin.actions.imports.check_file import shown_of, tier_of
from plugin.actions.imports.upload_file import MOST_BYTES
from plugin.actions.privacy.forgetting_key import forgetting_key
from plugin.errors import BadInput
from plugin.rules.imports import choices
from plugin.rules.imports.lines import LONGEST_NOTE, Reading, Row
from plugin.rules.imports.meanings import Meaning
from plugin.rules.imports.sources import SOURCES
from plugin.rules.privacy import kept_for
from plugin.rules.programme import Programme
from plugin.rules.words import catalogues
from plugin.rules.words.texts import Said
from plugin.store.imports import files as store
from plugin.store.imports import people as of_people
from plugin.store.imports.files import Import
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.admin.members import import_columns, import_outlook
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, staff, transaction
from plugin.web.words import t

ROOM_FOR_THE_REST = 64 * 1024
ONE = "/app/members/import/<int:import_id>"
FIRST_LINES = 5
"""How many are shown as they are understood."""
MANY = 0.5
"""From this share of the members with a balance on, a file that would double them most likely says what they hold."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/members/import", "imports", shown)
    app.add_url_rule("/app/members/import", "upload_import", upload, methods=["POST"])
    app.add_url_rule("/app/members/import/from", "moving_guide", guide)
    app.add_url_rule(ONE, "import_file", one)
    app.add_url_rule(f"{ONE}/columns", "assign_import", assign, methods=["POST"])
    app.add_url_rule(f"{ONE}/carry-out", "carry_out_import", carry_out, methods=["POST"])
    app.add_url_rule(f"{ONE}/cancel", "cancel_import", cancel, methods=["POST"])
    app.add_url_rule(f"{ONE}/undo", "undo_import", undo, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """The form for a file, the files there were, and the exports."""
    return _page(Form({}, {}))


@caller("session", reads="nothing")
def guide() -> Response:
    """App by app: how to get the file, what comes along, and what doesn't."""
    return page("admin/members/moving/guide.html", sources=[each for each in SOURCES if each.key != "suki"])


@caller("session", role="manager")
def upload() -> AnyResponse:
    """Look at a file as it is guessed; nothing is changed by it yet."""
    request.max_content_length = MOST_BYTES + ROOM_FOR_THE_REST
    try:
        form, sent = request.form.to_dict(), request.files.get("file")
    except RequestEntityTooLarge:
        return _page(Form({}, {"file": "x"}, Said("members.file.large", most=MOST_BYTES >> 20)), 422)
    try:
        if sent is None or not sent.filename:
            raise BadInput(Said("members.file.choose"), {"file": Said("members.file.choose")})
        note, shown = " ".join(form.get("note", "").split())[:LONGEST_NOTE], form.get("shown") == "yes"
        content = sent.stream.read(MOST_BYTES + 1)
        key = forgetting_key(parts().engine, parts().settings)
        with transaction() as conn:
            number = upload_file.upload(
                conn, shop(), sent.filename, content, note, now(), shown=shown, actor=staff().actor, key=key
            )
    except BadInput as error:
        return _page(Form(form, error.fields, error.message), error.status)
    return go("import_file", import_id=number)


@caller("session", reads="import_file")
def one(import_id: int) -> Response:
    """What a file would do, or has done."""
    return _one(import_id)


def _one(import_id: int, form: Form | None = None, status: int = 200) -> Response:
    with transaction() as conn:
        file = found(store.get(conn, shop().id, row_id(import_id)))
        rules = programmes.current(conn, shop().id, now()).programme
        first = _first_lines(conn, file)
        worth, guests = import_outlook.worth(conn, file, rules), import_outlook.guests(conn, file)
        people = of_people.count(conn, shop().id, file.id) if file.state == "done" else 0
        reading("import_file", int(file.totals.get("lines") or 0))
    chosen = choices.from_stored(file.choices)
    tiers = file.totals.get("tiers") or {}
    values = import_columns.shown(chosen, file.headings, tiers)
    wanting = file.totals.get("wanting")
    return page(
        "admin/members/import.html",
        status,
        file=file,
        form=form or Form(values, {}),
        chosen=chosen,
        columns=list(enumerate(zip(file.headings, shown_of(file), strict=True))) if file.headings else [],
        consent=[file.headings[at] for key, at in chosen.columns.items() if key is Meaning.CONSENT and file.headings],
        sources=SOURCES,
        meanings=import_columns.ASSIGNED,
        wanting=_said(*wanting) if wanting else "",
        unknown_tiers=_unknown(tiers, chosen, rules),
        programme_tiers=rules.tiers.levels,
        doubles=_would_double(file, chosen),
        first=first,
        problems=[(line, _said(*what[:3])) for line, *what in file.problems],
        points_name=rules.points_name,
        below_zero=rules.below_zero == "negative",
        undo_until=_undo_until(file),
        people=people,
        worth=worth,
        guests=guests,
        lines_with_a_tier=import_outlook.lines_with_a_tier(tiers, chosen, rules),
        goes=told_at_first(shop(), "import"),
    )


def _undo_until(file: Import) -> datetime | None:
    """Until when it can be undone; None once that is over, or where there is nothing to undo."""
    until = kept_for.undo_ends("done_files", file.done_at) if file.state == "done" and file.done_at else None
    return until if until and now() < until else None


def _first_lines(conn: Connection, file: Import) -> list[Row]:
    """The first good lines as they are understood."""
    if file.state != "checked" or not file.parts:
        return []
    understood = Reading(choices.from_stored(file.choices), shown_of(file))
    lines = store.lines_of(conn, shop().id, file.id, 1)
    rows = (understood.read(line, cells) for line, cells in lines)
    return [each for each in rows if isinstance(each, Row)][:FIRST_LINES]


def _unknown(tiers: Mapping[str, Any], chosen: choices.Choices, rules: Programme) -> list[tuple[int, str, int]]:
    """Place, name and lines of each tier that the file has: those first that the programme does not know."""
    named = [(at, name, count) for at, (name, count) in enumerate(tiers.items())]
    return [each for each in named if each[1] in chosen.tiers or tier_of(each[1], chosen, rules.tiers) is None]


def _would_double(file: Import, chosen: choices.Choices) -> int:
    """How many members hold exactly what the file would add; 0 where that is hardly on purpose."""
    doubles, held = file.totals.get("doubles", 0), file.totals.get("held", 0)
    return int(doubles) if chosen.points_as == "add" and doubles and doubles >= held * MANY else 0


@caller("session", role="manager")
def assign(import_id: int) -> AnyResponse:
    """Look at the file again as staff say that it is meant."""
    form = request.form.to_dict()
    key = forgetting_key(parts().engine, parts().settings)
    try:
        with transaction() as conn:
            file = found(store.get(conn, shop().id, row_id(import_id)))
            before = choices.from_stored(file.choices)
            chosen = import_columns.read(form, file.headings, shown_of(file), before)
            upload_file.choose(
                conn, shop(), file.id, chosen, staff().actor, now(), key, guessed=chosen.source != before.source
            )
    except BadInput as error:
        return _one(import_id, Form(form, error.fields, error.message), error.status)
    return go("import_file", import_id=import_id)


@caller("session", role="manager")
def carry_out(import_id: int) -> AnyResponse:
    """Carry out a file that was looked at."""
    key = forgetting_key(parts().engine, parts().settings)
    with transaction() as conn:
        file = carry_out_file.carry_out(
            conn, shop(), row_id(import_id), staff().actor, now(), key, tell=request.form.get("tell") == "yes"
        )
    return go("import_file", import_id=import_id, done="imported" if file.state == "done" else "")


@caller("session", role="manager")
def cancel(import_id: int) -> AnyResponse:
    """Stop a file that is being carried out, and take back what it did."""
    with transaction() as conn:
        undo_file.cancel(conn, shop(), row_id(import_id), staff().actor, now())
    return go("import_file", import_id=import_id)


@caller("session", role="manager")
def undo(import_id: int) -> AnyResponse:
    """Take back what a file did, once staff have said that they mean it."""
    if not request.form.get("sure"):
        return go("import_file", import_id=import_id, unsure="1")
    with transaction() as conn:
        file = undo_file.undo(conn, shop(), row_id(import_id), staff().actor, now())
    return go("import_file", import_id=import_id, done="undone" if file.state == "undone" else "")


def _said(english: str, key: str = "", values: Mapping[str, object] | None = None) -> str:
    """What is wrong with a line; files of older versions say it in English only."""
    return t(key, **(values or {})) if key and catalogues.knows(key) else english


def _page(form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        files = store.latest(conn, shop().id)
    return page("admin/members/imports.html", status, form=form, files=files, sources=SOURCES)
