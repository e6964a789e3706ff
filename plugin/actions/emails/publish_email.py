"""Staff publish an email of their own, put back one that was published before, or the one that comes with the app."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails.save_draft import Began, standing
from plugin.errors import BadInput, Conflict, NotFound
from plugin.rules.emails.design import Content
from plugin.rules.formats import one_line
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.turns import ChangesOfEmail
from plugin.rules.words.texts import Said
from plugin.store.database.turns import take_turn
from plugin.store.emails import drafts, versions
from plugin.store.work import activity_pages

LONGEST_NOTE = 200


def publish(
    conn: Connection,
    shop_id: int,
    kind: MessageKind,
    began: Began,
    checked: Content | None,
    wrong: Mapping[str, str],
    note: str,
    actor: str,
    now: datetime,
) -> int:
    """What was `checked` is sent from now on; returns its number. `wrong`: the errors that the checker found in it.

    Raises BadInput where it has an error, Conflict where the draft is another one by now, NotFound without a draft.
    """
    take_turn(conn, shop_id, str(ChangesOfEmail(kind)))
    now_there = standing(conn, shop_id, kind)
    if now_there.draft is None:
        raise NotFound(Said("messages.editor.no_draft"))
    if now_there.began != began or now_there.draft.content != checked:
        raise Conflict(Said("messages.editor.somebody_else"))
    _refuse_errors(wrong)
    number = _add(conn, shop_id, kind, checked, note, actor, now)
    drafts.remove(conn, shop_id, kind)
    _note(conn, shop_id, kind, "publish_email", number, actor, now)
    return number


def restore(
    conn: Connection,
    shop_id: int,
    kind: MessageKind,
    number: int,
    wrong: Mapping[str, str],
    note: str,
    actor: str,
    now: datetime,
) -> int:
    """An earlier version is sent again, as a new one; a draft stays as it is. NotFound, BadInput as `publish`."""
    take_turn(conn, shop_id, str(ChangesOfEmail(kind)))
    earlier = versions.get(conn, shop_id, kind, number)
    if earlier is None:
        raise NotFound(Said("messages.editor.no_version"))
    _refuse_errors(wrong)
    made = _add(conn, shop_id, kind, earlier.content, note, actor, now)
    _note(conn, shop_id, kind, "restore_email", made, actor, now)
    return made


def reset_to_default(
    conn: Connection, shop_id: int, kind: MessageKind, note: str, actor: str, now: datetime
) -> int | None:
    """The email that comes with the app is sent again, and the draft is gone; None where it is sent already.

    What was published stays among the versions.
    """
    take_turn(conn, shop_id, str(ChangesOfEmail(kind)))
    found = standing(conn, shop_id, kind)
    if found.draft is None and found.live is None:
        return None
    drafts.remove(conn, shop_id, kind)
    number = found.version if found.live is None else _add(conn, shop_id, kind, None, note, actor, now)
    _note(conn, shop_id, kind, "reset_email", number, actor, now)
    return number


def _refuse_errors(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise BadInput(Said("messages.editor.has_errors", len(wrong)), dict(wrong))


def _add(
    conn: Connection, shop_id: int, kind: MessageKind, content: Content | None, note: str, actor: str, now: datetime
) -> int:
    return versions.add(conn, shop_id, kind, content, actor, one_line(note, LONGEST_NOTE), now)


def _note(
    conn: Connection, shop_id: int, kind: MessageKind, action: str, number: int, actor: str, now: datetime
) -> None:
    detail = {"kind": kind, "number": number}
    activity_pages.note_staff_act(conn, shop_id, actor, action, kind.about.label, detail, now)
