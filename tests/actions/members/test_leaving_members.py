"""Who left earns nothing and hears nothing; who objects is passed over by rules that look at purchases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.members import leave_programme, second_step
from plugin.actions.members.merge_members import merge_members
from plugin.store.database.db import shop_transaction
from plugin.store.members import members, second_steps
from plugin.store.shops import shops
from sandbox.shop.orders import Wish
from sandbox.state import Record
from tests.actions.gifts.test_automatic import DAY, LAPSED, OFTEN, begin, given, look, order, points
from tests.actions.orders.test_settle_orders import settle
from tests.actions.referrals.referral_town import open_town
from tests.actions.stage import Stage
from webhooks.replay import compare


def ago(minutes: int) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def buy(stage: Stage, minutes: int) -> Record:
    """Ana bought a tray so many minutes ago."""
    wished = Wish(lines=[(stage.variant(), 1)], email="ana@example.com")
    return stage.town.box.place(stage.shop, wished, ago(minutes), first_name="Ana", last_name="Cruz", as_customer=True)


def leave(stage: Stage, minutes: int = 40) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert leave_programme.leave(conn, shops.get(conn, stage.shop_id), 1, ago(minutes))


def come_back(stage: Stage, minutes: int = 20) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert leave_programme.come_back(conn, shops.get(conn, stage.shop_id), 1, ago(minutes))


def test_who_left_earns_nothing_gets_no_code_no_mail_and_nothing_later(stage: Stage) -> None:
    first = buy(stage, 60)
    stage.settle()
    assert len(stage.mails()) == 1
    leave(stage)
    away = buy(stage, 30)
    stage.settle()
    assert stage.sums() == {f"order:{first['id']}": 24}
    assert len(stage.mails()) == 1
    assert stage.rows("SELECT deserved, explanation->0->>0 FROM order_views WHERE order_id = :id", id=away["id"]) == [
        (0, "away")
    ]
    assert stage.rows("SELECT count(*) FROM redemptions WHERE subject = :s", s=f"order:{away['id']}") == [(0,)]
    come_back(stage)
    stage.town.box.fulfil(stage.shop, away)
    back = buy(stage, 10)
    stage.settle(minutes=1)
    assert stage.sums() == {f"order:{first['id']}": 24, f"order:{back['id']}": 24}


def test_a_refund_of_an_earlier_order_still_takes_its_points_back(stage: Stage) -> None:
    first = stage.buy()
    stage.settle()
    leave(stage)
    stage.town.box.refund_all(stage.shop, first)
    stage.settle()
    assert stage.rows("SELECT state, balance FROM members") == [("left", 0)]


def test_the_rebuilt_ledger_knows_who_was_away(stage: Stage, database: object) -> None:
    for minutes, then in ((60, leave), (30, come_back), (10, None)):
        buy(stage, minutes)
        stage.settle()
        if then is not None:
            then(stage)
    assert stage.rows("SELECT balance FROM members") == [(48,)]
    assert compare(stage.engine, database.url) == []  # type: ignore[attr-defined]


def test_the_link_comes_by_mail_to_the_address_we_hold_also_where_mails_are_off(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    leave(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, member = shops.get(conn, stage.shop_id), members.get(conn, stage.shop_id, 1)
        assert member is not None and member.customer_id is not None
        assert second_step.ask(
            conn, shop, member, member.customer_id, "data", "/apps/suki", stage.clock(), locale="fil"
        )
    stage.settle()
    mail = stage.mails()[0]
    assert mail.recipients == ["ana@example.com"]
    assert mail.subject.startswith("Paki-confirm")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        step = second_steps.get(conn, stage.shop_id, 1)
        assert step is not None
        address = second_step.link(shops.get(conn, stage.shop_id), stage.work.clients.settings, step)
    for part in ("plain", "html"):
        assert address in mail.part(part)
    assert address.startswith(f"{shop.storefront}/apps/suki/step/1/")
    mark = address.rpartition("/")[2]
    kept = stage.rows("SELECT (s::text || m::text) FROM second_steps s, messages m")
    assert mark not in str(kept)


def test_a_mail_that_comes_too_late_is_left_out_and_so_is_one_without_an_address(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    before = len(stage.mails())
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, member = shops.get(conn, stage.shop_id), members.get(conn, stage.shop_id, 1)
        assert member is not None
        second_step.ask(conn, shop, member, 7, "data", "/apps/suki", stage.clock())
    stage.settle(minutes=16)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        second_step.ask(conn, shop, member, 7, "data", "/apps/suki", stage.clock())
        conn.exec_driver_sql("UPDATE members SET email = '', email_key = ''")
    stage.settle()
    assert len(stage.mails()) == before
    said = stage.rows("SELECT state, last_error FROM messages WHERE kind = 'second_step' ORDER BY id")
    assert said == [
        ("skipped", "the link was already used, or has expired"), ("skipped", "there is no address to send to")
    ]  # fmt: skip


@pytest.fixture
def shop_id(engine: Engine, shop: object) -> int:
    return int(shop.id)  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", [LAPSED, OFTEN], ids=["lapsed", "often"])
def test_who_objects_is_passed_over_by_what_looks_at_purchases_until_they_allow_it(
    engine: Engine, shop_id: int, rule: object
) -> None:
    begin(engine, shop_id, rule)
    settle(engine, shop_id, *(order(key, f"2026-11-{key:02}") for key in (2, 7, 11)))
    with shop_transaction(engine, shop_id) as conn:
        leave_programme.object_to_profiling(conn, shops.get(conn, shop_id), 1, objects=True)
    moment = DAY if rule is OFTEN else DAY + timedelta(days=22)
    look(engine, shop_id, moment)
    assert given(engine, shop_id) == []
    with shop_transaction(engine, shop_id) as conn:
        leave_programme.object_to_profiling(conn, shops.get(conn, shop_id), 1, objects=False)
    look(engine, shop_id, moment)
    assert [rule for rule, *_ in given(engine, shop_id)] == [rule.id]  # type: ignore[attr-defined]
    assert points(engine, shop_id)[7] > 0


def test_an_objection_outlives_a_merge(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, OFTEN)
    settle(engine, shop_id, order(1, "2026-11-02", 7), order(2, "2026-11-03", 8))
    with shop_transaction(engine, shop_id) as conn:
        shop, found = shops.get(conn, shop_id), members.by_customers(conn, shop_id, [7, 8])
        leave_programme.object_to_profiling(conn, shop, found[8].id, objects=True)
        merge_members(conn, shop, kept=found[7].id, removed=found[8].id, now=DAY)
        kept = members.get(conn, shop_id, found[7].id)
    assert kept is not None and kept.no_profiling


def test_who_left_is_not_rewarded_for_friends_and_keeps_what_was_given(engine: Engine, shop: Any) -> None:
    town = open_town(engine, shop.id)
    early, late = town.claim("ben@example.org"), town.claim("carl@example.org")
    town.hear(town.order(1, early))
    town.now += timedelta(days=20)
    town.run()
    assert town.state(early)[0] == "paid"
    paid = town.balance()
    with shop_transaction(engine, shop.id) as conn:
        assert leave_programme.leave(conn, shops.get(conn, shop.id), town.ana, town.now)
    town.hear(town.order(2, late, "carl@example.org"))
    town.now += timedelta(days=20)
    town.run()
    assert town.state(late) == ("refused", "advocate_left")
    assert town.state(early)[0] == "paid"
    assert town.balance() == paid
