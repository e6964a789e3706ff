"""The log of messages, by state."""

from __future__ import annotations

from flask import Flask, Response, request

from plugin.store import activity_pages, members
from plugin.web.admin.layout import number_from, page
from plugin.web.admin.member import MESSAGE_KINDS
from plugin.web.auth import caller
from plugin.web.current import shop, transaction

STATES = {
    "sent": "Sent",
    "queued": "Waiting",
    "sending": "Being sent",
    "failed": "Failed",
    "unknown": "No answer",
    "skipped": "Left out",
}


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/messages", "mails", mails)


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
