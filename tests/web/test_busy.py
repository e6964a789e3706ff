"""Somebody else changes the same member at this moment: a friendly page, soon, and nothing was changed."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine, text

from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow, TestDatabase
from tests.web.api.test_api import REVIEW, Program, program
from tests.web.members.test_adjust import hidden, page
from tests.web.session import Browser

__all__ = ["page", "program"]


@pytest.fixture
def held(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another transaction holds every member and shop while the test goes on."""
    monkeypatch.setattr("plugin.store.database.db.LOCK_TIMEOUT_MS", 20)
    with psycopg.connect(database.superuser_url) as other:
        other.execute("LOCK TABLE members, lots, entries IN EXCLUSIVE MODE")
        yield


def entries(engine: Engine, shop: ShopRow) -> int:
    with shop_transaction(engine, shop.id) as conn:
        return int(conn.execute(text("SELECT count(*) FROM entries")).scalar_one())


def waited() -> float:
    return REGISTRY.get_sample_value("suki_waits_total", {"where": "web", "why": "LockNotAvailable"}) or 0


def test_staff_read_that_they_may_try_again(
    browser: Browser, engine: Engine, shop: ShopRow, page: str, request: pytest.FixtureRequest
) -> None:
    asked = browser.post(f"{page}/adjust", points="50", note="A late parcel", kind="gift", shown="yes")
    fields, before = hidden(asked.text), waited()
    request.getfixturevalue("held")
    answer = browser.post(f"{page}/adjust/carry-out", **fields)
    assert answer.status_code == 503
    assert "Please try again in a moment" in answer.text
    assert "Nothing was changed. Please try again." in answer.text
    assert (entries(engine, shop), waited() - before) == (0, 1)


def test_a_program_is_told_when_to_come_back(
    program: Program, engine: Engine, shop: ShopRow, request: pytest.FixtureRequest
) -> None:
    before = entries(engine, shop)
    request.getfixturevalue("held")
    answer = program.send(REVIEW)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json["code"]) == (503, "2", "unavailable")  # type: ignore[index]
    assert entries(engine, shop) == before
