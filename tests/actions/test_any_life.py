"""Orders, refunds, redemptions, expiry, tiers, milestones, merges and crashes in any sequence, beside an oracle.

The oracle knows only what people did, and says for each person and kind of entry what the ledger must add up to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine, insert

from plugin.actions.gifts import automatic
from plugin.actions.members.merge_members import merge_customers
from plugin.actions.orders.order_effects import follow_up
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.points import expire_points
from plugin.actions.rewards import redeem_points
from plugin.actions.tiers import watch_tiers
from plugin.actions.work import Work
from plugin.clients.mail import Mailer
from plugin.errors import Denied
from plugin.rules.gifts.automatic_rules import Frequent, Lapsed, Milestone
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store import audit, jobs, members, shops
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.jobs import Job
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.tables import shops as shops_table
from tests import payloads
from tests.actions.orders.test_settle_orders import START, start_programme
from webhooks.orders import order as read_order

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
_numbers = itertools.count(1)


class Crash(Exception):
    """The process dies before it commits."""


class Machine(RuleBasedStateMachine):
    """What the app does, beside what people did."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        with system_transaction(self.engine) as conn:
            row = insert(shops_table).values(domain=f"l{next(_numbers)}.myshopify.com").returning(shops_table.c.id)
            shop_id = conn.execute(row).scalar_one()
        self.shop_id = start_programme(self.engine, shop_id, PROGRAMME)
        self.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
        self.orders: dict[int, dict[str, Any]] = {}
        self.made: dict[int, dict[str, Any]] = {}
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

    def holds(self, made: dict[str, Any]) -> bool:
        return not self.orders[made["order"]]["cancelled"] if made["order"] else not made["released"]

    # --- what the app does

    @contextmanager
    def step(self, crash: bool) -> Iterator[Connection]:
        """One transaction; with a crash it never was, and is done again."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            yield conn
            if crash:
                raise Crash

    def tell(self, key: int, crash: bool = False) -> None:
        """A delivery with the order as it is now, and what follows from it."""
        self.now += timedelta(minutes=1)
        order = self.orders[key]
        body = payloads.order(
            key, [payloads.line(1, f"{order['amount']}.00")], customer=payloads.customer(order["customer"]),
            total_price=f"{order['amount']}.00", updated_at=self.now.isoformat(), created_at=order["at"].isoformat(),
            processed_at=order["at"].isoformat(), discount_codes=[{"code": code} for code in order["codes"]],
            cancelled_at=self.now.isoformat() if order["cancelled"] else None,
            refunds=[payloads.refund(n, amount=f"{part}.00") for n, part in enumerate(order["refunds"], key * 100)],
        )  # fmt: skip
        facts = [read_order("orders/updated", self.now, payloads.dumps(body), "USD")]
        for dies in (True, False) if crash else (False,):
            try:
                with self.step(dies) as conn:
                    shop = shops.get(conn, self.shop_id)
                    follow_up(conn, shop, settle_orders(conn, shop, facts, self.now), facts, self.now)
            except Crash:
                continue
        with self.step(crash=False) as conn:
            for job in jobs.claim(conn, self.shop_id, "settle_redemption", 99, self.now):
                redeem_points.settle_redemption(conn, shops.get(conn, self.shop_id), int(job.subject), self.now)

    @rule(customer=st.sampled_from(CUSTOMERS), amount=st.integers(1, 80), crash=st.booleans())
    def place(self, customer: int, amount: int, crash: bool) -> None:
        key = len(self.orders) + 1
        self.orders[key] = {"customer": customer, "amount": amount, "refunds": [], "cancelled": False, "codes": [],
                            "at": self.now}  # fmt: skip
        self.tell(key, crash)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), crash=st.booleans())
    def refund(self, data: st.DataObject, crash: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.orders)))
        order = self.orders[key]
        if left := order["amount"] - sum(order["refunds"]):
            order["refunds"].append(data.draw(st.integers(1, left)))
        self.tell(key, crash)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel_or_reopen(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.orders)))
        self.orders[key]["cancelled"] = not self.orders[key]["cancelled"]
        self.tell(key)

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

    @precondition(lambda self: any(not r["order"] and not r["released"] for r in self.made.values()))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """Shopify has said that the code is disabled and unused; said twice, it is done once."""
        key = data.draw(st.sampled_from([k for k, r in self.made.items() if not r["order"] and not r["released"]]))
        for _ in range(2):
            with self.step(crash=False) as conn:
                reward_uses.want_back(conn, self.shop_id, key, "undone", "shopper")
                found = redemptions.get(conn, self.shop_id, key)
                assert found is not None
                redeem_points.release(conn, shops.get(conn, self.shop_id), found, self.now)
        self.made[key]["released"] = True

    @precondition(lambda self: any(not r["order"] for r in self.made.values()))
    @rule(data=st.data(), amount=st.integers(1, 40))
    def use(self, data: st.DataObject, amount: int) -> None:
        """An order carries the code; also one that was thought unused and released."""
        made = self.made[data.draw(st.sampled_from([k for k, r in self.made.items() if not r["order"]]))]
        key = len(self.orders) + 1
        self.orders[key] = {"customer": made["customer"], "amount": amount, "refunds": [], "cancelled": False,
                            "codes": [made["code"].lower()], "at": self.now}  # fmt: skip
        made["order"] = key
        self.tell(key)

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
        with self.step(crash=False) as conn:
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
        with self.step(crash=False) as conn:
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
            ("tier_events", "l.to_tier = '' AND l.because IN ('time', 'refund')", "tier_ending"),
        )
        with self.step(crash=False) as conn:
            for table, which, kind in lost:
                found = conn.exec_driver_sql(told.format(table, which), {"s": self.shop_id, "kind": kind})
                assert found.scalar_one() == 0, table


@pytest.mark.parametrize("part", range(2))
def test_any_life_adds_up(engine: Engine, part: int) -> None:
    machine = type("Machine", (Machine,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=8, stateful_step_count=25, deadline=None, phases=[Phase.generate],
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
