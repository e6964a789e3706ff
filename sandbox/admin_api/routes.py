"""The addresses that the app calls: GraphQL and tokens."""

from __future__ import annotations

import socket
from threading import Event
from typing import Any

import orjson
from flask import Blueprint, Response, request

from sandbox import tokens
from sandbox.admin_api.calls import Calls
from sandbox.state import Shop, World
from sandbox.trouble import Trouble

BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, mimetype="application/json")


def blueprint(calls: Calls, world: World, trouble: Trouble, stopping: Event) -> Blueprint:
    """Routes of the Admin API."""
    routes = Blueprint("admin_api", __name__)

    @routes.post("/shops/<domain>/admin/api/<version>/graphql.json")
    def graphql(domain: str, version: str) -> Response:
        shop = world.shops.get(domain)
        if shop is None or version != calls.options.api_version:
            return _json({"errors": "Not Found"}, 404)
        hindered = _hindered(trouble, stopping, shop)
        if hindered is not None:
            return hindered
        try:
            asked = orjson.loads(request.get_data())
        except orjson.JSONDecodeError:
            return _json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        writes = isinstance(asked, dict) and "mutation" in str(asked.get("query"))
        if writes and trouble.strikes("graphql_never_came"):
            _drop_connection()
            return _json({})
        answer = calls.call(shop, asked, trouble.strikes("graphql_throttle"))
        if trouble.strikes("graphql_lost_answer") or (writes and trouble.strikes("graphql_lost_write")):
            _drop_connection()
        return _json(answer)

    @routes.post("/shops/<domain>/admin/oauth/access_token")
    def access_token(domain: str) -> Response:
        shop = world.shops.get(domain)
        if shop is None:
            return _json({"error": "invalid_request", "error_description": "No such shop"}, 404)
        if trouble.strikes("token_5xx"):
            return _json({"error": "temporarily_unavailable"}, 503)
        if trouble.strikes("token_403"):
            return _json({"error": "forbidden"}, 403)
        asked = request.get_json(silent=True) or request.form.to_dict()
        status, body = tokens.grant(calls.options, shop, asked if isinstance(asked, dict) else {})
        return _json(body, status)

    _bulk(routes, calls, world)
    return routes


def _bulk(routes: Blueprint, calls: Calls, world: World) -> None:
    @routes.get("/shops/<domain>/bulk/<int:number>-<key>.jsonl")
    def bulk_lines(domain: str, number: int, key: str) -> Response:
        """What a bulk query found: whoever has the address may read it, for a week at Shopify."""
        shop = world.shops.get(domain)
        one = shop.bulk.get(number) if shop else None
        if shop is None or one is None or one.get("key") != key:
            return _json({"errors": "Not Found"}, 404)
        return Response(calls.bulk_lines(shop, one), mimetype="application/jsonl")


def _hindered(trouble: Trouble, stopping: Event, shop: Shop) -> Response | None:
    given = request.headers.get("X-Shopify-Access-Token", "")
    if trouble.strikes("graphql_401") or not tokens.is_valid(shop, given):
        return _json({"errors": BAD_TOKEN}, 401)
    if trouble.strikes("graphql_5xx"):
        return _json({"errors": "Bad Gateway"}, 502)
    if trouble.strikes("graphql_hang"):
        stopping.wait(trouble.settings.graphql_hang_seconds)
        return _json({"errors": "Gateway Timeout"}, 504)
    if seconds := trouble.settings.graphql_slow_seconds:
        stopping.wait(seconds)
    return None


def _drop_connection() -> None:
    """The work is done, but nobody hears of it."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
