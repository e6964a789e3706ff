"""Erasures that are killed, held up, met by bodies that nobody can read, or older than the index."""

from __future__ import annotations

import orjson
import psycopg
import pytest

from plugin import jobs
from plugin.actions.points.audit import audit
from plugin.actions.privacy import erasing, index_stored
from plugin.actions.privacy.forget_stored import STAGES
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.work import deliveries
from tests.actions.members.test_privacy import busy, traces
from tests.actions.privacy.people import ANA, arrive, customer, order, redact
from tests.actions.stage import Stage


def test_an_erasure_that_is_killed_after_any_step_goes_on_where_it_was(
    stage: Stage, keeper: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every transaction of it fails once after its work and before it is committed."""
    busy(stage)
    ana = next(one for one in stage.shop.customer.values() if one["email"] == "ana@example.com")
    arrive(stage, "customers/redact", {"customer": {"id": ana["id"], "email": ana["email"]}})
    ((request,),) = stage.rows("SELECT id FROM privacy_requests")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
    done, going = 0, True
    while going:
        with monkeypatch.context() as patch:
            for name in ("save", "finish"):
                patch.setattr(f"plugin.store.privacy.privacy.{name}", _killed)
            with pytest.raises(KeyboardInterrupt):
                erasing.one_transaction(stage.work, shop, request, STAGES, seconds=0)
        going = erasing.one_transaction(stage.work, shop, request, STAGES, seconds=0)
        done += 1
    assert done > len(STAGES)
    assert traces(keeper, "ana@example.com", "anastacia", "reyes-cruz", ana["id"]) == []
    assert traces(keeper, "ben@example.com")
    assert audit(stage.engine) == []


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_deliveries_from_before_there_was_an_index_are_read_first(stage: Stage, keeper: psycopg.Connection) -> None:
    arrive(stage, "orders/paid", order(91, customer=customer(), email="ana@example.com"))
    arrive(stage, "refunds/create", {"id": 5, "order_id": 91, "note": "for Anastacia", "refund_line_items": []})
    keeper.execute("DELETE FROM delivery_subjects")
    keeper.execute("DELETE FROM known_as")
    assert index_stored.shops_to_read(stage.work) == [stage.shop_id]
    redact(stage, id=ANA, email="ana@example.com")
    assert traces(keeper, "anastacia", "ana@example.com", ANA) == []
    assert index_stored.shops_to_read(stage.work) == []


def test_a_body_that_could_not_be_read_is_emptied_where_it_names_the_person(
    stage: Stage, keeper: psycopg.Connection
) -> None:
    for number, text in enumerate(
        (b'{"id": 1, "email": "ana\\u0040example.com", ', b'{"id": 1, "email": "ben@example.com", ')
    ):
        with shop_transaction(stage.engine, stage.shop_id) as conn:
            deliveries.add(conn, stage.shop_id, f"broken{number}", "orders/paid", stage.clock(), text)
    for _ in range(7):
        stage.settle(minutes=20)
    assert stage.rows("SELECT state FROM inbox") == [("failed",), ("failed",)]
    redact(stage, id=ANA, email="ana@example.com")
    assert traces(keeper, "u0040", "ana@example.com") == []
    assert len(traces(keeper, "ben@example.com")) == 1
    assert stage.rows("SELECT count(*) FROM inbox") == [(1,)]


def test_a_body_nested_deep_stops_no_erasure(stage: Stage, keeper: psycopg.Connection) -> None:
    deep = b'{"id":101,"email":"ana@example.com","note":' + b"[" * 900 + b"]" * 900 + b"}"
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        deliveries.add(conn, stage.shop_id, "deep", "orders/paid", stage.clock(), deep)
    stage.settle()
    arrive(stage, "customers/create", customer())
    redact(stage, id=ANA, email="ana@example.com")
    for _ in range(6):
        stage.settle(minutes=20)
    redact(stage, id=ANA, email="ana@example.com")
    assert traces(keeper, "ana@example.com", "anastacia") == []


def test_the_erasure_of_one_shop_leaves_the_same_person_in_another(stage: Stage, keeper: psycopg.Connection) -> None:
    with system_transaction(stage.engine) as conn:
        other = shops.add(conn, "other.myshopify.com", {}, stage.clock())
    with shop_transaction(stage.engine, other) as conn:
        deliveries.add(conn, other, "w1", "customers/create", stage.clock(), orjson.dumps(customer()))
    arrive(stage, "customers/create", customer())
    redact(stage, id=ANA, email="ana@example.com")
    ((marks,),) = [keeper.execute("SELECT count(*) FROM forgotten WHERE shop_id = %s", [other]).fetchone()]
    assert marks == 0
    assert {line.split(":")[0] for line in traces(keeper, "ana@example.com")} == {"members", "member_names", "body"}


def test_a_member_that_somebody_holds_puts_the_erasure_off_and_nobody_else(stage: Stage) -> None:
    arrive(stage, "customers/create", customer())
    arrive(stage, "customers/redact", {"customer": {"id": ANA, "email": "ana@example.com"}})
    with shop_transaction(stage.engine, stage.shop_id) as holder:
        holder.exec_driver_sql("SELECT FROM members FOR UPDATE")
        jobs.run_due(stage.work)
        assert stage.waiting("erase_customer") == [("erase_customer", "queued", 0, "This member is being changed")]
        arrive(stage, "customers/create", customer(75, "carla@example.com"))
    stage.settle(seconds=5)
    assert stage.rows("SELECT email FROM members WHERE state = 'member'") == [("carla@example.com",)]


def test_the_key_that_remembers_is_the_same_for_ever(stage: Stage) -> None:
    first = stage.work.forgetting_key
    stage.work.__dict__.pop("forgetting_key")
    assert stage.work.forgetting_key == first
    assert len(first) == 32
