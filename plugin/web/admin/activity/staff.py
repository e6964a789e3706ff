"""What staff did here."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response

from plugin.store.imports import files as imports
from plugin.store.members import members
from plugin.store.work import activity_pages
from plugin.store.work.activity_pages import StaffAct
from plugin.web.admin.activity import staff_words
from plugin.web.admin.frame.layout import link, number_from, page
from plugin.web.auth import caller
from plugin.web.current import reading, shop, transaction


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/activity/staff", view_func=staff)


def _page_of(act: StaffAct, people: Collection[int], files: Collection[int]) -> str:
    """Where what was done can be seen; empty where that has no page."""
    file, member = staff_words.file_of(act), int(act.detail.get("member") or 0)
    if file in files:
        return link("import_file", import_id=file)
    return link("member", member_id=member) if member in people else ""


@caller("session", reads="staff_acts")
def staff() -> Response:
    """One page of the staff log, newest first."""
    with transaction() as conn:
        found = activity_pages.staff_acts(conn, shop().id, number_from("before"))
        acts = found[: activity_pages.PAGE]
        people = members.by_ids(conn, shop().id, staff_words.members_in(acts))
        files = imports.names(conn, shop().id, staff_words.files_in(acts))
        reading("staff_acts", len(people))
    rows = [(act, staff_words.words(act, people, files), _page_of(act, people, files)) for act in acts]
    older = acts[-1].id if len(found) > len(acts) else None
    return page("admin/activity/staff.html", rows=rows, older=older)
