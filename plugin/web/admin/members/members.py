"""Members: search, sort, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.store.members import member_pages
from plugin.store.members.members import Member
from plugin.store.reports import buyers
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import page
from plugin.web.admin.members import member_tier
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, transaction

SORTS = ("activity", "points", "joined")
"""As the list offers them: `members.index.sort.*`."""
LONGEST_SEARCH = 100


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/members", view_func=members)


@caller("session", reads="members")
def members() -> Response:
    """The list, by how often they ordered if so asked, or what a search found."""
    text = " ".join(request.args.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
    sort = request.args.get("sort", "activity")
    sort = sort if sort in member_pages.SORTS else "activity"
    bought = request.args.get("bought", "")
    bought = bought if bought in buyers.BOUGHT and not text else ""
    with transaction() as conn:
        version = programmes.current(conn, shop().id, now())
        if text:
            found = member_pages.search(conn, shop().id, text)
            listed: dict[str, Any] = {"rows": found[: member_pages.SEARCH_LIMIT], "older": "", "newer": ""}
            listed["more"] = len(found) > member_pages.SEARCH_LIMIT
        else:
            listed = _page(conn, "joined" if bought else sort, bought)
        ids = [member.id for member in listed["rows"]]
        listed |= {"tiers": member_tier.of_members(conn, ids), "buyers": buyers.of_members(conn, shop().id, ids)}
        reading("members", len(listed["rows"]), fields={"q": text, "bought": bought}, search=text)
    return page(
        "admin/members/members.html",
        q=text,
        sort=sort,
        sorts=SORTS,
        bought=bought,
        filters=("", *buyers.BOUGHT),
        points_name=version.programme.points_name,
        **listed,
    )


def _page(conn: Connection, sort: str, bought: str) -> dict[str, Any]:
    after, before = _cursor(sort, "after"), _cursor(sort, "before")
    upwards = before is not None and after is None
    beyond = before if upwards else after
    if bought:
        number = beyond[1] if beyond else None
        found = member_pages.page_of_buyers(conn, shop().id, bought, number, upwards=upwards)
    else:
        found = member_pages.page(conn, shop().id, sort, beyond, upwards=upwards)
    more = len(found) > member_pages.PAGE
    rows = found[: member_pages.PAGE]
    if upwards:
        rows.reverse()
    has_older, has_newer = (True, more) if upwards else (more, after is not None)
    return {
        "rows": rows,
        "older": _mark(sort, rows[-1]) if rows and has_older else "",
        "newer": _mark(sort, rows[0]) if rows and has_newer else "",
        "more": False,
    }


def _mark(sort: str, member: Member) -> str:
    value = getattr(member, member_pages.SORTS[sort])
    return f"{value.isoformat() if isinstance(value, datetime) else value}~{member.id}"


def _cursor(sort: str, name: str) -> tuple[object, int] | None:
    """Where a page begins; nonsense in the address begins at the top."""
    value, _, member_id = request.args.get(name, "").rpartition("~")
    try:
        if sort == "activity":
            return datetime.fromisoformat(value), int(member_id)
        return int(value), int(member_id)
    except ValueError:
        return None
