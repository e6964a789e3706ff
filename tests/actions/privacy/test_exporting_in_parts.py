"""What is kept of a customer is gathered in parts, however much it is, killed anywhere, and of nobody else."""

from __future__ import annotations

import psycopg
import pytest

from plugin.actions.privacy import exporting
from plugin.store.database.db import shop_transaction
from plugin.store.privacy.ended_periods import end
from tests.actions.members.test_privacy import exported, request_result
from tests.actions.privacy.people import ANA, arrive, customer, order
from tests.actions.privacy.planting import plant
from tests.actions.stage import Stage

BEN = 7_000_000_000_002
NOT_THEIRS = {
    "gift card",
    "phone of a request",
    "wrong line",
    "heading",
    "file that is done",
    "note of the file that is done",
    "note of a review",
    "checkout token",
    "cart token",
    "checkout note",
    "checkout name",
    "checkout address",
}
"""A code that the customer has, what a request said, lines of others, what staff wrote in a file and of a friend, and
what is not kept of a checkout."""


def test_everything_that_was_left_anywhere_is_told(stage: Stage, keeper: psycopg.Connection) -> None:
    ana = plant(stage, "a", ANA, keeper)
    ben = plant(stage, "b", BEN, keeper)
    arrive(stage, "customers/data_request", {"customer": {"id": ANA, "email": ana.email("email")}})
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        conn.exec_driver_sql("DELETE FROM export_parts")
    stage.settle()
    told = str(exported(stage)).casefold()
    missing = {place for place, word in ana.words.items() if word.casefold() not in told}
    assert missing - NOT_THEIRS <= {"broken body", "error of a delivery", "error of a job", "name of a friend"}
    assert [word for word in ben.words.values() if word.casefold() in told] == []


def test_an_export_that_is_killed_after_any_part_goes_on_and_tells_nothing_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "ROWS", 2)
    monkeypatch.setattr(exporting, "BODIES", 2)
    arrive(stage, "customers/create", customer())
    for number in range(1, 8):
        arrive(stage, "orders/paid", order(number, customer=customer(), email="ana@example.com"))
        arrive(stage, "orders/updated", order(number, updated="2026-11-29T11:00:00Z", customer=customer()))
    arrive(stage, "customers/data_request", {"customer": {"id": ANA, "email": "ana@example.com"}})
    ((request,),) = stage.rows("SELECT id FROM privacy_requests")
    going, steps = True, 0
    while going:
        with monkeypatch.context() as patch:
            for name in ("save", "finish"):
                patch.setattr(f"plugin.store.privacy.privacy.{name}", _killed)
            with pytest.raises(KeyboardInterrupt):
                exporting.one_transaction(stage.work, stage.shop_id, request, seconds=0)
        going = exporting.one_transaction(stage.work, stage.shop_id, request, seconds=0)
        steps += 1
    told = exported(stage)
    assert steps > 20
    assert sorted(one["order_id"] for one in told["orders"]) == [*range(1, 8)]
    assert len(told["deliveries"]) == 15
    assert len(stage.rows("SELECT FROM export_parts WHERE section = 'orders'")) == 4
    assert request_result(stage, "customers/data_request")["rows"] == sum(map(len, told.values()))


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_export_goes_after_thirty_days_or_a_day_after_it_was_opened(stage: Stage) -> None:
    for number in (1, 2):
        arrive(stage, "customers/create", customer(number, f"someone{number}@example.com"))
        arrive(stage, "customers/data_request", {"customer": {"id": number}})
    stage.settle()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        conn.exec_driver_sql("UPDATE privacy_requests SET opened_at = now() WHERE id = 1")
        assert end(conn, stage.shop_id, "opened_exports", stage.clock()) == 1
        assert conn.exec_driver_sql("SELECT DISTINCT request_id FROM export_parts").fetchall() == [(2,)]
        assert end(conn, stage.shop_id, "exports", stage.clock()) == 1
        assert end(conn, stage.shop_id, "exports", stage.clock()) == 0
        assert conn.exec_driver_sql("SELECT count(*) FROM export_parts").scalar_one() == 0
        assert conn.exec_driver_sql("SELECT DISTINCT result FROM privacy_requests").scalar_one() == {"gone": True}
