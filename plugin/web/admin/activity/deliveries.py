"""Deliveries: every webhook received, what became of it, and another try for what failed."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.work import retry_failed
from plugin.store.work import activity_pages
from plugin.web.admin.activity import masked
from plugin.web.admin.frame.layout import found, go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.words import t

STATES = ("all", "failed", "waiting", "refused")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/activity", view_func=deliveries)
    app.add_url_rule("/app/activity/deliveries/<int:delivery_id>", view_func=delivery)
    app.add_url_rule("/app/activity/deliveries/retry", view_func=retry_deliveries, methods=["POST"])


@caller("session", reads="nothing")
def deliveries() -> Response:
    """One page, newest first; by state, or one by its webhook id."""
    state = request.args.get("state", "all")
    state = state if state in STATES else "all"
    webhook_id = request.args.get("q", "").strip()[:128]
    with transaction() as conn:
        rows = activity_pages.deliveries(conn, shop().id, state, number_from("before"), webhook_id)
        counts = activity_pages.counts(conn, shop().id, "inbox")
    more = len(rows) > activity_pages.PAGE
    rows = rows[: activity_pages.PAGE]
    return page(
        "admin/activity/deliveries.html",
        rows=rows,
        state=state,
        states={each: t(f"activity.deliveries.state.{each}") for each in STATES},
        q=webhook_id,
        failed=counts.get("failed", 0),
        waiting=counts.get("new", 0),
        refused=counts.get("refused", 0),
        older=rows[-1].id if more else None,
    )


@caller("session", reads="delivery")
def delivery(delivery_id: int) -> Response:
    """One delivery: its headers, its error, and its body with personal data masked."""
    with transaction() as conn:
        one, body = found(activity_pages.delivery(conn, shop().id, delivery_id))
        reading("delivery")
    return page("admin/activity/delivery.html", one=one, body=masked.body_shown(body), size=len(body))


@caller("session", role="manager")
def retry_deliveries() -> AnyResponse:
    """Try one failed delivery again, or all of them."""
    ids = chosen_ids()
    with transaction() as conn:
        done = retry_failed.retry_deliveries(conn, shop().id, ids, staff().actor, now())
    return go("deliveries", done="retried" if done else "nothing", state=request.form.get("state", "all")[:10])


def chosen_ids() -> list[int] | None:
    """The ids that a form names; None for its "all"."""
    if request.form.get("all"):
        return None
    return [int(text) for text in request.form.getlist("id") if text.isascii() and text.isdigit() and len(text) < 19]
