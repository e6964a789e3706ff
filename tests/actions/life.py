"""A shop whose clock a test holds, two members, and a run of expiry whenever the test wants one.

What a run writes down is sent at once, unless the test holds the mails back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from plugin.actions.points import expire_points
from plugin.actions.work.work import Work
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work.jobs import Job
from tests.actions.in_shop import InShop
from tests.actions.mail_outcomes import answer

MANILA = ZoneInfo("Asia/Manila")
START = datetime(2026, 1, 1, tzinfo=MANILA)
YEAR = Expiry(policy="after_earning", period=365)
LAST_MOMENT = datetime(2027, 1, 11, tzinfo=MANILA)  # for what was earned on 10 January 2026


@dataclass
class Life(InShop):
    """A shop whose clock the test holds."""

    engine: Engine
    shop_id: int
    now: datetime = START
    given: int = 0
    mails_go: bool = True
    members: list[int] = field(default_factory=list)

    def work(self) -> Work:
        return Work(self.engine, None, None, lambda: self.now)  # type: ignore[arg-type]

    def run(self, at: datetime | None = None) -> None:
        self.now = at or self.now
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
        expire_points.carry_out(self.work(), shop, Job(1, self.shop_id, "expire_points", "due", {}, 1, 0, self.now))

        if self.mails_go:
            self.answer()

    def answer(self, state: str = "sent") -> None:
        """This becomes of every message that has no outcome yet."""
        answer(self.engine, self.shop_id, self.now, state)

    def publish(self, expiry: Expiry, at: datetime) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            programmes.add(conn, self.shop_id, Programme(expiry=expiry), "test", "", at)

    def post(self, points: int, at: datetime, who: int = 0, **more: Any) -> None:
        self.given += 1
        facts = {"kind": "earned" if points > 0 else "spent", "subject": f"test:{self.given}", "line": 1, **more}
        entry = Entry(self.members[who], points=points, effective_at=at, actor="test", **facts)
        with shop_transaction(self.engine, self.shop_id) as conn:
            accounts = Ledger(conn, self.shop_id, [self.members[who]])
            accounts.post([entry], max(at, self.now))
            accounts.write()

    @property
    def expired(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT points, subject, line FROM entries WHERE kind = 'expired' ORDER BY id")

    @property
    def warned(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT member_id, subject FROM messages WHERE kind = 'points_expiring' ORDER BY id")


def start(life: Life) -> None:
    with system_transaction(life.engine) as conn:
        shops.describe(conn, life.shop_id, {"timezone": "Asia/Manila"})
        shops.merge_settings(conn, life.shop_id, {"counts_from": START.isoformat()})
    buyers = [Buyer(customer_id=number, email=f"{number}@example.com") for number in (7, 8)]
    with shop_transaction(life.engine, life.shop_id) as conn:
        members.add(conn, life.shop_id, buyers, dict.fromkeys(buyers, START))
        found = members.by_customers(conn, life.shop_id, [7, 8])
        life.members = [found[7].id, found[8].id]


def earned_on(day: int) -> datetime:
    return datetime(2026, 1, day, 15, tzinfo=MANILA)
