"""Activity › Redemptions: every use of points, and unused ones taken back, one or many at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, Engine
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.rewards import release_redemptions
from plugin.errors import BadInput
from plugin.rules.points.member_file import as_csv
from plugin.store.database import db
from plugin.store.members import member_search, members
from plugin.store.rewards import redemption_pages as store
from plugin.store.rewards.redemption_pages import Wanted
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, staff, transaction
from plugin.web.shown import utc
from plugin.web.words import t

STATES = ("all", "unused", "used", "taking", "back")
HEADING = (
    "redemption,made,member,customer,e-mail,reward,name,kind,points,state,code,code state,valid until,used by order,"
    "given back,ended,why,by"
).split(",")
LONGEST_SEARCH = 100
ADDRESS = "/app/activity/redemptions"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(ADDRESS, "redemptions", redemptions)
    app.add_url_rule(f"{ADDRESS}/check", "check_release", check, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/release", "release_redemptions", release, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}.csv", "redemptions_csv", export)


@caller("session", reads="redemptions")
def redemptions() -> Response:
    """One page of what the filters leave, newest first."""
    return _list(request.args)


def _list(asked: Any, message: str = "", status: int = 200) -> Response:
    filters = _filters(asked)
    with transaction() as conn:
        wanted = _wanted(conn, filters)
        rows = store.page(conn, shop().id, wanted, number_from("start"))
        people = members.by_ids(conn, shop().id, {row.member_id for row in rows})
        progress = store.counts(conn, shop().id)
        possible = store.releasable(conn, shop().id, wanted, None)
        version = programmes.current(conn, shop().id, now())
        reading("redemptions", min(len(rows), store.PAGE), fields=_set(filters), search=filters["q"])
    more = rows[store.PAGE].id if len(rows) > store.PAGE else None
    choices = [("", t("activity.redemptions.every")), *((one.id, one.name) for one in version.programme.rewards)]
    return page(
        "admin/activity/redemptions.html",
        status,
        rows=rows[: store.PAGE],
        people=people,
        more=more,
        filters=filters,
        states={each: t(f"activity.redemptions.state.{each}") for each in STATES},
        choices=choices,
        progress=progress,
        possible=possible,
        message=message,
        points_name=version.programme.points_name,
    )


def _filters(asked: Any) -> dict[str, str]:
    """What the address or the form asks for; nonsense counts as nothing."""
    state, days = asked.get("state", "all"), asked.get("days", "")
    return {
        "state": state if state in STATES else "all",
        "reward": asked.get("reward", "")[:40],
        "days": days if days.isascii() and days.isdigit() and len(days) < 5 else "",
        "q": " ".join(asked.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
    }


def _set(filters: dict[str, str]) -> dict[str, str]:
    """The filters that leave something out."""
    return {name: value for name, value in filters.items() if value != "all"}


def _wanted(conn: Connection, filters: dict[str, str], up_to: int | None = None) -> Wanted:
    before: datetime | None = now() - timedelta(days=int(filters["days"])) if filters["days"] else None
    people = None
    if filters["q"]:
        people = tuple(one.id for one in member_search.called(conn, shop().id, filters["q"]))
    return Wanted(filters["state"], filters["reward"], before, filters["q"], people, up_to)


def _chosen() -> list[int] | None:
    """The ids that were ticked; None for everything that the filters leave."""
    if request.form.get("all") == "yes":
        return None
    ids = request.form.getlist("id")[: store.MOST_AT_ONCE]
    return [int(text) for text in ids if text.isascii() and text.isdigit() and len(text) < 19]


@caller("session", role="manager")
def check() -> Response:
    """What would be taken back, before it is."""
    filters, ids = _filters(request.form), _chosen()
    with transaction() as conn:
        possible = store.releasable(conn, shop().id, _wanted(conn, filters), ids)
        name = programmes.current(conn, shop().id, now()).programme.points_name
    if not possible.count:
        message = (
            t("activity.redemptions.none_possible") if ids or ids is None else t("activity.redemptions.none_selected")
        )
        return _list(request.form, message, 422)
    return page(
        "admin/activity/release_check.html",
        possible=possible,
        filters=filters,
        ids=ids,
        points_name=name,
        most=store.MOST_AT_ONCE,
    )


@caller("session", role="manager")
def release() -> AnyResponse:
    """Ask Shopify for each of them; what was made since staff looked stays."""
    newest = request.form.get("newest", "")
    up_to = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 19 else 0
    try:
        with transaction() as conn:
            wanted = _wanted(conn, _filters(request.form), up_to)
            release_redemptions.release_many(conn, shop().id, wanted, _chosen(), staff().actor, now())
    except BadInput as error:
        return _list(request.form, error.message, error.status)
    return go("redemptions", done="undoing", state="taking")


@caller("session", role="manager", reads="redemptions_file")
def export() -> Response:
    """What the filters leave, as a CSV file. Times are UTC."""
    with transaction() as conn:
        filters = _filters(request.args)
        wanted = _wanted(conn, filters)
        reading("redemptions_file", store.count(conn, shop().id, wanted), fields=_set(filters), search=filters["q"])
    name = f"redemptions-{now().date().isoformat()}.csv"
    return Response(
        _lines(parts().engine, shop().id, wanted),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(engine: Engine, shop_id: int, wanted: Wanted) -> Iterator[str]:
    yield "\ufeff" + as_csv([list(HEADING)])
    after: int | None = 0
    while after is not None:
        with db.shop_transaction(engine, shop_id) as conn:
            rows = store.export(conn, shop_id, wanted, after)
        after = rows[-1][0] if rows else None
        yield as_csv([[utc(cell) for cell in row] for row in rows])
