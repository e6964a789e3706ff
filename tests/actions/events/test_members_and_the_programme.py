"""What happens to members, to the programme and to our own work is recorded, each once."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.activities import record_activity
from plugin.actions.members import add_members, forget_member, leave_programme, push_members
from plugin.actions.members.merge_members import merge_members
from plugin.actions.points import expire_points, write_points
from plugin.actions.programme import note_campaigns, publish_programme
from plugin.actions.work import job_outcomes
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.errors import Refused
from plugin.rules.activities.activity_rules import Custom
from plugin.rules.events import (
    ActivityDone,
    CampaignBegun,
    CampaignEnded,
    DeliveryFailed,
    JobFailed,
    MemberCameBack,
    MemberErased,
    MemberJoined,
    MemberLeft,
    MemberMerged,
    PointsEarned,
    PointsExpiring,
    PointsUsable,
    ProgrammePublished,
)
from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work import deliveries, jobs
from tests.actions.events.looking import happened, recorded
from tests.actions.orders.test_settle_orders import NOW, START, start_programme
from webhooks.inbox import process_waiting

REVIEW = Custom(id="areview", name="A review", points=20, word="review")


@pytest.fixture
def shop_id(engine: Engine, shop: Any) -> int:
    return start_programme(engine, shop.id, Programme(activities=(REVIEW,)))


def work_at(engine: Engine, now: datetime) -> Work:
    return Work(engine, None, Mailer.__new__(Mailer), lambda: now)  # type: ignore[arg-type]


def join(engine: Engine, shop_id: int, *customers: int | None) -> list[int]:
    buyers = [Buyer(customer_id=one, email=f"c{one}@example.com") for one in customers]
    with shop_transaction(engine, shop_id) as conn:
        add_members.add(conn, shop_id, buyers, dict.fromkeys(buyers, NOW), NOW)
        add_members.add(conn, shop_id, buyers, dict.fromkeys(buyers, NOW), NOW)
        rows = conn.exec_driver_sql("SELECT id FROM members ORDER BY id").scalars()
        return list(rows)


def test_a_member_joins_leaves_comes_back_is_merged_and_erased_each_once(engine: Engine, shop_id: int) -> None:
    guest, ana, other = join(engine, shop_id, 7, 8, None)
    for _ in range(2):
        with shop_transaction(engine, shop_id) as conn:
            leave_programme.leave(conn, shops.get(conn, shop_id), ana, NOW)
    for _ in range(2):
        with shop_transaction(engine, shop_id) as conn:
            leave_programme.come_back(conn, shops.get(conn, shop_id), ana, NOW)
    for _ in range(2):
        with shop_transaction(engine, shop_id) as conn:
            merge_members(conn, shops.get(conn, shop_id), kept=ana, removed=other, now=NOW)
    for _ in range(2):
        with shop_transaction(engine, shop_id) as conn:
            members.by_ids(conn, shop_id, [guest], lock=True)
            forget_member.forget(conn, shop_id, guest, NOW)
    assert [(one.member_id, one.payload) for one in recorded(engine, shop_id)] == [
        (guest, MemberJoined(guest=True)),
        (ana, MemberJoined(guest=False)),
        (other, MemberJoined(guest=False)),
        (ana, MemberLeft()),
        (ana, MemberCameBack()),
        (ana, MemberMerged(other)),
        (guest, MemberErased()),
    ]


def test_an_activity_is_recorded_beside_its_points(engine: Engine, shop_id: int) -> None:
    (ana,) = join(engine, shop_id, 7)
    for _ in range(2):
        with shop_transaction(engine, shop_id) as conn:
            shop = shops.get(conn, shop_id)
            record_activity.record(conn, shop, ana, "review", "ana@example.com:1", NOW, "api:x", NOW)
    assert happened(engine, shop_id, "activity", "points") == [
        ActivityDone(1, "areview", 20),
        PointsEarned(1, 20, 20, "activity", NOW),
    ]


def post(engine: Engine, shop_id: int, member: int, points: int, **dates: datetime) -> None:
    with shop_transaction(engine, shop_id) as conn:
        accounts = Ledger(conn, shop_id, [member])
        accounts.post([Entry(member, "earned", points, f"order:{points}", 1, NOW, "suki", **dates)], NOW)  # type: ignore[arg-type]
        write_points.write(accounts, NOW)


def test_points_become_usable_when_their_window_ends_and_once(engine: Engine, shop_id: int) -> None:
    (ana,) = join(engine, shop_id, 7)
    post(engine, shop_id, ana, 30, available_at=NOW + timedelta(days=14))
    post(engine, shop_id, ana, 40)
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
    for days in (1, 14, 15):
        push_members.announce(work_at(engine, NOW + timedelta(days=days)), shop)
    assert happened(engine, shop_id, "points_usable") == [PointsUsable(1, 30)]


def test_a_lot_of_a_member_who_is_worked_on_is_announced_the_next_time(engine: Engine, shop_id: int) -> None:
    ana, ben = join(engine, shop_id, 7, 8)
    for member, points in ((ana, 30), (ben, 40)):
        post(engine, shop_id, member, points, available_at=NOW + timedelta(days=1))
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        members.by_ids(conn, shop_id, [ana], lock=True)
        push_members.announce(work_at(engine, NOW + timedelta(days=2)), shop)
    assert happened(engine, shop_id, "points_usable") == [PointsUsable(2, 40)]
    push_members.announce(work_at(engine, NOW + timedelta(days=2)), shop)
    assert happened(engine, shop_id, "points_usable") == [PointsUsable(2, 40), PointsUsable(1, 30)]


def test_points_that_end_together_are_one_warning_with_their_sum(engine: Engine, shop_id: int) -> None:
    with shop_transaction(engine, shop_id) as conn:
        rules = Programme(expiry=Expiry(policy="after_earning", period=365))
        programmes.add(conn, shop_id, rules, "test", "", START + timedelta(seconds=1))
    (ana,) = join(engine, shop_id, 7)
    post(engine, shop_id, ana, 30)
    post(engine, shop_id, ana, 40)
    job = jobs.Job(0, shop_id, "expire_points", "due", {}, 1, 0, NOW)
    for days in range(300, 364):
        now = NOW + timedelta(days=days)
        with shop_transaction(engine, shop_id) as conn:
            shop = shops.get(conn, shop_id)
        expire_points.carry_out(work_at(engine, now), shop, job)
    found = happened(engine, shop_id, "points_expiring")
    assert found
    assert {one.points for one in found} == {70}  # type: ignore[union-attr]
    assert [one.warning for one in found] == list(range(1, len(found) + 1))  # type: ignore[union-attr]
    assert all(isinstance(one, PointsExpiring) for one in found)


def test_a_version_is_published_once_and_campaigns_begin_and_end_by_the_clock(engine: Engine, shop_id: int) -> None:
    rule = OrderRule(
        key="double", name="Double", effect="multiplier", multiplier=Decimal(2),
        starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=3),
    )  # fmt: skip
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        editing = publish_programme.begin(conn, shop_id, 1, NOW)
        programme = Programme(orders=OrderEarning(rules=(rule,)))
        number = publish_programme.publish_at(conn, editing, programme, "", NOW, "staff:1", NOW)
    for hours in (0, 1, 23, 25, 26, 71, 73, 80):
        note_campaigns.look(work_at(engine, NOW + timedelta(hours=hours)), shop)
    assert happened(engine, shop_id, "programme", "campaign") == [
        ProgrammePublished(number, NOW),
        CampaignBegun("double", number),
        CampaignEnded("double", number),
    ]
    at = [one.happened_at for one in recorded(engine, shop_id) if one.kind.startswith("campaign")]
    assert at == [NOW + timedelta(days=1), NOW + timedelta(days=3)]


def test_a_campaign_that_passed_while_nobody_looked_is_recorded_late_and_once(engine: Engine, shop_id: int) -> None:
    rule = OrderRule(
        key="double", name="Double", effect="multiplier", multiplier=Decimal(2),
        starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=3),
    )  # fmt: skip
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        programmes.add(conn, shop_id, Programme(orders=OrderEarning(rules=(rule,))), "test", "", START)
    for days in (0, 9, 10):
        note_campaigns.look(work_at(engine, NOW + timedelta(days=days)), shop)
    assert happened(engine, shop_id, "campaign") == [CampaignBegun("double", 2), CampaignEnded("double", 2)]


def test_a_job_and_a_delivery_that_are_given_up_are_recorded_with_their_failure(engine: Engine, shop_id: int) -> None:
    with shop_transaction(engine, shop_id) as conn:
        jobs.queue(conn, shop_id, "push_member", [5], NOW)
        shop, (job,) = shops.get(conn, shop_id), jobs.claim(conn, shop_id, "push_member", 1, NOW)
        deliveries.add(conn, shop_id, "w1", "orders/paid", NOW, b"ana@example.com is no order")
        conn.exec_driver_sql("UPDATE inbox SET attempts = 100")
    error = Refused("ana@example.com is not known")
    job_outcomes.record(work_at(engine, NOW), shop, 1, [job], {job.id: error}, alone=True)
    later = datetime.now(NOW.tzinfo) + timedelta(days=1)
    while process_waiting(engine, lambda: later):
        pass
    assert happened(engine, shop_id) == [
        JobFailed(job.id, "push_member", 1),
        DeliveryFailed(1, "orders/paid", 101),
    ]
