"""Drafts, launches, pauses, test members and members who left, in any order: what reaches whom follows from who it is.

The oracle beside it knows nothing of `rules/reach.py`: what people did, and four sentences about each surface.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from plugin.actions.activities import record_activity
from plugin.actions.members import leave_programme
from plugin.actions.orders.order_effects import follow_up
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.points.audit import audit
from plugin.actions.rewards import redeem_points
from plugin.actions.shops import launch_programme
from plugin.errors import Conflict, NotFound, Unreached
from plugin.rules.activities.activity_rules import Custom
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.reach import Launch, Surface, ask
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import shops
from plugin.store.tables import shops as shops_table
from tests import payloads
from tests.actions.in_shop import InShop
from tests.actions.orders.test_settle_orders import start_programme
from tests.reached import reach, reaches
from webhooks.orders import order as read_order

BEGIN = datetime(2026, 11, 20, 12, tzinfo=UTC)
PEOPLE = {"ana": 7, "ben": 8}
PROGRAMME = Programme(
    next_order_code=NextOrderCode(enabled=False),
    rewards=(AmountOff(id="r1", name="1 off", points=1, value=Decimal(1)),),
    activities=(Custom(id="a1", name="Review", points=5, word="review"),),
)
PAUSES = ("earning", "spending", "mails")
_numbers = itertools.count(1)


@dataclass
class Order:
    """One order: whose, how it was first judged (None: only stored so far), and whether its buyer was out then."""

    number: int
    who: str
    body: dict[str, Any]
    away: bool
    earns: bool | None


@dataclass
class Life(InShop):
    """A shop of its own, and what was done in it."""

    engine: Engine
    shop_id: int = 0
    now: datetime = BEGIN
    launched: bool = False
    paused: set[str] = field(default_factory=set)
    trying: set[str] = field(default_factory=set)
    out: set[str] = field(default_factory=set)
    orders: list[Order] = field(default_factory=list)
    members: dict[str, int] = field(default_factory=dict)
    told: int = 0

    def begin(self) -> None:
        with system_transaction(self.engine) as conn:
            row = insert(shops_table).values(domain=f"l{next(_numbers)}.myshopify.com", stage="draft")
            self.shop_id = conn.execute(row.returning(shops_table.c.id)).scalar_one()
        start_programme(self.engine, self.shop_id, PROGRAMME)
        for name, customer in PEOPLE.items():
            with shop_transaction(self.engine, self.shop_id) as conn:
                buyer = Buyer(customer_id=customer, email=f"{name}@example.com")
                members.add(conn, self.shop_id, [buyer], {buyer: self.now})
                self.members[name] = members.by_customers(conn, self.shop_id, [customer])[customer].id
                accounts = Ledger(conn, self.shop_id, [self.members[name]])
                accounts.post([Entry(self.members[name], "gift", 1000, "gift:1", 1, self.now, "test")], self.now)
                accounts.write()

    def open(self, who: str, pause: str) -> bool:
        """Whether something that this pause stops reaches them: everything does a test member, nobody who is out."""
        return who not in self.out and (who in self.trying or (self.launched and pause not in self.paused))

    def act(self, do: Callable[..., Any], *args: Any, **how: Any) -> Any:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return do(conn, shops.get(conn, self.shop_id), *args, **how)

    def refused(self, do: Callable[..., Any], *args: Any, **how: Any) -> type[Exception] | None:
        """The refusal, if it was one."""
        try:
            self.act(do, *args, **how)
        except (Unreached, NotFound, Conflict) as error:
            return type(error)
        return None


def buys(life: Life, who: str) -> str:
    number, customer, at = len(life.orders) + 1, PEOPLE[who], life.now.isoformat()
    body = payloads.order(number, customer=payloads.customer(customer, email=f"{who}@example.com"),
                          email=f"{who}@example.com", created_at=at, processed_at=at, updated_at=at)  # fmt: skip
    judged = life.launched or who in life.trying
    order = Order(number, who, body, who in life.out, life.open(who, "earning") if judged else None)
    life.orders.append(order)
    before = mails(life)
    hears(life, order)
    assert mails(life) - before == int(life.open(who, "mails"))
    return "earned" if order.earns else "bought in vain"


def hears(life: Life, order: Order) -> None:
    fact = read_order("orders/updated", life.now, payloads.dumps(order.body), "USD")
    with shop_transaction(life.engine, life.shop_id) as conn:
        shop = shops.get(conn, life.shop_id)
        follow_up(conn, shop, settle_orders(conn, shop, [fact], life.now), [fact], life.now)


def hears_again(life: Life, who: str) -> None:
    """Something about all their orders changes. One that was only stored counts if staff try the programme as them, and
    it is not launched yet; after the launch it is from before."""
    for order in life.orders:
        if order.who == who:
            order.body |= {"updated_at": life.now.isoformat(), "note": str(life.now)}
            if order.earns is None and who in life.trying:
                order.earns = not order.away and not life.launched
            hears(life, order)


def mails(life: Life) -> int:
    """How many are to be sent."""
    return int(life.rows("SELECT count(*) FROM messages WHERE state = 'queued'")[0][0])


def does(life: Life, who: str) -> str:
    """A program reports something that they have just done."""
    life.told += 1
    said = life.refused(record_activity.record, life.members[who], "a1", f"k{life.told}", life.now, "api:1", life.now)
    expected = None if life.open(who, "earning") else NotFound if who in life.out else Unreached
    assert said is expected
    return "refused" if said else "did"


def redeems(life: Life, who: str) -> str:
    life.told += 1
    said = life.refused(redeem_points.redeem, life.members[who], "r1", None, f"k{life.told}", "staff:1", life.now)
    expected = None if life.open(who, "spending") else NotFound if who in life.out else Unreached
    assert said is expected
    return "refused" if said else "redeemed"


def leaves(life: Life, who: str) -> None:
    assert life.act(leave_programme.leave, life.members[who], life.now) is (who not in life.out)
    life.out.add(who)


def comes_back(life: Life, who: str) -> None:
    assert life.act(leave_programme.come_back, life.members[who], life.now) is (who in life.out)
    life.out.discard(who)


def is_tried(life: Life, who: str) -> None:
    new = who not in life.trying and who not in life.out
    assert life.act(launch_programme.try_as, life.members[who], "staff:1", life.now, test=True) is new
    life.trying |= {who} if new else set()


def is_tried_no_more(life: Life, who: str) -> None:
    assert life.act(launch_programme.try_as, life.members[who], "staff:1", life.now, test=False) is (who in life.trying)
    life.trying.discard(who)


def launch(life: Life) -> None:
    assert life.refused(launch_programme.launch, "staff:1", life.now) is (Conflict if life.launched else None)
    life.launched = True


def pause(life: Life, what: str) -> None:
    if not life.launched:
        assert life.refused(launch_programme.pause, what, "staff:1", life.now) is Conflict
        return
    assert life.act(launch_programme.pause, what, "staff:1", life.now) is (what not in life.paused)
    life.paused.add(what)


def resume(life: Life, what: str) -> None:
    assert life.act(launch_programme.resume, what, "staff:1", life.now) is (what in life.paused)
    life.paused.discard(what)


DEEDS = (buys, hears_again, does, redeems, leaves, comes_back, is_tried, is_tried_no_more)
STEPS: list[tuple[Any, ...]] = [
    (launch,),
    *itertools.product(DEEDS, PEOPLE),
    *itertools.product((buys, does, redeems), PEOPLE),  # twice as often
    *itertools.product((pause, resume), PAUSES),
]


@reaches(earned=0.15, **{"bought in vain": 0.15}, refused=0.15, did=0.1, redeemed=0.1)
@given(at_work=st.booleans(), steps=st.lists(st.sampled_from(STEPS), min_size=15, max_size=30))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_reaches_whom_follows_from_who_it_is_whatever_happened(
    engine: Engine, at_work: bool, steps: list[Any]
) -> None:
    life = Life(engine)
    life.begin()
    if at_work:
        launch(life)
    for do, *about in steps:
        life.now += timedelta(minutes=1)
        if outcome := do(life, *about):
            reach(outcome)
        check(life)
    for who in PEOPLE:
        life.now += timedelta(minutes=1)
        hears_again(life, who)
    check(life)


def check(life: Life) -> None:
    """Each order has brought what it was first judged to bring, and nothing that was refused is there."""
    paid = {int(subject.partition(":")[2]): points for subject, points in life.rows(
        "SELECT subject, sum(points)::int FROM entries WHERE kind = 'earned' GROUP BY subject")}  # fmt: skip
    assert {order.number: 49 for order in life.orders if order.earns} == {
        key: value for key, value in paid.items() if value
    }


def test_books_agree_after_a_life_with_everything_in_it(engine: Engine) -> None:
    life = Life(engine)
    life.begin()
    steps: list[tuple[Any, ...]] = [
        (buys, "ana"), (is_tried, "ana"), (buys, "ana"), (buys, "ben"), (redeems, "ana"), (launch,), (buys, "ben"),
        (pause, "earning"), (buys, "ben"), (buys, "ana"), (does, "ben"), (is_tried_no_more, "ana"), (buys, "ana"),
        (leaves, "ben"), (redeems, "ben"), (does, "ben"), (resume, "earning"), (buys, "ben"), (comes_back, "ben"),
        (buys, "ben"), (pause, "mails"), (buys, "ben"), (pause, "spending"), (redeems, "ben"), (is_tried, "ben"),
        (redeems, "ben"), (hears_again, "ben"), (hears_again, "ana"),
    ]  # fmt: skip
    for do, *about in steps:
        life.now += timedelta(minutes=1)
        do(life, *about)
        check(life)
    assert [order.earns for order in life.orders] == [
        None, True, False, True, False, True, False, False, True, True,
    ]  # fmt: skip
    assert audit(engine) == []


@pytest.mark.parametrize(("state", "why"), [("left", "left_programme"), ("erased", "forgotten"), ("merged", "")])
def test_the_actions_and_reach_agree_on_whoever_is_no_member_any_more(engine: Engine, state: str, why: str) -> None:
    """The actions say that nobody is there before they ask: a program is not to learn that somebody has left. Whom
    reach refuses for who they are is among those; a member who was merged is a number, and nobody to be reached."""
    life = Life(engine)
    life.begin()
    launch(life)
    who = life.members["ana"]
    with shop_transaction(engine, life.shop_id) as conn:
        conn.exec_driver_sql("UPDATE members SET state = %s WHERE id = %s", (state, who))
        member = members.get(conn, life.shop_id, who)
    assert life.refused(record_activity.record, who, "a1", "k", life.now, "api:1", life.now) is NotFound
    assert life.refused(redeem_points.redeem, who, "r1", None, "k", "staff:1", life.now) is NotFound
    assert member is not None
    asked = [ask(Launch(launched=True), member.person, surface).why for surface in (Surface.EARNING, Surface.SPENDING)]
    assert [one.code if one else "" for one in asked] == [why, why]
