"""Jobs: effects that are queued or were given up, with their error and another try."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions import retry_failed
from plugin.store import activity_pages
from plugin.store import jobs as job_store
from plugin.web.admin.deliveries import chosen_ids
from plugin.web.admin.layout import go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction

STATES = {"failed": "Failed", "queued": "Waiting"}
KINDS = {
    "code": "Create or disable a code in Shopify",
    "send_message": "Send a mail",
    "push_member": "Update a customer's metafields in Shopify",
    "fetch_product": "Read a product's tags and collections",
    "fetch_variant": "Read which items are reduced",
    "limits": "Look again at what limits leave of a member's orders",
    "fetch_order": "Read an order",
    "expire_points": "Look for points that end",
    "tiers": "Look at who stands in which tier",
    "tier_tag": "Tag a customer with the tier",
    "referral": "Judge a referral",
    "reconcile": "Compare orders with Shopify's",
    "export_customer": "Export a customer's data",
    "erase_customer": "Erase a customer's data",
    "erase_shop": "Erase the shop's data",
}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/activity/jobs", view_func=jobs)
    app.add_url_rule("/app/activity/jobs/retry", view_func=retry_jobs, methods=["POST"])


@caller("session")
def jobs() -> Response:
    """One page of one state, newest first."""
    with transaction() as conn:
        counts = activity_pages.counts(conn, shop().id, "jobs")
        wished = request.args.get("state", "failed" if counts.get("failed") else "queued")
        state = wished if wished in STATES else "failed"
        rows = job_store.page(conn, shop().id, state, number_from("before"), activity_pages.PAGE + 1)
    more = len(rows) > activity_pages.PAGE
    rows = rows[: activity_pages.PAGE]
    older = rows[-1].id if more else None
    return page("jobs.html", rows=rows, state=state, states=STATES, counts=counts, kinds=KINDS, older=older)


@caller("session")
def retry_jobs() -> AnyResponse:
    """Try one failed job again, or all of them."""
    ids = chosen_ids()
    with transaction() as conn:
        done = retry_failed.retry_jobs(conn, shop().id, ids, staff().actor, now())
    return go("jobs", done="retried" if done else "nothing", state=request.form.get("state", "failed")[:10])
