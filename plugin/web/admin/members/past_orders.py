"""Members › Past orders: points for orders from before they counted, looked at first, counted, undone as a whole."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.orders import past_orders
from plugin.errors import BadInput, Conflict
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.privacy import kept_for
from plugin.rules.tiers import placing
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.words.texts import Said
from plugin.store.orders import past_runs
from plugin.store.orders.past_runs import UNDER_WAY, PastRun
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction

ONE = "/app/members/past-orders/<int:run_id>"
ALL_ORDERS = "read_all_orders"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/members/past-orders", "past_orders", shown)
    app.add_url_rule("/app/members/past-orders", "plan_past_orders", plan, methods=["POST"])
    app.add_url_rule(ONE, "past_orders_run", one)
    app.add_url_rule(f"{ONE}/count", "count_past_orders", count, methods=["POST"])
    app.add_url_rule(f"{ONE}/cancel", "cancel_past_orders", cancel, methods=["POST"])
    app.add_url_rule(f"{ONE}/undo", "undo_past_orders", undo, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """From which day to which, by which rules, and the runs there were."""
    first = shop().day(shop().counts_from) - timedelta(days=60)
    last = shop().day(shop().counts_from)
    values = {"since": first.isoformat(), "until": last.isoformat(), "judged_by": "now"}
    return _page(Form(values, {}))


def _page(form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        runs = past_runs.latest(conn, shop().id)
    return page(
        "admin/members/moving/past_orders.html", status, form=form, runs=runs, all_orders=ALL_ORDERS in shop().scopes,
        counts_from=shop().counts_from,
    )  # fmt: skip


@caller("session", role="manager")
def plan() -> AnyResponse:
    """Read the orders, and see what they would bring."""
    form = request.form.to_dict()
    try:
        since, until = _moment(form, "since"), _moment(form, "until") + timedelta(days=1)
        with transaction() as conn:
            judged_by: past_orders.JudgedBy = "then" if form.get("judged_by") == "then" else "now"
            number = past_orders.plan(conn, shop(), since, until, judged_by, staff().actor, now())
    except BadInput as error:
        return _page(Form(form, error.fields, error.message), error.status)
    except Conflict as error:
        return _page(Form(form, {}, error.message), error.status)
    return go("past_orders_run", run_id=number)


def _moment(form: dict[str, str], name: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(form.get(name, "")), time.min, shop().zone)
    except ValueError:
        raise BadInput(NOT_RIGHT, {name: Said("members.import.no_day")}) from None


@caller("session", reads="past_orders_run")
def one(run_id: int) -> Response:
    """What a run brings, or how far it is."""
    with transaction() as conn:
        run = found(past_runs.get(conn, shop().id, row_id(run_id)))
        tiers = programmes.current(conn, shop().id, now()).programme.tiers
        top = past_runs.top_members(conn, shop().id, run.id)
        reaching = _reaching(conn, run, tiers) if run.state == "ready" else []
        name = programmes.current(conn, shop().id, now()).programme.points_name
        reading("past_orders_run", len(top))
    return page(
        "admin/members/moving/past_orders_run.html", run=run, top=top, reaching=reaching, points_name=name,
        undo_until=_undo_until(run),
        last_day=shop().last_day(run.until), first_day=shop().day(run.since), under_way=run.state in UNDER_WAY,
    )  # fmt: skip


def _undo_until(run: PastRun) -> datetime | None:
    """Until when it can be undone; None once that is over, or where there is nothing to undo."""
    until = kept_for.undo_ends("past_runs", run.done_at) if run.state == "done" and run.done_at else None
    return until if until and now() < until else None


def _reaching(conn: Connection, run: PastRun, tiers: Tiers) -> list[tuple[str, int]]:
    """How many members these orders alone would lift into each tier, or above."""
    if not tiers.levels:
        return []
    marks = [enter for enter, _ in placing.marks(tiers, shop().currency)]
    first = placing.window_start(tiers, shop().day(now()))
    since = None if first == date.min else datetime.combine(first, time.min, shop().zone)
    counts = past_runs.reaching(conn, shop().id, run.id, tiers.metric, since, marks)
    return [(tier.name, number) for tier, number in zip(tiers.levels, counts, strict=True)]


@caller("session", role="manager")
def count(run_id: int) -> AnyResponse:
    """Give the points."""
    with transaction() as conn:
        past_orders.confirm(conn, shop(), row_id(run_id), staff().actor, now())
    return go("past_orders_run", run_id=run_id)


@caller("session", role="manager")
def cancel(run_id: int) -> AnyResponse:
    """Stop, and take back what was given."""
    with transaction() as conn:
        past_orders.cancel(conn, shop(), row_id(run_id), staff().actor, now())
    return go("past_orders_run", run_id=run_id)


@caller("session", role="manager")
def undo(run_id: int) -> AnyResponse:
    """Take back what a run gave, once staff have said that they mean it."""
    if not request.form.get("sure"):
        return go("past_orders_run", run_id=run_id, unsure="1")
    with transaction() as conn:
        past_orders.undo(conn, shop(), row_id(run_id), staff().actor, now())
    return go("past_orders_run", run_id=run_id)
