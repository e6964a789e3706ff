"""Points end when the rules say, after their warnings, once, and can be given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as dice
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from plugin import jobs
from plugin.actions.members.merge_members import merge_members
from plugin.actions.points import expire_points
from plugin.actions.points.audit import audit
from plugin.rules.message_kinds import MessageKind
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.points.lots import Draw
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.work import messages
from tests.actions.life import LAST_MOMENT, MANILA, START, YEAR, Life, earned_on, start
from tests.messages.said import said
from tests.reached import reach, reaches


@pytest.fixture
def life(engine: Engine, shop: object) -> Life:
    found = Life(engine, shop.id)  # type: ignore[attr-defined]
    start(found)
    return found


def test_a_lot_is_dated_when_it_is_credited_warned_of_twice_and_gone_on_day_366(life: Life) -> None:
    life.publish(YEAR, START)
    life.post(100, earned_on(10))
    assert life.rows("SELECT expires_at FROM lots") == [(LAST_MOMENT,)]
    life.run(LAST_MOMENT - timedelta(days=32))
    assert life.warned == []
    life.run(LAST_MOMENT - timedelta(days=30, hours=23))
    life.run()
    assert len(life.warned) == 1
    life.run(LAST_MOMENT - timedelta(days=4))
    assert len(life.warned) == 2
    life.run(LAST_MOMENT - timedelta(minutes=1))
    assert life.expired == []
    life.run(LAST_MOMENT)
    life.run(LAST_MOMENT + timedelta(hours=1))
    assert life.expired == [(-100, "expiry:1", 1)]
    assert life.rows("SELECT balance, last_activity_at FROM members WHERE customer_id = 7") == [(0, earned_on(10))]
    assert audit(life.engine) == []


def test_all_lots_that_end_on_one_day_are_in_one_mail_with_what_is_left_of_them(life: Life, settings: Settings) -> None:
    life.publish(YEAR, START)
    life.post(100, earned_on(10))
    life.post(50, earned_on(10) + timedelta(hours=2))
    life.post(30, earned_on(11))
    life.post(9, earned_on(10), who=1)
    life.run(LAST_MOMENT - timedelta(days=30, hours=23))
    assert [member for member, _ in life.warned] == life.members
    life.post(-20, life.now)
    subject = life.warned[0][1]
    with shop_transaction(life.engine, life.shop_id) as conn:
        shop, message = (
            shops.get(conn, life.shop_id),
            messages.by_subject(conn, life.shop_id, MessageKind.POINTS_EXPIRING, subject),
        )
        assert message is not None
        warning = said(conn, shop, message, settings, life.now)
        assert (warning.points, warning.last_day.isoformat(), warning.balance_available) == (130, "2027-01-10", 160)
        assert said(conn, shop, message, settings, LAST_MOMENT) is None
    assert life.rows("SELECT not_before FROM jobs WHERE kind = 'send_message'")[0] == (
        datetime(2026, 12, 11, 9, tzinfo=MANILA),
    )


def test_after_downtime_nothing_is_lost_before_the_warning_and_its_notice(life: Life) -> None:
    life.publish(YEAR, START)
    life.post(100, earned_on(10))
    back = LAST_MOMENT + timedelta(days=40)
    life.run(back)
    assert (len(life.warned), life.expired) == (1, [])
    life.run(back + timedelta(days=3))
    assert life.expired == []
    life.run(back + timedelta(days=4))
    assert life.expired == [(-100, "expiry:1", 1)]


def test_switching_on_gives_every_lot_one_full_period_and_switching_off_keeps_it(life: Life) -> None:
    life.publish(Expiry(), START)
    life.post(100, earned_on(10))
    on = datetime(2028, 5, 1, 12, tzinfo=MANILA)
    life.publish(YEAR, on)
    life.run(on)
    assert life.rows("SELECT expires_at FROM lots") == [(datetime(2029, 5, 2, tzinfo=MANILA),)]
    life.publish(Expiry(), on + timedelta(days=1))
    life.run(on + timedelta(days=1))
    life.run(on + timedelta(days=900))
    assert life.rows("SELECT expires_at, look_at, points_left FROM lots") == [(None, None, 100)]


def test_a_purchase_moves_the_end_of_everything_where_inactivity_counts(life: Life) -> None:
    life.publish(Expiry(policy="inactivity", period=90), START)
    life.post(100, earned_on(1))
    life.post(10, datetime(2026, 3, 20, tzinfo=MANILA))
    life.run(datetime(2026, 4, 5, tzinfo=MANILA))
    assert life.warned == []
    life.run(datetime(2026, 5, 25, tzinfo=MANILA))
    assert len(life.warned) == 1
    life.run(datetime(2026, 6, 15, 1, tzinfo=MANILA))
    life.run(datetime(2026, 6, 19, 1, tzinfo=MANILA))
    assert [row[0] for row in life.expired] == [-100, -10]


def test_what_staff_and_refunds_do_is_no_activity(life: Life) -> None:
    life.publish(Expiry(policy="inactivity", period=90), START)
    life.post(100, earned_on(1))
    life.post(5, datetime(2026, 3, 20, tzinfo=MANILA), kind="gift")
    life.post(-5, datetime(2026, 3, 21, tzinfo=MANILA), kind="taken_back")
    assert life.rows("SELECT last_activity_at FROM members WHERE customer_id = 7") == [(earned_on(1),)]


def test_what_comes_back_to_an_expired_lot_has_the_grace_days_and_a_new_warning(life: Life) -> None:
    life.publish(YEAR, START)
    life.post(100, earned_on(10))
    life.post(-60, earned_on(20))
    for days in (31, 4, 0):
        life.run(LAST_MOMENT - timedelta(days=days))
    assert life.expired == [(-40, "expiry:1", 1)]
    life.now = LAST_MOMENT + timedelta(days=5)
    life.post(60, life.now, kind="returned", back_to=(Draw(1, 60),))
    until = datetime(2027, 1, 31, tzinfo=MANILA)
    assert life.rows("SELECT points_left, expires_at FROM lots") == [(60, until)]
    life.run()
    assert len(life.warned) == 3
    life.run(until - timedelta(days=4))
    life.run(until)
    assert life.expired == [(-40, "expiry:1", 1), (-60, "expiry:1", 2)]
    assert audit(life.engine) == []


def test_a_stopped_run_goes_on_where_it_was(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expire_points, "LOTS_A_BATCH", 1)
    monkeypatch.setattr(expire_points, "MEMBERS_A_BATCH", 1)
    life.publish(YEAR, START)
    for who in (0, 1):
        life.post(100, earned_on(10), who=who)
    for days in (31, 4):
        life.run(LAST_MOMENT - timedelta(days=days))
    monkeypatch.setattr(expire_points, "bring_up_to_date", failing_after(1, expire_points.bring_up_to_date))
    with pytest.raises(ConnectionError):
        life.run(LAST_MOMENT)
    monkeypatch.undo()
    life.run()
    assert sorted(life.expired) == [(-100, "expiry:1", 1), (-100, "expiry:2", 1)]
    assert len(life.warned) == 4


def failing_after(times: int, call: Callable[..., None]) -> Callable[..., None]:
    seen: list[int] = []

    def answer(conn: Connection, *arguments: Any) -> None:
        if len(seen) >= times:
            raise ConnectionError
        seen.append(1)
        call(conn, *arguments)

    return answer


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.integers(1, 200)),
        st.tuples(st.just("spend"), st.integers(1, 200)),
        st.tuples(st.just("back"), st.integers(1, 100)),
        st.tuples(st.just("run"), st.integers(0, 40)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
    ),
    max_size=25,
)


@reaches(expired=0.3, given_back=0.05)
@dice(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_expiry_and_what_is_given_back_make_and_lose_no_points(life: Life, steps: list[tuple[str, int]]) -> None:
    life.publish(Expiry(policy="after_earning", period=40), START)
    expired_before = len(life.expired)
    start_sum = life.rows("SELECT coalesce(sum(points), 0) FROM entries")[0][0]
    assert life.rows("SELECT coalesce(sum(balance), 0) FROM members")[0][0] == start_sum
    life.now = max(life.now, START)
    before_end = [("earn", 100), *steps]
    for what, value in (*before_end, ("run", 41), ("run", 41)):
        if what == "earn":
            life.post(value, life.now)
        elif what == "spend":
            life.post(-value, life.now)
        elif what == "back":
            reach("given_back")
            give_back(life, value)
        else:
            life.now += timedelta(days=value)
            if what == "run":
                life.run()
    assert audit(life.engine) == []
    if len(life.expired) > expired_before:
        reach("expired")
    silent = life.rows(
        "SELECT id FROM entries e WHERE kind = 'expired' AND NOT EXISTS (SELECT FROM messages m"
        " WHERE m.kind = 'points_expiring' AND m.member_id = e.member_id AND m.created_at < e.effective_at)"
    )
    assert silent == []


def give_back(life: Life, points: int) -> None:
    """Undo a part of what was spent from the lot that has given most."""
    drawn = life.rows(
        "SELECT d.lot_id, sum(d.points) FROM lot_draws d JOIN entries e ON e.id = d.entry_id"
        " WHERE e.kind IN ('spent', 'returned') GROUP BY 1 HAVING sum(d.points) > 0 ORDER BY 2 DESC LIMIT 1"
    )
    if drawn:
        lot_id, given = drawn[0]
        part = min(points, int(given))
        life.post(part, life.now, kind="returned", back_to=(Draw(lot_id, part),))


def test_every_hour_each_installed_shop_has_a_job_and_the_worker_carries_it_out(life: Life) -> None:
    life.publish(YEAR, START)
    life.post(100, earned_on(10))
    life.now = LAST_MOMENT - timedelta(days=31)
    for _ in range(2):
        jobs.queue_expiry(life.work())
    assert life.rows("SELECT kind, subject FROM jobs") == [("expire_points", "due")]
    assert jobs.run(life.work(), life.shop_id, "expire_points") == 1
    assert len(life.warned) == 1
    assert life.rows("SELECT kind FROM jobs") == [("send_message",)]


def test_merged_members_points_end_when_they_would_have_ended(life: Life) -> None:
    life.publish(YEAR, START)
    life.post(100, earned_on(10), who=1)
    life.now = earned_on(20)
    with shop_transaction(life.engine, life.shop_id) as conn:
        kept, removed = life.members
        merge_members(conn, shops.get(conn, life.shop_id), kept=kept, removed=removed, now=life.now)
    lots = "SELECT member_id, points_left, expires_at FROM lots WHERE points_left > 0"
    assert life.rows(lots) == [(kept, 100, LAST_MOMENT)]
    life.run(earned_on(22))
    assert life.rows(lots) == [(kept, 100, LAST_MOMENT)]


def test_an_unknown_zone_counts_as_utc(life: Life) -> None:
    with system_transaction(life.engine) as conn:
        conn.exec_driver_sql("UPDATE shops SET timezone = 'Mars/Olympus'")
    life.publish(YEAR, START)
    life.post(5, earned_on(10))
    assert life.rows("SELECT expires_at FROM lots") == [(datetime(2027, 1, 11, tzinfo=UTC),)]


def test_the_zone_of_the_shop_decides(life: Life) -> None:
    life.publish(YEAR, START)
    life.post(5, datetime(2026, 1, 9, 23, tzinfo=UTC))  # the 10th in Manila
    assert life.rows("SELECT expires_at FROM lots") == [(LAST_MOMENT,)]
