"""An email that a mail server sent back: find out which of ours it was, and take it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.sending.email_links import email_links
from plugin.actions.sending.take_back import take_back
from plugin.rules.sending import bounce_reports
from plugin.rules.sending.returned import Returned
from plugin.settings import Settings

SAYS = {
    "taken": "Taken: {what}.",
    "before": "This report was taken before. Nothing was done.",
    "unknown": "The email that it is about is no longer there. Nothing was done.",
}


def take_report(conn: Connection, settings: Settings, raw: bytes, came_to: str, now: datetime) -> str:
    """Take it in; answers in words what was done. Who was meant, our own message says, never the report."""
    report = bounce_reports.read(raw, came_to)
    links = email_links(conn, settings)
    ref = next((one for one in report.refs if links.message_of(one) is not None), None)
    if ref is None:
        return "This names no email of ours. Nothing was done."
    if report.what is None:
        return "This reports no failure. Nothing was done."
    outcome = take_back(conn, links, "returned", Returned(ref.lower(), report.key, report.what, "", report.detail), now)
    return SAYS[outcome].format(what=report.what)
