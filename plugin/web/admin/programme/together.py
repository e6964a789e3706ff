"""Saving what somebody typed while somebody else saved: on top of the newest version, or both side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import g
from sqlalchemy import Connection

from plugin.errors import SukiError
from plugin.rules.programme import Programme
from plugin.rules.versions import merging
from plugin.rules.versions.merging import Clash
from plugin.rules.words.texts import Said
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form
from plugin.web.current import now, shop, staff
from plugin.web.shown import who

Save = Callable[[Connection, dict[str, str], int], int]
"""Saves a form that began with a version; answers the number of the newest version then. Raises BadInput."""
ASKED_BESIDE = frozenset({"based_on", "note", "effective_on", "only_look"})
"""What a form asks that is no part of the programme."""


def _as_it_is(fields: Mapping[str, str]) -> Mapping[str, str]:
    return fields


@dataclass(frozen=True)
class Editor:
    """How a page's form is read from a programme: its fields, given also what was typed (it says of what thing; None
    where the programme has no such thing); what names the rows of its tables; the order in which they are checked."""

    fields: Callable[[Programme, Mapping[str, str]], Mapping[str, str] | None]
    rows: Mapping[str, str] = field(default_factory=dict)
    in_order: Callable[[Mapping[str, str]], Mapping[str, str]] = _as_it_is


class Apart(Exception):
    """What was typed and what was saved meanwhile do not go together by themselves: the form to decide in."""

    status = 409

    def __init__(self, form: Form, newest: Version) -> None:
        super().__init__()
        self.form, self.newest = form, newest


def save(conn: Connection, form: dict[str, str], start: int, saving: Save, editor: Editor | None) -> tuple[int, int]:
    """Save the form on top of the newest version; answers that version's number before and after. Raises Apart, and
    what `saving` raises."""
    shops.get(conn, shop().id, lock=True)
    known = programmes.versions(conn, shop().id)
    g.now = max(now(), known[-1].created_at or now())  # whoever saved while this waited for the shop was first
    newest = programmes.heir(known, start, now())
    if newest is not None and newest.number == start:
        return start, saving(conn, form, start)
    if newest is not None and _is_there(conn, form, newest, saving):
        g.saved_before = True
        return newest.number, newest.number
    if newest is None or editor is None:
        raise _moved_on(form, newest, known)
    old, new = (editor.fields(each.programme, form) for each in (known[start - 1], newest))
    if new is None and old is not None:
        raise Apart(Form(form, {}, Said("frame.version.removed", version=newest.number)), newest)
    values, clashes = _merged(form, old or {}, new or {}, editor)
    form |= values
    if clashes:
        raise Apart(_side_by_side(form, clashes, newest), newest)
    g.merged = True
    return newest.number, saving(conn, form, newest.number)


def _is_there(conn: Connection, form: dict[str, str], newest: Version, saving: Save) -> bool:
    """Whether all that the form says is saved already, as after a double click."""
    point = conn.begin_nested()
    try:
        return saving(conn, form, newest.number) == newest.number
    except SukiError:  # what is wrong with it is said when it is saved
        return False
    finally:
        point.rollback()


def _merged(
    form: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str], editor: Editor
) -> tuple[Mapping[str, str], tuple[Clash, ...]]:
    """The form's fields with both changes, and where they clash, by the names of the form that they give."""
    own = {name: form.get(name, "") for name in {*form, *old, *new} - ASKED_BESIDE}
    found = merging.merged(*(merging.by_name(each, editor.rows) for each in (old, own, new)))
    values = editor.in_order(merging.by_place(found.values, editor.rows))
    at = {clash.field: merging.place_of(clash.field, values, editor.rows) for clash in found.clashes}
    return values, tuple(replace(clash, field=at[clash.field]) for clash in found.clashes)


def _side_by_side(form: Mapping[str, str], clashes: tuple[Clash, ...], newest: Version) -> Form:
    """What was typed stays in the fields; each field that clashes says so, and offers what was saved."""
    if newest.author == staff().actor:
        message = Said("frame.version.apart_self", version=newest.number)
    else:
        message = Said("frame.version.apart", who=who(newest.author), version=newest.number)
    errors = {clash.field: Said("frame.version.clash") for clash in clashes}
    return Form(form, errors, message, {clash.field: clash.theirs for clash in clashes})


def _moved_on(form: Mapping[str, str], newest: Version | None, known: Sequence[Version]) -> Apart:
    """What cannot be merged is shown as it was typed, on top of what there is now, and saved when asked again."""
    there = newest or programmes.at(known, now())
    words = "frame.version.moved" if newest else "frame.version.plan_over"
    return Apart(Form(form, {}, Said(words, version=there.number)), there)
