"""A clawback is posted at once, and its entry names the email that says so, whatever becomes of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.members.merge_members import merge_customers
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.points import adjust_points, write_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.points.audit import audit
from plugin.messages.render import render
from plugin.rules.brand import Brand
from plugin.rules.gifts.automatic_rules import Milestone
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members.members import by_customers
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import shops
from plugin.store.work import messages
from tests import payloads
from tests.actions.in_shop import InShop
from tests.actions.mail_outcomes import answer
from tests.actions.orders.test_settle_orders import NOW, start_programme
from tests.messages.said import said
from webhooks.orders import order as read_order

MINUTE = timedelta(minutes=1)
KIND = MessageKind.POINTS_TAKEN_BACK
CLAWBACKS = (
    "SELECT points, message_id FROM entries WHERE kind IN ('taken_back', 'milestone_back', 'adjusted') ORDER BY id"
)


@dataclass
class Till(InShop):
    """A shop that hears of orders at the moments that a test names."""

    engine: Engine
    shop_id: int
    settings: Settings

    def hears(self, at: datetime, price: str, number: int = 1, **more: Any) -> None:
        """An order of this price is worth that much now."""
        lines = [payloads.line(number, price)]
        order = payloads.order(number, lines, total_price=price, updated_at=at.isoformat(), **more)
        news = read_order("orders/updated", at, payloads.dumps(order), "USD")
        with shop_transaction(self.engine, self.shop_id) as conn:
            settle_orders(conn, shops.get(conn, self.shop_id), [news], at)
        assert audit(self.engine) == []

    def says(self, at: datetime, number: int | None = None) -> Any:
        """What the newest message, or the one of this number, would say at that moment."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            found = number or conn.exec_driver_sql("SELECT max(id) FROM messages WHERE kind = %s", (KIND,)).scalar_one()
            message = messages.get(conn, self.shop_id, found)
            assert message is not None
            return said(conn, shops.get(conn, self.shop_id), message, self.settings, at)

    @property
    def told(self) -> list[tuple[Any, ...]]:
        return self.rows(f"SELECT id, state, last_error FROM messages WHERE kind = '{KIND}' ORDER BY id")


def opened(engine: Engine, shop: Any, settings: Settings, **rules: Any) -> Till:
    programme = Programme.model_validate({"next_order_code": {"enabled": False}, "confirmation": "ours", **rules})
    return Till(engine, start_programme(engine, shop.id, programme), settings)


@pytest.fixture
def till(engine: Engine, shop: Any, settings: Settings) -> Till:
    """Somebody has an order of 100 points."""
    found = opened(engine, shop, settings)
    found.hears(NOW, "100.00")
    assert found.told == []
    return found


def test_it_is_posted_at_once_and_names_its_email_that_goes_in_five_minutes(till: Till) -> None:
    at = NOW + 10 * MINUTE
    till.hears(at, "25.00")
    till.hears(at, "25.00")
    ((number, state, _),) = till.told
    assert till.rows(CLAWBACKS) == [(-75, number)]
    due = till.rows(f"SELECT not_before FROM jobs WHERE kind = 'send_message' AND subject = '{number}'")
    assert (state, due) == ("queued", [(at + 5 * MINUTE,)])
    says = till.says(at + 5 * MINUTE)
    assert (says.points, says.balance_available, says.why[0]) == (75, 25, "75 points: Taken back for order #1001")
    assert len(says.why) > 1


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("UPDATE members SET no_emails = true", "the member wants no emails of the programme"),
        ("UPDATE members SET state = 'left'", "the customer has left the programme"),
    ],
)
def test_one_that_does_not_go_is_there_as_left_out_with_the_reason(till: Till, how: str, why: str) -> None:
    till.rows(f"{how} RETURNING id")
    till.hears(NOW + MINUTE, "25.00")
    ((number, state, error),) = till.told
    assert (state, error, till.rows(CLAWBACKS)) == ("skipped", why, [(-75, number)])


def test_where_no_mail_is_sent_the_message_is_there_as_left_out(engine: Engine, shop: Any, settings: Settings) -> None:
    till = opened(engine, shop, settings, confirmation="none")
    till.hears(NOW, "100.00")
    till.hears(NOW + MINUTE, "25.00")
    ((number, state, error),) = till.told
    assert (state, error) == ("skipped", "mails are switched off in the programme")
    assert till.rows(CLAWBACKS) == [(-75, number)]


def test_before_the_launch_nothing_is_written_down(engine: Engine, shop: Any, settings: Settings) -> None:
    till = opened(engine, shop, settings)
    till.hears(NOW, "100.00")
    till.rows("UPDATE shops SET stage = 'draft' RETURNING id")
    with shop_transaction(engine, till.shop_id) as conn:
        member = by_customers(conn, till.shop_id, [7])[7].id
        accounts = Ledger(conn, till.shop_id, [member])
        accounts.post([Entry(member, "taken_back", -1, "order:1", 2, NOW, "t")], NOW)
        write_points.write(accounts, NOW)
    assert (till.told, till.rows(CLAWBACKS)) == ([], [(-1, None)])


def test_what_is_given_again_before_it_goes_is_not_told(till: Till) -> None:
    till.hears(NOW + MINUTE, "25.00")
    till.hears(NOW + 3 * MINUTE, "100.00")
    assert len(till.told) == 1
    assert till.says(NOW + 6 * MINUTE) is None


def test_edits_that_go_down_and_up_are_one_email_of_what_is_missing_in_the_end(till: Till) -> None:
    for minutes, price in ((1, "25.00"), (2, "90.00"), (3, "60.00"), (4, "70.00")):
        till.hears(NOW + minutes * MINUTE, price)
    ((number, _, _),) = till.told
    assert till.rows(CLAWBACKS) == [(-75, number), (-30, number)]
    assert till.says(NOW + 6 * MINUTE).points == 30


def test_more_that_comes_after_it_went_is_told_by_itself(till: Till) -> None:
    till.hears(NOW + MINUTE, "90.00")
    answer(till.engine, till.shop_id, NOW + 6 * MINUTE)
    till.hears(NOW + 7 * MINUTE, "85.00")
    first, second = (number for number, *_ in till.told)
    assert till.rows(CLAWBACKS) == [(-10, first), (-5, second)]
    assert (till.says(NOW + 12 * MINUTE, first).points, till.says(NOW + 12 * MINUTE, second).points) == (10, 5)


def test_more_in_the_minute_in_which_it_is_made_is_told_by_itself(till: Till) -> None:
    till.hears(NOW + MINUTE, "90.00")
    till.hears(NOW + MINUTE + 4 * MINUTE, "85.00")
    assert len(till.told) == 2


def test_a_single_point_is_told(till: Till) -> None:
    till.hears(NOW + MINUTE, "99.00")
    says = till.says(NOW + 6 * MINUTE)
    assert (says.points, says.why[0]) == (1, "1 point: Taken back for order #1001")


def test_what_is_waived_is_not_missing(engine: Engine, shop: Any, settings: Settings) -> None:
    till = opened(engine, shop, settings, below_zero="clamp")
    till.hears(NOW, "100.00")
    spend(till, 80)
    till.hears(NOW + MINUTE, "0.00", number=2)
    till.hears(NOW + 2 * MINUTE, "20.00")
    assert till.says(NOW + 7 * MINUTE).points == 20
    till.hears(NOW + 20 * MINUTE, "10.00")
    assert till.says(NOW + 27 * MINUTE) is None
    kinds = till.rows("SELECT kind, message_id IS NOT NULL FROM entries WHERE points <> 0 ORDER BY id")
    assert kinds[2:] == [("taken_back", True), ("forgiven", True), ("taken_back", True), ("forgiven", True)]


def spend(till: Till, points: int) -> None:
    with shop_transaction(till.engine, till.shop_id) as conn:
        member = by_customers(conn, till.shop_id, [7])[7].id
        accounts = Ledger(conn, till.shop_id, [member])
        accounts.post([Entry(member, "spent", -points, "redemption:1", 1, NOW, "t")], NOW)
        accounts.write()


def test_below_zero_the_email_says_what_is_owed(till: Till) -> None:
    spend(till, 90)
    till.hears(NOW + MINUTE, "50.00")
    says = till.says(NOW + 6 * MINUTE)
    assert (says.points, says.balance_available) == (50, -40)
    assert "You're 40 points below zero now." in render(KIND, says, Brand()).text


def test_all_that_one_order_takes_back_is_one_email(engine: Engine, shop: Any, settings: Settings) -> None:
    second = Milestone(id="msecond", name="Second", at=Decimal(2), points=11)
    till = opened(engine, shop, settings, milestones=[second.model_dump()])
    till.hears(NOW, "100.00")
    till.hears(NOW, "30.00", number=2)
    till.hears(NOW + 10 * MINUTE, "30.00", number=2, cancelled_at=(NOW + 10 * MINUTE).isoformat())
    ((number, _, _),) = till.told
    assert till.rows(CLAWBACKS) == [(-30, number), (-11, number)]
    says = till.says(NOW + 16 * MINUTE)
    assert says.points == 41
    assert [line for line in says.why if ":" in line] == [
        "30 points: Taken back for order #1002",
        "11 points: Milestone taken back",
    ]


@pytest.mark.parametrize("shown", [True, False])
def test_what_staff_take_is_told_with_the_note_that_is_meant_for_the_member(till: Till, shown: bool) -> None:
    by_staff(till, -3, "0" * 32, NOW + MINUTE, shown=shown)
    ((number, _, _),) = till.told
    assert till.rows(CLAWBACKS) == [(-3, number)]
    says = till.says(NOW + 6 * MINUTE)
    assert (says.points, "Counted twice" in says.why) == (3, shown)


def test_what_staff_undo_at_once_is_not_told(till: Till) -> None:
    by_staff(till, -3, "0" * 32, NOW + MINUTE)
    entry = till.rows("SELECT max(id) FROM entries")[0][0]
    with shop_transaction(till.engine, till.shop_id) as conn:
        member = by_customers(conn, till.shop_id, [7])[7].id
        adjust_points.undo(conn, till.shop_id, member, entry, "staff:1", NOW + 2 * MINUTE)
    assert till.says(NOW + 6 * MINUTE) is None


def by_staff(till: Till, points: int, key: str, at: datetime, *, shown: bool = False) -> None:
    with shop_transaction(till.engine, till.shop_id) as conn:
        member = by_customers(conn, till.shop_id, [7])[7].id
        asked = Adjustment(member, key, "adjusted", points, "Counted twice", shown)
        adjust_points.adjust(conn, till.shop_id, asked, "staff:1", at)


def test_it_follows_its_member_who_is_merged(till: Till) -> None:
    till.hears(NOW, "40.00", number=2, customer=payloads.customer(8, email="eight@example.com"))
    till.hears(NOW + MINUTE, "25.00")
    with shop_transaction(till.engine, till.shop_id) as conn:
        merge_customers(conn, shops.get(conn, till.shop_id), kept=8, removed=7, now=NOW + 2 * MINUTE)
    says = till.says(NOW + 6 * MINUTE)
    assert (says.points, says.balance_available) == (75, 65)
    assert len(till.told) == 1
