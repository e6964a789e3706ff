"""The webhooks that were sent, for people and for programs."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import back
from sandbox.webhooks.subscriptions import ALL_TOPICS

COLUMNS = ("webhook_id", "shop", "topic", "state", "attempts", "answer", "triggered_at")


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the log of webhooks."""
    routes = Blueprint("webhooks", __name__)

    @routes.get("/deliveries")
    def deliveries() -> str:
        topic, state = request.args.get("topic", ""), request.args.get("state", "")
        counts = box.world.rows.read("SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY 2 DESC")
        return render_template(
            "deliveries.html", options=box.options, rows=_newest(box, 200, topic, state), counts=counts,
            topics=ALL_TOPICS, topic=topic, state=state, pending=box.dispatcher.pending(),
        )  # fmt: skip

    @routes.get("/deliveries/<webhook_id>")
    def delivery(webhook_id: str) -> str:
        found = box.dispatcher.stored(webhook_id) or abort(404)
        row = box.world.rows.read("SELECT state, attempts, answer FROM deliveries WHERE webhook_id=?", (webhook_id,))[0]
        body = json.dumps(json.loads(found.body), indent=1, ensure_ascii=False)
        return render_template("delivery.html", options=box.options, delivery=found, row=row, body=body)

    @routes.post("/deliveries/<webhook_id>/again")
    def again(webhook_id: str) -> Any:
        if not box.dispatcher.send_again(webhook_id):
            abort(404)
        return back(f"/deliveries/{webhook_id}", "Sent once more.")

    @routes.get("/deliveries.json")
    def listing() -> Response:
        rows = _newest(box, request.args.get("limit", 200, int))
        return jsonify([dict(zip(COLUMNS, row, strict=True)) for row in rows])

    return routes


def _newest(box: Sandbox, limit: int, topic: str = "", state: str = "") -> list[tuple[Any, ...]]:
    return box.world.rows.read(
        f"SELECT {', '.join(COLUMNS)} FROM deliveries WHERE (?='' OR topic=?) AND (?='' OR state=?) "
        "ORDER BY rowid DESC LIMIT ?",
        (topic, topic, state, state, limit),
    )
