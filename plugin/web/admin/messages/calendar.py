"""Which emails go to whom, and when; and what one member would get next, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from flask import Flask, Response, request

from plugin.actions.emails.outlook import Outlook, outlook
from plugin.rules import explain
from plugin.rules.emails import kind_settings as rules
from plugin.rules.emails.about_kinds import EMPTY
from plugin.rules.emails.figures import WAIT
from plugin.rules.message_kinds import MessageKind
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.members import member_search, members
from plugin.store.versions import programmes
from plugin.store.work import one_mail
from plugin.web.admin.frame.layout import found, page, row_id
from plugin.web.admin.messages.kind_settings import audience
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, transaction
from plugin.web.noted import noted
from plugin.web.shown import date_of, inside
from plugin.web.words import counted, language, said, said_in, t

AHEAD: Final = timedelta(days=7)
MOST_FOUND: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One kind as the calendar lists it."""

    kind: MessageKind
    timing: str
    audience: str
    on: bool
    due: int


@dataclass(frozen=True, slots=True)
class Line:
    """One email that waits or comes: when, what brings it about, and what would keep it from going."""

    at: datetime
    kind: MessageKind
    about: str
    why: str
    held: bool


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages/calendar", "calendar", calendar)
    app.add_url_rule("/app/messages/calendar/<int:member_id>", "calendar_member", of_member)


@caller("session", reads="members")
def calendar() -> Response:
    """All kinds, and a search for a member."""
    q = " ".join(request.args.get("q", "").replace("\0", "").split())[:100]
    with transaction() as conn:
        people = member_search.search(conn, shop().id, q)[:MOST_FOUND] if q else []
        due = one_mail.due_by_kind(conn, shop().id, now() + AHEAD)
        confirmation = programmes.current(conn, shop().id, now()).programme.confirmation
        reading("members", len(people), fields={"q": q}, search=q)
    rows = [_row(kind, due.get(kind, 0), goes=kind.goes_with(confirmation)) for kind in MessageKind]
    return page("admin/messages/calendar.html", rows=rows, people=people, q=q, slots=EMPTY)


@caller("session", reads="member")
def of_member(member_id: int) -> Response:
    """What one member would get next."""
    with transaction() as conn:
        member = found(members.get(conn, shop().id, row_id(member_id)))
        programme = programmes.current(conn, shop().id, now()).programme
        rows = outlook(conn, shop(), programme, member, now())
        reading("member", about=f"member {member.id}")
    return page(
        "admin/messages/calendar_member.html",
        member=member,
        rows=rows,
        lines=sorted((line for row in rows for line in _lines(row)), key=lambda one: one.at),
        why=noted,
        nothing=_nothing,
        slots=EMPTY,
    )


def _lines(row: Outlook) -> Iterator[Line]:
    """What waits of a kind, and what comes of it."""
    for one in row.coming:
        held = one.waits.last_error if one.waits else ""
        yield Line(one.at, row.kind, noted(held) if held else _about(one.about), one.why, one.held)


def _about(what: Said) -> str:
    """In the reader's words, days as the other pages show them."""
    values = {name: _when(value) for name, value in what.values.items()}
    return said_in(language(), what.key, what.number, values)


def _when(value: object) -> object:
    if isinstance(value, datetime):
        return inside(value)
    return date_of(value) if isinstance(value, date) else value


def _nothing(row: Outlook) -> str:
    """Why nothing of a kind comes; what follows from what somebody does, when that happens."""
    if row.nothing is None:
        return t("messages.kind_settings.trigger", when=t(f"emails.trigger.{row.kind}"))
    if isinstance(row.nothing, Reason):
        return explain.words(row.nothing, language(), "staff")
    return said(row.nothing)


def _row(kind: MessageKind, due: int, *, goes: bool) -> Row:
    kept = rules.of(shop().settings, kind)
    said = [counted("messages.calendar.minutes", kept.figures[WAIT])] if kept.figures.get(WAIT) else []
    said += [f"{t(rules.figure_words(kind, name))}: {number}" for name, number in kept.figures.items() if name != WAIT]
    return Row(kind, " · ".join(said), audience(kind), goes and kept.on, due)
