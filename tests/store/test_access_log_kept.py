"""The access log is added to and never changed: the database refuses, but for the old and for a shop that left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from plugin.store.database.db import shop_transaction
from plugin.store.privacy import ended_periods
from plugin.store.shops import access_log, shops
from plugin.store.shops.access_log import Access, Wanted
from tests.conftest import ShopRow

NOW = datetime.now(UTC)
EVERYTHING = Wanted()


def note(engine: Engine, shop: ShopRow, at: datetime, **said: object) -> None:
    with shop_transaction(engine, shop.id) as conn:
        access_log.add(conn, shop.id, Access("staff:1", "read", "members", **said), at)  # type: ignore[arg-type]


def times(engine: Engine, shop: ShopRow) -> list[datetime]:
    with shop_transaction(engine, shop.id) as conn:
        return [one.at for one in access_log.page(conn, shop.id, EVERYTHING, None)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE access_log SET actor = 'nobody'",
        "UPDATE access_log SET at = at - interval '2 years'",
        "DELETE FROM access_log",
        "TRUNCATE access_log",
    ],
)
def test_a_line_of_this_year_is_neither_changed_nor_removed(engine: Engine, shop: ShopRow, change: str) -> None:
    note(engine, shop, NOW - timedelta(days=364))
    with pytest.raises(IntegrityError, match="never changed or removed"), shop_transaction(engine, shop.id) as conn:
        conn.execute(text(change))
    assert times(engine, shop) == [NOW - timedelta(days=364)]


def test_what_is_older_than_a_year_is_removed_in_batches_and_the_rest_stays(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended_periods, "A_STEP", 2)
    for days in (400, 390, 380, 365, 1):
        note(engine, shop, NOW - timedelta(days=days))
    removed = []
    for _ in range(3):
        with shop_transaction(engine, shop.id) as conn:
            removed.append(ended_periods.end(conn, shop.id, "access_log", NOW - timedelta(days=366)))
    assert removed == [2, 1, 0]
    assert times(engine, shop) == [NOW - timedelta(days=1), NOW - timedelta(days=365)]


def test_a_clock_that_runs_ahead_removes_nothing_early(engine: Engine, shop: ShopRow) -> None:
    note(engine, shop, NOW)
    with shop_transaction(engine, shop.id) as conn:
        assert ended_periods.end(conn, shop.id, "access_log", NOW + timedelta(days=4000)) == 0
    assert times(engine, shop) == [NOW]


def test_an_old_line_is_not_changed_either(engine: Engine, shop: ShopRow) -> None:
    note(engine, shop, NOW - timedelta(days=400))
    with pytest.raises(IntegrityError), shop_transaction(engine, shop.id) as conn:
        conn.execute(text("UPDATE access_log SET actor = 'nobody'"))


def test_the_lines_of_a_shop_that_left_can_go_with_its_data(engine: Engine, shop: ShopRow) -> None:
    note(engine, shop, NOW)
    with shop_transaction(engine, shop.id) as conn:
        shops.set_state(conn, shop.id, "uninstalled", NOW)
        assert access_log.digest(conn, shop.id) == {"read:members": 1}
        assert conn.execute(text("DELETE FROM access_log")).rowcount == 1


def test_the_database_takes_no_searched_text(engine: Engine, shop: ShopRow) -> None:
    with pytest.raises(IntegrityError, match="access_log_search"):
        note(engine, shop, NOW, search="ana@example.com")


def test_a_change_is_written_down_only_where_something_changed(engine: Engine, shop: ShopRow) -> None:
    asked = Access("staff:1", "change", "save_brand")
    with shop_transaction(engine, shop.id) as conn:
        assert access_log.add(conn, shop.id, asked, NOW) is False
        shops.set_needs_reopen(conn, shop.id, True)
        assert access_log.add(conn, shop.id, asked, NOW) is True
    with shop_transaction(engine, shop.id) as conn:
        assert [one.what for one in access_log.page(conn, shop.id, EVERYTHING, None)] == ["save_brand"]


def test_everybody_in_the_log_is_found_once(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        for actor in ("staff:2", "api:1", "staff:2", "staff:1"):
            access_log.add(conn, shop.id, Access(actor, "read", "members"), NOW)
        assert access_log.actors(conn, shop.id) == ["api:1", "staff:1", "staff:2"]
