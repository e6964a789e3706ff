"""What customers asked for under privacy law: exports to hand on, and erasures with their proof."""

from __future__ import annotations

import orjson
from flask import Flask, Response

from plugin.store import privacy
from plugin.web.admin.layout import found, page
from plugin.web.auth import caller
from plugin.web.current import shop, transaction

KINDS = {
    "customers/data_request": "A customer's data",
    "customers/redact": "Erasure of a customer",
    "shop/redact": "Erasure of the shop",
}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/data", view_func=data)
    app.add_url_rule("/app/settings/data/<int:request_id>", view_func=data_export)


@caller("session")
def data() -> Response:
    """The requests that Shopify passed on, newest first."""
    with transaction() as conn:
        requests = privacy.latest(conn, shop().id)
    return page("data.html", requests=requests, kinds=KINDS)


@caller("session")
def data_export(request_id: int) -> Response:
    """One export, to copy and hand on to the customer."""
    with transaction() as conn:
        request = found(privacy.get(conn, shop().id, request_id))
    export = request if request.done_at and request.kind == "customers/data_request" else None
    text = orjson.dumps(dict(found(export).result), option=orjson.OPT_INDENT_2).decode()
    return page("data_export.html", asked=request, text=text)
