"""Every page with personal data that somebody opens is written down: who, what, how many; never what was looked for."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zstandard
from flask import Flask
from sqlalchemy import Engine, insert

from plugin.settings import Settings
from plugin.store import tables
from plugin.store.database.db import shop_transaction
from plugin.store.shops import access_log
from plugin.store.shops.access_log import Access, Noted, Wanted
from plugin.web.auth import declared_by
from tests.conftest import ShopRow
from tests.store.test_row_level_security import row
from tests.web.session import STAFF, Browser

NOW = datetime.now(UTC)
EMAIL, FIRST, LAST = "zenaida.q@planted.example", "Zenaida", "Quimbaya"
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "anything": ("nothing",),
    "what": ("members", "entries", "lots"),
    "mark": ("x",),
    "name": ("x",),
    "key": ("x",),
}


def log(engine: Engine, shop: ShopRow) -> list[Noted]:
    """The log, oldest first."""
    with shop_transaction(engine, shop.id) as conn:
        return access_log.page(conn, shop.id, Wanted(), None)[::-1]


@pytest.fixture
def planted(browser: Browser, engine: Engine, shop: ShopRow) -> int:
    """A member of unmistakable name in everything that pages show; all rows have the member's number."""
    body = f'{{"id":1,"email":"{EMAIL}","customer":{{"first_name":"{FIRST}"}}}}'.encode()
    said: dict[str, dict[str, Any]] = {
        "members": {"customer_id": 77, "email": EMAIL, "email_key": EMAIL, "first_name": FIRST, "last_name": LAST},
        "deliveries": {"topic": "orders/paid", "body": zstandard.ZstdCompressor().compress(body)},
        "entries": {"kind": "adjusted", "points": 50, "subject": "staff:x", "line": 1, "actor": f"staff:{STAFF}"},
        "messages": {"kind": "welcome", "state": "sent", "mail_subject": f"Hello {FIRST}"},
        "redemptions": {"reward": "r1", "state": "captured", "points": 5, "terms": {"name": "Mug", "kind": "custom"}},
        "fulfilments": {"redemption_id": 1, "state": "open"},
        "jobs": {"kind": "push_member", "subject": "1"},
        "staff_log": {"action": "adjust_points", "subject": "+50 for member 1", "actor": f"staff:{STAFF}"},
        "privacy_requests": {
            "kind": "customers/data_request", "subject": "w", "done_at": NOW, "result": {"parts": 1, "rows": 1},
            "opened_at": NOW, "opened_by": f"staff:{STAFF}",
        },
        "export_parts": {
            "request_id": 1, "number": 1, "section": "members",
            "body": zstandard.compress(f'{{"section":"members","rows":[{{"email":"{EMAIL}"}}]}}'.encode()),
        },
        "imports": {
            "state": "checked", "problems": [[2, f"{EMAIL} is in it twice"]],
            "totals": dict.fromkeys("given lines new several short taken undone wrong".split(), 1),
        },
        "referrals": {"friend_id": 1, "state": "held", "version": 1},
    }  # fmt: skip
    with shop_transaction(engine, shop.id) as conn:
        for name, values in said.items():
            table = getattr(tables, name)
            number = {"id": 1} if "id" in table.c else {}
            belongs = {"member_id": 1} if "member_id" in table.c else {}
            conn.execute(insert(table).values({**row(table, shop.id), **number, **belongs, **values}))
    return 1


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Every page of the panel, as (endpoint, address)."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            declared = declared_by(app.view_functions[rule.endpoint])
            if "GET" in rule.methods and declared is not None and declared.kind == "session":
                for what in ARGUMENTS["what"] if "what" in rule.arguments else ("",):
                    values = {name: ARGUMENTS.get(name, (1,))[0] for name in rule.arguments}
                    found.append((rule.endpoint, rule.build(values | ({"what": what} if what else {}))[1]))
    return found


def test_a_page_that_shows_somebody_says_so_and_is_written_down_once(
    browser: Browser, app: Flask, engine: Engine, shop: ShopRow, planted: int
) -> None:
    showing = set()
    for endpoint, address in addresses(app):
        before = len(log(engine, shop))
        answer = browser.get(address)
        assert answer.status_code in (200, 303, 404, 422), (address, answer.text)
        lines = log(engine, shop)[before:]
        declared = declared_by(app.view_functions[endpoint])
        assert declared is not None
        if any(word in answer.text for word in (EMAIL, FIRST, LAST)):
            assert answer.status_code == 200, address
            showing.add(declared.reads)
        expected = [] if declared.reads == "nothing" or answer.status_code != 200 else [declared.reads]
        assert [line.what for line in lines] == expected, address
        assert all(line.kind == "read" and line.actor == f"staff:{STAFF}" for line in lines)
        assert all(line.how_many is not None for line in lines), address
    assert "nothing" not in showing
    lists = "members messages jobs redemptions redemptions_file fulfilments referrals staff_acts export".split()
    assert showing >= {*lists, "member", "redemption", "fulfilment", "data_request", "import_file"}


def test_a_search_leaves_its_field_and_a_mark_and_never_its_text(
    browser: Browser, engine: Engine, shop: ShopRow, planted: int
) -> None:
    browser.page("/app/members", q=EMAIL)
    browser.page("/app/members", q=f"  {EMAIL.upper()} ")
    browser.page("/app/members", q="somebody else")
    browser.page("/app/activity/redemptions", q=EMAIL, state="used")
    first, again, other, elsewhere = log(engine, shop)
    assert (first.what, first.how_many, first.fields) == ("members", 1, ["q"])
    assert len(first.search) == 32
    assert first.search == again.search == elsewhere.search != other.search
    assert (other.how_many, elsewhere.fields) == (0, ["q", "state"])
    assert EMAIL not in str([first, again, other, elsewhere])


def test_the_same_text_has_another_mark_in_another_shop(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow, other_shop: ShopRow
) -> None:
    browser.page("/app/members", q="ana")
    other_browser.page("/app/members", q="ana")
    assert log(engine, shop)[0].search != log(engine, other_shop)[0].search


def test_a_change_is_written_down_with_it_and_a_refused_one_is_not(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert browser.post("/app/settings/automation", name="").status_code == 422
    assert log(engine, shop) == []
    assert browser.post("/app/settings/automation", name="Till", scope="read").status_code == 200
    [line] = log(engine, shop)
    assert (line.actor, line.kind, line.what, line.search) == (f"staff:{STAFF}", "change", "make_api_key", "")


def test_a_form_that_comes_back_with_a_member_on_it_is_a_reading(
    browser: Browser, engine: Engine, shop: ShopRow, planted: int
) -> None:
    assert browser.post("/app/members/1/tier", tier="nothing of the kind").status_code == 422
    assert [(line.kind, line.what, line.subject) for line in log(engine, shop)] == [("read", "member", "member 1")]


def test_a_page_is_not_shown_when_its_line_cannot_be_written(
    browser: Browser, app: Flask, engine: Engine, shop: ShopRow, planted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(access_log, "add", lambda *_: 1 / 0)
    answer = browser.get("/app/members/1")
    assert answer.status_code == 500
    assert EMAIL not in answer.text


class TestThePage:
    def test_it_shows_who_did_what_and_filters_by_person_kind_and_day(
        self, browser: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        with shop_transaction(engine, shop.id) as conn:
            colleague = "staff:7777"
            access_log.add(conn, shop.id, Access("api:5", "read", "order"), NOW - timedelta(days=3))
            access_log.add(conn, shop.id, Access(colleague, "change", "save_brand"), NOW - timedelta(days=2))
            access_log.add(conn, shop.id, Access(colleague, "read", "jobs"), NOW - timedelta(days=1))
            conn.exec_driver_sql("UPDATE shops SET timezone = 'UTC' WHERE id = %s", (shop.id,))
        day = (NOW - timedelta(days=2)).date().isoformat()
        said = {"order": "Viewed an order", "brand": "Saved the brand", "jobs": "Listed jobs"}
        for query, shown in (
            ({}, {"order", "brand", "jobs"}),
            ({"who": "api:5"}, {"order"}),
            ({"kind": "change"}, {"brand"}),
            ({"since": day, "until": day}, {"brand"}),
            ({"since": day}, {"brand", "jobs"}),
            ({"until": day}, {"order", "brand"}),
            ({"who": "staff:7777", "kind": "read"}, {"jobs"}),
        ):
            page = browser.page("/app/activity/access", **query)
            assert {key for key, words in said.items() if words in page} == shown, query

    def test_it_goes_on_page_by_page(self, browser: Browser, engine: Engine, shop: ShopRow) -> None:
        with shop_transaction(engine, shop.id) as conn:
            for number in range(access_log.PAGE + 1):
                access_log.add(conn, shop.id, Access("staff:1", "read", "members", f"row {number}"), NOW)
            oldest = access_log.page(conn, shop.id, Wanted(), None, 1000)[-2]
        first = browser.page("/app/activity/access")
        assert "row 50" in first and "row 0<" not in first and f"before={oldest.id}" in first
        assert "row 0<" in browser.page("/app/activity/access", before=str(oldest.id))

    def test_the_file_has_what_the_filters_leave_and_reading_it_is_written_down(
        self, browser: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        with shop_transaction(engine, shop.id) as conn:
            access_log.add(conn, shop.id, Access("api:5", "read", "order", "member 3", 1, ["q"], "ab" * 16), NOW)
            access_log.add(conn, shop.id, Access("staff:1", "read", "jobs"), NOW)
        answer = browser.get("/app/activity/access.csv", who="api:5")
        head, only = csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))
        assert only[2:] == ["api:5", "read", "Viewed an order", "member 3", "1", "q", "ab" * 16]
        assert len(head) == len(only)
        assert (log(engine, shop)[-1].what, log(engine, shop)[-1].how_many) == ("access_file", 1)

    @pytest.mark.parametrize("nonsense", ["2026-13-40", "0001-01-01", "9999-12-31", "x" * 5000, "\0"])
    def test_nonsense_in_the_address_filters_nothing(self, browser: Browser, nonsense: str) -> None:
        browser.page("/app/activity/access", since=nonsense, until=nonsense, kind=nonsense, before=nonsense)


def test_the_mark_needs_our_key(settings: Settings) -> None:
    from pydantic import SecretStr

    from plugin.actions.shops.access_log import search_mark

    other = settings.model_copy(update={"encryption_keys": SecretStr("A" * 43 + "=")})
    assert search_mark(settings, 1, "ana") != search_mark(other, 1, "ana")
    assert search_mark(settings, 1, "") == search_mark(settings, 1, "  ") == ""
