"""A key opens what it is for and nothing else, and grows old in sight of staff."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from plugin.actions.shops import api_keys
from plugin.errors import BadInput
from plugin.rules.access.roles import SCOPES
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import access_log
from plugin.store.shops.access_log import Wanted
from plugin.store.versions import programmes
from plugin.web.auth import declared_by
from tests.conftest import ShopRow
from tests.web.api.test_api import MEMBER, REVIEW, RULES, Program
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.session import Browser

NOW = datetime.now(UTC)


@pytest.fixture
def opened(engine: Engine, settings: Settings, shop: ShopRow) -> ShopRow:
    """A shop with a member and an activity."""
    make_open(engine, settings, shop)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, RULES, "test", "", NOW - timedelta(hours=1))
    member_with(engine, shop, 300)
    return shop


def key_for(engine: Engine, shop: ShopRow, *scopes: str) -> str:
    with shop_transaction(engine, shop.id) as conn:
        return api_keys.make(conn, shop.id, "Till", "staff:1", NOW, scopes)


def calls(app: Flask) -> list[tuple[str, str, str]]:
    """Each call of the API: method, address, scope."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            said = declared_by(app.view_functions[rule.endpoint])
            if said is not None and said.kind == "key":
                assert said.scope is not None
                method = "POST" if "POST" in rule.methods else "GET"
                found.append((method, rule.build(dict.fromkeys(rule.arguments, 7))[1], said.scope))
    return found


@pytest.mark.parametrize("scope", SCOPES)
def test_each_call_is_open_to_its_own_scope_and_to_no_other(
    app: Flask, engine: Engine, opened: ShopRow, scope: str
) -> None:
    program = Program(app, key_for(engine, opened, scope))
    assert {wanted for *_, wanted in calls(app)} == {"read", "report"}
    for method, path, wanted in calls(app):
        answer = program.get(path) if method == "GET" else program.send(REVIEW)
        if wanted == scope:
            assert answer.status_code != 403, path
        else:
            assert answer.status_code == 403, path
            assert answer.content_type == "application/problem+json"
            assert answer.get_json()["code"] == "wrong_scope"
            assert int(answer.headers["RateLimit-Remaining"]) < 120


def test_a_refused_call_gives_no_points_and_leaves_no_line(app: Flask, engine: Engine, opened: ShopRow) -> None:
    Program(app, key_for(engine, opened, "read")).send(REVIEW)
    with shop_transaction(engine, opened.id) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM activity_records").scalar_one() == 0
        assert access_log.page(conn, opened.id, Wanted(), None) == []


def test_a_key_that_may_only_report_is_not_told_what_the_member_has(
    app: Flask, engine: Engine, opened: ShopRow
) -> None:
    told = Program(app, key_for(engine, opened, "report")).send(REVIEW)
    assert (told.status_code, told.get_json()["points"], told.get_json()["member"]) == (201, 50, None)
    more = Program(app, key_for(engine, opened, "report", "read")).send(REVIEW)
    assert (more.status_code, more.get_json()["member"]["balance"]) == (200, 350)


def test_what_a_program_reads_and_reports_is_in_the_access_log(app: Flask, engine: Engine, opened: ShopRow) -> None:
    program = Program(app, key_for(engine, opened, "read", "report"))
    program.get(MEMBER)
    program.send(REVIEW)
    with shop_transaction(engine, opened.id) as conn:
        lines = access_log.page(conn, opened.id, Wanted(), None)
        member = conn.exec_driver_sql("SELECT id FROM members").scalar_one()
    assert [(line.actor, line.kind, line.what, line.subject) for line in lines] == [
        ("api:1", "change", "api_record_activity", ""),
        ("api:1", "read", "member", f"member {member}"),
    ]


@pytest.mark.parametrize("scopes", [(), ("everything",)])
def test_a_key_for_nothing_is_not_made(engine: Engine, shop: ShopRow, scopes: tuple[str, ...]) -> None:
    with pytest.raises(BadInput), shop_transaction(engine, shop.id) as conn:
        api_keys.make(conn, shop.id, "Till", "staff:1", NOW, scopes)


def test_the_database_knows_no_other_scope(engine: Engine, shop: ShopRow) -> None:
    key_for(engine, shop, "read")
    with pytest.raises(IntegrityError, match="api_keys_scopes"), shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE api_keys SET scopes = '{read,everything}'")


class TestThePage:
    KEYS = "/app/settings/automation"

    def test_scopes_are_ticked_and_shown_with_who_made_the_key(self, browser: Browser) -> None:
        first = browser.page(self.KEYS)
        ticked = re.findall(r'name="scope" value="(\w+)"[^>]* checked', first)
        assert ticked == ["read", "report"]
        refused = browser.post(self.KEYS, name="Till")
        assert refused.status_code == 422
        assert "Select at least one" in refused.text
        assert browser.post(self.KEYS, name="Till", scope=["report", "give"]).status_code == 200
        listed = browser.page(self.KEYS)
        assert "Report, Give points" in listed and "by you" in listed

    def test_a_key_of_a_year_is_pointed_out_here_and_at_home(
        self, browser: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        browser.post(self.KEYS, name="Till", scope="read")
        assert "over a year old" not in browser.page(self.KEYS).lower() + browser.page("/app").lower()
        with shop_transaction(engine, shop.id) as conn:
            conn.exec_driver_sql("UPDATE api_keys SET created_at = %s", (NOW - timedelta(days=365),))
        assert "1 key is over a year old" in browser.page(self.KEYS)
        assert "1 API key is over a year old" in browser.page("/app").replace("&#39;", "'")
        with shop_transaction(engine, shop.id) as conn:
            api_keys.revoke(conn, shop.id, 1, "staff:1", NOW)
        assert "over a year old" not in browser.page(self.KEYS).lower() + browser.page("/app").lower()
