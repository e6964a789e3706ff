"""Beside a form of the programme, while it is typed: what shoppers would see, and what it would cost.

What is typed is saved as it would be, and taken back at once; so the preview knows no rules of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template, request
from sqlalchemy import Connection

from plugin.actions.shops import storefront
from plugin.errors import BadInput
from plugin.rules import formats
from plugin.rules.programme import Programme
from plugin.rules.words.programme_page import ProgrammePage, Reader, programme_page
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form
from plugin.web.admin.programme.saving import newest
from plugin.web.admin.programme.together import ASKED_BESIDE, Editor, Save
from plugin.web.current import now, shop, transaction


@dataclass(frozen=True)
class Typed:
    """The programme with what is typed in it, and without, and the form; `whole`: nothing in it is wrong or missing."""

    programme: Programme
    saved: Programme
    form: Mapping[str, str]
    whole: bool = True


@dataclass(frozen=True)
class Beside:
    """What a page shows beside its form: parts of the programme's page by name, and sentences of what it costs.

    `samples` stand for what has to be filled in first, `at` is the moment that is shown, `notes` are sentences about
    the shop's own members. `entries` are what is not on the programme's page, as members read it later: a name, what it
    gives, a sentence.
    """

    parts: Sequence[str]
    costs: Callable[[Typed], Sequence[str]]
    samples: Callable[[], Mapping[str, str]] = dict
    at: Callable[[Typed], datetime] = lambda typed: now()
    notes: Callable[[Connection, Typed], Sequence[str]] = lambda conn, typed: ()
    entries: Callable[[Programme, Mapping[str, str]], Sequence[tuple[str, str, str]]] = lambda programme, form: ()


def asked(saving: Save, editor: Editor, beside: Beside) -> Response:
    """The answer to a form that was typed in."""
    form = request.form.to_dict()
    return make_response(_drawn(_typed(form, newest(), saving, editor, beside), beside))


def begun(form: Form, version: Version, saving: Save, editor: Editor, beside: Beside) -> str:
    """What stands beside the form when its page comes: without a look at what was typed where that is what is saved."""
    plain = request.method == "GET" and not form.errors
    found = Typed(version.programme, version.programme, form.values) if plain else None
    return _drawn(found or _typed(dict(form.values), version, saving, editor, beside), beside)


def _typed(form: dict[str, str], version: Version, saving: Save, editor: Editor, beside: Beside) -> Typed:
    """With each field that is wrong as it is saved, or as the sample has it; else without what is typed."""
    form = {name: text for name, text in form.items() if name not in ASKED_BESIDE}
    form = {**editor.in_order(form)}
    for whole in (True, False):
        with transaction() as conn:
            point = conn.begin_nested()
            try:
                number = saving(conn, dict(form), version.number)
                drafted = programmes.versions(conn, shop().id)[number - 1].programme
                return Typed(drafted, version.programme, form, whole)
            except BadInput as error:
                saved = editor.fields(version.programme, form) or beside.samples()
                form = _mended(form, error.fields, saved, editor)
            finally:
                point.rollback()
    return Typed(version.programme, version.programme, form, whole=False)


def _mended(
    form: Mapping[str, str], wrong: Mapping[str, str], saved: Mapping[str, str], editor: Editor
) -> dict[str, str]:
    """The form with what is wrong as it is saved; a row of a table with something wrong in it is left out."""
    mended = dict(form)
    for name in wrong:
        table = next((each for each in editor.rows if name.startswith(f"{each}.")), None)
        if table is None:
            mended[name] = saved.get(name, "")
            continue
        row = f"{table}.{name.removeprefix(f'{table}.').partition('.')[0]}."
        mended = {each: text for each, text in mended.items() if not each.startswith(row)}
    return {**editor.in_order(mended)}


def _drawn(typed: Typed, beside: Beside) -> str:
    at = beside.at(typed)
    with transaction() as conn:
        notes = beside.notes(conn, typed)
    return render_template(
        "admin/programme/preview.html",
        look=storefront.look(shop()),
        page=_page(typed.programme, at),
        was=_page(typed.saved, at),
        parts=beside.parts,
        notes=notes,
        entries=beside.entries(typed.programme, typed.form),
        entries_were=beside.entries(typed.saved, typed.form),
        costs=beside.costs(typed),
        whole=typed.whole,
    )


def _page(programme: Programme, at: datetime) -> ProgrammePage:
    """What everybody reads of the programme, in the shop's language."""
    locale = formats.reader_locale(shop().locale)
    return programme_page(Reader(programme, shop().name, shop().currency, shop().zone, locale, at))
