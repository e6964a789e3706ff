"""Forgetting a customer: complete by what Shopify names and by what we know, and for good."""

from __future__ import annotations

from datetime import timedelta

import orjson
import psycopg
import pytest

from plugin import jobs
from plugin.actions.imports import carry_out_file, upload_file
from plugin.actions.points.audit import audit
from plugin.store.database.db import shop_transaction
from plugin.store.imports import files
from plugin.store.shops import shops
from plugin.store.work import deliveries
from tests.actions.members.test_privacy import request_result, traces
from tests.actions.privacy.people import ADDRESS, ANA, arrive, customer, order, redact
from tests.actions.stage import Stage


def test_what_names_the_person_only_by_the_order_is_emptied_too(stage: Stage, keeper: psycopg.Connection) -> None:
    """Refunds, edits and deletions name neither a customer nor an address."""
    arrive(stage, "orders/paid", order(11, customer=customer(), email="ana@example.com"))
    receipt = {"kind": "refund", "status": "success", "amount": "5.00", "receipt": {"payer": "Anastacia"}}
    refund = {"id": 5, "order_id": 11, "note": "for Anastacia", "transactions": [receipt], "refund_line_items": []}
    arrive(stage, "refunds/create", refund)
    arrive(stage, "orders/edited", {"order_edit": {"order_id": 11, "staff_note": "Anastacia asked"}})
    arrive(stage, "orders/delete", {"id": 11, "note": "Anastacia"})
    assert len(traces(keeper, "anastacia")) > 4
    redact(stage, id=ANA, email="ana@example.com")
    assert traces(keeper, "anastacia", "ana@example.com", ANA) == []
    assert request_result(stage, "customers/redact") == {"members": 1, "orders": 1, "deliveries": 4, "known": True}
    assert audit(stage.engine) == []


def test_orders_that_the_request_names_are_forgotten_whatever_they_name(
    stage: Stage, keeper: psycopg.Connection
) -> None:
    arrive(stage, "orders/paid", order(21, shipping_address=ADDRESS))
    arrive(stage, "orders/paid", order(22, shipping_address={**ADDRESS, "name": "Benito"}))
    redact(stage, (21, 2**63 - 1), id=ANA)
    assert len(traces(keeper, "mango lane")) == 1
    assert len(traces(keeper, "benito")) == 1
    late = order(21, updated="2026-11-30T07:00:00Z", shipping_address=ADDRESS)
    arrive(stage, "orders/updated", late)
    assert len(traces(keeper, "mango lane", "Anastacia")) == 2, "Benito's own, and the title of his line"


def test_an_order_of_the_till_is_found_by_the_telephone_and_one_of_a_family_is_not(
    stage: Stage, keeper: psycopg.Connection
) -> None:
    """Spelled otherwise, too. Benito has an account of his own, and the same telephone."""
    arrive(stage, "customers/update", customer(phone="+639175550101"))
    arrive(stage, "orders/paid", order(31, shipping_address=ADDRESS | {"address1": "Of the till"}))
    benito = customer(71, "benito@example.com", first_name="Benito")
    arrive(stage, "orders/paid", order(32, customer=benito, email="benito@example.com", shipping_address=ADDRESS))
    redact(stage, id=ANA, email="ana@example.com", phone="0917 555 0101")
    assert traces(keeper, "of the till") == []
    assert len(traces(keeper, "mango lane")) == 1
    assert stage.rows("SELECT email FROM members WHERE state = 'member'") == [("benito@example.com",)]


@pytest.mark.parametrize("who", [{"phone": "+63 917 5550101"}, {"email": "Ana@Example.com"}])
def test_a_request_without_a_number_finds_the_account(
    stage: Stage, keeper: psycopg.Connection, who: dict[str, str]
) -> None:
    arrive(stage, "customers/create", customer(phone="+639175550101"))
    arrive(stage, "orders/paid", order(41, customer=customer(), email="ana@example.com"))
    redact(stage, **who)
    assert traces(keeper, "anastacia", "ana@example.com", ANA) == []
    assert request_result(stage, "customers/redact")["known"] is True


def test_a_telephone_that_two_accounts_had_forgets_neither(stage: Stage) -> None:
    for number, email in ((ANA, "ana@example.com"), (72, "carla@example.com")):
        arrive(stage, "customers/create", customer(number, email, phone="+639175550101"))
    redact(stage, phone="+639175550101")
    assert stage.rows("SELECT count(*) FROM members WHERE state = 'member'") == [(2,)]
    found = request_result(stage, "customers/redact")
    assert (found["known"], found["unclear"], found["members"]) == (False, 2, 0)


def test_a_former_address_finds_the_guest_that_the_person_was(stage: Stage, keeper: psycopg.Connection) -> None:
    arrive(stage, "customers/update", customer(email="old@example.com"))
    arrive(stage, "customers/update", customer(email="new@example.com"))
    arrive(stage, "orders/paid", order(51, email="old@example.com", shipping_address=ADDRESS))
    assert stage.rows("SELECT state FROM members ORDER BY id") == [("member",), ("guest",)]
    redact(stage, id=ANA, email="new@example.com")
    assert traces(keeper, "old@example.com", "new@example.com", "anastacia", "mango lane") == []


def test_an_order_of_somebody_else_loses_the_address_and_nothing_more(stage: Stage, keeper: psycopg.Connection) -> None:
    benito = customer(73, "benito@example.com", first_name="Benito")
    arrive(stage, "orders/paid", order(61, customer=benito, email="ana@example.com", line_items=[]))
    arrive(stage, "customers/create", customer())
    redact(stage, id=ANA, email="ana@example.com")
    assert traces(keeper, "ana@example.com", ANA) == []
    ((body,),) = [line.split("body: ")[1:] for line in traces(keeper, 'body: {"id":61')]
    assert orjson.loads(traces_of(stage, 61))["customer"]["first_name"] == "Benito", body
    assert stage.rows("SELECT view->'buyer'->>'customer_id' FROM order_views") == [("73",)]


def traces_of(stage: Stage, number: int) -> bytes:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        stored = deliveries.stored(conn, stage.shop_id, 0, 100)
    return next(each.body for each in stored if f'"id":{number},'.encode() in each.body)


def test_what_waits_is_left_until_its_turn_and_then_says_nothing(stage: Stage, keeper: psycopg.Connection) -> None:
    """Another request of the same person, too: it is still carried out."""
    arrive(stage, "orders/paid", order(71, customer=customer(), email="ana@example.com"))
    privacy_body = {"customer": {"id": ANA, "email": "ana@example.com"}}
    arrive(stage, "customers/redact", privacy_body | {"orders_to_redact": []})
    waiting = (("customers/data_request", privacy_body), ("customers/update", customer()))
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        for topic, body in waiting:
            deliveries.add(conn, stage.shop_id, topic, topic, stage.clock(), orjson.dumps(body))
    jobs.run_due(stage.work)
    assert len(traces(keeper, "ana@example.com")) == 2
    stage.settle()
    assert traces(keeper, "ana@example.com", "anastacia", ANA) == []
    assert stage.rows("SELECT kind, done_at IS NULL FROM privacy_requests ORDER BY id") == [
        ("customers/redact", False),
        ("customers/data_request", False),
    ]


def test_one_who_was_forgotten_is_enrolled_again_by_a_new_order_only(stage: Stage, keeper: psycopg.Connection) -> None:
    """Whatever was placed or opened before says nothing of anybody and posts nothing."""
    arrive(stage, "orders/paid", order(81, customer=customer(), email="ana@example.com"))
    stage.settle()
    redact(stage, id=ANA, email="ana@example.com")
    sums, people = stage.sums(), stage.rows("SELECT count(*) FROM members")
    arrive(stage, "customers/update", customer())
    arrive(stage, "orders/updated", order(81, updated="2026-11-30T07:00:00Z", customer=customer(), note="Anastacia"))
    arrive(stage, "suki/order", order(82, customer=customer(), email="ana@example.com"))
    arrive(stage, "orders/updated", order(83, email="ana@example.com", shipping_address=ADDRESS))
    arrive(
        stage, "customer.tags_added", {"customerId": ANA, "tags": ["Anastacia"], "occurredAt": "2026-11-30T07:00:00Z"}
    )
    stage.settle()
    assert traces(keeper, "ana@example.com", "anastacia", ANA, "mango lane") == []
    assert (stage.sums(), stage.rows("SELECT count(*) FROM members")) == (sums, people)
    placed = (stage.clock() + timedelta(seconds=1)).isoformat()
    stage.clock.ahead += timedelta(seconds=2)
    arrive(stage, "orders/paid", order(84, placed, customer=customer(), email="ana@example.com"))
    assert stage.rows("SELECT email FROM members WHERE state = 'member'") == [("ana@example.com",)]
    assert stage.sums()["order:84"] == 24
    arrive(stage, "customers/update", customer(first_name="Anna"))
    assert stage.rows("SELECT first_name FROM members WHERE state = 'member'") == [("Anna",)]
    arrive(stage, "orders/updated", order(81, updated="2026-11-30T07:30:00Z", customer=customer(), note="Anastacia"))
    assert stage.rows("SELECT view->'buyer' FROM order_views WHERE order_id = 81") == [({},)]
    assert stage.sums()["order:81"] == sums["order:81"]
    assert audit(stage.engine) == []


def test_an_account_opened_afterwards_is_somebody_new(stage: Stage) -> None:
    arrive(stage, "customers/create", customer())
    redact(stage, id=ANA, email="ana@example.com")
    opened = (stage.clock() + timedelta(seconds=1)).isoformat()
    arrive(stage, "customers/create", customer(7_000_000_000_009, created_at=opened))
    assert stage.rows("SELECT customer_id FROM members WHERE state = 'member'") == [(7_000_000_000_009,)]


def test_a_file_that_names_somebody_forgotten_brings_them_nothing(stage: Stage, keeper: psycopg.Connection) -> None:
    """By number or by address; whoever lives again is somebody again."""
    arrive(stage, "customers/create", customer())
    redact(stage, id=ANA, email="ana@example.com")
    key, content = (
        stage.work.forgetting_key,
        f"email,customer id,points\nAna@example.com,,5\n,{ANA},5\nben@example.com,,5\n",
    )
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        number = upload_file.upload(
            conn, shop, "a.csv", content.encode(), "", stage.clock(), shown=False, actor="staff:7", key=key
        )
        file = files.get(conn, stage.shop_id, number)
        assert file is not None
        assert (file.totals["lines"], file.totals["new"]) == (1, 1)
        assert [problem[0] for problem in file.problems] == [2, 3]
        carry_out_file.carry_out(conn, shop, number, "staff:7", stage.clock(), key)
    assert stage.rows("SELECT email FROM members WHERE state <> 'erased'") == [("ben@example.com",)]
    assert traces(keeper, "ana@example.com", ANA) == []
