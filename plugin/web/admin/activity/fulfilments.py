"""Activity › To do: what staff do or send for members who redeemed it."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.rewards import fulfil_rewards
from plugin.errors import Denied
from plugin.store.members import members
from plugin.store.rewards import fulfilments as store
from plugin.store.rewards import redemptions
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import found, go, number_from, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.words import t

STATES = ("open", "done", "cancelled")
ONE = "/app/activity/to-do/<int:number>"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/activity/to-do", view_func=fulfilments)
    app.add_url_rule(ONE, view_func=fulfilment)
    app.add_url_rule(f"{ONE}/<any(done, cancelled):what>", "end_fulfilment", end, methods=["POST"])


@caller("session", reads="fulfilments")
def fulfilments() -> Response:
    """One page of one state: what is open, oldest first; the rest, newest first."""
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    with transaction() as conn:
        rows = store.page(conn, shop().id, state, number_from("start"))
        made = redemptions.by_ids(conn, shop().id, [row.redemption_id for row in rows])
        people = members.by_ids(conn, shop().id, {one.member_id for one in made.values()})
        counts = store.counts(conn, shop().id)
        reading("fulfilments", min(len(rows), store.PAGE), fields={"state": request.args.get("state")})
    more = rows[store.PAGE].redemption_id if len(rows) > store.PAGE else None
    return page(
        "admin/activity/fulfilments.html",
        rows=rows[: store.PAGE],
        made=made,
        people=people,
        counts=counts,
        state=state,
        states={each: t(f"activity.fulfilments.state.{each}") for each in STATES},
        more=more,
    )


@caller("session", reads="fulfilment")
def fulfilment(number: int) -> Response:
    """One thing to do, with what to do."""
    return _one(number)


def _one(number: int, message: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        made = found(redemptions.get(conn, shop().id, row_id(number)))
        todo = found(store.by_ids(conn, shop().id, [number]).get(number))
        member = found(members.get(conn, shop().id, made.member_id))
        name = programmes.current(conn, shop().id, now()).programme.points_name
        reading("fulfilment")
    return page(
        "admin/activity/fulfilment.html",
        status,
        made=made,
        todo=todo,
        member=member,
        points_name=name,
        message=message,
    )


@caller("session", role="manager")
def end(number: int, what: str) -> AnyResponse:
    """It is done, or cannot be."""
    number = row_id(number)
    carry_out = fulfil_rewards.fulfil if what == "done" else fulfil_rewards.cancel
    note, told = request.form.get("note", ""), request.form.get("told", "")
    try:
        with transaction() as conn:
            carry_out(conn, shop(), number, note, told, staff().actor, now())
    except Denied as error:
        return _one(number, error.message, error.status)
    return go("fulfilments", done="adjusted")
