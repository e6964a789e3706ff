"""The API as OpenAPI describes it, for people and for programs that read it."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
from flask import Flask, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from plugin.web.api.shapes import ActivityIn, ActivityOut, EntriesOut, MemberOut, OrderOut, Problem, RewardsOut
from plugin.web.auth import caller

_SHAPES: tuple[type[BaseModel], ...] = (ActivityIn, ActivityOut, EntriesOut, MemberOut, OrderOut, Problem, RewardsOut)
_WHY_NOT = {
    400: "The request cannot be read.",
    401: "The key is missing, wrong or revoked.",
    403: "The key is for something else: make one with the scope that this call names.",
    404: "We couldn't find that member, order or activity.",
    409: "The key was used for another member; or the programme is not launched, or earning is paused: see `code`.",
    413: "The body is larger than 16 KB.",
    415: "The body is not JSON.",
    422: "A field is wrong, or the rules do not allow it: `code` says why.",
    429: "Too many calls; `Retry-After` says when again.",
    503: "Not available at the moment; nothing was done.",
}


NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
BEFORE = {"name": "before", "in": "query", "description": "The `before` of the page before.", "schema": NUMBER}
SENTENCES = (
    {
        "name": "audience",
        "in": "query",
        "description": "For whom the sentences are: staff read English, shoppers their own language.",
        "schema": {"type": "string", "enum": ["staff", "shopper"], "default": "staff"},
    },
    {
        "name": "locale",
        "in": "query",
        "description": "The language for shoppers, such as `fil`; otherwise the member's, else the shop's.",
        "schema": {"type": "string"},
    },
)


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/api/v1/openapi.json", "api_description", description)


@caller("public")
def description() -> Response:
    """The document."""
    return Response(_text(), content_type="application/json")


@cache
def _text() -> bytes:
    return orjson.dumps(document(), option=orjson.OPT_NON_STR_KEYS)


def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    _, schemas = models_json_schema(
        [(shape, "validation") for shape in _SHAPES], ref_template="#/components/schemas/{model}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Suki",
            "version": "1",
            "description": "Report what members did, and ask what they have. Make a key in the panel under"
            " Settings, Automation, and send it as `Authorization: Bearer suki_…`. 120 calls a minute per key.",
        },
        "security": [{"key": []}],
        "paths": {
            "/api/v1/activities": {"post": _record()},
            "/api/v1/members/{customer_id}": {
                "get": _read("getMember", "What a customer has, and where they stand", "customer_id", "MemberOut")
            },
            "/api/v1/members/{customer_id}/entries": {
                "get": _read("listEntries", "What was posted, and why", "customer_id", "EntriesOut", BEFORE)
            },
            "/api/v1/members/{customer_id}/rewards": {
                "get": _read("listRewards", "What a customer may redeem, or why not", "customer_id", "RewardsOut")
            },
            "/api/v1/orders/{order_id}": {
                "get": _read("getOrder", "What an order earns, and why", "order_id", "OrderOut")
            },
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _record() -> dict[str, Any]:
    return {
        "operationId": "recordActivity",
        "summary": "Report an activity",
        "description": "Needs a key with the scope `report`; `member` is answered to one that also has `read`.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("ActivityIn")}}},
        "responses": {
            "201": _answer("The points were given.", "ActivityOut"),
            "200": _answer("They had been given before, by the same key.", "ActivityOut"),
            **_problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
        },
    }


def _read(operation: str, summary: str, whose: str, shape: str, *more: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "description": "Needs a key with the scope `read`.",
        "parameters": [{"name": whose, "in": "path", "required": True, "schema": NUMBER}, *SENTENCES, *more],
        "responses": {"200": _answer(f"{summary}.", shape), **_problems(401, 403, 404, 422, 429, 503)},
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(words: str, shape: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _ref(shape)}}}


def _problems(*statuses: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {str(status): {"description": _WHY_NOT[status], "content": content} for status in statuses}
