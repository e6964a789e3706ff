"""Birthdays and anniversaries: with the shop's midnight, once a year, whatever was down and however often it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.activities import celebrate
from plugin.actions.members import keep_profile
from plugin.actions.members.merge_members import merge_customers
from plugin.actions.points.audit import audit
from plugin.actions.work.work import Work
from plugin.errors import BadInput, Denied
from plugin.rules.activities.activity_rules import Anniversary, Birthday, Custom, Profile
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from plugin.web.forms.members import profile
from tests.actions.in_shop import InShop
from tests.conftest import ShopRow

MANILA = ZoneInfo("Asia/Manila")
BEGAN = datetime(2024, 1, 1, tzinfo=MANILA)
BIRTHDAY = Birthday(id="abirth", name="Birthday", points=100)
ANNIVERSARY = Anniversary(id="aann", name="Anniversary", points=30)
PROFILE = Profile(id="aprof", name="About you", points=15, questions=("Coffee or tea?",))


@dataclass
class Years(InShop):
    """A shop in Manila whose clock the test holds."""

    engine: Engine
    shop_id: int
    now: datetime = BEGAN

    def run(self, at: datetime) -> None:
        self.now = at
        work = Work(self.engine, None, None, lambda: self.now)  # type: ignore[arg-type]
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
        celebrate.carry_out(work, shop, Job(1, self.shop_id, JobKind.CELEBRATE, "day", {}, 1, 0, at))

    def publish(self, *activities: Any, at: datetime = BEGAN) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            programmes.add(conn, self.shop_id, Programme(activities=activities), "test", "", at)

    def join(self, customer: int, at: datetime = BEGAN) -> int:
        with shop_transaction(self.engine, self.shop_id) as conn:
            buyer = Buyer(customer_id=customer, email=f"{customer}@example.com")
            members.add(conn, self.shop_id, [buyer], {buyer: at})
            return members.by_customers(conn, self.shop_id, [customer])[customer].id

    def born(self, member: int, month: int, day: int, at: datetime, actor: str = "shopper") -> bool:
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            return keep_profile.set_birthday(conn, shop, member, (month, day), actor, at)

    @property
    def given(self) -> list[tuple[int, date]]:
        found = self.rows(
            "SELECT member_id, effective_at FROM entries WHERE kind = 'activity' ORDER BY effective_at, member_id"
        )
        assert all(at.astimezone(MANILA).hour == 0 for _, at in found)
        return [(member, at.astimezone(MANILA).date()) for member, at in found]


@pytest.fixture
def years(engine: Engine, shop: ShopRow) -> Years:
    with system_transaction(engine) as conn:
        shops.describe(conn, shop.id, {"timezone": "Asia/Manila"})
        shops.merge_settings(conn, shop.id, {"counts_from": BEGAN.isoformat()})
    return Years(engine, shop.id)


def manila(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=MANILA)  # type: ignore[arg-type, misc]


def test_points_come_with_the_shops_midnight_once_however_often_it_runs(years: Years) -> None:
    years.publish(BIRTHDAY)
    ana = years.join(7)
    years.born(ana, 5, 10, BEGAN)
    years.run(manila(2025, 5, 9, 23, 59))
    assert years.given == []
    for hour in (0, 1, 12, 23):
        years.run(manila(2025, 5, 10, hour, 1))
    years.run(manila(2025, 5, 11, 0, 1))
    assert years.given == [(ana, date(2025, 5, 10))]
    years.run(manila(2026, 5, 10, 0, 1))
    assert years.given == [(ana, date(2025, 5, 10)), (ana, date(2026, 5, 10))]
    assert years.rows("SELECT DISTINCT reason->'reasons'->0->>0 FROM entries") == [("birthday_points",)]
    assert audit(years.engine) == []


def test_days_that_were_missed_are_caught_up_on(years: Years) -> None:
    years.publish(BIRTHDAY)
    people = [years.join(number) for number in (7, 8, 9)]
    for member, day in zip(people, (10, 12, 14), strict=True):
        years.born(member, 5, day, BEGAN)
    years.run(manila(2025, 5, 9, 1))
    years.run(manila(2025, 5, 13, 1))
    assert years.given == [(people[0], date(2025, 5, 10)), (people[1], date(2025, 5, 12))]


def test_29_february_is_celebrated_on_the_stated_day(years: Years) -> None:
    years.publish(BIRTHDAY)
    ana = years.join(7)
    years.born(ana, 2, 29, BEGAN)
    for day in (manila(2025, 2, 28, 1), manila(2025, 3, 1, 1), manila(2028, 2, 28, 1), manila(2028, 2, 29, 1)):
        years.run(day)
    assert years.given == [(ana, date(2025, 2, 28)), (ana, date(2028, 2, 29))]


def test_a_birthday_given_just_before_waits_a_year_and_staff_can_correct_it(years: Years) -> None:
    years.publish(BIRTHDAY)
    late, wrong = years.join(7), years.join(8)
    years.born(late, 5, 10, manila(2025, 4, 20))
    years.born(wrong, 6, 10, manila(2025, 4, 20))
    years.born(wrong, 5, 10, manila(2025, 5, 9), "staff:1")
    years.run(manila(2025, 5, 10, 1))
    years.run(manila(2025, 6, 10, 1))
    assert years.given == [(wrong, date(2025, 5, 10))]
    years.run(manila(2026, 5, 10, 1))
    assert years.given[1:] == [(late, date(2026, 5, 10)), (wrong, date(2026, 5, 10))]


def test_a_member_changes_the_birthday_once_a_year_and_saying_it_again_changes_nothing(years: Years) -> None:
    years.publish(BIRTHDAY)
    ana = years.join(7)
    assert years.born(ana, 5, 10, BEGAN) is True
    assert years.born(ana, 5, 10, BEGAN) is False
    with pytest.raises(Denied) as caught:
        years.born(ana, 6, 10, BEGAN + timedelta(days=364))
    assert caught.value.code == "birthday_changed"
    assert years.born(ana, 6, 10, BEGAN + timedelta(days=365)) is True
    assert years.rows("SELECT kind, subject FROM jobs") == [("push_profile", str(ana))]


def test_nothing_comes_while_it_is_off_and_todays_when_it_is_switched_on(years: Years) -> None:
    years.publish(BIRTHDAY.model_copy(update={"active": False}))
    early, today = years.join(7), years.join(8)
    years.born(early, 5, 9, BEGAN)
    years.born(today, 5, 10, BEGAN)
    years.run(manila(2025, 5, 9, 1))
    years.run(manila(2025, 5, 10, 1))
    assert years.given == []
    years.publish(BIRTHDAY, at=manila(2025, 5, 10, 9))
    years.run(manila(2025, 5, 10, 10))
    assert years.given == [(today, date(2025, 5, 10))]


def test_every_year_on_the_day_of_joining(years: Years) -> None:
    years.publish(ANNIVERSARY)
    ana, leap = years.join(7, manila(2024, 5, 10, 0, 30)), years.join(8, manila(2024, 2, 29, 23))
    for day in ((2024, 5, 10), (2025, 2, 28), (2025, 5, 10), (2026, 5, 10)):
        years.run(manila(*day, 1))
    assert years.given == [(leap, date(2025, 2, 28)), (ana, date(2025, 5, 10)), (ana, date(2026, 5, 10))]
    reasons = years.rows("SELECT reason->'reasons'->0 FROM entries ORDER BY effective_at")
    assert reasons[1:] == [
        (["first_anniversary", {"points": 30}],),
        (["anniversary_points", {"years": 2, "points": 30}],),
    ]


def test_more_members_than_one_batch(years: Years, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(celebrate, "BATCH", 3)
    years.publish(BIRTHDAY, ANNIVERSARY)
    people = [years.join(number, manila(2024, 5, 10, 3)) for number in range(10, 20)]
    for member in people:
        years.born(member, 5, 10, manila(2025, 5, 1) if member % 2 else BEGAN)
    years.run(manila(2025, 5, 10, 1))
    kinds = years.rows("SELECT counted_as, count(*)::int FROM activity_records GROUP BY 1 ORDER BY 1")
    assert kinds == [("anniversary", 10), ("birthday", 5)]


def test_two_accounts_that_are_merged_have_one_birthday(years: Years) -> None:
    years.publish(BIRTHDAY)
    ana, again = years.join(7), years.join(8)
    years.born(again, 5, 10, BEGAN)
    years.run(manila(2025, 5, 10, 1))
    with shop_transaction(years.engine, years.shop_id) as conn:
        merge_customers(conn, shops.get(conn, years.shop_id), kept=7, removed=8, now=manila(2025, 5, 10, 2))
    years.run(manila(2025, 5, 10, 3))
    assert [member for member, _ in years.given[:1]] == [again]
    assert years.rows("SELECT count(*)::int FROM activity_records") == [(1,)]
    assert years.rows("SELECT subject FROM jobs WHERE kind = 'push_profile' ORDER BY id DESC LIMIT 1") == [(str(ana),)]
    years.run(manila(2026, 5, 10, 1))
    assert years.given[-1] == (ana, date(2026, 5, 10))


def test_only_shops_with_such_days_are_looked_at(years: Years) -> None:
    work = Work(years.engine, None, None, lambda: BEGAN)  # type: ignore[arg-type]
    years.publish(Custom(id="areview", name="R", points=1, word="review"))
    jobs.queue_celebrations(work)
    assert years.rows("SELECT kind FROM jobs") == []
    years.publish(BIRTHDAY)
    jobs.queue_celebrations(work)
    assert years.rows("SELECT kind FROM jobs") == [("celebrate",)]


def test_a_complete_profile_earns_once(years: Years) -> None:
    years.publish(PROFILE)
    ana = years.join(7)

    def say(answer: str) -> bool:
        with shop_transaction(years.engine, years.shop_id) as conn:
            shop = shops.get(conn, years.shop_id)
            keep_profile.answer(conn, shop, ana, profile.answers({"answer.0": answer, "answer.1": "not asked"}), BEGAN)
            return keep_profile.reward_profile(conn, shop, ana, BEGAN) is not None

    assert say("Coffee") is False  # the birthday is missing
    years.born(ana, 5, 10, BEGAN)
    assert (say("Tea"), say("Coffee")) == (True, False)
    assert years.rows("SELECT answers FROM member_profiles") == [({"Coffee or tea?": "Coffee"},)]
    assert years.rows("SELECT points FROM entries") == [(15,)]


@pytest.mark.parametrize("form", [{"birth_month": "2", "birth_day": "30"}, {"birth_month": "x", "birth_day": "1"},
                                  {"birth_month": "5"}, {"birth_day": "²", "birth_month": "1"}])  # fmt: skip
def test_a_day_that_there_is_not_is_named(form: dict[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        profile.birthday(form)
    assert caught.value.fields.keys() == {"birth_day"}
