"""What staff did here."""

from __future__ import annotations

from flask import Flask, Response

from plugin.store import activity_pages
from plugin.store.activity_pages import StaffAct
from plugin.web.admin.layout import number_from, page
from plugin.web.auth import caller
from plugin.web.current import shop, transaction

ACTIONS = {
    "save_programme": "Saved the programme as {subject}",
    "save_brand": "Changed the brand of the mails",
    "save_counts_from": "Set the day from which orders count",
    "retry_deliveries": "Tried failed deliveries again: {subject}",
    "send_again": "Sent message {subject} again",
    "retry_jobs": "Tried failed jobs again: {subject}",
}


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/activity/staff", view_func=staff)


@caller("session")
def staff() -> Response:
    """One page of the staff log, newest first."""
    with transaction() as conn:
        acts = activity_pages.staff_acts(conn, shop().id, number_from("before"))
    rows = acts[: activity_pages.PAGE]
    older = rows[-1].id if len(acts) > len(rows) else None
    return page("staff.html", rows=rows, older=older, words=_words)


def _words(act: StaffAct) -> str:
    return ACTIONS.get(act.action, act.action.replace("_", " ").capitalize()).format(subject=act.subject)
