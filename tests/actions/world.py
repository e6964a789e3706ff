"""A shop in a running sandbox, a worker's hands, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.rewards import redeem_points
from plugin.actions.shops.tokens import AdminClients, encrypted
from plugin.actions.work.work import Work
from plugin.clients.shopify.tokens import TokenPair
from plugin.clients.smtp.mail import Mailer
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points import ledger
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work import deliveries
from plugin.store.work import jobs as job_rows
from sandbox import run
from sandbox.shop import orders
from sandbox.signing import id_token
from sandbox.state import Record, Shop
from sandbox.webhooks import payloads
from tests import payloads as bodies
from webhooks.inbox import process_waiting

EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
    "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
    "expiring": 1,
}


@dataclass
class World:
    """One shop on both sides of the wire."""

    engine: Engine
    box: run.Running
    shopify: Shop
    shop_id: int
    work: Work
    time: list[datetime]
    sent: int = 0

    @property
    def now(self) -> datetime:
        """The app's clock."""
        return self.time[0]

    def pass_time(self, **how_long: float) -> None:
        """Move the app's clock."""
        self.time[0] += timedelta(**how_long)

    def member(self, points: int) -> tuple[int, Record]:
        """A customer with an account and that many points, and the record in Shopify."""
        email = f"ana{self.shopify.next_id()}@example.com"
        customer = self.box.box.enrol(self.shopify, first_name="Ana", last_name="Reyes", email=email, locale="en")
        with shop_transaction(self.engine, self.shop_id) as conn:
            buyer = Buyer(customer_id=customer["id"], email=customer["email"])
            members.add(conn, self.shop_id, [buyer], {buyer: self.now})
            member = members.by_customers(conn, self.shop_id, [customer["id"]])[customer["id"]]
            accounts = ledger.Ledger(conn, self.shop_id, [member.id])
            accounts.post([ledger.Entry(member.id, "gift", points, "gift:1", 1, self.now, "test")], self.now)
            accounts.write()
        return member.id, customer

    def redeem(self, member: int, reward: str, points: int | None = None, key: str = "k") -> Redemption:
        """Spend points."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            return redeem_points.redeem(conn, shop, member, reward, points, key, "shopper", self.now)

    def redeem_with_a_lost_answer(self, member: int, reward: str) -> Redemption:
        """What it buys is made, but the answer gets lost; an hour later Shopify answers again."""
        self.box.trouble.set(graphql_lost_answer=1)
        made = self.redeem(member, reward)
        self.run()
        assert self.found(made).code_state == "wanted"
        self.box.trouble.set(graphql_lost_answer=0)
        self.pass_time(hours=1)
        self.run()
        return self.found(made)

    def undo(self, made: Redemption) -> None:
        """Ask for it back."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            redeem_points.undo(conn, shops.get(conn, self.shop_id), made.id, "undone", "shopper", self.now)

    def run(self) -> None:
        """Carry out what is due, until nothing is."""
        for _ in range(20):
            if not jobs.run_due(self.work):
                return

    def buy(self, customer: Record, *codes: str, tell: bool = True) -> Record:
        """Order something with these codes; unless told otherwise, the app hears of it."""
        variant = next(iter(self.shopify.product.values()))["variants"][0]["id"]
        wish = orders.Wish(lines=[(variant, 3)], customer_id=customer["id"], codes=list(codes))
        order = self.box.box.place(self.shopify, wish, self.now)
        if tell:
            self.tell(order)
        return order

    def tell(self, order: Record) -> None:
        """A webhook with the order as it is now."""
        self.sent += 1
        body = bodies.dumps(payloads.order_body(self.shopify, order))
        with shop_transaction(self.engine, self.shop_id) as conn:
            deliveries.add(conn, self.shop_id, f"w{self.sent}", "orders/updated", self.now, body)
        self.pass_time(minutes=1)  # past the moment at which PostgreSQL wrote it down
        while process_waiting(self.engine, lambda: self.now, limit=9):
            pass

    def left(self, member: int) -> list[int]:
        """What is left of each of the member's lots that came as a gift."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            return [lot.left for lot in ledger.lots_of(conn, self.shop_id, member) if lot.subject == "gift:1"]

    def found(self, made: Redemption) -> Redemption:
        """The redemption as it is now."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            found = redemptions.get(conn, self.shop_id, made.id)
        assert found is not None
        return found

    def waiting(self, kind: str = "code") -> list[tuple[str, str]]:
        """State and error of the jobs of one kind."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            rows = [job for state in ("queued", "failed") for job in job_rows.page(conn, self.shop_id, state, None, 99)]
        return [(job.state, job.last_error) for job in rows if job.kind == kind]


@contextmanager
def a_world(engine: Engine, settings: Settings, shop_id: int, domain: str, programme: Programme,
            data_dir: Path, **options: Any) -> Iterator[World]:  # fmt: skip
    """A world whose app has the shop's tokens and whose programme is in force."""
    box = run.start(app_url="http://127.0.0.1:9", data_dir=data_dir, **options)
    box.trouble.set(webhook_loss=1)
    shopify = box.shop(domain, currency="USD")
    settings = settings.model_copy(
        update={"shopify_shop_url": box.shop_url, "shopify_api_key": box.options.api_key, "http_timeout_seconds": 5}
    )
    now = datetime.now(UTC)
    time = [now]
    with shop_transaction(engine, shop_id) as conn:
        shops.save_tokens(conn, shop_id, encrypted(settings, shop_id, _tokens(box, domain, now)))
        shops.describe(conn, shop_id, {"shopify_id": shopify.settings["shop_id"]})
        shops.merge_settings(conn, shop_id, {"code_salt": "salt", "counts_from": "2020-01-01T00:00:00+00:00"})
        programmes.add(conn, shop_id, programme, "test", "", now - timedelta(days=1))
    work = Work(engine, AdminClients.of(settings), Mailer.from_settings(settings), lambda: time[0])
    try:
        yield World(engine, box, shopify, shop_id, work, time)
    finally:
        box.stop()


def _tokens(box: run.Running, domain: str, now: datetime) -> TokenPair:
    options = box.options
    asked = EXCHANGE | {
        "client_id": options.api_key,
        "client_secret": options.api_secret,
        "subject_token": id_token(options.api_key, options.api_secret, domain),
    }
    answer = requests.post(f"{box.url}/shops/{domain}/admin/oauth/access_token", json=asked, timeout=5).json()
    year = timedelta(days=365)
    return TokenPair(answer["access_token"], now + year, answer["refresh_token"], now + year, frozenset())
