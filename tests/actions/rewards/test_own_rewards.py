"""Donations, what staff fulfil and partners' codes: booked at once, given once, taken back cleanly."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from plugin.actions.codes import import_codes, issued_codes
from plugin.actions.gifts.give_reward import give_reward
from plugin.actions.points.audit import audit
from plugin.actions.rewards import fulfil_rewards, pay_out_donations, redeem_points
from plugin.errors import BadInput, Denied, NotFound, Unreadable
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import Reward
from plugin.rules.rewards.own_rewards import Custom, Donation, PartnerCode
from plugin.rules.types import Reason
from plugin.settings import Settings
from plugin.store.codes import partner_codes
from plugin.store.database.db import engine_at, shop_transaction
from plugin.store.rewards import donations, fulfilments, redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.shops.seal import Seal, option
from plugin.store.work import jobs, messages
from tests.actions.orders.test_settle_orders import start_programme
from tests.actions.rewards.test_redeem_points import NOW, enrol, lots_of, spend
from tests.conftest import KEY

TREES = Donation(id="rtree", name="A tree", points=50, value=2, cause="Trees")
TOUR = Custom(id="rtour", name="A tour", points=50, instructions="Call them")
CINEMA = PartnerCode(id="rpool", name="Cinema", points=10)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def shop_id(engine: Engine, shop: object) -> int:
    return start_programme(engine, shop.id, Programme(rewards=(TREES, TOUR, CINEMA)))  # type: ignore[attr-defined]


def undo(engine: Engine, shop_id: int, made: Redemption, actor: str = "shopper", at: datetime = NOW) -> Redemption:
    with shop_transaction(engine, shop_id) as conn:
        return redeem_points.undo(conn, shops.get(conn, shop_id), made.id, "undone", actor, at)


def stock(engine: Engine, settings: Settings, shop_id: int, text: str) -> import_codes.Imported:
    with shop_transaction(engine, shop_id) as conn:
        ours = shops.get(conn, shop_id)
        understood = import_codes.check(b"", text)
        return import_codes.import_codes(conn, settings, ours, "rpool", "\n".join(understood.codes), "staff:1", NOW)


def totals(engine: Engine, shop_id: int) -> list[tuple[object, ...]]:
    with shop_transaction(engine, shop_id) as conn:
        return [(t.cause, t.currency, t.count, t.amount_minor, t.due_minor) for t in donations.totals(conn, shop_id)]


def pay(engine: Engine, shop_id: int, expected: int, at: datetime = LATER) -> int:
    with shop_transaction(engine, shop_id) as conn:
        ours = shops.get(conn, shop_id)
        return pay_out_donations.pay_out(conn, ours, "Trees", "USD", expected, "By bank", "staff:1", at)


def nothing_asked(engine: Engine, shop_id: int) -> bool:
    with shop_transaction(engine, shop_id) as conn:
        return jobs.claim(conn, shop_id, "code", 9, LATER) == []


def test_a_donation_is_booked_at_once_without_a_code(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 120)
    made = spend(engine, shop_id, member, TREES)
    assert (made.state, made.code_state, made.expires_at) == ("captured", "none", None)
    assert lots_of(engine, shop_id, member) == [70]
    assert totals(engine, shop_id) == [("Trees", "USD", 1, 200, 200)]
    assert nothing_asked(engine, shop_id)
    assert audit(engine) == []


def test_a_donation_is_undone_in_time_once(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 120)
    made = spend(engine, shop_id, member, TREES)
    for _ in range(2):
        assert undo(engine, shop_id, made, at=NOW + timedelta(minutes=59)).state == "released"
    assert (lots_of(engine, shop_id, member), totals(engine, shop_id)) == ([120], [])
    late = spend(engine, shop_id, member, TREES, key="again")
    with pytest.raises(Denied) as caught:
        undo(engine, shop_id, late, at=NOW + timedelta(minutes=60))
    assert caught.value.code == "undo_too_late"
    assert audit(engine) == []


def test_only_what_cannot_be_undone_any_more_is_paid_out_and_only_the_sum_that_was_seen(
    engine: Engine, shop_id: int
) -> None:
    member = enrol(engine, shop_id, 200)
    made = spend(engine, shop_id, member, TREES)
    with pytest.raises(BadInput, match="no donations to pay out"):
        pay(engine, shop_id, 200, at=NOW + timedelta(minutes=59))
    with pytest.raises(BadInput, match="amount has changed"):
        pay(engine, shop_id, 100)
    assert pay(engine, shop_id, 200) == 200
    with pytest.raises(BadInput, match="no donations to pay out"):
        pay(engine, shop_id, 200)
    with pytest.raises(Denied) as caught:
        undo(engine, shop_id, made, "staff:1")
    assert caught.value.code == "already_paid_out"
    assert totals(engine, shop_id) == [("Trees", "USD", 1, 200, 0)]
    with shop_transaction(engine, shop_id) as conn:
        [paid] = donations.payouts(conn, shop_id)
    assert (paid.amount_minor, paid.note, paid.actor) == (200, "By bank", "staff:1")


def test_what_staff_fulfil_waits_for_them_and_the_member_is_told(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 120)
    made = spend(engine, shop_id, member, TOUR)
    assert (made.state, made.code_state, made.code[:4]) == ("reserved", "none", "REF-")
    with shop_transaction(engine, shop_id) as conn:
        ours = shops.get(conn, shop_id)
        assert fulfilments.counts(conn, shop_id) == {"open": 1}
        for _ in range(2):
            fulfil_rewards.fulfil(conn, ours, made.id, "Booked", "See you at 10", "staff:1", LATER)
        [todo] = fulfilments.page(conn, shop_id, "done", None)
        found = redemptions.get(conn, shop_id, made.id)
        assert found is not None
        assert (found.state, todo.note, todo.told, todo.actor) == ("captured", "Booked", "See you at 10", "staff:1")
        assert [m.kind for m in messages.of_member(conn, shop_id, member)] == ["reward_done"]
    with pytest.raises(Denied), shop_transaction(engine, shop_id) as conn:
        fulfil_rewards.cancel(conn, shops.get(conn, shop_id), made.id, "", "", "staff:1", LATER)
    with pytest.raises(Denied):
        undo(engine, shop_id, made)
    assert lots_of(engine, shop_id, member) == [70]
    assert audit(engine) == []


def test_what_staff_cannot_do_gives_the_points_back_and_says_so(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 60, 80)
    made = spend(engine, shop_id, member, TOUR)
    with shop_transaction(engine, shop_id) as conn:
        ours = shops.get(conn, shop_id)
        for _ in range(2):
            fulfil_rewards.cancel(conn, ours, made.id, "Oven broke", "Sorry", "staff:1", LATER)
        assert fulfilments.counts(conn, shop_id) == {"cancelled": 1}
        assert len(messages.of_member(conn, shop_id, member)) == 1
        found = redemptions.get(conn, shop_id, made.id)
        assert found is not None
        assert (found.state, found.ended_why, found.ended_by) == ("released", "cancelled_by_staff", "staff:1")
    with pytest.raises(Denied), shop_transaction(engine, shop_id) as conn:
        fulfil_rewards.fulfil(conn, shops.get(conn, shop_id), made.id, "", "", "staff:1", LATER)
    assert lots_of(engine, shop_id, member) == [60, 80]
    assert audit(engine) == []


def test_what_the_shopper_takes_back_leaves_the_queue(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 120)
    undo(engine, shop_id, spend(engine, shop_id, member, TOUR))
    with shop_transaction(engine, shop_id) as conn:
        assert fulfilments.counts(conn, shop_id) == {"cancelled": 1}
    assert lots_of(engine, shop_id, member) == [120]


def test_a_list_of_codes_is_taken_in_once(engine: Engine, shop_id: int, settings: Settings) -> None:
    assert stock(engine, settings, shop_id, "Code,valid\nAAA,x\n\nBBB\nAAA\n").new == 2
    again = stock(engine, settings, shop_id, "BBB\nCCC")
    assert (again.new, again.known) == (1, 1)
    with shop_transaction(engine, shop_id) as conn:
        assert partner_codes.left(conn, shop_id, ["rpool"]) == {"rpool": 3}
    for wrong in ("", "x" * 201, "A\x07B", "\n".join(str(n) for n in range(20_001))):
        with pytest.raises(BadInput):
            stock(engine, settings, shop_id, wrong)
    with pytest.raises(NotFound), shop_transaction(engine, shop_id) as conn:
        import_codes.import_codes(conn, settings, shops.get(conn, shop_id), "rtree", "A", "staff:1", NOW)


def test_a_partners_code_is_given_and_not_taken_back(engine: Engine, shop_id: int, settings: Settings) -> None:
    stock(engine, settings, shop_id, "AAA-1\nBBB-1")
    member = enrol(engine, shop_id, 100)
    made = spend(engine, shop_id, member, CINEMA)
    assert issued_codes.secret_of(settings, shop_id, made) == "AAA-1"
    assert b"AAA-1" not in bytes(made.secret or b"")
    for actor in ("shopper", "staff:1"):
        with pytest.raises(Denied) as caught:
            undo(engine, shop_id, made, actor)
        assert caught.value.code == "code_is_known"
    spend(engine, shop_id, member, CINEMA, key="two")
    with pytest.raises(Denied) as caught:
        spend(engine, shop_id, member, CINEMA, key="three")
    assert caught.value.code == "no_codes_left"
    assert lots_of(engine, shop_id, member) == [80]
    assert audit(engine) == []


def _try(engine: Engine, shop_id: int, member: int, reward: Reward, key: str) -> str:
    try:
        return spend(engine, shop_id, member, reward, key=key).code
    except Denied:
        return ""


def test_fifty_at_once_get_a_code_each_and_nobody_another_ones(
    engine: Engine, shop_id: int, settings: Settings, database: object
) -> None:
    stock(engine, settings, shop_id, "\n".join(f"CODE{n}" for n in range(30)))
    people = [enrol(engine, shop_id, 100, customer_id=number) for number in range(1, 51)]
    crowd = engine_at(
        database.url, "suki-race", pool_size=50, max_overflow=0, pool_timeout=30, execution_options=option(Seal([KEY]))
    )
    with ThreadPoolExecutor(50) as pool:
        list(pool.map(lambda member: _try(crowd, shop_id, member, CINEMA, "k"), people))
    for member in people:  # whoever lost against somebody who took the last free one tries again
        _try(engine, shop_id, member, CINEMA, "k")
    crowd.dispose()
    with shop_transaction(engine, shop_id) as conn:
        made = [one for member in people for one in redemptions.of_member(conn, shop_id, member)]
    assert len(made) == 30
    assert len({issued_codes.secret_of(settings, shop_id, one) for one in made} - {""}) == 30
    assert audit(engine) == []


def test_each_is_given_for_nothing_too_and_a_gift_without_a_code_left_is_no_gift(
    engine: Engine, shop_id: int, settings: Settings
) -> None:
    member = enrol(engine, shop_id, 5)
    states = []
    with shop_transaction(engine, shop_id) as conn:
        ours = shops.get(conn, shop_id)
        for reward in (TREES, TOUR, CINEMA):
            made = give_reward(conn, ours, member, reward, "test:1", Reason("gift"), "suki", NOW)
            states.append((made.points, made.state))
    assert states == [(0, "captured"), (0, "reserved"), (0, "released")]
    assert totals(engine, shop_id) == [("Trees", "USD", 1, 200, 200)]
    assert lots_of(engine, shop_id, member) == [5]
    assert audit(engine) == []


def test_an_order_never_uses_up_what_is_no_code_of_the_shop(engine: Engine, shop_id: int) -> None:
    from plugin.actions.orders.order_effects import follow_up
    from plugin.actions.orders.settle_orders import settle_orders
    from tests import payloads
    from webhooks.orders import order as read_order

    made = spend(engine, shop_id, enrol(engine, shop_id, 120), TOUR)
    body = payloads.order(1, [payloads.line(1, "10.00")], customer=payloads.customer(7), total_price="10.00",
                          updated_at=NOW.isoformat(), discount_codes=[{"code": made.code}])  # fmt: skip
    with shop_transaction(engine, shop_id) as conn:
        ours = shops.get(conn, shop_id)
        facts = [read_order("orders/paid", datetime.now(UTC), payloads.dumps(body), "USD")]
        follow_up(conn, ours, settle_orders(conn, ours, facts, NOW), facts, NOW)
        found = redemptions.get(conn, shop_id, made.id)
    assert found is not None
    assert (found.state, found.captured_by_order) == ("reserved", None)


def test_a_code_that_cannot_be_read_is_handed_to_nobody_and_takes_no_points(
    engine: Engine, settings: Settings, shop_id: int
) -> None:
    stock(engine, settings, shop_id, "AAA-1")
    with shop_transaction(engine, shop_id) as conn:
        conn.exec_driver_sql("UPDATE pool_codes SET secret = set_byte(secret, 30, 255 - get_byte(secret, 30))")
    member = enrol(engine, shop_id, 100)
    with pytest.raises(Unreadable) as refused:
        spend(engine, shop_id, member, CINEMA)
    assert (refused.value.status, refused.value.retriable) == (503, True)
    with shop_transaction(engine, shop_id) as conn:
        assert redemptions.of_member(conn, shop_id, member) == []
        assert partner_codes.left(conn, shop_id, ["rpool"]) == {"rpool": 1}
    assert lots_of(engine, shop_id, member) == [100]
    assert audit(engine) == []
