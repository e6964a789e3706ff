"""A shop is erased in steps: killed anywhere it goes on, and it ends however much there is."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from plugin.actions.members import privacy
from plugin.actions.privacy import erasing_shop
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.privacy import shop_erasure
from plugin.store.shops import shops
from plugin.store.tables import SHOP_TABLES, metadata
from tests.actions.members.test_privacy import ANA, busy, traces
from tests.actions.privacy.people import arrive, customer
from tests.actions.stage import Stage

STAY = "entries lots lot_draws credits members tier_changes programme_versions programme_withdrawals privacy_requests"


def asked(stage: Stage) -> int:
    """The shop is gone for two days; answers the request."""
    with system_transaction(stage.engine) as conn:
        shops.set_state(conn, stage.shop_id, "uninstalled", stage.clock())
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        privacy.erase_shop(conn, shop, "1", stage.clock(), not_before=stage.clock())
        number: int = conn.exec_driver_sql("SELECT id FROM privacy_requests WHERE kind = 'shop/redact'").scalar_one()
    stage.clock.ahead = stage.clock.ahead.__class__(days=3)
    return number


def test_an_erasure_of_a_shop_that_is_killed_after_any_step_goes_on_where_it_was(
    stage: Stage, keeper: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = busy(stage)
    for number in range(5):
        arrive(stage, "customers/create", customer(80 + number, f"someone{number}@example.com"))
    request = asked(stage)
    steps, going = 0, True
    while going:
        with monkeypatch.context() as patch:
            for name in ("save", "finish"):
                patch.setattr(f"plugin.store.privacy.privacy.{name}", _killed)
            with pytest.raises(KeyboardInterrupt):
                erasing_shop.one_transaction(stage.work, stage.shop_id, request, rows=2, seconds=0)
        going = erasing_shop.one_transaction(stage.work, stage.shop_id, request, rows=2, seconds=0)
        steps += 1
    assert steps > len(shop_erasure.TABLES)
    assert traces(keeper, *ANA, ana["id"], "someone", stage.shop.settings["email"]) == []
    left = {table.name for table in SHOP_TABLES if stage.rows(f"SELECT FROM {table.name} LIMIT 1")}
    assert left <= {*STAY.split(), "jobs"}
    ((done,),) = stage.rows("SELECT result FROM privacy_requests WHERE kind = 'shop/redact'")
    assert (done["deliveries"] > 6, done["members"]) == (True, 7)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_shop_that_comes_back_in_the_middle_keeps_what_is_left(stage: Stage) -> None:
    busy(stage)
    request = asked(stage)
    assert erasing_shop.one_transaction(stage.work, stage.shop_id, request, rows=2, seconds=0)
    with system_transaction(stage.engine) as conn:
        shops.add(conn, stage.shop.domain, {}, stage.clock())
    assert not erasing_shop.one_transaction(stage.work, stage.shop_id, request, rows=2, seconds=0)
    assert stage.rows("SELECT count(*) FROM members WHERE email <> ''") == [(2,)]
    ((done,),) = stage.rows("SELECT result FROM privacy_requests WHERE kind = 'shop/redact'")
    assert done["came_back"] is True


def test_every_table_is_gone_through_in_the_order_of_an_index(stage: Stage, keeper: psycopg.Connection) -> None:
    """Else each step would read what the steps before have left behind."""
    for name in shop_erasure.TABLES:
        order: tuple[str, ...] = ("shop_id", *shop_erasure.order_of(metadata.tables[name]))
        found: list[Any] = keeper.execute(
            "SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i"
            " CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(number, place)"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
            " WHERE i.indrelid = %s::regclass AND i.indpred IS NULL AND i.indexprs IS NULL GROUP BY i.indexrelid",
            [name],
        ).fetchall()
        assert [columns for (columns,) in found if tuple(columns[: len(order)]) == order], name
