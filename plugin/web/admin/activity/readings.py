"""Activity › Read again: orders that are worth something else since refunds and edits are read better."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.orders import decide_readings
from plugin.errors import BadInput
from plugin.rules import explain
from plugin.rules.payloads.readings import MARK
from plugin.rules.points.member_file import as_csv
from plugin.rules.words.texts import Said
from plugin.store.database import db
from plugin.store.orders import reading_differences as store
from plugin.web.admin.frame.layout import go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction
from plugin.web.words import language, t

HEADING = "order,name,points now,points read again,change,state,why".split(",")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/activity/readings", view_func=readings)
    app.add_url_rule("/app/activity/readings", "decide_readings", decide, methods=["POST"])
    app.add_url_rule("/app/activity/readings.csv", "readings_csv", export)


@caller("session", reads="nothing")
def readings() -> Response:
    """The orders that differ, by their number, with the totals."""
    return _page()


def _page(message: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        totals = store.totals(conn, shop().id)
        found = store.page(conn, shop().id, number_from("after") or 0)
    mark = shop().settings.get(MARK)
    progress = mark if isinstance(mark, dict) else {}
    after = found[-1].order_id if len(found) == store.PAGE else None
    return page(
        "admin/activity/readings.html",
        status,
        totals=totals,
        found=found,
        after=after,
        progress=progress,
        message=message,
    )


@caller("session", role="manager")
def decide() -> AnyResponse:
    """Take the selected orders over or leave them, or all that are open."""
    form = request.form
    everything = form.get("which") == "all"
    ids = [int(text) for text in form.getlist("id") if text.isascii() and text.isdigit() and len(text) < 19]
    if not everything and not ids:
        return go("readings", done="nothing_chosen")
    try:
        if everything and not form.get("sure"):
            raise BadInput(Said("activity.readings.confirm"))
        with transaction() as conn:
            decide_readings.decide(
                conn, shop(), form.get("decision", ""), None if everything else ids, staff().actor, now()
            )
    except BadInput as error:
        return _page(error.message, error.status)
    return go("readings", done="decided")


@caller("session", role="manager", reads="nothing")
def export() -> Response:
    """Every order that differs, as a CSV file."""
    name = f"orders-read-again-{now().date().isoformat()}.csv"
    return Response(
        _lines(parts().engine, shop().id, shop().currency),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(engine: Engine, shop_id: int, currency: str) -> Iterator[str]:
    yield "\ufeff" + as_csv([list(HEADING)])
    after: int | None = 0
    while after is not None:
        with db.shop_transaction(engine, shop_id) as conn:
            rows = store.page(conn, shop_id, after, 500)
        after = rows[-1].order_id if rows else None
        yield as_csv([_cells(row, currency) for row in rows])


def _cells(row: store.Difference, currency: str) -> list[object]:
    why = " ".join(
        explain.words(reason, language(), "staff", points_name="points", currency=currency) for reason in row.reasons
    )
    change = row.points - row.points_now
    return [row.order_id, row.name, row.points_now, row.points, change, t(f"activity.readings.state.{row.state}"), why]
