"""Activity › Donations: what members gave to each cause, what is to be paid out, and what was."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import Flask, Response, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.rewards import pay_out_donations
from plugin.errors import BadInput
from plugin.rules import formats
from plugin.rules.money import minor_digits
from plugin.rules.points.member_file import as_csv
from plugin.rules.words.texts import Said
from plugin.store.database import db
from plugin.store.rewards import donations as store
from plugin.web.admin.frame.layout import go, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, staff, transaction
from plugin.web.shown import utc
from plugin.web.words import language

HEADING = "redemption,given,member,customer,e-mail,cause,amount,currency,points,payout".split(",")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/activity/donations", view_func=donations)
    app.add_url_rule("/app/activity/donations", "pay_out", pay_out, methods=["POST"])
    app.add_url_rule("/app/activity/donations.csv", "donations_csv", export)


@caller("session", reads="nothing")
def donations() -> Response:
    """Every cause with its sums, and the payouts."""
    return _page()


def _page(message: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        totals = store.totals(conn, shop().id)
        payable = store.payable(conn, shop().id, now())
        payouts = store.payouts(conn, shop().id)
    return page(
        "admin/activity/donations.html",
        status,
        totals=totals,
        payable=payable,
        payouts=payouts,
        amount=_amount,
        message=message,
    )


def _amount(minor: int, currency: str) -> str:
    return formats.money(minor, currency, language())


@caller("session", role="manager")
def pay_out() -> AnyResponse:
    """Mark the sum that staff saw as paid out."""
    form = request.form
    text = form.get("expected", "")
    expected = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
    try:
        if not form.get("sure"):
            raise BadInput(Said("activity.donations.confirm"))
        with transaction() as conn:
            pay_out_donations.pay_out(
                conn,
                shop(),
                form.get("cause", ""),
                form.get("currency", ""),
                expected,
                form.get("note", ""),
                staff().actor,
                now(),
            )
    except BadInput as error:
        return _page(error.message, error.status)
    return go("donations", done="saved")


@caller("session", role="manager", reads="donations_file")
def export() -> Response:
    """Every donation that stands, as a CSV file. Times are UTC."""
    with transaction() as conn:
        reading("donations_file", store.count(conn, shop().id))
    name = f"donations-{now().date().isoformat()}.csv"
    return Response(
        _lines(parts().engine, shop().id),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(engine: Engine, shop_id: int) -> Iterator[str]:
    yield "\ufeff" + as_csv([list(HEADING)])
    after: int | None = 0
    while after is not None:
        with db.shop_transaction(engine, shop_id) as conn:
            rows = list(store.export(conn, shop_id, after))
        after = rows[-1][0] if rows else None
        yield as_csv([_cells(*row) for row in rows])


def _cells(*row: object) -> list[object]:
    number, given, member, customer, email, cause, minor, currency, points, payout = row
    amount = Decimal(str(minor)).scaleb(-minor_digits(str(currency)))
    return [number, utc(given), member, customer, email, cause, str(amount), currency, points, payout]
