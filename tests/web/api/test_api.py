"""The public API: who may call, what it takes, and how it says no."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as how
from prometheus_client import REGISTRY
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.actions.shops import api_keys
from plugin.rules.activities.activity_rules import Custom
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import api_keys as stored
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.web.api.description import document
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ACTIVITIES, MEMBER = "/api/v1/activities", "/api/v1/members/7"
RULES = Programme(
    points_name="stars",
    activities=(Custom(id="areview", name="Review", points=50, word="review", per_day=1),),
    rewards=(AmountOff(id="rfive", name="5 off", points=200, value=5),),
    tiers=PRESETS["yearly_spend"],
)
REVIEW = {"customer_id": 7, "activity": "review", "key": "review-1"}


class Program:
    """Something that calls the API with a key."""

    def __init__(self, app: Flask, key: str) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.key = key

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers={"Authorization": f"Bearer {self.key}"})

    def send(self, body: Any, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.client.post(
            ACTIVITIES, data=json.dumps(body), content_type="application/json", headers=headers, **more
        )


def new_key(engine: Engine, shop: ShopRow) -> str:
    with shop_transaction(engine, shop.id) as conn:
        return api_keys.make(conn, shop.id, "Reviews app", "staff:1", datetime.now(UTC))


@pytest.fixture
def program(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Program:
    make_open(engine, settings, shop)
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"counts_from": "2020-01-01T00:00:00+00:00"})
        programmes.add(conn, shop.id, RULES, "test", "", datetime.now(UTC) - timedelta(hours=2))
    member_with(engine, shop, 150)
    return Program(app, new_key(engine, shop))


def problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert {"type", "title", "status", "code", "detail"} <= answer.json.keys()
    assert answer.json["status"] == answer.status_code
    return answer.status_code, answer.json["code"]


def test_an_activity_is_given_once_for_its_key(program: Program) -> None:
    first, second = program.send(REVIEW), program.send(REVIEW)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json is not None
    assert second.json is not None
    assert (first.json["points"], first.json["repeated"], second.json["repeated"]) == (50, False, True)
    assert first.json["id"] == second.json["id"]
    assert first.json["member"]["balance"] == second.json["member"]["balance"] == 200


def test_a_member_has_balance_tier_and_next_reward(program: Program) -> None:
    answer = program.get(MEMBER)
    assert answer.status_code == 200
    assert answer.json is not None
    assert {name: value for name, value in answer.json.items() if name != "tier"} == {
        "customer_id": 7,
        "points_name": "stars",
        "balance": 150,
        "pending": 0,
        "on_hold": 0,
        "next_reward": {"name": "5 off", "points": 200, "missing": 50},
    }
    assert (answer.json["tier"]["key"], answer.json["tier"]["reach"]["tier"]) == ("", "bronze")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_member_is_found_by_email_too(program: Program) -> None:
    answer = program.send({"email": " ANA@example.com", "activity": "areview", "key": "k"})
    assert answer.status_code == 201
    assert program.get(MEMBER).json["balance"] == 200  # type: ignore[index]


def test_a_refusal_has_its_code_and_its_figures(program: Program) -> None:
    program.send(REVIEW)
    answer = program.send({**REVIEW, "key": "review-2"})
    assert problem(answer) == (422, "activity_day")
    assert answer.json is not None
    assert answer.json["values"]["limit"] == 1
    assert "1 time a day" in answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({**REVIEW, "email": "ana@example.com"}, {"body"}),
        ({"activity": "review", "key": "k"}, {"body"}),
        ({**REVIEW, "customer_id": 2**63}, {"customer_id"}),
        ({**REVIEW, "customer_id": "seven"}, {"customer_id"}),
        ({**REVIEW, "key": ""}, {"key"}),
        ({**REVIEW, "key": "a\x00b"}, {"key"}),
        ({**REVIEW, "key": "x" * 201}, {"key"}),
        ({**REVIEW, "activity": "No such"}, {"activity"}),
        ({**REVIEW, "happened_at": "2026-11-20T10:00:00"}, {"happened_at"}),
        ({**REVIEW, "points": 1_000_000}, {"points"}),
        ([], {"body"}),
        (None, {"body"}),
    ],
)
def test_what_is_wrong_is_named(program: Program, body: Any, fields: set[str]) -> None:
    answer = program.send(body)
    assert problem(answer) == (422, "invalid")
    assert answer.json is not None
    assert answer.json["fields"].keys() == fields


def test_what_is_not_there_is_not_found(program: Program) -> None:
    assert problem(program.send({**REVIEW, "customer_id": 8})) == (404, "not_found")
    assert problem(program.send({**REVIEW, "activity": "dance"})) == (404, "not_found")
    assert problem(program.get("/api/v1/members/99999999999999999999999")) == (404, "not_found")
    assert problem(program.get("/api/v1/nothing")) == (404, "not_found")
    assert problem(program.get(ACTIVITIES)) == (405, "method_not_allowed")


def test_a_body_that_is_too_large_or_no_json_is_refused(program: Program) -> None:
    assert problem(program.send({**REVIEW, "key": "x" * 20_000})) == (413, "too_large")
    headers = {"Authorization": f"Bearer {program.key}"}
    as_form = program.client.post(ACTIVITIES, data={"key": "k"}, headers=headers)
    assert problem(as_form) == (415, "not_json")
    broken = program.client.post(ACTIVITIES, data="{", content_type="application/json", headers=headers)
    assert problem(broken) == (422, "invalid")


def test_without_a_good_key_nothing_is_answered(program: Program, engine: Engine, shop: ShopRow) -> None:
    good = program.key
    refused = {why: _refused(why) for why in ("no key", "wrong key")}
    for key in (
        "",
        "x",
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        good.replace(f"suki_{shop.id}_", "suki_999_"),
        "é",
    ):
        program.key = key
        answer = program.get(MEMBER)
        assert problem(answer) == (401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert problem(program.client.get(MEMBER)) == (401, "unauthorized")
    program.key = good
    with shop_transaction(engine, shop.id) as conn:
        (key,) = stored.all_of(conn, shop.id)
        api_keys.revoke(conn, shop.id, key.id, "staff:1", datetime.now(UTC))
    assert problem(program.get(MEMBER)) == (401, "unauthorized")
    assert {why: _refused(why) - before for why, before in refused.items()} == {"no key": 4, "wrong key": 3}


def _refused(why: str) -> float:
    return REGISTRY.get_sample_value("suki_api_refused_total", {"why": why}) or 0


def test_wrong_keys_do_not_use_up_the_calls_of_the_good_one(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows a key's number could otherwise lock its owner out."""
    monkeypatch.setattr(api_keys, "CALLS_A_MINUTE", 2)
    good, program.key = program.key, program.key[:-1] + ("a" if program.key[-1] != "a" else "b")
    for _ in range(5):
        assert problem(program.get(MEMBER)) == (401, "unauthorized")
    program.key = good
    assert program.get(MEMBER).status_code == 200


def test_a_shop_that_removed_the_app_is_not_answered(program: Program, engine: Engine, shop: ShopRow) -> None:
    with system_transaction(engine) as conn:
        shops.set_state(conn, shop.id, "uninstalled", datetime.now(UTC))
    assert problem(program.get(MEMBER)) == (401, "unauthorized")


def test_a_key_opens_its_own_shop_only(
    program: Program, app: Flask, engine: Engine, settings: Settings, other_shop: ShopRow
) -> None:
    make_open(engine, settings, other_shop)
    stranger = Program(app, new_key(engine, other_shop))
    assert problem(stranger.get(MEMBER)) == (404, "not_found")
    assert problem(stranger.send(REVIEW)) == (404, "not_found")


def test_more_calls_than_allowed_are_put_off(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "CALLS_A_MINUTE", 2)
    first = program.get(MEMBER)
    assert (first.status_code, first.headers["RateLimit-Remaining"]) == (200, "1")
    assert program.get(MEMBER).status_code == 200
    answer = program.get(MEMBER)
    assert problem(answer) == (429, "too_many_calls")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_of_a_key_only_a_hash_is_kept_and_its_use_is_noted(program: Program, engine: Engine, shop: ShopRow) -> None:
    program.get(MEMBER)
    with shop_transaction(engine, shop.id) as conn:
        (row,) = conn.exec_driver_sql("SELECT k::text, k.last_used_at FROM api_keys k").all()
    assert program.key[-43:] not in row[0]
    assert row[1] is not None


def test_the_description_is_there_for_everybody(program: Program) -> None:
    answer = program.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json.keys() == document().keys()


def test_the_api_answers_as_it_is_described_whatever_is_sent(
    program: Program, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "CALLS_A_MINUTE", 1_000_000)
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for result in described.get_all_operations():
        operation = result.ok()

        @how(max_examples=25, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @operation_test(operation)
        def call(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {program.key}"}, checks=CHECKS)

        call()


def operation_test(operation: Any) -> Any:
    """Have hypothesis make up calls of one operation."""
    from hypothesis import given

    return given(case=operation.as_strategy())
