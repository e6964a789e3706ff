"""The gate before the API: which header opens it, and what is said to a key that is for something else."""

from __future__ import annotations

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.actions.shops import api_keys
from plugin.rules.access.roles import SCOPE_WORDS, Scope
from plugin.settings import Settings
from plugin.web.auth import caller
from tests.conftest import ShopRow
from tests.web.api.test_api import new_key
from tests.web.api.test_api_scopes import key_for
from tests.web.conftest import make_open


@pytest.fixture
def calls(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Flask:
    """A call for each scope, and one that names none."""
    make_open(engine, settings, shop)
    for scope in SCOPE_WORDS:
        app.add_url_rule(f"/{scope}", scope, caller("key", scope=scope, reads="nothing")(lambda: "inside"))
    app.add_url_rule("/unscoped", "unscoped", caller("key", reads="nothing")(lambda: "inside"))
    return app


def ask(app: Flask, path: str, authorization: str) -> TestResponse:
    return app.test_client().get(path, headers={"Authorization": authorization})


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_key_is_a_bearers_however_that_is_written(calls: Flask, engine: Engine, shop: ShopRow, scheme: str) -> None:
    assert ask(calls, "/read", f"{scheme} {new_key(engine, shop)}").text == "inside"


@pytest.mark.parametrize("scheme", ["Basic ", "Token ", " ", ""])
def test_a_good_key_in_another_scheme_is_none(calls: Flask, engine: Engine, shop: ShopRow, scheme: str) -> None:
    before = turned_away("no key")
    answer = ask(calls, "/read", f"{scheme}{new_key(engine, shop)}")
    assert (answer.status_code, "Authorization: Bearer suki_" in answer.text) == (401, True)
    assert turned_away("no key") == before + 1


@pytest.mark.parametrize("scope", list(SCOPE_WORDS))
def test_a_key_for_something_else_is_told_what_it_lacks(
    calls: Flask, engine: Engine, shop: ShopRow, scope: Scope
) -> None:
    others = [one for one in SCOPE_WORDS if one != scope]
    before = turned_away("wrong scope")
    answer = ask(calls, f"/{scope}", f"Bearer {key_for(engine, shop, *others)}")
    said = f"This API key needs the permission “{SCOPE_WORDS[scope]}”. Create a key in Settings, Automation."
    assert (answer.status_code, said in answer.text) == (403, True)
    assert turned_away("wrong scope") == before + 1


def test_a_call_that_names_no_scope_is_open_to_no_key(calls: Flask, engine: Engine, shop: ShopRow) -> None:
    answer = ask(calls, "/unscoped", f"Bearer {key_for(engine, shop, *SCOPE_WORDS)}")
    assert (answer.status_code, "This API key needs the permission “nothing”." in answer.text) == (403, True)


def test_each_answer_says_how_many_calls_are_left(calls: Flask, engine: Engine, shop: ShopRow) -> None:
    key = new_key(engine, shop)
    first, second = ask(calls, "/read", f"Bearer {key}"), ask(calls, "/read", f"Bearer {key}")
    assert [answer.headers["RateLimit-Limit"] for answer in (first, second)] == [str(api_keys.CALLS_A_MINUTE)] * 2
    left = [int(answer.headers["RateLimit-Remaining"]) for answer in (first, second)]
    assert left == [api_keys.CALLS_A_MINUTE - 1, api_keys.CALLS_A_MINUTE - 2]
    assert 1 <= int(first.headers["RateLimit-Reset"]) <= 60


def turned_away(why: str) -> float:
    return REGISTRY.get_sample_value("suki_api_refused_total", {"why": why}) or 0
