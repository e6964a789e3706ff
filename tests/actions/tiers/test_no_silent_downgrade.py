"""Time takes a tier only after it is known what became of the warning that named the day, and at most a week late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.tiers import watch_tiers
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.rules.tiers.placing import Standing
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members.members import by_customers
from plugin.store.shops import shops
from plugin.store.work import messages
from tests import payloads
from tests.actions.mail_outcomes import answer
from tests.actions.orders.test_settle_orders import settle, start_programme
from tests.actions.tiers.test_tiers import TIERS, bought, look, set_tier, state, told
from tests.messages.said import said
from webhooks.orders import order as read_order

DAY = timedelta(days=1)
LOST = datetime(2026, 12, 20, 4, tzinfo=UTC)
"""Noon in the shop's zone, on the first day without the tier."""
LATEST = LOST + 7 * DAY
LAST_WARNING = "silver:2026-12-20:1"


@pytest.fixture
def shop_id(engine: Engine, shop: Any) -> int:
    """Somebody in Silver whose last warning, of tomorrow, is still to be sent."""
    found = start_programme(engine, shop.id, Programme(tiers=TIERS))
    settle(engine, found, bought(1, "120.00"))
    for days in (28, 14):
        look(engine, found, LOST - days * DAY)
    look(engine, found, LOST - DAY, mails_go=False)
    assert told(engine, found)[-1] == ("tier_ending", LAST_WARNING)
    return found


def heard(engine: Engine, shop_id: int, topic: str, order: dict[str, Any], at: datetime) -> None:
    """News of an order arrive at that moment."""
    news = read_order(topic, at, payloads.dumps(order | {"updated_at": at.isoformat()}), "USD")
    with shop_transaction(engine, shop_id) as conn:
        settle_orders(conn, shops.get(conn, shop_id), [news], at)


def buys(engine: Engine, shop_id: int, number: int, price: str, at: datetime) -> None:
    heard(engine, shop_id, *bought(number, price, at.isoformat()), at)


def cancels(engine: Engine, shop_id: int, number: int, price: str, at: datetime) -> None:
    """An order that was placed the hour before no longer stands."""
    topic, order = bought(number, price, (at - timedelta(hours=1)).isoformat())
    heard(engine, shop_id, topic, order | {"cancelled_at": at.isoformat()}, at)


def stands(engine: Engine, shop_id: int, at: datetime) -> Standing:
    """What pages, API and mails show of the member at that moment."""
    with shop_transaction(engine, shop_id) as conn:
        member = by_customers(conn, shop_id, [7])[7]
        found = watch_tiers.stands(conn, shops.get(conn, shop_id), member, at)
    assert found is not None
    return found


def tier(engine: Engine, shop_id: int) -> str:
    return state(engine, shop_id).held.tier


@pytest.mark.parametrize("outcome", ["sent", "skipped", "failed", "unknown"])
def test_with_any_outcome_before_the_day_it_goes_on_the_day(engine: Engine, shop_id: int, outcome: str) -> None:
    answer(engine, shop_id, LOST - DAY, outcome)
    assert stands(engine, shop_id, LOST).held.tier == ""
    look(engine, shop_id, LOST)
    assert (tier(engine, shop_id), told(engine, shop_id)[-1]) == ("", ("tier_lost", "silver:2026-12-20:0"))


def test_without_an_outcome_it_is_kept_for_seven_days_and_then_goes_whatever_happens(
    engine: Engine, shop_id: int
) -> None:
    before = len(told(engine, shop_id))
    for at in (LOST, LOST + DAY, LATEST - DAY):
        for _ in range(2):
            look(engine, shop_id, at, mails_go=False)
            found = stands(engine, shop_id, at)
            assert (tier(engine, shop_id), found.held.tier, found.lost_on) == ("silver", "silver", date(2026, 12, 27))
    assert len(told(engine, shop_id)) == before
    look(engine, shop_id, LATEST, mails_go=False)
    assert (tier(engine, shop_id), told(engine, shop_id)[-1]) == ("", ("tier_lost", "silver:2026-12-27:0"))


def test_pages_say_so_from_midnight_on_before_any_run(engine: Engine, shop_id: int) -> None:
    assert stands(engine, shop_id, LOST - DAY).lost_on == date(2026, 12, 20)
    found = stands(engine, shop_id, LOST)
    assert (found.held.tier, found.lost_on, found.kept_until) == ("silver", date(2026, 12, 27), date(2026, 12, 27))
    assert found.keep is not None and (found.keep.missing, found.keep.by) == (100_00, date(2026, 12, 26))


def test_what_the_late_warning_says_is_true(engine: Engine, shop_id: int, settings: Settings) -> None:
    at = LOST + 2 * DAY
    for run_before in (False, True):
        if run_before:
            look(engine, shop_id, at, mails_go=False)
        with shop_transaction(engine, shop_id) as conn:
            shop = shops.get(conn, shop_id)
            late = messages.by_subject(conn, shop_id, MessageKind.TIER_ENDING, subject_of(conn, LAST_WARNING))
            assert late is not None
            words = said(conn, shop, late, settings, at)
        assert (words.tier, words.last_day, words.keep_by, words.missing) == (
            "Silver", date(2026, 12, 26), date(2026, 12, 26), 100_00,
        )  # fmt: skip
    answer(engine, shop_id, at)
    look(engine, shop_id, LATEST - DAY)
    assert tier(engine, shop_id) == "silver"
    look(engine, shop_id, LATEST)
    assert tier(engine, shop_id) == ""


def subject_of(conn: Connection, ending: str) -> str:
    return str(
        conn.exec_driver_sql("SELECT subject FROM messages WHERE subject LIKE %(end)s", {"end": f"%{ending}"}).scalar()
    )


def test_who_does_enough_while_it_waits_keeps_it_and_is_told_anew_next_time(engine: Engine, shop_id: int) -> None:
    look(engine, shop_id, LOST, mails_go=False)
    buys(engine, shop_id, 2, "110.00", LOST)
    found = state(engine, shop_id)
    assert (found.held.tier, found.lost_on, found.kept_until) == ("silver", date(2027, 1, 19), None)
    answer(engine, shop_id, LOST + DAY)
    for days in range(2, 30):
        look(engine, shop_id, LOST + days * DAY)
    assert tier(engine, shop_id) == "silver"
    look(engine, shop_id, LOST + 30 * DAY)
    ends = [subject for kind, subject in told(engine, shop_id) if kind in ("tier_ending", "tier_lost")]
    assert (tier(engine, shop_id), ends[3:]) == ("", [f"silver:2027-01-19:{n}" for n in (28, 14, 1, 0)])


def test_another_day_than_the_one_that_was_named_is_warned_of_again(engine: Engine, shop_id: int) -> None:
    answer(engine, shop_id, LOST - DAY)
    topic, late = bought(2, "101.00", "2026-12-05T13:00:00+08:00")
    heard(engine, shop_id, topic, late, LOST - DAY)
    found = state(engine, shop_id)
    assert (found.lost_on, found.warned_on, found.warned_for) == (date(2027, 1, 4), None, None)
    look(engine, shop_id, datetime(2027, 1, 4, 4, tzinfo=UTC))
    assert (tier(engine, shop_id), told(engine, shop_id)[-1]) == ("silver", ("tier_ending", "silver:2027-01-05:1"))
    look(engine, shop_id, datetime(2027, 1, 5, 4, tzinfo=UTC))
    assert tier(engine, shop_id) == ""


def test_a_refund_takes_at_once_what_it_lowers_but_does_not_hurry_what_waits(engine: Engine, shop_id: int) -> None:
    hour = timedelta(hours=1)
    buys(engine, shop_id, 3, "1.00", LOST - hour)
    look(engine, shop_id, LOST, mails_go=False)
    cancels(engine, shop_id, 3, "1.00", LOST)
    assert tier(engine, shop_id) == "silver"
    buys(engine, shop_id, 2, "110.00", LOST + hour)
    assert state(engine, shop_id).kept_until is None
    cancels(engine, shop_id, 2, "110.00", LOST + 2 * hour)
    assert (tier(engine, shop_id), told(engine, shop_id)[-1][0]) == ("", "tier_lost")


def test_what_time_takes_is_no_refund_though_one_comes_first_that_day(engine: Engine, shop_id: int) -> None:
    """So the bonus of the tier stays."""
    answer(engine, shop_id, LOST - DAY)
    buys(engine, shop_id, 3, "1.00", LOST - timedelta(hours=1))
    cancels(engine, shop_id, 3, "1.00", LOST)
    with shop_transaction(engine, shop_id) as conn:
        why = conn.exec_driver_sql("SELECT because FROM tier_changes ORDER BY id DESC LIMIT 1").scalar_one()
        back = conn.exec_driver_sql("SELECT count(*) FROM entries WHERE kind = 'tier_bonus_back'").scalar_one()
    assert (tier(engine, shop_id), why, back) == ("", "time", 0)


def test_a_warning_from_before_warnings_were_linked_is_found(engine: Engine, shop_id: int) -> None:
    with shop_transaction(engine, shop_id) as conn:
        conn.exec_driver_sql("UPDATE member_tiers SET warned_for = NULL, warned_by = NULL")
        conn.exec_driver_sql("UPDATE messages SET outcome_at = NULL")
    look(engine, shop_id, LOST, mails_go=False)
    found = state(engine, shop_id)
    assert (found.held.tier, found.kept_until, found.warned_for) == ("silver", date(2026, 12, 27), date(2026, 12, 20))


def test_a_warning_whose_message_is_no_longer_kept_was_given(engine: Engine, shop_id: int) -> None:
    with shop_transaction(engine, shop_id) as conn:
        conn.exec_driver_sql("DELETE FROM messages")
    look(engine, shop_id, LOST)
    assert tier(engine, shop_id) == ""


def test_what_staff_do_by_hand_needs_no_warning_and_forgets_the_old_one(engine: Engine, shop_id: int) -> None:
    set_tier(engine, shop_id, tier="gold")
    found = state(engine, shop_id)
    assert (found.held.tier, found.warned_for, found.warned_by, found.kept_until) == ("gold", None, None, None)
