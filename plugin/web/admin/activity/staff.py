"""What staff did here."""

from __future__ import annotations

from flask import Flask, Response

from plugin.store.members import members
from plugin.store.work import activity_pages
from plugin.web.admin.activity import staff_words
from plugin.web.admin.frame.layout import number_from, page
from plugin.web.auth import caller
from plugin.web.current import reading, shop, transaction


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/activity/staff", view_func=staff)


@caller("session", reads="staff_acts")
def staff() -> Response:
    """One page of the staff log, newest first."""
    with transaction() as conn:
        found = activity_pages.staff_acts(conn, shop().id, number_from("before"))
        acts = found[: activity_pages.PAGE]
        people = members.by_ids(conn, shop().id, staff_words.members_in(acts))
        reading("staff_acts", len(people))
    rows = [(act, staff_words.words(act, people)) for act in acts]
    older = acts[-1].id if len(found) > len(acts) else None
    return page("admin/activity/staff.html", rows=rows, older=older)
