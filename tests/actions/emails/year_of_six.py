"""Six members of a shop for a year: the clock, the rounds of each day, and what people do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Engine

from plugin import jobs
from plugin.actions.activities import celebrate
from plugin.actions.emails import by_the_day, mailings
from plugin.actions.emails.coming.forecast import forecast
from plugin.actions.members import keep_profile, leave_programme
from plugin.actions.sending import refuse_emails
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.tiers import watch_tiers
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.activities.activity_rules import Anniversary, Birthday
from plugin.rules.mailings.mailing import Letter, MailingText
from plugin.rules.message_kinds import KIND_OFF, MessageKind
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.types import CustomerFacts
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts, members
from plugin.store.reports import member_stats
from plugin.store.sending import suppressions
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs as stored_jobs
from plugin.store.work.job_kinds import JobKind
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.actions.referrals.referral_town import Town
from tests.clients.moody_server import Moody

PROGRAMME: Final = Programme(
    confirmation="ours",
    welcome_points=0,
    next_order_code=NextOrderCode(enabled=False),
    rewards=(AmountOff(id="rten", name="10 off", points=100, value=Decimal(10)),),
    activities=(
        Birthday(id="abirthday", name="Birthday", points=5, waiting_days=0),
        Anniversary(id="ayears", name="Another year", points=5),
    ),
    tiers=Tiers(
        levels=(Tier(key="gold", name="Gold", enter=Decimal(100)),),
        window="rolling",
        window_days=150,
        validity="window",
    ),
    expiry=Expiry(policy="after_earning", period=180, first_warning_days=30, last_warning_days=7),
)
NAMES: Final = {7: "ana", 8: "ben", 9: "cy", 10: "dee", 11: "eve", 12: "fay"}
AGREED: Final = {7, 9, 12}
"""Ana, Cy and Fay agreed to marketing."""
EMAILS: Final = {
    "thank_you": {"on": True, "wait_minutes": 30},
    "reward_in_reach": {"on": True},
    "win_back": {"on": True, "days": 60, "again_days": 30},
    "birthday": {"hour": 18},
}
STATEMENTS: Final = {"statement": {"on": True, "hour": 22}}
FIRST, LAST = date(2027, 1, 1), date(2028, 1, 12)
RUN: Final = (
    "refresh_stats", "rebuild_facts", "follow_events", "celebrate", "daily_emails", "expire_points", "tiers", "mailing",
    "send_message",
)  # fmt: skip
MIDNIGHT, ACTS, MORNING, EVENING, NIGHT = time(0, 10), time(9), time(9, 30), time(18, 30), time(22, 30)
Told = dict[str, list[tuple[str, str]]]


@dataclass
class Year(Town):
    """The shop, and the worker that carries out what is due."""

    work: Any = None
    sent_at: set[tuple[str, time]] = field(default_factory=set)

    def at(self, today: date, when: time) -> None:
        """The clock shows this; whatever is due is carried out."""
        self.now = datetime.combine(today, when, UTC)
        while sum(jobs.run(self.work, self.shop_id, kind) for kind in self.due()):
            pass

    def begin(self, today: date) -> None:
        """The rounds of the night."""
        self.now = datetime.combine(today, MIDNIGHT, UTC)
        self.rounds(new=today == FIRST)
        self.at(today, MIDNIGHT)

    def rounds(self, *, new: bool = False) -> None:
        """What the schedule queues each hour, and what Shopify says of who agreed."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            if new:
                stored_jobs.queue(conn, shop.id, JobKind.REFRESH_STATS, ["due"], self.now)
            stored_jobs.queue(conn, shop.id, JobKind.EXPIRE_POINTS, ["due"], self.now)
            celebrate.queue_hourly(conn, shop, self.now)
            by_the_day.queue_hourly(conn, shop, self.now)
            watch_tiers.queue_daily(conn, shop, self.now)
            facts = {key: CustomerFacts(frozenset(), "subscribed" if key in AGREED else "not_subscribed", 1)
                     for key in NAMES}  # fmt: skip
            customer_facts.save(conn, shop.id, facts, self.now)

    def next_due(self) -> datetime | None:
        """When there is something to carry out again."""
        kinds = ", ".join(f"'{kind}'" for kind in RUN)
        rows = self.rows(f"SELECT min(not_before) FROM jobs WHERE state = 'queued' AND kind IN ({kinds})")
        return rows[0][0] if rows else None

    def due(self) -> list[str]:
        rows = self.rows(f"SELECT DISTINCT kind FROM jobs WHERE state = 'queued' AND not_before <= '{self.now}'")
        return [kind for kind in RUN if (kind,) in rows]

    def everybody_buys(self, number: int) -> None:
        for customer, name in NAMES.items():
            order = customer * 10 + number
            line = payloads.line(order, "60.00")
            who = payloads.customer(
                customer, email=f"{name}@example.com", first_name=name.title(), created_at=JOINED.isoformat()
            )
            at = self.now.isoformat()
            body = payloads.order(order, [line], customer=who, email=f"{name}@example.com", total_price="60.00",
                                  created_at=at, processed_at=at, updated_at=at)  # fmt: skip
            self.orders[order] = body
            self.hear(body, run=False)

    def outcomes(self, today: date) -> Told:
        """What became of messages on a day, by member."""
        found: Told = {}
        rows = self.rows(
            "SELECT p.customer_id, m.kind, m.state, m.last_error, m.sent_at FROM messages m JOIN members p"
            " ON p.shop_id = m.shop_id AND p.id = m.member_id"
            f" WHERE (m.outcome_at AT TIME ZONE 'UTC')::date = '{today}' ORDER BY m.id"
        )
        for customer, kind, state, why, sent_at in rows:
            found.setdefault(NAMES[customer], []).append((kind, state if state == "sent" else why))
            if sent_at is not None:
                self.sent_at.add((kind, sent_at.astimezone(UTC).time()))
        return {name: sorted(each) for name, each in sorted(found.items())}

    def predicted(self) -> dict[date, Told]:
        """What the calendar says of each member, by the day on which it goes, or would."""
        found: dict[date, Told] = {}
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            programme = programmes.current(conn, shop.id, self.now).programme
            for customer, member in members.by_customers(conn, shop.id, list(NAMES)).items():
                said = [(one.at, one.kind.value, one.why or "sent")
                        for one in forecast(conn, shop, programme, member, self.now).coming
                        if one.why != KIND_OFF]  # fmt: skip
                for at, kind, what in said:
                    found.setdefault(at.date(), {}).setdefault(NAMES[customer], []).append((kind, what))
        return {day: {name: sorted(each) for name, each in sorted(told.items())} for day, told in found.items()}


def _person(year: Year, conn: Connection, name: str) -> Any:
    key = next(customer for customer, known in NAMES.items() if known == name)
    return members.by_customers(conn, year.shop_id, [key])[key]


def _born(year: Year, conn: Connection, shop: Shop) -> None:
    for name, day in (("ana", (6, 15)), ("ben", (6, 15)), ("dee", (6, 15)), ("eve", (8, 1))):
        keep_profile.set_birthday(conn, shop, _person(year, conn, name).id, day, "shopper", year.now)


def _statements(year: Year, conn: Connection, shop: Shop) -> None:
    shops.merge_settings(conn, shop.id, {"emails": EMAILS | STATEMENTS})


def _mailing(year: Year, conn: Connection, shop: Shop) -> None:
    words = MailingText(subject="News", title="News", body="New things.")
    letter = Letter(name="News", language="en", texts={"en": words})
    number = mailings.draft(conn, shop, letter, "", "staff:1", year.now)
    mailings.plan(conn, shop, number, datetime(2027, 4, 29, 10, tzinfo=UTC), "staff:1", year.now)


def _one_a_week(year: Year, conn: Connection, shop: Shop) -> None:
    shops.merge_settings(conn, shop.id, {"emails": EMAILS, "sending": {"most": 1, "days": 7}})
    suppressions.suppress(conn, shop.id, "cy@example.com", "bounced", "dsn", "", year.now)


ACTED: Final[Mapping[date, Callable[[Year, Connection, Shop], object]]] = {
    FIRST: _one_a_week,
    date(2027, 1, 11): lambda year, conn, _: conn.exec_driver_sql(
        "UPDATE members SET no_emails = true WHERE id = %(id)s", {"id": _person(year, conn, "ben").id}
    ),
    date(2027, 1, 12): lambda year, conn, shop: refuse_emails.by_one_click(
        conn, shop, _person(year, conn, "eve"), MessageKind.TIER_REACHED, year.now
    ),
    date(2027, 1, 13): _born,
    date(2027, 1, 20): lambda year, conn, shop: leave_programme.leave(
        conn, shop, _person(year, conn, "dee").id, year.now
    ),
    date(2027, 4, 28): _mailing,
    date(2027, 10, 15): _statements,
}
JOINED: Final = datetime(2027, 1, 10, 8, 50, tzinfo=UTC)
BOUGHT: Final = (date(2027, 1, 10), date(2027, 3, 1))
RETURNED: Final = date(2027, 3, 2)
ACTS_ON: Final = frozenset({*ACTED, *BOUGHT, RETURNED})


def act(year: Year, today: date) -> None:
    """What people do on a day, at nine."""
    year.now = datetime.combine(today, ACTS, UTC)
    if today in BOUGHT:
        year.everybody_buys(today.month)
    if today == RETURNED:
        year.hear(year.again(123, refunds=[payloads.refund(1, (123, 1, 60.0))]), run=False)
    with shop_transaction(year.engine, year.shop_id) as conn:
        if member_stats.any_marks(conn, year.shop_id):
            stored_jobs.queue(conn, year.shop_id, JobKind.REFRESH_STATS, ["due"], year.now)
    if today in ACTED:
        with shop_transaction(year.engine, year.shop_id) as conn:
            ACTED[today](year, conn, shops.get(conn, year.shop_id))


def live(year: Year, today: date) -> None:
    """One day, from its first hour to its last."""
    year.begin(today)
    if today in ACTS_ON:
        act(year, today)
        year.at(today, ACTS)
    for when in (MORNING, EVENING, NIGHT):
        next_due = year.next_due()
        if next_due is not None and next_due <= datetime.combine(today, when, UTC):
            year.at(today, when)
    year.now = datetime.combine(today, NIGHT, UTC)


@contextmanager
def opened(engine: Engine, shop_id: int, settings: Settings) -> Iterator[tuple[Year, Moody]]:
    """The shop, and the mail server."""
    with Moody() as server:
        ours = settings.model_copy(update={"smtp_port": server.port, "smtp_timeout_seconds": 5.0})
        with Mailer.from_settings(ours) as mailer:
            made = Year(engine, start_programme(engine, shop_id, PROGRAMME))
            made.work = Work(engine, AdminClients.of(ours), mailer, lambda: made.now)
            yield made, server


def days() -> Iterator[date]:
    """The year, and some days more, so that whoever joined in January has an anniversary."""
    today = FIRST
    while today <= LAST:
        yield today
        today += timedelta(days=1)
