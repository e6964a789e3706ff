"""Every call of the surfaces stands behind the door that proves its caller."""

from __future__ import annotations

import re

from flask import Flask

from plugin.web import surfaces
from plugin.web.auth import declared_caller
from plugin.web.shopper.api.description import CALLS, document


def test_what_stands_behind_a_surface_s_door_is_for_whoever_the_door_is_for(app: Flask) -> None:
    doors = {surfaces.STOREFRONT: "proxy", surfaces.SHOPPERS: "shopper", surfaces.STAFF: "session"}
    wrong = [
        (rule.rule, kind)
        for rule in app.url_map.iter_rules()
        for start, owner in doors.items()
        if rule.rule.startswith(f"{start}/")
        and (kind := declared_caller(app.view_functions[rule.endpoint])) != owner
        and rule.rule != "/shopper/v1/openapi.json"
    ]
    assert wrong == []


def test_the_document_names_every_call_and_no_other(app: Flask) -> None:
    doors = (f"{surfaces.SHOPPERS}/", f"{surfaces.STAFF}/")
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(doors) and not rule.rule.endswith("/openapi.json")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, each in document()["paths"].items() for method in each}
    assert described == routes


def test_the_storefront_has_every_call_of_shoppers(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    missing = [
        call.path
        for call in CALLS
        if call.who == "shoppers" and not any(_same(rule, surfaces.STOREFRONT + call.path) for rule in rules)
    ]
    assert missing == []


def _same(rule: str, path: str) -> bool:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule) == path


def test_the_document_answers_everybody_and_names_each_call_once(app: Flask) -> None:
    answer = app.test_client().get("/shopper/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json == document()
    ids = [each["operationId"] for path in answer.json["paths"].values() for each in path.values()]
    assert len(ids) == len(set(ids))
