"""What is fetched of customers is kept, follows Shopify's changes, and goes with the customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from plugin.actions.members import customer_changes
from plugin.rules.types import CustomerFacts
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts
from sandbox.state import Record
from tests.actions.members.test_privacy import exported
from tests.actions.stage import Stage


@pytest.fixture
def ana(stage: Stage) -> Record:
    order = stage.buy()
    stage.settle()
    return stage.shop.customer[order["customer_id"]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[object, ...]]]:
    """What those who asked for it were told."""
    told: list[tuple[object, ...]] = []
    monkeypatch.setattr(
        customer_changes, "ON_CONSENT", (lambda _c, _s, customer, consent, _at, _n: told.append((customer, consent)),)
    )
    monkeypatch.setattr(customer_changes, "ON_TAGS", (lambda _c, _s, customer, _n: told.append((customer, "tags")),))
    yield told


def want(stage: Stage, *customers: int) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        customer_facts.want(conn, stage.shop_id, customers, stage.clock())
    stage.settle(seconds=1)


def known(stage: Stage, *customers: int) -> dict[int, CustomerFacts]:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return customer_facts.known(conn, stage.shop_id, customers, stage.clock())


def test_what_is_wanted_is_fetched_once_and_known_for_a_day(stage: Stage, ana: Record) -> None:
    stage.town.box.tag_customer(stage.shop, ana, add=["VIP", "wholesale"])
    stage.town.box.set_consent(stage.shop, ana, "SUBSCRIBED")
    stage.settle()
    assert known(stage, ana["id"]) == {}
    want(stage, ana["id"])
    assert known(stage, ana["id"]) == {ana["id"]: CustomerFacts(frozenset({"VIP", "wholesale"}), "subscribed", 1)}
    assert stage.waiting() == []
    stage.clock.ahead += timedelta(hours=25)
    assert known(stage, ana["id"]) == {}


def test_a_customer_who_is_gone_has_nothing_and_nobody_waits_for_them(stage: Stage, ana: Record) -> None:
    stage.shop.drop("customer", ana["id"])
    want(stage, ana["id"])
    assert known(stage, ana["id"]) == {ana["id"]: CustomerFacts()}


def test_of_somebody_who_is_no_member_nothing_is_kept(stage: Stage) -> None:
    want(stage, 4711)
    assert stage.rows("SELECT * FROM customer_facts") == []


def test_changed_tags_and_consents_are_taken_over_at_once(
    stage: Stage, ana: Record, heard: list[tuple[object, ...]]
) -> None:
    want(stage, ana["id"])
    assert sorted(heard) == [(ana["id"], "not_subscribed"), (ana["id"], "tags")]
    stage.town.box.tag_customer(stage.shop, ana, add=["VIP", "late"])
    stage.hear()  # webhooks of one moment come in any order
    stage.town.box.tag_customer(stage.shop, ana, remove=["late"])
    stage.town.box.set_consent(stage.shop, ana, "SUBSCRIBED")
    stage.hear()
    assert known(stage, ana["id"]) == {ana["id"]: CustomerFacts(frozenset({"VIP"}), "subscribed", 1)}
    assert sorted(heard[2:]) == [(ana["id"], "subscribed"), (ana["id"], "tags"), (ana["id"], "tags")]
    assert [kind for kind, *_ in stage.waiting("fetch_customer")] == ["fetch_customer"]


def test_a_consent_is_told_even_of_a_customer_who_was_never_fetched(
    stage: Stage, ana: Record, heard: list[tuple[object, ...]]
) -> None:
    stage.town.box.set_consent(stage.shop, ana, "SUBSCRIBED")
    stage.hear()
    assert heard == [(ana["id"], "subscribed")]
    assert stage.rows("SELECT * FROM customer_facts") == []


def test_what_happened_earlier_and_is_told_later_changes_nothing(stage: Stage, ana: Record) -> None:
    want(stage, ana["id"])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        now, key = stage.clock(), ana["id"]
        assert customer_facts.change_tags(conn, stage.shop_id, key, ["VIP"], [], now)
        assert not customer_facts.change_tags(conn, stage.shop_id, key, [], ["vip"], now - timedelta(seconds=1))
        assert customer_facts.change_consent(conn, stage.shop_id, key, "subscribed", now)
        assert not customer_facts.change_consent(conn, stage.shop_id, key, "pending", now - timedelta(seconds=1))
        assert customer_facts.known(conn, stage.shop_id, [key], now)[key].tags == {"VIP"}
        assert customer_facts.change_tags(conn, stage.shop_id, key, [], ["vip"], now + timedelta(seconds=1))
        assert customer_facts.known(conn, stage.shop_id, [key], now)[key].tags == frozenset()


def test_merged_customers_are_fetched_anew(stage: Stage, ana: Record) -> None:
    other = stage.shop.customer[stage.buy("juan@example.com")["customer_id"]]
    stage.town.box.tag_customer(stage.shop, other, add=["VIP"])
    stage.settle()
    want(stage, ana["id"], other["id"])
    stage.town.box.merge(stage.shop, ana, other)
    stage.settle()
    assert known(stage, ana["id"], other["id"]) == {ana["id"]: CustomerFacts(frozenset({"VIP"}), "not_subscribed", 2)}


def test_what_was_fetched_goes_into_the_export_and_goes_with_the_customer(stage: Stage, ana: Record) -> None:
    stage.town.box.tag_customer(stage.shop, ana, add=["VIP"])
    want(stage, ana["id"])
    stage.town.box.ask_for_data(stage.shop, ana)
    stage.settle()
    (facts,) = exported(stage)["customer"]
    assert (facts["tags"], facts["email_consent"], facts["orders_count"]) == (["VIP"], "not_subscribed", 1)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        customer_facts.want(conn, stage.shop_id, [ana["id"]], stage.clock() + timedelta(hours=1))
    stage.town.box.redact(stage.shop, ana)
    stage.settle()
    assert (stage.rows("SELECT * FROM customer_facts"), stage.waiting()) == ([], [])


def test_an_order_that_waited_for_its_customer_is_judged_when_they_are_known(stage: Stage, ana: Record) -> None:
    before = stage.rows("SELECT waiting_for, deserved FROM order_views")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        conn.exec_driver_sql("UPDATE order_views SET waiting_for = 'customers'")
    want(stage, ana["id"])
    assert stage.rows("SELECT waiting_for, deserved FROM order_views") == before == [("", 24)]
