"""Old webhooks are emptied, and the ledger is still rebuilt: from what was written down before they went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import psycopg
import pytest
import zstandard
from sqlalchemy import Engine

from plugin.actions.privacy import empty_bodies, strip_bodies
from plugin.actions.work.work import Work
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.store.orders import order_checkpoints
from plugin.store.privacy import erasure_orders
from plugin.store.shops import shops
from plugin.store.work import deliveries
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from tests import payloads
from tests.actions.orders.test_settle_orders import events_of_one_order, start_programme
from tests.actions.test_audit_and_replay import merge
from tests.conftest import ShopRow, TestDatabase
from webhooks.inbox import process_waiting
from webhooks.replay import begins, compare

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=91)


class Place:
    """One shop with a welcome and earning, in which time passes."""

    def __init__(self, engine: Engine, shop: ShopRow, database: TestDatabase) -> None:
        self.engine, self.shop, self.database = engine, shop, database
        self.work = Work(engine, None, None, lambda: NOW)  # type: ignore[arg-type]  # nobody is asked
        self.came = 0
        start_programme(engine, shop.id, Programme(welcome_points=25, tiers=PRESETS["yearly_spend"]))

    def hear(self, at: datetime, *events: tuple[str, dict[str, object]]) -> None:
        """Webhooks that come then, and are processed."""
        for topic, payload in events:
            self.came += 1
            with shop_transaction(self.engine, self.shop.id) as conn:
                when = at + timedelta(seconds=self.came)
                deliveries.add(conn, self.shop.id, f"w{self.came}", topic, when, payloads.dumps(payload))
        while process_waiting(self.engine, lambda: datetime.now(UTC)):
            pass

    def empty(self) -> None:
        """What the two jobs do."""
        with shop_transaction(self.engine, self.shop.id) as conn:
            found = shops.get(conn, self.shop.id)
        for job in (strip_bodies, empty_bodies):
            job.carry_out(self.work, found, Job(1, self.shop.id, JobKind.EMPTY_BODIES, "due", {}, 0, 0, NOW))

    def states(self) -> list[str]:
        """Of the bodies, in the order in which they came."""
        with shop_transaction(self.engine, self.shop.id) as conn:
            return list(conn.exec_driver_sql("SELECT body_state FROM deliveries ORDER BY id").scalars())

    def differences(self) -> list[str]:
        """What a replay finds."""
        return compare(self.engine, self.database.url)


@pytest.fixture
def place(engine: Engine, shop: ShopRow, database: TestDatabase) -> Place:
    return Place(engine, shop, database)


def test_old_bodies_go_and_young_ones_stay(place: Place) -> None:
    place.hear(OLD, ("customers/create", payloads.customer(7)), ("orders/paid", payloads.order(1)))
    place.hear(NOW, ("orders/paid", payloads.order(2)))
    place.empty()
    assert place.states() == ["empty", "empty", "stripped"]


def test_the_ledger_is_rebuilt_from_checkpoints_and_what_is_left(place: Place) -> None:
    guest = payloads.order(2, customer=None, email="guest@example.com")
    other = payloads.order(3, customer=payloads.customer(9, email="b@example.com"), email="")
    place.hear(OLD, ("customers/create", payloads.customer(7)), *events_of_one_order(), ("orders/paid", guest))
    place.hear(OLD, ("orders/paid", other))
    place.empty()
    assert set(place.states()) == {"empty"}
    assert place.differences() == []
    returned = payloads.order(3, customer=payloads.customer(9, email="b@example.com"), email="")
    returned |= {"financial_status": "refunded", "updated_at": "2026-11-19T10:00:00Z"}
    place.hear(
        NOW,
        ("customers/create", payloads.customer(8, email="guest@example.com")),
        ("orders/paid", payloads.order(4)),
        ("customers/merge", merge(kept=7, removed=9)),
        ("orders/updated", returned),
        ("orders/delete", {"id": 2}),
    )
    assert place.differences() == []
    place.empty()
    assert place.differences() == []


def test_what_was_given_wrongly_since_is_found(place: Place) -> None:
    place.hear(OLD, ("orders/paid", payloads.order(1)))
    place.empty()
    place.hear(NOW, ("orders/cancelled", payloads.order(1) | {"cancelled_at": "2026-11-19T10:00:00Z",
                                                               "updated_at": "2026-11-19T10:00:00Z"}))  # fmt: skip
    assert place.differences() == []
    with psycopg.connect(place.database.superuser_url, autocommit=True) as keeper:
        keeper.execute(
            "INSERT INTO entries (shop_id, member_id, kind, points, subject, line, effective_at, actor)"
            " SELECT shop_id, member_id, kind, 30, subject, 9, effective_at, 'thief' FROM entries"
            " WHERE subject = 'order:1' LIMIT 1"
        )
    assert [each for each in place.differences() if "order:1" in each]


def test_an_order_that_waits_to_be_read_anew_keeps_its_bodies(place: Place) -> None:
    place.hear(OLD, ("orders/paid", payloads.order(1)), ("orders/paid", payloads.order(2)))
    with shop_transaction(place.engine, place.shop.id) as conn:
        conn.exec_driver_sql("UPDATE order_views SET reading = 1 WHERE order_id = 1")
    place.empty()
    assert place.states() == ["stripped", "empty"]
    with shop_transaction(place.engine, place.shop.id) as conn:
        conn.exec_driver_sql("UPDATE order_views SET reading = 2 WHERE order_id = 1")
    place.empty()
    assert place.states() == ["empty", "empty"]


def test_a_checkpoint_holds_nobodys_name(place: Place, database: TestDatabase) -> None:
    place.hear(OLD, ("orders/paid", payloads.order(1)))
    place.empty()
    with shop_transaction(place.engine, place.shop.id) as conn:
        [(_, row)] = order_checkpoints.page(conn, place.shop.id, 0, 9)
    assert "ana@example.com" in row
    assert "Reyes" not in row and "Ana" not in row


def test_a_step_that_was_stopped_is_gone_on_with(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(empty_bodies, "A_STEP", 2)
    place.hear(OLD, *[("orders/paid", payloads.order(number)) for number in range(1, 6)])
    strip_bodies.step(place.work, place.shop.id)
    before = NOW - timedelta(days=90)
    assert empty_bodies.step(place.work, place.shop.id, before, 0) == 2
    assert place.states() == ["empty", "empty", "stripped", "stripped", "stripped"]
    place.empty()
    assert set(place.states()) == {"empty"}
    assert place.differences() == []


def test_a_replay_says_from_when_on_it_can_rebuild(place: Place) -> None:
    assert begins(place.engine) == {}
    place.hear(OLD, ("orders/paid", payloads.order(1)))
    place.empty()
    assert begins(place.engine) == {place.shop.domain: OLD + timedelta(seconds=1)}


def test_a_checkpoint_from_before_a_column_was_added_can_be_used(place: Place) -> None:
    place.hear(OLD, ("orders/paid", payloads.order(1)))
    place.empty()
    with shop_transaction(place.engine, place.shop.id) as conn:
        [(_, row)] = order_checkpoints.page(conn, place.shop.id, 0, 9)
        less = {key: value for key, value in orjson.loads(row).items() if key not in ("reading", "counted_minor")}
        packed = zstandard.compress(orjson.dumps(less))
        conn.exec_driver_sql("UPDATE order_checkpoints SET kept = %(kept)s", {"kept": packed})
    assert place.differences() == []


def test_an_erasure_takes_the_checkpoint_too_and_the_replay_leaves_the_person_out(place: Place) -> None:
    place.hear(OLD, ("orders/paid", payloads.order(1)))
    place.empty()
    with shop_transaction(place.engine, place.shop.id) as conn:
        erasure_orders.make_nobodys(conn, place.shop.id, 1)
        assert order_checkpoints.page(conn, place.shop.id, 0, 9) == []


def test_an_address_that_is_taken_out_of_an_order_is_out_of_its_checkpoint(place: Place) -> None:
    place.hear(OLD, ("orders/paid", payloads.order(1)))
    place.empty()
    with shop_transaction(place.engine, place.shop.id) as conn:
        erasure_orders.take_address_out(conn, place.shop.id, 1, ["ana@example.com"])
        [(_, row)] = order_checkpoints.page(conn, place.shop.id, 0, 9)
    assert "ana@example.com" not in row
    assert place.differences() == []
