"""Members, entries and lots as CSV files, sent as they are read."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response
from sqlalchemy import Engine

from plugin.rules.points.member_file import as_csv
from plugin.store.database import db
from plugin.store.privacy import exports
from plugin.web.admin.frame.layout import found
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, transaction
from plugin.web.shown import utc


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/members/export/<what>.csv", "export_csv", export)


@caller("session", role="manager", reads="export")
def export(what: str) -> Response:
    """One file. Times are UTC; a cell that a spreadsheet would calculate begins with an apostrophe."""
    found(exports.HEADINGS.get(what))
    name = f"{what}-{now().date().isoformat()}.csv"
    with transaction() as conn:
        reading("export", exports.count(conn, shop().id, what))
    lines = _lines(parts().engine, shop().id, what)
    return Response(
        lines,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(engine: Engine, shop_id: int, what: str) -> Iterator[str]:
    yield "\ufeff" + as_csv([list(exports.HEADINGS[what])])
    after: int | None = 0
    while after is not None:
        with db.shop_transaction(engine, shop_id) as conn:
            after, rows = exports.page(conn, shop_id, what, after)
        yield as_csv([[utc(cell) for cell in row] for row in rows])
