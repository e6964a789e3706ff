"""The addresses that the app calls: GraphQL and tokens."""

from __future__ import annotations

import socket
from typing import Any

import orjson
from flask import Blueprint, Response, request

from sandbox import tokens
from sandbox.local import Sandbox
from sandbox.state import Shop

BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, mimetype="application/json")


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the Admin API."""
    routes = Blueprint("admin_api", __name__)

    @routes.post("/shops/<domain>/admin/api/<version>/graphql.json")
    def graphql(domain: str, version: str) -> Response:
        shop = box.world.shops.get(domain)
        if shop is None or version != box.options.api_version:
            return _json({"errors": "Not Found"}, 404)
        hindered = _hindered(box, shop)
        if hindered is not None:
            return hindered
        try:
            asked = orjson.loads(request.get_data())
        except orjson.JSONDecodeError:
            return _json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        writes = isinstance(asked, dict) and "mutation" in str(asked.get("query"))
        if writes and box.trouble.strikes("graphql_never_came"):
            _drop_connection()
            return _json({})
        answer = box.calls.call(shop, asked, box.trouble.strikes("graphql_throttle"))
        if box.trouble.strikes("graphql_lost_answer") or (writes and box.trouble.strikes("graphql_lost_write")):
            _drop_connection()
        return _json(answer)

    @routes.post("/shops/<domain>/admin/oauth/access_token")
    def access_token(domain: str) -> Response:
        shop = box.world.shops.get(domain)
        if shop is None:
            return _json({"error": "invalid_request", "error_description": "No such shop"}, 404)
        if box.trouble.strikes("token_5xx"):
            return _json({"error": "temporarily_unavailable"}, 503)
        if box.trouble.strikes("token_403"):
            return _json({"error": "forbidden"}, 403)
        asked = request.get_json(silent=True) or request.form.to_dict()
        status, body = tokens.grant(box.options, shop, asked if isinstance(asked, dict) else {})
        return _json(body, status)

    return routes


def _hindered(box: Sandbox, shop: Shop) -> Response | None:
    given = request.headers.get("X-Shopify-Access-Token", "")
    if box.trouble.strikes("graphql_401") or not tokens.is_valid(shop, given):
        return _json({"errors": BAD_TOKEN}, 401)
    if box.trouble.strikes("graphql_5xx"):
        return _json({"errors": "Bad Gateway"}, 502)
    if box.trouble.strikes("graphql_hang"):
        box.stopping.wait(box.trouble.settings.graphql_hang_seconds)
        return _json({"errors": "Gateway Timeout"}, 504)
    return None


def _drop_connection() -> None:
    """The work is done, but nobody hears of it."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
