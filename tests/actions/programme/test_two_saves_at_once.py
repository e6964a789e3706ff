"""Of two saves that began with one version, the one that waited for the other is refused, whatever its clock said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from plugin.actions.programme import publish_programme
from plugin.actions.programme.edits import Edit
from plugin.errors import BadInput
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def save(engine: Engine, shop: ShopRow, name: str, now: datetime) -> int:
    with shop_transaction(engine, shop.id) as conn:
        editing = publish_programme.begin(conn, shop.id, 1, now)
        return publish_programme.publish(conn, editing, Programme(points_name=name), Edit(1, "staff:1", now))


@pytest.mark.parametrize("earlier_seconds", [0, 0.001, 1, 20])
def test_whoever_asked_first_and_waited_is_told_that_another_was_saved(
    engine: Engine, shop: ShopRow, earlier_seconds: float
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(), "test", "", NOW - timedelta(days=1))
    assert save(engine, shop, "stars", NOW) == 2
    with pytest.raises(BadInput) as refused:
        save(engine, shop, "moons", NOW - timedelta(seconds=earlier_seconds))
    assert list(refused.value.fields) == ["based_on"]
    with shop_transaction(engine, shop.id) as conn:
        assert [one.programme.points_name for one in programmes.versions(conn, shop.id)] == ["points", "stars"]


def test_a_version_that_is_planned_for_another_day_is_in_nobody_s_way(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(), "test", "", NOW - timedelta(days=1))
        programmes.add(conn, shop.id, Programme(points_name="later"), "test", "", NOW + timedelta(hours=1))
    assert save(engine, shop, "stars", NOW) == 3
