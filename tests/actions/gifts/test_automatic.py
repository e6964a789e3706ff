"""Rules that give by themselves: once per occasion, within their caps, in the shop's zone, also after downtime."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text

from plugin.actions.gifts import automatic
from plugin.actions.members.merge_members import merge_customers
from plugin.actions.points.audit import audit
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.gifts.automatic_rules import Birthday, Frequent, Lapsed, Milestone, TierEntry
from plugin.rules.programme import Earning, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.store.database.db import engine_at, shop_transaction, system_transaction
from plugin.store.members.members import by_customers
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work.jobs import Job
from tests import payloads
from tests.actions.orders.test_settle_orders import START, balances, settle, start_programme
from tests.actions.tiers.test_tiers import bought

FIVE = AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5))
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
LAPSED = Lapsed(id="alapsed", name="Come back", days=30, points=10, begins_at=BEGIN)
OFTEN = Frequent(id="aoften", name="Often", orders=3, days=10, cooldown_days=20, points=7, begins_at=BEGIN)
GOLD = TierEntry(id="agold", name="Gold", tier="gold", reward="rfive", begins_at=BEGIN)
BIRTHDAY = Birthday(id="abirth", name="Birthday", points=25)
DAY = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def shop_id(engine: Engine, shop: Any) -> int:
    return shop.id  # type: ignore[no-any-return]


def begin(engine: Engine, shop_id: int, *rules: Any, zone: str = "Asia/Manila", **more: Any) -> None:
    with system_transaction(engine) as conn:
        conn.execute(text("UPDATE shops SET timezone = :zone WHERE id = :id"), {"zone": zone, "id": shop_id})
    programme = Programme(earning=Earning(points=0), rewards=(FIVE,), automatic=rules, **more)
    start_programme(engine, shop_id, programme)


def work_at(engine: Engine, moment: datetime) -> Work:
    return Work(engine, None, Mailer.__new__(Mailer), lambda: moment)  # type: ignore[arg-type]


def look(engine: Engine, shop_id: int, moment: datetime) -> None:
    """What the hourly job does, at that moment."""
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
    automatic.carry_out(work_at(engine, moment), shop, Job(0, shop_id, "automatic", "due", {}, 1, 0, moment))


def order(key: int, day: str, customer: int = 7, price: str = "10.00") -> tuple[str, dict[str, Any]]:
    who = {"customer": payloads.customer(customer, email=f"c{customer}@example.com")}
    return bought(key, price, f"{day}T10:00:00+08:00", email=f"c{customer}@example.com", **who)


def points(engine: Engine, shop_id: int) -> dict[int, int]:
    return {key: found[0] for key, found in balances(engine, shop_id).items()}


def given(engine: Engine, shop_id: int) -> list[tuple[str, str, str]]:
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT rule, occasion, state FROM gifts ORDER BY id")
        return [tuple(row) for row in rows]


def birthday(engine: Engine, shop_id: int, customers: list[int], now: datetime, day: date | None = None) -> list[int]:
    with shop_transaction(engine, shop_id) as conn:
        found = by_customers(conn, shop_id, customers)
        ids = [found[key].id for key in customers]
        return automatic.on_birthday(conn, shops.get(conn, shop_id), ids, now, day)


def test_a_member_lapses_at_the_beginning_of_a_day_of_the_shop(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, LAPSED)
    settle(engine, shop_id, order(1, "2026-11-05"))
    look(engine, shop_id, datetime(2026, 12, 4, 15, 59, tzinfo=UTC))
    assert points(engine, shop_id) == {7: 0}
    look(engine, shop_id, datetime(2026, 12, 4, 16, 0, tzinfo=UTC))  # midnight in Manila: the 5th
    assert points(engine, shop_id) == {7: 10}
    assert given(engine, shop_id) == [("alapsed", "order:1", "given")]


def test_a_lapse_gives_once_and_the_next_one_again(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, LAPSED)
    settle(engine, shop_id, order(1, "2026-11-05"))
    for day in range(40, 50):
        look(engine, shop_id, BEGIN + timedelta(days=day))
    assert points(engine, shop_id) == {7: 10}
    settle(engine, shop_id, order(2, "2026-12-20"))
    look(engine, shop_id, datetime(2027, 1, 10, tzinfo=UTC))
    assert points(engine, shop_id) == {7: 10}
    look(engine, shop_id, datetime(2027, 1, 25, tzinfo=UTC))
    assert points(engine, shop_id) == {7: 20}
    assert audit(engine) == []


@pytest.mark.parametrize(("already", "expected"), [(False, {7: 0, 8: 10}), (True, {7: 10, 8: 10})])
def test_who_lapsed_before_the_rule_began_gets_it_only_if_the_rule_says_so(
    engine: Engine, shop_id: int, already: bool, expected: dict[int, int]
) -> None:
    begin(engine, shop_id, LAPSED.model_copy(update={"already": already}))
    settle(engine, shop_id, order(1, "2026-09-01", 7), order(2, "2026-10-15", 8))
    look(engine, shop_id, DAY)
    assert points(engine, shop_id) == expected


def test_after_weeks_without_the_app_a_lapse_is_made_up_for_but_not_after_months(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, LAPSED)
    settle(engine, shop_id, order(1, "2026-11-05", 7), order(2, "2026-12-20", 8))
    look(engine, shop_id, datetime(2027, 2, 10, tzinfo=UTC))
    assert points(engine, shop_id) == {7: 0, 8: 10}


def test_a_frequent_buyer_gets_it_and_not_again_within_the_pause(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, OFTEN)
    settle(engine, shop_id, *(order(key, f"2026-11-{key:02}") for key in (2, 7)))
    look(engine, shop_id, DAY)
    assert points(engine, shop_id) == {7: 0}
    settle(engine, shop_id, order(11, "2026-11-11"))
    look(engine, shop_id, DAY)
    assert given(engine, shop_id) == [("aoften", "order:11", "given")]
    settle(engine, shop_id, *(order(key, f"2026-11-{key:02}") for key in range(12, 31)))
    look(engine, shop_id, datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert points(engine, shop_id) == {7: 7}
    settle(engine, shop_id, order(31, "2026-12-01"))
    look(engine, shop_id, datetime(2026, 12, 2, tzinfo=UTC))
    assert given(engine, shop_id) == [("aoften", "order:11", "given"), ("aoften", "order:31", "given")]


def test_ten_days_are_ten_days(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, OFTEN)
    settle(engine, shop_id, *(order(key, f"2026-11-{key:02}") for key in (2, 7, 12)))
    look(engine, shop_id, DAY)
    assert given(engine, shop_id) == []


def test_a_birthday_gives_once_a_year_whoever_asks(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, BIRTHDAY)
    settle(engine, shop_id, order(1, "2026-11-05", 7), order(2, "2026-11-05", 8))
    assert len(birthday(engine, shop_id, [7], DAY)) == 1
    assert birthday(engine, shop_id, [7], DAY + timedelta(hours=5)) == []
    assert birthday(engine, shop_id, [7], DAY + timedelta(days=2), date(2026, 11, 20)) == []
    assert points(engine, shop_id) == {7: 25, 8: 0}
    assert len(birthday(engine, shop_id, [7, 8], DAY + timedelta(days=365))) == 2
    assert birthday(engine, shop_id, [], DAY) == []


def test_the_year_is_that_of_the_birthday(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, BIRTHDAY)
    settle(engine, shop_id, order(1, "2026-11-05"))
    late = datetime(2027, 1, 2, tzinfo=UTC)
    assert len(birthday(engine, shop_id, [7], late, date(2026, 12, 31))) == 1
    assert given(engine, shop_id) == [("abirth", "2026", "given")]


def test_the_job_finds_the_birthdays_also_of_days_without_the_app(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, BIRTHDAY)
    settle(engine, shop_id, *(order(key, "2026-11-05", key) for key in (7, 8, 9, 10, 11)))
    born = {7: (11, 20, "2026-01-01"), 8: (11, 20, "2026-11-19"), 9: (11, 23, "2026-01-01"),
            10: (11, 20, "2026-10-21 15:00Z"), 11: (11, 20, "2026-10-21 17:00Z")}  # fmt: skip
    # 30 days before is 21 October; the last of them said so on the 22nd of the shop, in Manila
    with shop_transaction(engine, shop_id) as conn:
        for customer, (month, day, told) in born.items():
            member = by_customers(conn, shop_id, [customer])[customer].id
            conn.exec_driver_sql(
                "INSERT INTO member_profiles (shop_id, member_id, birth_month, birth_day, birthday_set_at)"
                " VALUES (%(s)s, %(m)s, %(month)s, %(day)s, %(told)s)",
                {"s": shop_id, "m": member, "month": month, "day": day, "told": told},
            )
    for moment in (DAY - timedelta(days=1), DAY + timedelta(days=2), DAY + timedelta(days=2)):
        look(engine, shop_id, moment)
    assert points(engine, shop_id) == {7: 25, 8: 0, 9: 0, 10: 25, 11: 0}


def test_caps_hold(engine: Engine, shop_id: int) -> None:
    capped = LAPSED.model_copy(update={"per_day": 2, "in_total": 3})
    begin(engine, shop_id, capped)
    settle(engine, shop_id, *(order(key, "2026-11-05", key) for key in range(7, 13)))
    first = datetime(2026, 12, 10, tzinfo=UTC)
    for moment, total in ((first, 2), (first, 2), (first + timedelta(days=1), 3), (first + timedelta(days=2), 3)):
        look(engine, shop_id, moment)
        assert len(given(engine, shop_id)) == total


def test_a_members_own_cap_counts_a_period(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, OFTEN.model_copy(update={"per_member": 1, "per_member_days": 40, "cooldown_days": 1}))
    settle(engine, shop_id, *(order(key, f"2026-11-{key:02}") for key in range(2, 29)))
    look(engine, shop_id, datetime(2026, 11, 29, tzinfo=UTC))
    assert len(given(engine, shop_id)) == 1


def test_two_workers_at_once_give_once(engine: Engine, shop_id: int, database: Any) -> None:
    begin(engine, shop_id, LAPSED.model_copy(update={"per_day": 5}), BIRTHDAY)
    settle(engine, shop_id, *(order(key, "2026-11-05", key) for key in range(7, 15)))
    crowd = engine_at(database.url, "suki-race", pool_size=12, max_overflow=0, pool_timeout=30)
    moment = datetime(2026, 12, 10, tzinfo=UTC)
    with ThreadPoolExecutor(8) as pool:
        looks = [pool.submit(look, crowd, shop_id, moment) for _ in range(4)]
        days = [pool.submit(birthday, crowd, shop_id, [7, 8], moment) for _ in range(4)]
        [one.result() for one in [*looks, *days]]
    crowd.dispose()
    found = [rule for rule, *_ in given(engine, shop_id)]
    assert (found.count("alapsed"), found.count("abirth")) == (5, 2)
    assert audit(engine) == []


def test_a_milestone_that_is_added_later_reaches_those_who_are_there(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id)
    settle(engine, shop_id, order(1, "2026-11-05", 7), order(2, "2026-11-06", 7), order(3, "2026-11-07", 8))
    second = Milestone(id="msecond", name="Second", at=Decimal(2), points=5)
    since = Milestone(id="msince", name="Since", points=5, begins_at=datetime(2026, 11, 6, 12, tzinfo=UTC))
    with shop_transaction(engine, shop_id) as conn:
        changed = Programme(earning=Earning(points=0), milestones=(second, since))
        programmes.add(conn, shop_id, changed, "test", "", START + timedelta(days=1))
    for _ in range(2):
        look(engine, shop_id, DAY)
    assert points(engine, shop_id) == {7: 5, 8: 5}


@pytest.mark.parametrize("counts_from", [None, datetime(2026, 11, 7, tzinfo=UTC)])
def test_a_first_order_is_the_customers_first_and_not_the_first_since_the_rule_was_made(
    engine: Engine, shop_id: int, counts_from: datetime | None
) -> None:
    begin(engine, shop_id)
    with shop_transaction(engine, shop_id) as conn:
        if counts_from:
            shops.merge_settings(conn, shop_id, {"counts_from": counts_from.isoformat()})
    settle(engine, shop_id, order(1, "2026-11-05", 7))
    began = datetime(2026, 11, 8, tzinfo=UTC)
    rules = tuple(
        Milestone(id=f"m{at}", name=f"{at}", at=Decimal(at), points=at, begins_at=began, earlier=True) for at in (1, 2)
    )
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(
            conn, shop_id, Programme(earning=Earning(points=0), milestones=rules), "test", "", START + timedelta(days=1)
        )
    look(engine, shop_id, DAY)
    assert points(engine, shop_id) == {7: 0}
    settle(engine, shop_id, order(2, "2026-11-09", 7), order(3, "2026-11-09", 8))
    assert points(engine, shop_id) == {7: 2, 8: 1}
    for _ in range(2):
        look(engine, shop_id, DAY)
    assert points(engine, shop_id) == {7: 2, 8: 1}


def test_merged_customers_do_not_get_it_twice(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, BIRTHDAY, LAPSED)
    settle(engine, shop_id, order(1, "2026-11-05", 7), order(2, "2026-11-06", 8))
    birthday(engine, shop_id, [8], DAY)
    with shop_transaction(engine, shop_id) as conn:
        merge_customers(conn, shops.get(conn, shop_id), kept=7, removed=8, now=DAY)
    assert birthday(engine, shop_id, [7, 8], DAY) == []
    look(engine, shop_id, datetime(2026, 12, 6, 1, tzinfo=UTC))
    assert points(engine, shop_id)[7] == 35
    assert audit(engine) == []


def test_a_paused_rule_and_another_shop_give_nothing(engine: Engine, shop_id: int, other_shop: Any) -> None:
    begin(engine, shop_id, LAPSED.model_copy(update={"active": False}))
    settle(engine, shop_id, order(1, "2026-11-05"))
    look(engine, shop_id, datetime(2026, 12, 10, tzinfo=UTC))
    begin(engine, other_shop.id, LAPSED)
    look(engine, other_shop.id, datetime(2026, 12, 10, tzinfo=UTC))
    assert given(engine, shop_id) == given(engine, other_shop.id) == []


def test_the_preview_counts_who_would_get_it(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, LAPSED)
    settle(engine, shop_id, order(1, "2026-11-05", 7), order(2, "2026-11-25", 8))
    moment = datetime(2026, 12, 10, tzinfo=UTC)
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        assert automatic.would_get(conn, shop, LAPSED, moment) == 1
    look(engine, shop_id, moment)
    with shop_transaction(engine, shop_id) as conn:
        assert automatic.would_get(conn, shop, LAPSED, moment) == 0
