"""The log of messages, by state."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions import retry_failed
from plugin.store import activity_pages, members
from plugin.web.admin.layout import go, number_from, page
from plugin.web.admin.member import MESSAGE_KINDS
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction

STATES = {
    "sent": "Sent",
    "queued": "Waiting",
    "sending": "Being sent",
    "failed": "Failed",
    "unknown": "No answer",
    "skipped": "Left out",
}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages", "mails", mails)
    app.add_url_rule("/app/messages/<int:message_id>/again", "send_again", send_again, methods=["POST"])


@caller("session")
def mails() -> Response:
    """One page of messages, newest first."""
    state = request.args.get("state", "sent")
    state = state if state in STATES else "sent"
    with transaction() as conn:
        found = activity_pages.messages(conn, shop().id, state, number_from("before"))
        rows = found[: activity_pages.PAGE]
        people = members.by_ids(conn, shop().id, {row.member_id for row in rows})
    older = rows[-1].id if len(found) > len(rows) else None
    return page("mails.html", rows=rows, people=people, state=state, states=STATES, older=older, kinds=MESSAGE_KINDS)


@caller("session")
def send_again(message_id: int) -> AnyResponse:
    """Send one message once more; staff decide, nobody else does."""
    with transaction() as conn:
        done = retry_failed.send_again(conn, shop().id, message_id, staff().actor, now())
    return go("mails", done="retried" if done else "nothing", state=request.form.get("state", "sent")[:10])
