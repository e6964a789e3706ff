"""Points end only after it is known what became of their last warning, and at most seven days late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from plugin import jobs
from plugin.actions.points.audit import audit
from plugin.actions.shops import launch_programme
from plugin.actions.shops.tokens import AdminClients
from plugin.rules.message_kinds import MessageKind
from plugin.rules.points.expiry_rules import Expiry
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points import balances, ledger
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import shops
from plugin.store.work import messages
from tests.actions.life import LAST_MOMENT, MANILA, START, YEAR, Life, earned_on, start
from tests.messages.said import said

WARNED = LAST_MOMENT - timedelta(days=4) + timedelta(hours=1)
AT_THE_LATEST = LAST_MOMENT + timedelta(days=7)
HOUR = timedelta(hours=1)
ENDED = [(-100, "expiry:1", 1)]


@pytest.fixture
def life(engine: Engine, shop: object) -> Life:
    """A member with 100 points of which both warnings are written down, and the last one is still to be sent."""
    found = Life(engine, shop.id)  # type: ignore[attr-defined]
    start(found)
    found.publish(YEAR, START)
    found.post(100, earned_on(10))
    found.run(LAST_MOMENT - timedelta(days=31))
    found.mails_go = False
    found.run(WARNED)
    assert len(found.warned) == 2
    return found


def has(life: Life, at: datetime) -> tuple[int, date | None]:
    """The points that the member can spend at that moment, and their last day."""
    with shop_transaction(life.engine, life.shop_id) as conn:
        shop = shops.get(conn, life.shop_id)
        member = members.get(conn, life.shop_id, life.members[0])
        assert member is not None
        lots = ledger.open_lots(conn, life.shop_id, [member.id], at).get(member.id, [])
        ends = {lot.expires_at for lot in lots if lot.expires_at is not None}
        available = balances.of_one(conn, life.shop_id, member, at).available
        return available, shop.last_day(min(ends)) if ends else None


def answered(life: Life, at: datetime, state: str = "sent") -> None:
    life.now = at
    life.answer(state)


def last_message(life: Life) -> messages.Message:
    with shop_transaction(life.engine, life.shop_id) as conn:
        found = messages.by_subject(conn, life.shop_id, MessageKind.POINTS_EXPIRING, life.warned[-1][1])
    assert found is not None
    return found


@pytest.mark.parametrize("state", ["sent", "skipped", "failed", "unknown"])
def test_with_any_outcome_by_the_planned_day_they_end_on_it(life: Life, state: str) -> None:
    answered(life, WARNED + HOUR, state)
    assert has(life, LAST_MOMENT - HOUR) == (100, date(2027, 1, 10))
    assert has(life, LAST_MOMENT)[0] == 0
    life.run(LAST_MOMENT)
    assert life.expired == ENDED


def test_without_an_outcome_they_last_seven_days_more_and_then_end_whatever_happens(life: Life) -> None:
    assert has(life, LAST_MOMENT - HOUR) == (100, date(2027, 1, 10))
    assert has(life, LAST_MOMENT) == (100, date(2027, 1, 17))
    life.run(LAST_MOMENT + HOUR)
    assert (life.expired, has(life, LAST_MOMENT + HOUR)) == ([], (100, date(2027, 1, 17)))
    life.run(AT_THE_LATEST - HOUR)
    assert life.expired == []
    assert has(life, AT_THE_LATEST)[0] == 0
    life.run(AT_THE_LATEST)
    life.run(AT_THE_LATEST + HOUR)
    assert life.expired == ENDED
    assert len(life.warned) == 2
    assert audit(life.engine) == []


def test_what_the_late_warning_says_is_true(life: Life, settings: Settings) -> None:
    at = LAST_MOMENT + timedelta(days=2)
    for run_before in (False, True):
        if run_before:
            life.run(at)
        with shop_transaction(life.engine, life.shop_id) as conn:
            late = said(conn, shops.get(conn, life.shop_id), last_message(life), settings, at)
        assert (late.points, late.last_day, late.balance_available) == (100, date(2027, 1, 17), 100)
    answered(life, at)
    life.run(at + HOUR)
    assert (life.expired, has(life, at + HOUR)) == ([], (100, date(2027, 1, 17)))
    with shop_transaction(life.engine, life.shop_id) as conn:
        assert said(conn, shops.get(conn, life.shop_id), last_message(life), settings, AT_THE_LATEST) is None
    life.run(AT_THE_LATEST)
    assert life.expired == ENDED


def test_an_outcome_just_after_midnight_gives_the_seven_days_that_the_mail_named(life: Life) -> None:
    answered(life, LAST_MOMENT + timedelta(minutes=2))
    life.run(LAST_MOMENT + timedelta(minutes=5))
    assert (life.expired, has(life, life.now)) == ([], (100, date(2027, 1, 17)))


def test_while_they_wait_they_can_be_spent(life: Life) -> None:
    at = LAST_MOMENT + timedelta(minutes=1)
    for points, moment in ((60, at), (40, LAST_MOMENT + timedelta(days=6))):
        with shop_transaction(life.engine, life.shop_id) as conn:
            accounts = Ledger(conn, life.shop_id, life.members[:1])
            entry = Entry(life.members[0], "spent", -points, f"r:{points}", 1, moment, "t", available_only=True)
            accounts.post([entry], moment)
            accounts.write()
        life.run(moment)
    life.run(AT_THE_LATEST)
    assert (life.expired, audit(life.engine)) == ([], [])


def test_sending_a_warning_again_does_not_undo_its_outcome(life: Life) -> None:
    answered(life, WARNED + HOUR, "failed")
    with shop_transaction(life.engine, life.shop_id) as conn:
        assert messages.send_again(conn, life.shop_id, [last_message(life).id]) == [last_message(life).id]
    assert has(life, LAST_MOMENT)[0] == 0
    life.run(LAST_MOMENT)
    assert life.expired == ENDED


def test_a_warning_from_before_warnings_were_linked_is_found(life: Life) -> None:
    with shop_transaction(life.engine, life.shop_id) as conn:
        conn.exec_driver_sql("UPDATE lots SET warned_by = NULL")
        conn.exec_driver_sql("UPDATE messages SET outcome_at = NULL")
    life.run(LAST_MOMENT)
    assert (life.expired, has(life, LAST_MOMENT)) == ([], (100, date(2027, 1, 17)))
    assert life.rows("SELECT warned_by FROM lots") == [(last_message(life).id,)]


def test_an_outcome_from_before_outcomes_had_a_time_counts(life: Life) -> None:
    answered(life, WARNED, "failed")
    with shop_transaction(life.engine, life.shop_id) as conn:
        conn.exec_driver_sql("UPDATE lots SET warned_by = NULL")
        conn.exec_driver_sql("UPDATE messages SET outcome_at = NULL")
    life.run(LAST_MOMENT)
    assert life.expired == ENDED


def test_a_warning_whose_message_is_no_longer_kept_was_given(life: Life) -> None:
    with shop_transaction(life.engine, life.shop_id) as conn:
        conn.exec_driver_sql("DELETE FROM messages")
    life.run(LAST_MOMENT)
    assert life.expired == ENDED


def test_new_rules_while_they_wait_decide_anew(life: Life) -> None:
    life.publish(Expiry(policy="after_earning", period=400), LAST_MOMENT + HOUR)
    life.run(LAST_MOMENT + HOUR)
    assert has(life, life.now) == (100, date(2027, 2, 14))
    life.publish(Expiry(), LAST_MOMENT + timedelta(days=1))
    life.run(LAST_MOMENT + timedelta(days=900))
    assert (life.expired, has(life, life.now)) == ([], (100, None))


def test_a_pause_is_no_outcome_and_the_warning_waits_for_its_end(life: Life, settings: Settings) -> None:
    life.now = WARNED + HOUR
    with shop_transaction(life.engine, life.shop_id) as conn:
        launch_programme.pause(conn, shops.get(conn, life.shop_id), "mails", "test", life.now)
    life.post(5, earned_on(13))
    life.run(LAST_MOMENT - HOUR)
    work = replace(life.work(), clients=AdminClients.of(settings))
    assert jobs.run(work, life.shop_id, "send_message") == 3
    assert life.rows("SELECT state FROM messages ORDER BY id") == [("sent",), ("queued",), ("queued",)]
    kept = "SELECT state, last_error, attempts, not_before FROM jobs WHERE kind = 'send_message' ORDER BY id"
    assert set(life.rows(kept)) == {("queued", "emails are paused", 0, LAST_MOMENT)}
    life.run(LAST_MOMENT)
    assert (life.expired, has(life, LAST_MOMENT)) == ([], (105, date(2027, 1, 13)))
    life.run(AT_THE_LATEST)
    assert life.expired == ENDED


def statements(life: Life, act: Callable[[], object]) -> int:
    """How many statements the database gets meanwhile."""
    seen: list[str] = []

    def note(*about: Any) -> None:
        seen.append(about[2])

    event.listen(life.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(life.engine, "before_cursor_execute", note)
    return len(seen)


def test_many_lots_cost_the_nightly_run_no_more_statements_than_few(engine: Engine, shop: object) -> None:
    life = Life(engine, shop.id, mails_go=False)  # type: ignore[attr-defined]
    start(life)
    life.publish(YEAR, START)
    counts = []
    for day, lots in ((10, 2), (12, 40)):
        for number in range(lots):
            life.post(1, earned_on(day) + timedelta(minutes=number), who=number % 2)
        last = LAST_MOMENT + timedelta(days=day - 10)
        for at in (last - timedelta(days=31), WARNED + (last - LAST_MOMENT)):
            life.run(at)
            life.answer()
        life.run(last - timedelta(hours=30))  # the walk through all lots of that day
        counts.append(statements(life, lambda at=last: life.run(at)))  # type: ignore[misc]
    assert len(life.expired) == 42
    assert counts[0] == counts[1]


def test_an_outage_of_ours_gives_notice_first_and_the_points_can_be_spent_meanwhile(
    engine: Engine, shop: object
) -> None:
    life = Life(engine, shop.id, mails_go=False)  # type: ignore[attr-defined]
    start(life)
    life.publish(YEAR, START)
    life.post(100, earned_on(10))
    back = LAST_MOMENT + timedelta(days=40)
    notice = datetime(2027, 2, 24, tzinfo=MANILA)
    assert has(life, back) == (100, date(2027, 2, 23))
    life.run(back)
    assert (len(life.warned), has(life, back)) == (1, (100, date(2027, 2, 23)))
    life.run(notice)
    assert (life.expired, has(life, notice)) == ([], (100, date(2027, 3, 2)))
    life.run(notice + timedelta(days=7))
    assert life.expired == ENDED
