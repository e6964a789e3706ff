"""The shopper API as OpenAPI describes it: every call with its shapes, from which the extensions' types are made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import orjson
from flask import Flask, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from plugin.web import surfaces
from plugin.web.api.shapes import Problem
from plugin.web.auth import caller
from plugin.web.shopper.api import act_shapes, shapes, staff_shapes, values
from plugin.web.shopper.api.values import Shape

Who = Literal["shoppers", "tokens", "staff"]
WHERE: Final = {"shoppers": surfaces.SHOPPERS, "tokens": surfaces.SHOPPERS, "staff": surfaces.STAFF}


@dataclass(frozen=True)
class Call:
    """One call. `shoppers` ask it on the storefront, too; `asked` are the values of its query."""

    who: Who
    method: Literal["get", "post"]
    path: str
    summary: str
    gives: type[BaseModel]
    takes: type[BaseModel] | None = None
    asked: tuple[str, ...] = ()


CALLS: Final = (
    Call("shoppers", "get", "/me", "Who asks, and what they have", shapes.Me),
    Call("shoppers", "get", "/programme", "The whole programme, for guests too", shapes.ProgrammePage),
    Call("shoppers", "get", "/rewards", "What the member may redeem, or why not", shapes.Rewards),
    Call("shoppers", "post", "/cart", "What a cart earns and can use", shapes.CartJudged, shapes.CartIn),
    Call("shoppers", "get", "/held", "What was redeemed or given", shapes.HeldList, asked=("before", "only")),
    Call("shoppers", "get", "/held/{held_id}", "One redemption", shapes.Held),
    Call("shoppers", "get", "/entries", "What was posted, and why", shapes.Entries, asked=("before",)),
    Call("shoppers", "post", "/history-link", "The history as a file, for five minutes", values.FileLink, shapes.KeyIn),
    Call("shoppers", "get", "/activities", "Ways to earn", shapes.Activities),
    Call("shoppers", "get", "/invitation", "The member's own link for friends", values.Invitation),
    Call("tokens", "get", "/orders/{order_id}", "One order for its buyer", shapes.OrderNow, asked=("checkout_token",)),
    Call("shoppers", "post", "/redeem", "Spend points on a reward", shapes.Redeemed, shapes.RedeemIn),
    Call("shoppers", "post", "/held/{held_id}/release", "Give it back", shapes.Redeemed, act_shapes.ReleaseIn),
    Call("shoppers", "post", "/held/{held_id}/show", "A code that the second step shows", shapes.Done, shapes.KeyIn),
    Call("shoppers", "post", "/activities/{activity_id}", "Done: give the points", shapes.Done, shapes.KeyIn),
    Call("shoppers", "post", "/profile", "Birthday and emails", shapes.Done, act_shapes.ProfileIn),
    Call("shoppers", "post", "/join", "Join, or come back", shapes.Done, shapes.KeyIn),
    Call("shoppers", "post", "/leave", "Leave, by a link that is sent", shapes.Done, shapes.KeyIn),
    Call("shoppers", "post", "/survey", "Answer the question", shapes.Done, act_shapes.SurveyIn),
    Call("tokens", "post", "/claim", "Have the points of a guest's order claimed", shapes.Done, act_shapes.ClaimIn),
    Call("staff", "get", "/me", "What this account may do", staff_shapes.StaffMay),
    Call("staff", "get", "/members", "Find members", staff_shapes.MembersFound, asked=("search",)),
    Call("staff", "get", "/customers/{customer_id}", "A customer as a member", staff_shapes.StaffView),
    Call("staff", "post", "/customers/{customer_id}/cart", "A customer's cart at the till; nothing is changed",
         shapes.CartJudged, shapes.CartIn),
    Call("staff", "post", "/customers/{customer_id}/adjust", "Give or take points", shapes.Done, staff_shapes.AdjustIn),
    Call("staff", "post", "/customers/{customer_id}/redeem", "Redeem for them", shapes.Redeemed, shapes.RedeemIn),
    Call("staff", "post", "/customers/{customer_id}/held/{held_id}/release", "Give it back for them", shapes.Redeemed,
         act_shapes.ReleaseIn),
    Call("staff", "post", "/customers/{customer_id}/birthday", "Give the birthday's points", shapes.Done, shapes.KeyIn),
    Call("staff", "post", "/customers/{customer_id}/join", "Have them join", shapes.Done, shapes.KeyIn),
    Call("staff", "get", "/orders/{order_id}", "What an order earned, and why", staff_shapes.StaffOrder),
)  # fmt: skip
_QUERY: Final = {
    "before": ("The `before` of the page before.", {"type": "integer", "minimum": 1}),
    "only": (
        "What is still to be used or under way (`open`), or what is not (`over`).",
        {"type": "string", "enum": ["open", "over"]},
    ),
    "checkout_token": ("The checkout's own token, which proves whose order it is.", {"type": "string"}),
    "search": ("The beginning of an email address or a name, or a customer's number.", {"type": "string"}),
    "locale": ("The reader's language. It changes texts only.", {"type": "string"}),
}
_WHY_NOT: Final = {
    400: "The request cannot be read.",
    401: "The token is missing, wrong or too old.",
    403: "`not_launched`, `not_installed`: show nothing at all. `no_member`: this is for members."
    " Of staff: another role.",
    404: "We couldn't find it, or it belongs to another customer.",
    409: "`expired_page`: the key is not of an answer that was given here. `price_changed`: the reward is not what was"
    " shown. Nothing was done.",
    413: "The body is larger than 128 KB.",
    415: "The body is not JSON.",
    422: "A field is wrong, or the rules do not allow it: `code` says why.",
    429: "Too many calls within the hour; `Retry-After` says when again.",
    503: "Not available at the moment; nothing was done.",
}


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule(f"{surfaces.SHOPPERS}/openapi.json", "shopper_description", description)


@caller("public")
def description() -> Response:
    """The document."""
    return Response(_text(), content_type="application/json")


@cache
def _text() -> bytes:
    return orjson.dumps(document())


def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        paths.setdefault(WHERE[call.who] + call.path, {})[call.method] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Shopper API",
            "version": "1",
            "description": "For the surfaces of Suki itself. The storefront asks the calls of shoppers at"
            f" {surfaces.STOREFRONT} by the app proxy; checkout and accounts send their session token, staff that of"
            " the admin or the till. Everything that people read comes as a `text` in their language.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def schemas() -> dict[str, Any]:
    """Every shape by its name, those that no call of this version answers included."""
    found = {
        name: each
        for module in (values, shapes, act_shapes, staff_shapes)
        for name, each in vars(module).items()
        if isinstance(each, type) and issubclass(each, Shape) and each is not Shape
    }
    models = [(each, "validation") for _, each in sorted({**found, "Problem": Problem}.items())]
    _, made = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return dict(made["$defs"])


def _name(call: Call) -> str:
    """What programs call it by: `getShoppersHeldHeld_id`."""
    words = [word for word in re.split(r"\W", f"{call.method}/{call.who}{call.path}") if word]
    return words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])


def _operation(call: Call) -> dict[str, Any]:
    named = re.findall(r"{(\w+)}", call.path)
    made: dict[str, Any] = {
        "operationId": _name(call),
        "summary": call.summary,
        "tags": [call.who],
        "parameters": [*map(_in_path, named), *map(_in_query, (*call.asked, "locale"))],
        "responses": {"200": _answer(call.summary, call.gives), **_problems(call)},
    }
    if call.takes is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(call.takes)}}}
    return made


def _in_path(name: str) -> dict[str, Any]:
    """A number, but for what the programme names by its own word."""
    schema = {"type": "string"} if name == "activity_id" else {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(name: str) -> dict[str, Any]:
    words, schema = _QUERY[name]
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _answer(words: str, shape: type[BaseModel]) -> dict[str, Any]:
    return {"description": f"{words}.", "content": {"application/json": {"schema": _ref(shape)}}}


def _problems(call: Call) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref(Problem)}}
    sent = (400, 409, 413, 415) if call.takes is not None else ()
    return {str(status): {"description": _WHY_NOT[status], "content": content}
            for status in sorted((401, 403, 404, 422, 429, 503, *sent))}  # fmt: skip
