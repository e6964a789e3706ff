"""What a figure of Home is made of: the orders, or the ledger entries, of its days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.reports import refresh_days
from plugin.rules.explain import headline
from plugin.rules.retention.outcomes import Period, up_to
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.reports import outcome_rows
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import page
from plugin.web.admin.home.outcome_figures import days_asked
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, transaction

WHO = ("members", "codes", "all")
WHICH = ("given", "used")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/home/orders", "outcome_orders", orders)
    app.add_url_rule("/app/home/points", "outcome_points", points)


def _asked() -> tuple[int, Period]:
    days = days_asked(request.args.get("days", ""))
    return days, up_to(shop().day(now()), days)


@caller("session", reads="members")
def orders() -> Response:
    """The orders of the period: those of members, those with a code, or all."""
    days, period = _asked()
    who = request.args.get("who", "")
    who = who if who in WHO else "all"
    with transaction() as conn:
        by = refresh_days.by_of(shop())
        rows, goes_on = outcome_rows.orders_of(conn, shop().id, period, by, who, _order_mark())
        names = _names(conn, {row.member_id for row in rows if row.member_id is not None})
        reading("members", len(names))
    return page(
        "admin/home/outcome_orders.html",
        days=days,
        who=who,
        choices=WHO,
        rows=rows,
        names=names,
        older=f"{goes_on[0].isoformat()}~{goes_on[1]}" if goes_on else "",
    )


@caller("session", reads="members")
def points() -> Response:
    """The entries of the ledger that gave points in the period, or used them."""
    days, period = _asked()
    which = request.args.get("which", "")
    which = which if which in WHICH else "given"
    with transaction() as conn:
        version = programmes.current(conn, shop().id, now())
        by = refresh_days.by_of(shop())
        rows, goes_on = outcome_rows.entries_of(conn, shop().id, period, by, which, _entry_mark())
        names = _names(conn, {row.member_id for row in rows})
        reading("members", len(names))
    return page(
        "admin/home/outcome_points.html",
        days=days,
        which=which,
        choices=WHICH,
        rows=rows,
        names=names,
        headline=headline,
        points_name=version.programme.points_name,
        older=f"{goes_on[0].isoformat()}~{goes_on[1]}" if goes_on else "",
    )


def _names(conn: Connection, ids: set[int]) -> Mapping[int, Member]:
    return members.by_ids(conn, shop().id, ids)


def _order_mark() -> tuple[date, int] | None:
    """Where the page begins; nonsense begins at the top."""
    value, _, number = request.args.get("before", "").partition("~")
    try:
        mark = date.fromisoformat(value), int(number)
    except ValueError:
        return None
    return mark if 0 < mark[1] < 2**63 else None


def _entry_mark() -> tuple[datetime, int] | None:
    value, _, number = request.args.get("before", "").partition("~")
    try:
        mark = datetime.fromisoformat(value), int(number)
    except ValueError:
        return None
    return mark if mark[0].tzinfo is not None and 0 < mark[1] < 2**63 else None
