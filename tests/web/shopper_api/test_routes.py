"""Every call of the surfaces stands behind the door that proves its caller."""

from __future__ import annotations

from flask import Flask

from plugin.web import surfaces
from plugin.web.auth import declared_caller


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
