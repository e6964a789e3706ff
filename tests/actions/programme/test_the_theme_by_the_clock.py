"""What a shop's theme says is told anew when something of it begins or ends by the clock, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.programme import note_campaigns
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.actions.events.test_members_and_the_programme import work_at
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EDGES = {"starts_at": (NOW + DAY).isoformat(), "ends_at": (NOW + 3 * DAY).isoformat()}
PARTS: dict[str, dict[str, Any]] = {
    "reward": {"rewards": [{"kind": "amount_off", "id": "r1", "name": "5", "points": 10, "value": 5, **EDGES}]},
    "activity": {"activities": [{"kind": "review", "id": "a1", "name": "R", "points": 5, "word": "review", **EDGES}]},
    "rule": {"orders": {"rules": [{"key": "k", "name": "K", **EDGES}]}},
    "nothing": {},
}


def told(engine: Engine, shop: ShopRow, days: float) -> int:
    """How often the theme is to be told after a look so many days later; what is to be done counts as done."""
    with shop_transaction(engine, shop.id) as conn:
        found = shops.get(conn, shop.id)
    note_campaigns.look(work_at(engine, NOW + days * DAY), found)
    with shop_transaction(engine, shop.id) as conn:
        return conn.exec_driver_sql("DELETE FROM jobs WHERE kind = 'show_programme'").rowcount


@pytest.mark.parametrize(("part", "times"), [("reward", 1), ("activity", 1), ("rule", 1), ("nothing", 0)])
def test_the_theme_is_told_when_a_part_begins_and_when_it_ends(
    engine: Engine, shop: ShopRow, part: str, times: int
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme.model_validate(PARTS[part]), "test", "", NOW - DAY)
    looks = [told(engine, shop, days) for days in (0, 0.5, 1, 1.1, 2, 2.9, 3.1, 3.2)]
    assert looks == [0, 0, times, 0, 0, 0, times, 0]


def test_the_theme_is_told_when_a_planned_version_comes_into_force(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(), "test", "", NOW - DAY)
        programmes.add(conn, shop.id, Programme(welcome_points=9), "test", "", NOW + DAY)
    assert [told(engine, shop, days) for days in (0, 0.5, 1, 1.1)] == [0, 0, 1, 0]
