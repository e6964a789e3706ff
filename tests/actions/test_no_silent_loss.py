"""Any life of orders, refunds and days, whose mails go, are refused, come late or never: nothing is lost in silence.

The oracle knows what people did and what the test made of each mail, and of the app no rule but these: points end 50
days after they were earned, Gold takes 60 within 40 days, a loss has a warning that names its day; it comes once that
warning has an outcome, or seven days after the day; and what takes points back says so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import Engine

from plugin.actions.points import expire_points
from plugin.actions.tiers import watch_tiers
from plugin.actions.work.work import Work
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.members import members
from plugin.store.points import balances
from plugin.store.reports import audit
from plugin.store.shops import shops
from plugin.store.work import messages
from plugin.store.work.jobs import Job
from plugin.store.work.messages import Outcome
from tests.actions.any_sequence import ShopMachine, run_machine

LASTS, NOTICE, GOLD, WINDOW, WAITS = 50, 3, 60, 40, 7
PROGRAMME = Programme(
    next_order_code=NextOrderCode(enabled=False),
    tiers=Tiers(
        levels=(Tier(key="gold", name="Gold", enter=Decimal(GOLD)),), window="rolling", window_days=WINDOW,
        validity="window",
    ),
    expiry=Expiry(policy="after_earning", period=LASTS, first_warning_days=20, last_warning_days=NOTICE),
)  # fmt: skip
CUSTOMERS = (7, 8)
ZONE = ZoneInfo("UTC")
DAY = timedelta(days=1)
seen: set[str] = set()
"""What was there to find fault with."""


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


class Machine(ShopMachine):
    """A shop, the days on which its jobs ran, and when each message had what outcome."""

    programme = PROGRAMME
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[int, datetime] = {}
        self.runs: list[datetime] = []
        self.nets: list[tuple[datetime, dict[int, tuple[int, date, int]]]] = []

    # --- what people, the mail server and the clock do

    @initialize(amount=st.integers(60, 80))
    def begin(self, amount: int) -> None:
        """Somebody has points and a tier to lose."""
        self.arrive(self.order(7, amount))

    @rule(customer=st.sampled_from(CUSTOMERS), amount=st.integers(10, 80))
    def place(self, customer: int, amount: int) -> None:
        self.arrive(self.order(customer, amount))

    @rule(days=st.sampled_from([1, 1, 1, 2, 3, 7, 8, 20]), hour=st.integers(0, 23))
    def time_passes(self, days: int, hour: int) -> None:
        """The jobs of that hour run, after as many days as nobody was there."""
        self.now = max(
            self.now + timedelta(minutes=1), midnight((self.now + days * DAY).date()) + timedelta(hours=hour)
        )
        self.run()

    @rule(days=st.integers(7, 21), state=st.sampled_from(["sent", "sent", "skipped", ""]))
    def day_by_day(self, days: int, state: str) -> None:
        """Weeks without downtime of ours, whose mails have this outcome at once, or none."""
        for _ in range(days):
            self.now = midnight((self.now + DAY).date()) + timedelta(minutes=5)
            self.run()
            if state:
                self.mails_end(state, 0)
            self.nothing_is_lost_in_silence()

    def run(self) -> None:
        work = Work(self.engine, None, None, lambda: self.now)  # type: ignore[arg-type]
        with self.step() as conn:
            shop = shops.get(conn, self.shop_id)
        job = Job(0, self.shop_id, "any", "due", {}, 1, 0, self.now)
        expire_points.carry_out(work, shop, job)
        watch_tiers.carry_out(work, shop, job)
        self.runs.append(self.now)

    @precondition(lambda self: self.runs)
    @rule(state=st.sampled_from(["sent", "sent", "skipped", "failed", "unknown"]), which=st.integers(0, 2))
    def mails_have_an_outcome(self, state: str, which: int) -> None:
        """All that waits, the newer half of it, or the older one."""
        self.mails_end(state, which)

    def mails_end(self, state: str, which: int) -> None:
        with self.step() as conn:
            waiting = conn.exec_driver_sql("SELECT id FROM messages WHERE state = 'queued' ORDER BY id").scalars().all()
            half = len(waiting) // 2
            these = [waiting, waiting[half:], waiting[:half]][which]
            messages.end(conn, self.shop_id, [Outcome(number, state) for number in these], self.now)
        self.outcomes |= dict.fromkeys(these, self.now)

    # --- what the oracle says

    def net(self, key: int) -> int:
        order = self.orders[key]
        return 0 if order["cancelled"] else order["amount"] - sum(order["refunds"])

    def had_outcome(self, number: int | None, by: datetime) -> bool:
        return number in self.outcomes and self.outcomes[number] <= by

    def rows(self, sql: str) -> list[Any]:
        with self.step() as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]

    def warnings(self) -> dict[int, tuple[str, int, list[str], datetime]]:
        found = self.rows("SELECT id, kind, member_id, subject, created_at FROM messages WHERE kind LIKE '%%ending'"
                          " OR kind = 'points_expiring'")  # fmt: skip
        return {row[0]: (row[1], row[2], row[3].split(":"), row[4]) for row in found}

    # --- what must be true

    @invariant()
    def nothing_is_lost_in_silence(self) -> None:
        warnings = self.warnings()
        self.points_end_after_their_warning(warnings)
        self.tiers_end_after_their_warning(warnings)
        self.nothing_lasts_longer_than_a_week_more(warnings)

    def points_end_after_their_warning(self, warnings: dict[int, tuple[str, int, list[str], datetime]]) -> None:
        lost = self.rows("SELECT e.member_id, e.created_at, e.reason->>'warning', l.earned_at FROM entries e"
                         " JOIN lots l ON e.subject = 'expiry:' || l.id WHERE e.kind = 'expired'")  # fmt: skip
        for member, at, warning, earned_at in lost:
            kind, reader, (_, _, end, number), told_at = warnings[int(warning)]
            named = datetime.fromtimestamp(int(end), UTC)
            assert (kind, reader, number) == ("points_expiring", member, "2")
            assert named >= midnight(earned_at.date() + (LASTS + 1) * DAY)
            assert told_at.date() <= named.date() - (NOTICE + 1) * DAY
            in_time, week = self.had_outcome(int(warning), at), at >= named + WAITS * DAY
            assert in_time or week
            seen.add("ended after an outcome" if in_time else "ended a week late")

    def tiers_end_after_their_warning(self, warnings: dict[int, tuple[str, int, list[str], datetime]]) -> None:
        lost = self.rows("SELECT member_id, at, from_tier FROM tier_changes WHERE because = 'time' AND to_tier = ''")
        for member, at, tier in lost:
            these = [
                (number, midnight(date.fromisoformat(subject[3])))
                for number, (kind, reader, subject, told_at) in warnings.items()
                if (kind, reader, subject[2]) == ("tier_ending", member, tier) and told_at.date() < at.date()
            ]
            assert any(day <= at and (self.had_outcome(number, at) or at >= day + WAITS * DAY) for number, day in these)
            seen.add("tier lost")

    def nothing_lasts_longer_than_a_week_more(self, warnings: dict[int, tuple[str, int, list[str], datetime]]) -> None:
        if not self.runs:
            return
        left: dict[int, int] = dict(self.rows("SELECT id, points_left FROM lots"))
        for _, (kind, _, subject, _) in warnings.items():
            if kind == "points_expiring" and subject[3] == "2":
                over = datetime.fromtimestamp(int(subject[2]), UTC) + WAITS * DAY <= self.runs[-1]
                assert not (over and left[int(subject[1])]), subject

    @invariant()
    def nothing_is_lost_twice_and_the_balance_is_what_is_left(self) -> None:
        """Of each order what it is worth, unless that ended; what ended is never taken a second time."""
        with self.step() as conn:
            assert audit.mismatches(conn, self.shop_id) == []
            found = members.by_customers(conn, self.shop_id, CUSTOMERS)
            has = balances.of(conn, self.shop_id, found.values(), self.now)
        gone = dict(
            self.rows(
                "SELECT split_part(e.subject, ':', 2)::bigint, -sum(x.points)::int FROM entries e"
                " JOIN lots l ON l.entry_id = e.id JOIN entries x ON x.subject = 'expiry:' || l.id GROUP BY 1"
            )
        )
        for customer, member in found.items():
            mine = [key for key, order in self.orders.items() if order["customer"] == customer]
            assert all(0 <= gone.get(key, 0) <= self.net(key) for key in mine)
            assert member.balance == sum(self.net(key) - gone.get(key, 0) for key in mine)
            assert has[member.id].available == member.balance - self.past(member.id)

    def past(self, member_id: int) -> int:
        """Points whose end has come since the last run: told in time, and to be taken by the next one."""
        rows = self.rows("SELECT l.points_left, l.warned_by, l.warned_for FROM lots l WHERE l.points_left > 0"
                         f" AND l.warnings = 2 AND l.member_id = {member_id}")  # fmt: skip
        return sum(
            left
            for left, warning, named in rows
            if named <= self.now and (self.had_outcome(warning, named) or named + WAITS * DAY <= self.now)
        )

    @invariant()
    def what_takes_points_names_its_email(self) -> None:
        silent = self.rows(
            "SELECT e.id FROM entries e LEFT JOIN messages m ON m.id = e.message_id AND m.member_id = e.member_id"
            " AND m.kind = CASE e.kind WHEN 'expired' THEN 'points_expired' ELSE 'points_taken_back' END"
            " WHERE e.points < 0 AND m.id IS NULL"
        )
        assert silent == []


def test_any_life_loses_nothing_in_silence(engine: Engine) -> None:
    run_machine(Machine, engine, 0)


@pytest.mark.parametrize(
    ("state", "meets"), [("sent", {"ended after an outcome", "tier lost"}), ("", {"ended a week late", "tier lost"})]
)
def test_a_plain_life_meets_what_is_asserted(engine: Engine, state: str, meets: set[str]) -> None:
    seen.clear()
    life = type("Life", (Machine,), {"engine": engine})()
    life.arrive(life.order(7, 80))
    life.day_by_day(days=62, state=state)
    life.nothing_is_lost_twice_and_the_balance_is_what_is_left()
    life.what_takes_points_names_its_email()
    assert seen == meets
