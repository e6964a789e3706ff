"""The log of messages, by state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.members.tell_members import mail_of
from plugin.actions.sending.consents import agreed
from plugin.actions.work import retry_failed
from plugin.rules import reach
from plugin.rules.message_kinds import LABELS, NO_CONSENT
from plugin.rules.reach import Surface
from plugin.rules.words import reach_words
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.work import activity_pages
from plugin.store.work.messages import Message
from plugin.web.admin.frame.layout import go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.words import t

STATES = ("sent", "queued", "sending", "failed", "unknown", "skipped")
"""The words are `messages.mails.state.<name>`."""
REASONS = {**reach_words.CODES, NO_CONSENT: "no_consent"}
"""Why one was skipped, as it is stored; the words are `messages.mails.reason.<name>`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages", "mails", mails)
    app.add_url_rule("/app/messages/<int:message_id>/again", "send_again", send_again, methods=["POST"])


@caller("session", reads="messages")
def mails() -> Response:
    """One page of messages, newest first."""
    state = request.args.get("state", "sent")
    state = state if state in STATES else "sent"
    with transaction() as conn:
        found = activity_pages.messages(conn, shop().id, state, number_from("before"))
        rows = found[: activity_pages.PAGE]
        people = members.by_ids(conn, shop().id, {row.member_id for row in rows})
        willing = _willing(conn, rows, people)
        reading("messages", len(rows), fields={"state": request.args.get("state")})
    again = {row.id for row in rows if _again(row, people, willing)}
    older = rows[-1].id if len(found) > len(rows) else None
    return page(
        "admin/messages/mails.html",
        rows=rows,
        people=people,
        state=state,
        states={each: t(f"messages.mails.state.{each}") for each in STATES},
        older=older,
        kinds=LABELS,
        again=again,
        why=_why,
    )


def _why(message: Message) -> str:
    """Why one was not sent, in words: of all kinds by its key, the rest as it was written down."""
    reason = message.last_error or ""
    return t(f"messages.mails.reason.{REASONS[reason]}") if reason in REASONS else reason[:1].upper() + reason[1:]


def _willing(conn: Connection, rows: Sequence[Message], people: Mapping[int, Member]) -> set[int]:
    """Of those who got no mail because they had not agreed to it: who has, by now."""
    asked = {row.member_id for row in rows if row.last_error == NO_CONSENT}
    return agreed(conn, shop().id, [people[key] for key in asked if key in people], now())


def _again(row: Message, people: Mapping[int, Member], willing: set[int]) -> bool:
    """Whether sending it once more makes sense: what would only be left out again is not offered."""
    if row.state != "skipped":
        return row.state in ("failed", "unknown")
    member = people.get(row.member_id)
    if member is None or not reach.ask(shop().launch, member.person, Surface.MAIL, mail_of(row.kind)).reaches:
        return False
    return row.last_error in reach_words.MAY_GO_LATER or row.member_id in willing


@caller("session", role="manager")
def send_again(message_id: int) -> AnyResponse:
    """Send one message once more; staff decide, nobody else does."""
    with transaction() as conn:
        done = retry_failed.send_again(conn, shop().id, message_id, staff().actor, now())
    return go("mails", done="retried" if done else "nothing", state=request.form.get("state", "sent")[:10])
