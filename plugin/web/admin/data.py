"""What customers asked for under privacy law: exports to hand on, and erasures with their proof."""

from __future__ import annotations

import orjson
from flask import Flask, Response

from plugin.store import privacy
from plugin.store.privacy import PrivacyRequest
from plugin.web.admin.layout import found, page, row_id
from plugin.web.auth import caller
from plugin.web.current import reading, shop, transaction

SINGULAR = {"members": "member", "orders": "order", "deliveries": "delivery"}
KINDS = {
    "customers/data_request": "A customer's data",
    "customers/redact": "Erasure of a customer",
    "shop/redact": "Erasure of the shop",
}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/data", view_func=data)
    app.add_url_rule("/app/settings/data/<int:request_id>", view_func=data_export)


def outcome(asked: PrivacyRequest) -> str:
    """What an erasure did, in words."""
    done = asked.result
    if done.get("unclear"):
        return f"Nothing erased: {done['unclear']} accounts had this telephone. Ask the customer for an email address."
    if done.get("known") is False:
        return "Nobody known: Suki keeps nothing about this person"
    counts = [(name, int(done[name])) for name in ("members", "orders", "deliveries") if name in done]
    said = ", ".join(f"{count:,} {name if count != 1 else SINGULAR[name]}" for name, count in counts)
    return f"Erased: {said}" if said else "Done"


@caller("session", reads="data_requests")
def data() -> Response:
    """The requests that Shopify passed on, newest first."""
    with transaction() as conn:
        requests = privacy.latest(conn, shop().id)
        reading("data_requests", len(requests))
    return page("data.html", requests=requests, kinds=KINDS, outcome=outcome)


@caller("session", role="manager", reads="data_request")
def data_export(request_id: int) -> Response:
    """One export, to copy and hand on to the customer."""
    with transaction() as conn:
        request = found(privacy.get(conn, shop().id, row_id(request_id)))
        reading("data_request")
    export = request if request.done_at and request.kind == "customers/data_request" else None
    text = orjson.dumps(dict(found(export).result), option=orjson.OPT_INDENT_2).decode()
    return page("data_export.html", asked=request, text=text)
