"""Settings, Languages: the shop's own names beside what they are in each language, by hand and as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.languages import own_names, shop_languages, translate_names
from plugin.errors import BadInput, NotFound
from plugin.rules import formats
from plugin.rules.points.member_file import as_csv
from plugin.rules.programme import Programme
from plugin.rules.words import names_file, translations
from plugin.rules.words.own_names import in_words
from plugin.rules.words.programme_page import ProgrammePage, Reader, programme_page
from plugin.rules.words.shop_languages import ShopLanguage, languages_of
from plugin.rules.words.texts import Said
from plugin.rules.words.translations import Row, Translation, longest, needed, percent_done, problem
from plugin.store.versions import own_names as store
from plugin.store.versions import programmes
from plugin.store.versions.own_names import Saved
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction
from plugin.web.shown import zone
from plugin.web.words import language as reading

SHOWN_CHANGES = 100
ROOM_FOR_THE_REST = 64 * 1024


@dataclass(frozen=True)
class Listed:
    """One language of the list."""

    of: ShopLanguage
    name: str
    percent: int
    missing: int


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/languages", "languages", languages)
    app.add_url_rule("/app/settings/languages/ask", "ask_languages", ask, methods=["POST"])
    app.add_url_rule("/app/settings/languages/file", "names_file", download)
    app.add_url_rule("/app/settings/languages/file", "check_names_file", check, methods=["POST"])
    app.add_url_rule("/app/settings/languages/import", "import_names", bring, methods=["POST"])
    app.add_url_rule("/app/settings/languages/<tag>", "one_language", one)
    app.add_url_rule("/app/settings/languages/<tag>", "save_language", save, methods=["POST"])
    app.add_url_rule("/app/settings/languages/<tag>/undo", "undo_language", undo, methods=["POST"])


@caller("session", reads="nothing")
def languages() -> Response:
    """Every language of the shop, with how much of its names is translated."""
    return _index(Form({}, {}))


def _index(form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        programme, saved = _known(conn)
    found = [_listed(one, programme, saved) for one in _languages(saved)]
    return page("admin/settings/languages.html", status, form=form, languages=found, asked=shop_languages.asked(shop()),
                missing=shop_languages.missing(shop()),
                most=names_file.MOST_BYTES >> 20)  # fmt: skip


def _known(conn: Connection) -> tuple[Programme, dict[str, Saved]]:
    return programmes.current(conn, shop().id, now()).programme, store.all_of(conn, shop().id)


def _languages(saved: Mapping[str, Saved]) -> list[ShopLanguage]:
    return languages_of(shop_languages.known(shop()), shop().locale, saved)


def _listed(one: ShopLanguage, programme: Programme, saved: Mapping[str, Saved]) -> Listed:
    found = _rows(one, programme, saved) if one.spoken else ()
    return Listed(one, _named(one.tag), percent_done(found), sum(map(needed, found)))


def _rows(one: ShopLanguage, programme: Programme, saved: Mapping[str, Saved]) -> Sequence[Row]:
    names = saved[one.tag].names if one.tag in saved else ()
    found = translations.rows(programme, shop().currency, _locale(one.tag), names)
    return translations.as_written(found) if one.primary else found


def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


def _named(tag: str) -> str:
    """What the reader calls the language."""
    try:
        name = _locale(tag).get_display_name(reading())
    except (ValueError, LookupError):
        return tag
    return name[:1].upper() + name[1:] if name else tag


def _one(conn: Connection, tag: str) -> tuple[ShopLanguage, Programme, dict[str, Saved]]:
    programme, saved = _known(conn)
    found = next((one for one in _languages(saved) if one.tag == tag and one.spoken), None)
    if found is None:
        raise NotFound(Said("frame.error.not_found"))
    return found, programme, saved


@caller("session", reads="nothing")
def one(tag: str) -> Response:
    """One language: each name beside its translation, and how shoppers read it."""
    return _editor(tag)


def _editor(tag: str, form: Form | None = None, status: int = 200) -> Response:
    with transaction() as conn:
        found, programme, saved = _one(conn, tag)
        shown = own_names.words(conn, shop(), programme, _locale(tag))
    listed = _rows(found, programme, saved)
    wanted = request.args.get("show", "")
    rows = [row for row in listed if needed(row)] if wanted == "missing" and form is None else listed
    values = {f"text.{place}": row.text for place, row in enumerate(listed)}
    kept = saved.get(tag)
    return page(
        "admin/settings/language.html", status, tag=tag, of=found, name=_named(tag), form=form or Form(values, {}),
        rows=[(listed.index(row), row) for row in rows], missing=sum(map(needed, listed)), show=wanted, longest=longest,
        percent=percent_done(listed), based_on=kept.revision if kept else 0,
        undoable=kept is not None and kept.names != kept.before, saved=kept, seen=_seen(programme, shown, tag),
    )  # fmt: skip


def _seen(programme: Programme, shown: str, tag: str) -> ProgrammePage:
    """The programme's page as a reader of the language has it."""
    at = Reader(in_words(programme, shown), shop().name, shop().currency, zone(), formats.reader_locale(tag), now())
    return programme_page(at)


@caller("session", role="manager")
def save(tag: str) -> AnyResponse:
    """Keep what the form says of the names that it showed."""
    form = request.form.to_dict()
    with transaction() as conn:
        found, programme, saved = _one(conn, tag)
    rows = translations.rows(programme, shop().currency, _locale(tag), saved[tag].names if tag in saved else ())
    said, wrong = _read(form, rows)
    if wrong:
        return _editor(tag, Form(form, wrong, Said("frame.wrong.fields")), 422)
    try:
        with transaction() as conn:
            translate_names.save(conn, shop(), found.tag, said, _number(form.get("based_on")), staff().actor, now())
    except BadInput as error:
        return _editor(tag, Form(form, error.fields, error.message), error.status)
    return go("one_language", tag=tag, done="saved")


def _read(form: Mapping[str, str], rows: Sequence[Row]) -> tuple[list[Translation], dict[str, str]]:
    """The names that the form showed, each with the words that it was shown beside; what is wrong, at its field."""
    by_key = {row.key: row for row in rows}
    said: list[Translation] = []
    wrong: dict[str, str] = {}
    for field, typed in form.items():
        kind, _, place = field.partition(".")
        row = by_key.get(form.get(f"key.{place}", "")) if kind == "text" else None
        if row is None:
            continue
        text = " ".join(typed.split())
        if what := problem(row.named.kind, text):
            wrong[field] = Said(f"settings.languages.wrong.{what}", most=longest(row.named.kind))
        said.append(Translation(row.named.kind, row.named.source, text, row.named.item))
    return said, wrong


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@caller("session", role="manager")
def undo(tag: str) -> AnyResponse:
    """Put the language's names back as they were before the last saving."""
    try:
        with transaction() as conn:
            found, _, _ = _one(conn, tag)
            translate_names.undo(
                conn, shop(), found.tag, _number(request.form.get("based_on")), staff().actor, now()
            )  # fmt: skip
    except BadInput as error:
        return _editor(tag, Form({}, error.fields, error.message), error.status)
    return go("one_language", tag=tag, done="saved")


@caller("session", role="manager")
def ask() -> AnyResponse:
    """Ask Shopify which languages the shop has."""
    try:
        shop_languages.ask(parts().work, shop())
    except BadInput as error:
        return _index(Form({}, error.fields, error.message), error.status)
    return go("languages", done="saved")


@caller("session", reads="nothing")
def download() -> Response:
    """Every name in every language as a file."""
    with transaction() as conn:
        programme, saved = _known(conn)
    found = {one.tag: _rows(one, programme, saved) for one in _languages(saved) if one.spoken and not one.primary}
    headers = {"Content-Disposition": 'attachment; filename="names.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + as_csv(names_file.written(found)), mimetype="text/csv", headers=headers)


@caller("session", role="manager")
def check() -> AnyResponse:
    """Say what a file would change; nothing is changed by it yet."""
    request.max_content_length = names_file.MOST_BYTES + ROOM_FOR_THE_REST
    try:
        sent = request.files.get("file")
        content = b""
        if sent is not None:
            content = sent.stream.read(names_file.MOST_BYTES + 1)
            sent.close()
    except RequestEntityTooLarge:
        return _index(_no(Said("settings.languages.file.large")), 422)
    return _checked(content, 200) if content else _index(_no(Said("members.file.choose")), 422)


def _no(words: str) -> Form:
    return Form({}, {"file": words}, words)


def _checked(content: bytes, status: int) -> Response:
    with transaction() as conn:
        programme, saved = _known(conn)
    tags = [one.tag for one in _languages(saved) if one.spoken]
    try:
        found = names_file.read(content, tags)
    except ValueError as error:
        return _index(_no(error.args[0]), 422)
    changes = _changes(found.lines, saved)
    known = {(row.named.kind, row.named.source) for tag in tags for row in _every(tag, programme)}
    strange = [line for line in found.lines if (line.said.kind, line.said.source) not in known]
    return page(
        "admin/settings/names_check.html", status, read=found, changes=changes[:SHOWN_CHANGES], how_many=len(changes),
        strange=strange, name=_named, content=content.decode("utf-8-sig"), columns=len(found.lines),
    )  # fmt: skip


def _every(tag: str, programme: Programme) -> Sequence[Row]:
    return translations.rows(programme, shop().currency, _locale(tag), ())


def _changes(lines: Sequence[names_file.Line], saved: Mapping[str, Saved]) -> list[tuple[names_file.Line, str]]:
    """The lines that say something else than there is, with what there is."""
    kept = {tag: {(one.kind, one.source): one.text for one in each.names} for tag, each in saved.items()}
    before = [(line, kept.get(line.language, {}).get((line.said.kind, line.said.source), "")) for line in lines]
    return [(line, was) for line, was in before if was != line.said.text]


@caller("session", role="manager")
def bring() -> AnyResponse:
    """Keep what the file says, read anew as it was shown."""
    request.max_content_length = 4 * names_file.MOST_BYTES
    request.max_form_memory_size = 4 * names_file.MOST_BYTES
    content = request.form.get("content", "").encode()
    with transaction() as conn:
        _, saved = _known(conn)
    try:
        found = names_file.read(content, [one.tag for one in _languages(saved) if one.spoken])
        said: dict[str, list[Translation]] = {}
        for line in found.lines:
            said.setdefault(line.language, []).append(line.said)
        with transaction() as conn:
            translate_names.bring(conn, shop(), said, staff().actor, now())
    except BadInput as error:
        return _index(Form({}, error.fields, error.message), error.status)
    except ValueError as error:
        return _index(_no(error.args[0]), 422)
    return go("languages", done="saved")
