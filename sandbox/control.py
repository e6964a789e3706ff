"""Machine-readable addresses of the sandbox itself: trouble, mails, deliveries, shops."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.local import Sandbox
from sandbox.signing import id_token


def blueprint(box: Sandbox) -> Blueprint:
    """Routes that tests and scripts use."""
    routes = Blueprint("control", __name__)

    @routes.get("/trouble.json")
    def trouble() -> Response:
        return jsonify(box.trouble.as_dict())

    @routes.post("/trouble.json")
    def set_trouble() -> Any:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            return {"error": "a JSON object of switches is needed"}, 400
        try:
            if asked.pop("calm", False):
                box.trouble.calm()
            box.trouble.set(**asked)
        except (TypeError, ValueError) as error:
            return {"error": str(error)}, 400
        return jsonify(box.trouble.as_dict())

    @routes.get("/mailbox.json")
    def mails() -> Response:
        limit = request.args.get("limit", 100, int)
        return jsonify([mail.as_dict() for mail in box.post.list(request.args.get("to", ""), limit)])

    @routes.delete("/mailbox.json")
    def clear_mails() -> tuple[str, int]:
        box.post.clear()
        return "", 204

    @routes.get("/deliveries.json")
    def deliveries() -> Response:
        rows = box.world.rows.read(
            "SELECT webhook_id, shop, topic, state, attempts, answer, triggered_at FROM deliveries "
            "ORDER BY rowid DESC LIMIT ?",
            (request.args.get("limit", 200, int),),
        )
        names = ("webhook_id", "shop", "topic", "state", "attempts", "answer", "triggered_at")
        return jsonify([dict(zip(names, row, strict=True)) for row in rows])

    @routes.get("/shops.json")
    def shops() -> Response:
        return jsonify([{**shop.settings, "orders": len(shop.order)} for shop in box.world.shops.values()])

    @routes.get("/shops/<domain>/id-token")
    def fresh_token(domain: str) -> Response:
        if domain not in box.world.shops:
            abort(404)
        options = box.options
        token = id_token(options.api_key, options.api_secret, domain, options.id_token_seconds)
        answer = jsonify({"id_token": token})
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    @routes.get("/healthz")
    def healthy() -> dict[str, Any]:
        return {"ok": True, "shops": len(box.world.shops), "pending": box.dispatcher.pending()}

    return routes
