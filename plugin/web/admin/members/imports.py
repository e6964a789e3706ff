"""Members › Import and export: a file is checked, shown, carried out once, and can be undone as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.points import import_members, undo_import
from plugin.actions.privacy.forgetting_key import forgetting_key
from plugin.errors import BadInput
from plugin.rules.points.member_file import LONGEST_NOTE, MOST_BYTES
from plugin.rules.words import catalogues
from plugin.rules.words.texts import Said
from plugin.store.points import imports as store
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, staff, transaction
from plugin.web.words import t

ROOM_FOR_THE_REST = 64 * 1024
ONE = "/app/members/import/<int:import_id>"
FIRST_LINES = 5
"""How many are shown as they are understood."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/members/import", "imports", shown)
    app.add_url_rule("/app/members/import", "upload_import", upload, methods=["POST"])
    app.add_url_rule(ONE, "import_file", one)
    app.add_url_rule(f"{ONE}/carry-out", "carry_out_import", carry_out, methods=["POST"])
    app.add_url_rule(f"{ONE}/undo", "undo_import", undo, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """The form for a file, the files there were, and the exports."""
    return _page(Form({}, {}))


@caller("session", role="manager")
def upload() -> AnyResponse:
    """Check a file; nothing is changed by it yet."""
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
            number = import_members.check(
                conn, shop().id, sent.filename, content, note, now(), shown=shown, actor=staff().actor, key=key
            )
    except BadInput as error:
        return _page(Form(form, error.fields, error.message), error.status)
    return go("import_file", import_id=number)


@caller("session", reads="import_file")
def one(import_id: int) -> Response:
    """What a file would do, or has done."""
    with transaction() as conn:
        file = found(store.get(conn, shop().id, row_id(import_id)))
        rules = programmes.current(conn, shop().id, now()).programme
        reading("import_file", int(file.totals.get("lines") or 0))
    problems = [(line, _said(*what)) for line, *what in file.problems]
    return page(
        "admin/members/import.html",
        file=file,
        problems=problems,
        points_name=rules.points_name,
        first=FIRST_LINES,
        below_zero=rules.below_zero == "negative",
    )


@caller("session", role="manager")
def carry_out(import_id: int) -> AnyResponse:
    """Carry out a file that was checked."""
    key = forgetting_key(parts().engine, parts().settings)
    with transaction() as conn:
        file = import_members.carry_out(conn, shop().id, row_id(import_id), staff().actor, now(), key)
    return go("import_file", import_id=import_id, done="imported" if file.state == "done" else "")


@caller("session", role="manager")
def undo(import_id: int) -> AnyResponse:
    """Take back what a file did, once staff have said that they mean it."""
    if not request.form.get("sure"):
        return go("import_file", import_id=import_id, unsure="1")
    with transaction() as conn:
        file = undo_import.undo(conn, shop().id, row_id(import_id), staff().actor, now())
    return go("import_file", import_id=import_id, done="undone" if file.state == "undone" else "")


def _said(english: str, key: str = "", values: Mapping[str, object] | None = None) -> str:
    """What is wrong with a line; files of older versions say it in English only."""
    return t(key, **(values or {})) if key and catalogues.knows(key) else english


def _page(form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        files = store.latest(conn, shop().id)
    return page("admin/members/imports.html", status, form=form, files=files)
