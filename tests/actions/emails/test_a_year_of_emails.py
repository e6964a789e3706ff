"""A year in the lives of six members, day by day: exactly the emails that they are to get, and why each other was left
out, through the real sender to a real mail server.

The shop confirms orders. Gold begins at 100 dollars. Points end 180 days after they were earned; members are warned 30
and 7 days before their last day, and told on the morning after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.members import leave_programme
from plugin.actions.sending import refuse_emails
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.message_kinds import HAS_LEFT, KIND_UNWANTED, SUPPRESSED, UNWANTED, MessageKind
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.sending import suppressions
from plugin.store.shops import shops
from plugin.store.work import jobs as stored_jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.one_mail import PART_OF
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.actions.referrals.referral_town import Town
from tests.clients.moody_server import Moody
from tests.conftest import ShopRow

PROGRAMME: Final = Programme(
    confirmation="ours",
    welcome_points=0,
    next_order_code=NextOrderCode(enabled=False),
    tiers=Tiers(levels=(Tier(key="gold", name="Gold", enter=Decimal(100)),), window="lifetime"),
    expiry=Expiry(policy="after_earning", period=180, first_warning_days=30, last_warning_days=7),
)
NAMES: Final = {7: "ana", 8: "ben", 9: "cy", 10: "dee", 11: "eve", 12: "fay"}
RUN: Final = ("follow_events", "expire_points", "tiers", "send_message")
HALF_PAST_NINE: Final = time(9, 30)

CONFIRMED, TIER, BACK, LOST = "order_confirmation", "tier_reached", "points_taken_back", "tier_lost"
WARNED, ENDED = "points_expiring", "points_expired"
Told = dict[str, list[tuple[str, str]]]


def told(**people: list[tuple[str, str]]) -> Told:
    return people


EXPECTED: Final[dict[date, Told]] = {
    # everybody's first order: 60 dollars; cy's address is dead
    date(2027, 1, 10): told(
        ana=[(CONFIRMED, "sent")],
        ben=[(CONFIRMED, "sent")],
        cy=[(CONFIRMED, SUPPRESSED)],
        dee=[(CONFIRMED, "sent")],
        eve=[(CONFIRMED, "sent")],
        fay=[(CONFIRMED, "sent")],
    ),
    # the second lifts them to gold. By then ben wants nothing of the programme, dee has left, eve refused such emails
    date(2027, 3, 1): told(
        ana=[(CONFIRMED, "sent"), (TIER, PART_OF)],
        ben=[(CONFIRMED, "sent"), (TIER, UNWANTED)],
        cy=[(CONFIRMED, SUPPRESSED), (TIER, SUPPRESSED)],
        dee=[(CONFIRMED, HAS_LEFT)],
        eve=[(CONFIRMED, "sent"), (TIER, KIND_UNWANTED)],
        fay=[(CONFIRMED, "sent"), (TIER, PART_OF)],
    ),
    # fay gives the second order back: points and tier go, in one email
    date(2027, 3, 2): told(fay=[(BACK, "sent"), (LOST, PART_OF)]),
    # what was earned on January 10 ends with July 9; dee's does, too, and it is written down why she is not told
    **dict.fromkeys(
        (date(2027, 6, 9), date(2027, 7, 2)),
        told(
            ana=[(WARNED, "sent")],
            ben=[(WARNED, UNWANTED)],
            cy=[(WARNED, SUPPRESSED)],
            dee=[(WARNED, HAS_LEFT)],
            eve=[(WARNED, "sent")],
            fay=[(WARNED, "sent")],
        ),
    ),
    date(2027, 7, 10): told(
        ana=[(ENDED, "sent")], ben=[(ENDED, UNWANTED)], cy=[(ENDED, SUPPRESSED)], dee=[(ENDED, HAS_LEFT)],
        eve=[(ENDED, "sent")], fay=[(ENDED, "sent")],
    ),
    # what was earned on March 1 ends with August 28; fay has none of it
    **dict.fromkeys(
        (date(2027, 7, 29), date(2027, 8, 21)),
        told(ana=[(WARNED, "sent")], ben=[(WARNED, UNWANTED)], cy=[(WARNED, SUPPRESSED)], eve=[(WARNED, "sent")]),
    ),
    date(2027, 8, 29): told(
        ana=[(ENDED, "sent")], ben=[(ENDED, UNWANTED)], cy=[(ENDED, SUPPRESSED)], eve=[(ENDED, "sent")]
    ),
}  # fmt: skip


@dataclass
class Year(Town):
    """The shop, and the worker that carries out what is due."""

    work: Any = None

    def day(self, today: date) -> None:
        """Half past nine: the rounds of the day, and what is due."""
        self.now = datetime.combine(today, HALF_PAST_NINE, UTC)
        with shop_transaction(self.engine, self.shop_id) as conn:
            stored_jobs.queue(conn, self.shop_id, JobKind.EXPIRE_POINTS, ["due"], self.now)
        self.carry_out()

    def carry_out(self) -> None:
        while sum(jobs.run(self.work, self.shop_id, kind) for kind in self.due()):
            pass

    def due(self) -> list[str]:
        rows = self.rows(f"SELECT DISTINCT kind FROM jobs WHERE state = 'queued' AND not_before <= '{self.now}'")
        return [kind for kind in RUN if (kind,) in rows]

    def everybody_buys(self, number: int) -> None:
        for customer, name in NAMES.items():
            order = customer * 10 + number
            line = payloads.line(order, "60.00")
            who = payloads.customer(customer, email=f"{name}@example.com", first_name=name.title())
            at = self.now.isoformat()
            body = payloads.order(order, [line], customer=who, email=f"{name}@example.com", total_price="60.00",
                                  created_at=at, processed_at=at, updated_at=at)  # fmt: skip
            self.orders[order] = body
            self.hear(body, run=False)

    def told_since(self, number: int) -> tuple[int, Told]:
        """What became of each message since one, by member."""
        found: Told = {}
        rows = self.rows(
            "SELECT m.id, p.customer_id, m.kind, m.state, m.last_error FROM messages m JOIN members p"
            f" ON p.shop_id = m.shop_id AND p.id = m.member_id WHERE m.id > {number} ORDER BY m.id"
        )
        for _, customer, kind, state, why in rows:
            found.setdefault(NAMES[customer], []).append((kind, state if state == "sent" else why))
        return max((row[0] for row in rows), default=number), found


@pytest.fixture
def year(engine: Engine, shop: ShopRow, settings: Settings) -> Iterator[tuple[Year, Moody]]:
    with Moody() as server:
        ours = settings.model_copy(update={"smtp_port": server.port, "smtp_timeout_seconds": 5.0})
        with Mailer.from_settings(ours) as mailer:
            made = Year(engine, start_programme(engine, shop.id, PROGRAMME))
            made.work = Work(engine, AdminClients.of(ours), mailer, lambda: made.now)
            yield made, server


def acts(year: Year, today: date) -> None:
    """What people do on a day, before half past nine."""
    year.now = datetime.combine(today, time(9), UTC)
    if today in (date(2027, 1, 10), date(2027, 3, 1)):
        year.everybody_buys(today.month)
    if today == date(2027, 3, 2):
        year.hear(year.again(123, refunds=[payloads.refund(1, (123, 1, 60.0))]), run=False)
    with shop_transaction(year.engine, year.shop_id) as conn:
        shop = shops.get(conn, year.shop_id)
        people = {NAMES[key]: one.id for key, one in members.by_customers(conn, shop.id, list(NAMES)).items()}
        if today == date(2027, 1, 1):
            suppressions.suppress(conn, shop.id, "cy@example.com", "bounced", "dsn", "", year.now)
        if today == date(2027, 1, 11):
            conn.exec_driver_sql("UPDATE members SET no_emails = true WHERE id = %(id)s", {"id": people["ben"]})
        if today == date(2027, 1, 12):
            eve = members.get(conn, shop.id, people["eve"])
            refuse_emails.by_one_click(conn, shop, eve, MessageKind.TIER_REACHED, year.now)
        if today == date(2027, 1, 20):
            leave_programme.leave(conn, shop, people["dee"], year.now)


def test_a_year_brings_exactly_these_emails_on_these_days(year: tuple[Year, Moody]) -> None:
    world, server = year
    today, newest, found = date(2027, 1, 1), 0, {}
    while today.year == 2027:
        acts(world, today)
        world.carry_out()
        world.day(today)
        newest, now_told = world.told_since(newest)
        if now_told:
            found[today] = {name: sorted(each) for name, each in sorted(now_told.items())}
        today += timedelta(days=1)
    assert found == {day: {name: sorted(each) for name, each in people.items()} for day, people in EXPECTED.items()}
    sent = sum(state == "sent" for people in EXPECTED.values() for each in people.values() for _, state in each)
    assert len(server.taken) == len(set(server.taken)) == sent
