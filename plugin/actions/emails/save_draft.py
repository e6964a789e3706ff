"""Staff change an email: everything goes into the kind's draft, and nothing of it is sent before it is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.errors import Conflict
from plugin.rules.emails.design import Content
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.turns import ChangesOfEmail
from plugin.rules.words.texts import Said
from plugin.store.database.turns import take_turn
from plugin.store.emails import drafts, versions
from plugin.store.emails.drafts import Draft
from plugin.store.work import activity_pages

NOTED_AGAIN_AFTER: Final = timedelta(hours=1)
"""One sitting at an email is one line of what staff did."""


@dataclass(frozen=True, slots=True)
class Began:
    """What a form that is saved began with: the draft's revision (0: there was none) and the version in force."""

    revision: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind as it is now: the draft, if there is one, and the version in force (0: as it comes with the app)."""

    draft: Draft | None
    version: int
    live: Content | None

    @property
    def content(self) -> Content | None:
        """What an editor begins with; None is the email as it comes with the app."""
        return self.draft.content if self.draft is not None else self.live

    @property
    def began(self) -> Began:
        """What a form begins with now."""
        return Began(self.draft.revision if self.draft else 0, self.version)


def standing(conn: Connection, shop_id: int, kind: MessageKind) -> Standing:
    """How one kind stands."""
    known = versions.of_kind(conn, shop_id, kind)
    newest = known[0] if known else None
    live = newest.content if newest else None
    return Standing(drafts.get(conn, shop_id, kind), newest.number if newest else 0, live)


def save_draft(
    conn: Connection,
    shop_id: int,
    kind: MessageKind,
    content: Content | None,
    began: Began,
    actor: str,
    now: datetime,
    *,
    over: bool = False,
) -> int:
    """Save the draft; returns its revision. `over`: in place of what somebody else did meanwhile, which Undo brings
    back. Raises Conflict when there is such and nothing was saved."""
    found = _my_turn(conn, shop_id, kind)
    if found.began != began and not over:
        raise Conflict(Said("messages.editor.somebody_else"))
    if found.draft is not None and found.draft.content == content:
        return found.draft.revision
    if found.draft is None and content == found.live:
        return 0
    _note(conn, shop_id, kind, found.draft, actor, now)
    return drafts.save(conn, shop_id, kind, content, found.content, found.version, actor, now)


def undo(conn: Connection, shop_id: int, kind: MessageKind, began: Began, actor: str, now: datetime) -> bool:
    """What was there before the last saving is there again; doing it twice changes nothing. False: there is nothing
    to undo. Raises Conflict as saving does."""
    found = _my_turn(conn, shop_id, kind)
    if found.began != began:
        raise Conflict(Said("messages.editor.somebody_else"))
    if found.draft is None:
        return False
    one = found.draft
    drafts.save(conn, shop_id, kind, one.before, one.content, one.based_on, actor, now)
    return True


def discard(conn: Connection, shop_id: int, kind: MessageKind, began: Began, actor: str, now: datetime) -> bool:
    """The draft is thrown away; what is sent stays. Raises Conflict when somebody else saved it meanwhile."""
    found = _my_turn(conn, shop_id, kind)
    if found.draft is None:
        return False
    if found.draft.revision != began.revision:
        raise Conflict(Said("messages.editor.somebody_else"))
    drafts.remove(conn, shop_id, kind)
    activity_pages.note_staff_act(conn, shop_id, actor, "discard_email_draft", kind.about.label, {"kind": kind}, now)
    return True


def _my_turn(conn: Connection, shop_id: int, kind: MessageKind) -> Standing:
    """How it stands, and nobody else changes it until the transaction ends."""
    take_turn(conn, shop_id, str(ChangesOfEmail(kind)))
    return standing(conn, shop_id, kind)


def _note(conn: Connection, shop_id: int, kind: MessageKind, before: Draft | None, actor: str, now: datetime) -> None:
    if before is None or before.author != actor or now - before.saved_at > NOTED_AGAIN_AFTER:
        activity_pages.note_staff_act(conn, shop_id, actor, "save_email_draft", kind.about.label, {"kind": kind}, now)
