"""Tiers in the database: reached by orders, lowered by refunds, warned of and lost by time, set by staff."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.points.audit import audit
from plugin.actions.tiers import watch_tiers
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.errors import BadInput
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import by_customers
from plugin.store.shops import shops
from plugin.store.tiers import tiers as store
from plugin.store.versions import programmes
from plugin.store.work import deliveries
from plugin.store.work.jobs import Job
from plugin.web.forms.members import tier_by_hand
from tests import payloads
from tests.actions.events.looking import follow
from tests.actions.mail_outcomes import answer
from tests.actions.orders.test_settle_orders import NOW, balances, settle, start_programme
from webhooks.inbox import process_waiting
from webhooks.orders import order as read_order
from webhooks.replay import compare

SILVER = Tier(key="silver", name="Silver", enter=Decimal(100), multiplier=Decimal("1.5"), bonus=10)
GOLD = Tier(key="gold", name="Gold", enter=Decimal(300), multiplier=Decimal(2), bonus=20)
TIERS = Tiers(levels=(SILVER, GOLD), window="rolling", window_days=30, validity="window")


@pytest.fixture
def shop_id(engine: Engine, shop: Any) -> int:
    return start_programme(engine, shop.id, Programme(tiers=TIERS))


def bought(order_id: int, price: str, at: str = payloads.PLACED, **more: Any) -> tuple[str, dict[str, Any]]:
    line = payloads.line(order_id, price)
    times = {"created_at": at, "processed_at": at, "updated_at": at}
    return "orders/paid", payloads.order(order_id, [line], total_price=price, **times, **more)


def cancelled(order_id: int, price: str) -> tuple[str, dict[str, Any]]:
    topic, payload = bought(order_id, price)
    later = "2026-11-21T11:00:00+08:00"
    return topic, payload | {"cancelled_at": later, "updated_at": later}


def state(engine: Engine, shop_id: int, customer: int = 7) -> store.TierState:
    with shop_transaction(engine, shop_id) as conn:
        member = by_customers(conn, shop_id, [customer])[customer].id
        return store.states(conn, shop_id, [member]).get(member) or store.TierState(member)


def told(engine: Engine, shop_id: int) -> list[tuple[str, str]]:
    """Which mails there are, with those that follow from what has happened so far."""
    follow(engine, shop_id, NOW)
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT kind, subject FROM messages WHERE kind LIKE 'tier%%' ORDER BY id")
        return [(row[0], ":".join(row[1].split(":")[2:])) for row in rows]


def look(engine: Engine, shop_id: int, moment: datetime, *, mails_go: bool = True) -> None:
    """What the job after new rules, if it waits, and the daily run do, at that moment; then what is to be sent goes."""
    work = Work(engine, None, Mailer.__new__(Mailer), lambda: moment)  # type: ignore[arg-type]
    follow(engine, shop_id, moment)
    jobs.run(work, shop_id, "tiers")
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
    watch_tiers.carry_out(work, shop, Job(0, shop_id, "tiers", "daily", {}, 1, 0, moment))
    if mails_go:
        answer(engine, shop_id, moment)


def set_tier(engine: Engine, shop_id: int, **form: str) -> None:
    with shop_transaction(engine, shop_id) as conn:
        member = by_customers(conn, shop_id, [7])[7].id
        watch_tiers.set_tier(conn, shops.get(conn, shop_id), member, tier_by_hand.read(form), "staff:1", NOW)


def test_an_order_that_crosses_the_mark_brings_the_tier_its_bonus_and_a_message(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, bought(1, "120.00"))
    found = state(engine, shop_id)
    assert (found.held.tier, found.lost_on) == ("silver", date(2026, 12, 20))
    assert balances(engine, shop_id) == {7: (130, 2)}
    assert told(engine, shop_id) == [("tier_reached", "silver:2026-11-20")]
    settle(engine, shop_id, bought(1, "120.00"))
    assert balances(engine, shop_id) == {7: (130, 2)}


def test_orders_of_long_ago_lift_without_a_mail_and_a_new_one_brings_news_again(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, bought(1, "120.00", at="2026-11-10T10:00:00+08:00"))
    assert state(engine, shop_id).held.tier == "silver"
    assert told(engine, shop_id) == []
    settle(engine, shop_id, bought(2, "200.00"))
    assert told(engine, shop_id) == [("tier_reached", "gold:2026-11-20")]


def test_later_orders_earn_by_the_tier_and_keep_what_they_were_judged_by(engine: Engine, shop_id: int) -> None:
    second = bought(2, "50.00", "2026-11-20T11:00:00+08:00")
    settle(engine, shop_id, bought(1, "120.00"), second, cancelled(1, "120.00"), second)
    with shop_transaction(engine, shop_id) as conn:
        deserved = conn.exec_driver_sql(
            "SELECT deserved, snapshot->>'tier', explanation->0->>0 FROM order_views WHERE order_id = 2"
        ).one()
    assert tuple(deserved) == (75, "silver", "tier_multiplier")


def test_one_batch_or_many_and_any_order_within_a_batch_judge_alike(engine: Engine, shop_id: int) -> None:
    events = [bought(n, "60.00", f"2026-11-20T1{n}:00:00+08:00") for n in range(1, 5)]
    for shuffled in itertools.islice(itertools.permutations(events), 0, None, 7):
        facts = [read_order(topic, NOW, payloads.dumps(payload), "USD") for topic, payload in shuffled]
        with shop_transaction(engine, shop_id) as conn:
            judged = settle_orders(conn, shops.get(conn, shop_id), facts, NOW).orders
            assert {one.order.order_id: one.order.deserved for one in judged} == {1: 60, 2: 60, 3: 90, 4: 90}
            conn.rollback()


def test_a_refund_lowers_the_tier_takes_the_bonus_back_and_says_so(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, bought(1, "350.00"), cancelled(1, "350.00"))
    assert state(engine, shop_id).held.tier == ""
    assert balances(engine, shop_id)[7][0] == 0
    assert told(engine, shop_id) == [("tier_lost", "gold:2026-11-20:0"), ("tier_reached", "gold:2026-11-20")]
    reopened = bought(1, "350.00")[1] | {"updated_at": "2026-11-22T11:00:00+08:00"}
    settle(engine, shop_id, ("orders/updated", reopened))
    assert balances(engine, shop_id)[7][0] == 380
    assert audit(engine) == []


def test_time_warns_three_times_and_only_then_takes_the_tier(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, bought(1, "120.00"))
    lost = datetime(2026, 12, 20, 12, tzinfo=UTC)
    for days in range(35, -1, -1):
        look(engine, shop_id, lost - timedelta(days=days))
        assert state(engine, shop_id).held.tier == ("silver" if days else "")
    ends = [(kind, subject) for kind, subject in told(engine, shop_id) if kind != "tier_reached"]
    warnings = [("tier_ending", f"silver:2026-12-20:{n}") for n in (28, 14, 1)]
    assert ends == [*warnings, ("tier_lost", "silver:2026-12-20:0")]
    assert balances(engine, shop_id) == {7: (130, 2)}


def test_after_a_long_pause_the_member_is_warned_first(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, bought(1, "120.00"))
    late = datetime(2027, 3, 1, 12, tzinfo=UTC)
    look(engine, shop_id, late)
    assert state(engine, shop_id).held.tier == "silver"
    assert told(engine, shop_id)[-1] == ("tier_ending", "silver:2027-03-02:1")
    look(engine, shop_id, late + timedelta(hours=1))
    assert state(engine, shop_id).held.tier == "silver"
    look(engine, shop_id, late + timedelta(days=1))
    assert state(engine, shop_id).held.tier == ""


def test_new_rules_place_everyone_quietly_upwards_and_warn_before_they_lower(engine: Engine, shop: Any) -> None:
    shop_id = start_programme(engine, shop.id, Programme())
    settle(engine, shop_id, bought(1, "120.00"))
    _change_tiers(engine, shop_id, TIERS)
    look(engine, shop_id, NOW)
    assert (state(engine, shop_id).held.tier, told(engine, shop_id)) == ("silver", [])
    assert balances(engine, shop_id) == {7: (120, 1)}
    _change_tiers(engine, shop_id, Tiers(levels=(GOLD, Tier(key="top", name="Top", enter=Decimal(900)))))
    look(engine, shop_id, NOW)
    assert told(engine, shop_id) == [("tier_lost", "silver:2026-11-20:0")]


def _change_tiers(engine: Engine, shop_id: int, tiers: Tiers) -> None:
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(conn, shop_id, Programme(tiers=tiers), "test", "", NOW - timedelta(minutes=1))
        watch_tiers.rules_changed(conn, shops.get(conn, shop_id), NOW)


def test_staff_set_a_tier_until_a_day_and_the_rules_take_over_after_a_warning(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, bought(1, "20.00"))
    set_tier(engine, shop_id, tier="gold", until="2026-12-01", note="sorry for the delay")
    assert state(engine, shop_id).held.pinned_until == date(2026, 12, 1)
    settle(engine, shop_id, bought(2, "20.00", "2026-11-20T20:30:00+08:00"))
    assert balances(engine, shop_id)[7][0] == 20 + 40
    for day in range(13):
        look(engine, shop_id, NOW + timedelta(days=day))
    assert state(engine, shop_id).held.tier == ""
    assert [subject for _, subject in told(engine, shop_id)] == [
        "gold:2026-11-20",
        "gold:2026-12-02:14",
        "gold:2026-12-02:1",
        "gold:2026-12-02:0",
    ]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"tier": "platinum"}, "tier"),
        ({"tier": "gold", "until": "soon"}, "until"),
        ({"tier": "gold", "until": "2026-11-19"}, "until"),
        ({"tier": "gold", "until": "2099-01-01"}, "until"),
    ],
)
def test_a_wrong_setting_names_its_field_and_changes_nothing(
    engine: Engine, shop_id: int, form: dict[str, str], field: str
) -> None:
    settle(engine, shop_id, bought(1, "20.00"))
    with pytest.raises(BadInput) as refused:
        set_tier(engine, shop_id, **form)
    assert list(refused.value.fields) == [field]
    assert state(engine, shop_id).held.tier == ""


def test_merged_members_keep_the_higher_tier_and_their_sums_together(engine: Engine, shop_id: int) -> None:
    from plugin.actions.members.merge_members import merge_customers

    other = payloads.customer(9, email="b@example.com")
    settle(engine, shop_id, bought(1, "200.00"), bought(2, "150.00", customer=other, email="b@example.com"))
    with shop_transaction(engine, shop_id) as conn:
        merge_customers(conn, shops.get(conn, shop_id), kept=9, removed=7, now=NOW)
    assert state(engine, shop_id, 9).held.tier == "silver"
    look(engine, shop_id, NOW)
    assert state(engine, shop_id, 9).held.tier == "gold"
    assert audit(engine) == []


def test_without_tiers_nothing_is_asked_of_the_database(engine: Engine, shop: Any) -> None:
    from sqlalchemy import event

    shop_id = start_programme(engine, shop.id, Programme())
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda c, k, sql, *rest: asked.append(sql))
    settle(engine, shop_id, bought(1, "120.00"))
    assert [sql for sql in asked if "tier" in sql] == []


def test_a_ledger_with_tiers_is_rebuilt_the_same(engine: Engine, shop_id: int, database: Any) -> None:
    events = [bought(1, "120.00"), bought(2, "50.00", "2026-11-20T21:00:00+08:00"), cancelled(1, "120.00")]
    for number, (topic, payload) in enumerate(events):
        with shop_transaction(engine, shop_id) as conn:
            moment = NOW + timedelta(seconds=number)
            deliveries.add(conn, shop_id, f"w{number}", topic, moment, payloads.dumps(payload))
        while process_waiting(engine, lambda: datetime.now(UTC)):
            pass
        if number == 0:
            set_tier(engine, shop_id, tier="gold")
    assert balances(engine, shop_id)[7][0] == 100 + 10
    assert compare(engine, database.url) == []
    assert audit(engine) == []


def test_another_shop_sees_nothing_of_it(engine: Engine, shop_id: int, other_shop: Any) -> None:
    settle(engine, shop_id, bought(1, "120.00"))
    with shop_transaction(engine, other_shop.id) as conn:
        assert store.states(conn, shop_id, [1]) == {}
        assert members.by_customers(conn, shop_id, [7]) == {}
