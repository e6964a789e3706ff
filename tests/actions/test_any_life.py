"""Orders, refunds, redemptions, expiry, tiers, milestones, merges and crashes in any sequence, beside an oracle.

The oracle knows only what people did, and says for each person and kind of entry what the ledger must add up to.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import Connection, Engine

from plugin.actions.gifts import automatic
from plugin.actions.members.merge_members import merge_customers
from plugin.actions.points import expire_points
from plugin.actions.rewards import redeem_points
from plugin.actions.tiers import watch_tiers
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.errors import Denied
from plugin.rules.gifts.automatic_rules import Frequent, Lapsed, Milestone
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.members import members
from plugin.store.reports import audit
from plugin.store.shops import shops
from plugin.store.work.jobs import Job
from tests.actions.any_sequence import Crash, ShopMachine, run_machine
from tests.actions.orders.test_settle_orders import START

SECOND = Milestone(id="msecond", name="Second", at=Decimal(2), points=11)
PROGRAMME = Programme(
    rewards=(AmountOff(id="rten", name="Ten", points=10, value=1),),
    next_order_code=NextOrderCode(enabled=False),
    tiers=Tiers(
        levels=(Tier(key="gold", name="Gold", enter=Decimal(60)),), window="rolling", window_days=40, validity="window"
    ),
    expiry=Expiry(policy="after_earning", period=50),
    milestones=(SECOND,),
    automatic=(
        Lapsed(id="alapsed", name="Back", days=20, points=3, begins_at=START),
        Frequent(id="aoften", name="Often", orders=3, days=5, cooldown_days=30, reward="rten", begins_at=START),
    ),
)
CUSTOMERS = (7, 8, 9)
GROUPS = {
    "orders": "earned taken_back",
    "rewards": "spent returned",
    "milestones": "milestone milestone_back",
    "merges": "merged",
}


class Machine(ShopMachine):
    """What the app does, beside what people did."""

    programme = PROGRAMME
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __init__(self) -> None:
        super().__init__()
        self.into: dict[int, int] = {}

    # --- what people did

    def person(self, customer: int) -> int:
        while customer in self.into:
            customer = self.into[customer]
        return customer

    def net(self, key: int) -> int:
        order = self.orders[key]
        return 0 if order["cancelled"] else order["amount"] - sum(order["refunds"])

    def expected(self, person: int) -> dict[str, int]:
        own = [self.net(key) for key, order in self.orders.items() if self.person(order["customer"]) == person]
        spent = sum(10 for made in self.made.values() if self.person(made["customer"]) == person and self.holds(made))
        milestone = SECOND.points if sum(value > 0 for value in own) >= 2 else 0
        return {"orders": sum(own), "rewards": -spent, "milestones": milestone, "merges": 0}

    # --- what the app does

    @rule(customer=st.sampled_from(CUSTOMERS), amount=st.integers(1, 80), crash=st.booleans())
    def place(self, customer: int, amount: int, crash: bool) -> None:
        self.arrive(self.order(customer, amount), crash)

    @precondition(lambda self: self.orders)
    @rule(customer=st.sampled_from(CUSTOMERS), crash=st.booleans())
    def redeem(self, customer: int, crash: bool) -> None:
        key = f"k{len(self.made)}"
        try:
            with self.step(crash) as conn:
                found = members.by_customers(conn, self.shop_id, [self.person(customer)])
                if not found:
                    return
                member = found[self.person(customer)].id
                shop = shops.get(conn, self.shop_id)
                made = redeem_points.redeem(conn, shop, member, "rten", None, key, "shopper", self.now)
        except (Crash, Denied):
            return
        self.made[made.id] = {"customer": customer, "code": made.code, "released": False, "order": None}

    @precondition(lambda self: len(self.into) < 2 and self.orders)
    @rule(pair=st.permutations(CUSTOMERS), crash=st.booleans())
    def merge(self, pair: list[int], crash: bool) -> None:
        kept, removed = pair[0], pair[1]
        if kept in self.into or removed in self.into:
            return
        for dies in (True, False) if crash else (False, False):
            try:
                with self.step(dies) as conn:
                    merge_customers(conn, shops.get(conn, self.shop_id), kept=kept, removed=removed, now=self.now)
            except Crash:
                continue
        self.into[removed] = kept

    @rule(days=st.integers(1, 30), twice=st.booleans())
    def time_passes(self, days: int, twice: bool) -> None:
        """Every job of the day runs, perhaps twice; sometimes the app was down for weeks."""
        self.now += timedelta(days=days)
        work = Work(self.engine, None, Mailer.__new__(Mailer), lambda: self.now)  # type: ignore[arg-type]
        with self.step() as conn:
            shop = shops.get(conn, self.shop_id)
        job = Job(0, self.shop_id, "any", "due", {}, 1, 0, self.now)
        for _ in range(2 if twice else 1):
            expire_points.carry_out(work, shop, job)
            watch_tiers.carry_out(work, shop, job)
            automatic.carry_out(work, shop, job)

    # --- what must be true

    def sums(self, conn: Connection, customer: int) -> dict[str, int]:
        rows = conn.exec_driver_sql(
            "SELECT e.kind, sum(e.points)::int FROM entries e JOIN members m ON m.id = e.member_id"
            " LEFT JOIN members k ON k.id = m.merged_into WHERE coalesce(k.customer_id, m.customer_id) = %(c)s"
            " AND m.shop_id = %(s)s GROUP BY 1",
            {"c": customer, "s": self.shop_id},
        )
        found = {row[0]: row[1] for row in rows}
        return {name: sum(found.get(kind, 0) for kind in kinds.split()) for name, kinds in GROUPS.items()}

    @invariant()
    def every_person_has_what_they_did(self) -> None:
        with self.step() as conn:
            assert audit.mismatches(conn, self.shop_id) == []
            for person in {self.person(order["customer"]) for order in self.orders.values()}:
                assert self.sums(conn, person) == self.expected(person), person

    @invariant()
    def nothing_is_lost_without_a_recorded_message(self) -> None:
        told = (
            "SELECT count(*) FROM {} l JOIN members m ON m.id = l.member_id WHERE l.shop_id = %(s)s AND {}"
            " AND NOT EXISTS (SELECT FROM messages t WHERE t.shop_id = %(s)s AND t.kind = %(kind)s"
            " AND t.member_id = coalesce(m.merged_into, m.id))"
        )
        lost = (
            ("entries", "l.kind = 'expired'", "points_expiring"),
            ("tier_changes", "l.to_tier = '' AND l.because IN ('time', 'refund')", "tier_lost"),
        )
        with self.step() as conn:
            for table, which, kind in lost:
                found = conn.exec_driver_sql(told.format(table, which), {"s": self.shop_id, "kind": kind})
                assert found.scalar_one() == 0, table


@pytest.mark.parametrize("part", range(2))
def test_any_life_adds_up(engine: Engine, part: int) -> None:
    run_machine(Machine, engine, part)
