"""Acts on one member stand in line behind one another, longer than anything else waits for a lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.conftest import TestDatabase
from tests.web.shopper_api.surface import Surface
from tests.web.shopper_api.test_redeeming import ana, app, key, redeem, world

__all__ = ["ana", "app", "world"]


def waits(watching: psycopg.Connection[Any]) -> bool:
    """Whether a transaction waits for what another one holds."""
    found = watching.execute(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return found.fetchone() is not None


def test_a_click_stands_in_line_behind_another_act_on_the_same_member(
    ana: Surface, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = key(ana)
    monkeypatch.setattr("plugin.store.database.db.LOCK_TIMEOUT_MS", 1)
    with psycopg.connect(database.superuser_url) as other, ThreadPoolExecutor(1) as pool:
        other.execute("SELECT FROM members FOR UPDATE")
        clicked = pool.submit(redeem, ana, key=one)
        with psycopg.connect(database.superuser_url, autocommit=True) as watching:
            while not waits(watching) and not clicked.done():
                pass
        other.rollback()
        assert clicked.result()["available"]["points"] == 200
