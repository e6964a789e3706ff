"""A shop of which tests tell by webhooks, and whose facts they read; the clock stands where a test puts it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert

from plugin.actions.privacy import erasing, forget_stored
from plugin.actions.reports import rebuild_facts, refresh_stats
from plugin.actions.work.work import Work
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import launches, shops
from plugin.store.tables import shops as shops_table
from plugin.store.work import deliveries, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from tests import payloads
from tests.actions.in_shop import InShop
from tests.actions.orders.test_settle_orders import start_programme
from webhooks.inbox import process_shop

_numbers = itertools.count(1)
KEY = b"what the forgotten are recognised by"
NOW = datetime(2026, 4, 2, 4, tzinfo=UTC)


class Knowing(Work):
    """Work that recognises the forgotten by the tests' own key."""

    forgetting_key = KEY  # type: ignore[assignment]


@dataclass
class Town(InShop):
    """One shop. `told` counts deliveries."""

    engine: Engine
    shop_id: int
    now: datetime = NOW
    told: int = 0

    @classmethod
    def new(cls, engine: Engine, zone: str, currency: str, programme: Programme | None = None) -> Town:
        """A shop of its own."""
        values = {"domain": f"f{next(_numbers)}.myshopify.com", "timezone": zone, "currency": currency}
        with system_transaction(engine) as conn:
            shop_id = conn.execute(insert(shops_table).values(values).returning(shops_table.c.id)).scalar_one()
            launches.launch(conn, shop_id, datetime(2020, 1, 1, tzinfo=UTC))
        return cls(engine, start_programme(engine, shop_id, programme or Programme()))

    def work(self) -> Work:
        """What jobs are carried out with."""
        return Knowing(self.engine, None, None, lambda: self.now)  # type: ignore[arg-type]

    def tell(self, topic: str, *told: Mapping[str, Any]) -> None:
        """Webhooks of one topic come and are processed together."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            for payload in told:
                self.told += 1
                self.now += timedelta(seconds=1)
                body = payloads.dumps(payload)
                deliveries.add(conn, self.shop_id, f"{self.shop_id}-{self.told}", topic, self.now, body)
        later = datetime.now(UTC) + timedelta(minutes=1)  # a delivery is due by the database's own clock
        while process_shop(self.engine, self.shop_id, later, forgetting=KEY):
            pass
        assert self.rows("SELECT last_error FROM inbox") == []

    def describe(self, **facts: str) -> None:
        """Shopify says another zone or currency of the shop."""
        with system_transaction(self.engine) as conn:
            shops.describe(conn, self.shop_id, facts, self.now)

    def erase(self, customer: int) -> None:
        """Somebody is forgotten."""
        self.tell("customers/redact", {"customer": {"id": customer}, "orders_to_redact": []})
        (number,) = self.rows("SELECT max(id) FROM privacy_requests WHERE done_at IS NULL")[0]
        while erasing.one_transaction(self.work(), self.shop(), number, forget_stored.STAGES):
            pass

    def shop(self) -> shops.Shop:
        """The shop as it stands."""
        with system_transaction(self.engine) as conn:
            return shops.get(conn, self.shop_id)

    def refresh(self) -> None:
        """What the schedule does: queue what is due, and carry it out."""
        for _ in range(4):
            refresh_stats.queue(self.work(), self.shop())
            for kind, carry_out in (
                (JobKind.REFRESH_STATS, refresh_stats.carry_out),
                (JobKind.REBUILD_FACTS, rebuild_facts.carry_out),
            ):
                for job in self._due(kind):
                    carry_out(self.work(), self.shop(), job)

    def _due(self, kind: str) -> list[Job]:
        with shop_transaction(self.engine, self.shop_id) as conn:
            found = jobs.claim(conn, self.shop_id, kind, 9, self.now)
            jobs.done(conn, self.shop_id, found)
        return found

    def rebuild(self, most: int = 500) -> int:
        """Compute everything anew; answers how many orders' facts were others."""
        rebuild_facts.begin(self.engine, self.shop_id)
        return max(at.changed for at in rebuild_facts.steps(self.engine, self.shop_id, lambda: self.now, most))

    def facts(self) -> dict[int, tuple[Any, ...]]:
        """Of each order: member, day, why not, currency, net, gross, our codes, country, region."""
        rows = self.rows(
            "SELECT order_id, member_id, day, why_not, currency, net_minor, gross_minor, reward_discount_minor,"
            " country, region, counts FROM order_facts ORDER BY order_id"
        )
        assert all(row[10] is (row[3] == "") for row in rows)
        return {row[0]: row[1:10] for row in rows}

    def items(self) -> dict[tuple[int, int], tuple[date, int, int]]:
        """Of each order and product: day, units and money."""
        rows = self.rows("SELECT order_id, product_id, day, quantity, net_minor FROM order_items")
        return {(row[0], row[1]): row[2:] for row in rows}

    def stats(self) -> dict[int, tuple[Any, ...]]:
        """Of each person: first, second and last day, orders, days, net, both words of months, gap."""
        rows = self.rows(
            "SELECT member_id, first_day, second_day, last_day, orders, days, net_minor, months, months_after, gap_days"
            " FROM member_stats"
        )
        return {row[0]: row[1:] for row in rows}

    def months(self) -> dict[tuple[int, date], tuple[int, int, int]]:
        """Of each person and month: orders, days, net."""
        rows = self.rows("SELECT member_id, month, orders, days, net_minor FROM member_months")
        return {(row[0], row[1]): row[2:] for row in rows}

    def everything(self) -> tuple[object, ...]:
        """All that reports read."""
        return self.facts(), self.items(), self.stats(), self.months()

    def member(self, customer: int) -> int:
        """The member that a customer is."""
        return int(self.rows(f"SELECT id FROM members WHERE customer_id = {customer}")[0][0])
