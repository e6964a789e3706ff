"""Which emails go to whom, and when; and what one member would get next, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Flask, Response, request

from plugin.actions.emails.outlook import ASK_FIRST, outlook
from plugin.rules.emails import kind_settings as rules
from plugin.rules.emails.figures import WAIT
from plugin.rules.message_kinds import MessageKind
from plugin.store.members import member_search, members
from plugin.store.versions import programmes
from plugin.store.work import one_mail
from plugin.web.admin.frame.layout import found, page, row_id
from plugin.web.admin.messages.kind_settings import audience
from plugin.web.admin.messages.mails import REASONS
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, transaction
from plugin.web.words import counted, t

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
    return page("admin/messages/calendar.html", rows=rows, people=people, q=q)


@caller("session", reads="member")
def of_member(member_id: int) -> Response:
    """What one member would get next."""
    with transaction() as conn:
        member = found(members.get(conn, shop().id, row_id(member_id)))
        programme = programmes.current(conn, shop().id, now()).programme
        rows = outlook(conn, shop(), programme, member, now())
        reading("member", about=f"member {member.id}")
    return page("admin/messages/calendar_member.html", member=member, rows=rows, why=_why)


def _row(kind: MessageKind, due: int, *, goes: bool) -> Row:
    kept = rules.of(shop().settings, kind)
    said = [counted("messages.calendar.minutes", kept.figures[WAIT])] if kept.figures.get(WAIT) else []
    said += [f"{t(rules.figure_words(kind, name))}: {number}" for name, number in kept.figures.items() if name != WAIT]
    return Row(kind, " · ".join(said), audience(kind), goes and kept.on, due)


def _why(noted: str) -> str:
    """What keeps an email from going, in words."""
    if noted in REASONS:
        return t(f"messages.mails.reason.{REASONS[noted]}")
    return t("messages.calendar.ask_first") if noted == ASK_FIRST else noted[:1].upper() + noted[1:]
