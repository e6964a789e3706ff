"""A shop in the sandbox, our app on a real database, real webhooks and a real mail server between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from plugin import jobs
from plugin.actions.orders import past_reading
from plugin.actions.shops import install_shop
from plugin.actions.work.work import Work
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import launches, shops
from plugin.store.versions import programmes
from sandbox.run import Running
from sandbox.shop.orders import Wish
from sandbox.signing import id_token
from sandbox.state import Record, Shop
from webhooks.inbox import process_waiting

AT_ONCE = {kind.value: {"hour": 0} for kind in MessageKind if kind.about.clock}
"""What comes with a day goes as it begins."""
SECRET = "shpss_0123456789abcdef0123456789abcdef"


@dataclass
class Clock:
    """The present, as far ahead as a test needs it."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Stage:
    """One installed shop, seen from both sides."""

    town: Running
    shop: Shop
    engine: Engine
    work: Work
    clock: Clock
    shop_id: int = 0
    number: int = field(default=0)
    launched: bool = True

    def open_app(self) -> None:
        """The owner opens the app, which installs it."""
        token = id_token("test-key", SECRET, self.shop.domain)
        opening = install_shop.ask_shopify(self.work.clients, self.shop.domain, token)
        with system_transaction(self.engine) as conn:
            since = self.clock() - timedelta(days=1)
            self.shop_id = install_shop.install(conn, self.work.clients, opening, "en", since)
            before = shops.get(conn, self.shop_id).settings.get("emails", {})
            always = {"sending": {"quiet": False}, "emails": {**AT_ONCE, **before}}  # whatever time of day it is
            shops.merge_settings(conn, self.shop_id, always)
            if self.launched:
                launches.launch(conn, self.shop_id, since - timedelta(days=9999))

    def programme(self, **rules: Any) -> None:
        """A new version, in force since an hour."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            since = self.clock() - timedelta(hours=1)
            programmes.add(conn, self.shop_id, Programme.model_validate(rules), "test", "", since)

    def variant(self, title: str = "Rattan tray") -> int:
        """The first variant of a product: a tray costs 24.00."""
        found = next(product for product in self.shop.product.values() if product["title"].startswith(title))
        return int(found["variants"][0]["id"])

    def buy(self, email: str = "ana@example.com", *goods: str, **wish: Any) -> Record:
        """Ten minutes ago, or now with a code, somebody bought one of each.

        Ana is Anastacia Reyes-Cruz, everybody else Juan Santos.
        """
        lines = [(self.variant(title), 1) for title in goods or ["Rattan tray"]]
        as_customer = wish.pop("as_customer", True)
        wished = Wish(lines=lines, email=email, **wish)
        first, last = ("Anastacia", "Reyes-Cruz") if email == "ana@example.com" else ("Juan", "Santos")
        at = datetime.now(UTC) - timedelta(minutes=0 if wished.codes else 10)
        return self.town.box.place(self.shop, wished, at, first_name=first, last_name=last, as_customer=as_customer)

    def hear(self) -> None:
        """Have every webhook delivered and processed."""
        assert self.town.box.dispatcher.wait_idle()
        while process_waiting(self.engine, self.clock, forgetting=self.work.forgetting_key):
            pass

    def settle(self, **later: float) -> None:
        """Some time later: everything is heard, and everything that is due is carried out."""
        self.clock.ahead += timedelta(**later)
        self.hear()
        while jobs.run_due(self.work) or self.waiting_for_codes() or self.waiting_for_past_orders():
            self.hear()

    def waiting_for_codes(self) -> bool:
        """Whether Shopify is making the codes of a set: it is asked again in a moment."""
        about = "state = 'queued' AND last_error = ''"
        return bool(self.rows(f"SELECT FROM jobs WHERE kind IN ('make_codes', 'fill_pool') AND {about}"))

    def waiting_for_past_orders(self) -> bool:
        """Whether past orders are being collected or read; if so, it is the moment when they are asked for again."""
        waits = bool(self.rows("SELECT FROM jobs WHERE kind = 'past_orders' AND state = 'queued'"))
        if waits:
            self.clock.ahead += timedelta(seconds=past_reading.WAIT_SECONDS)
        return waits

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """What our database says, within the shop."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            return [tuple(row) for row in conn.execute(text(query), values)]

    def waiting(self, kind: str = "%") -> list[tuple[Any, ...]]:
        """(kind, state, attempts, error) of the jobs there are."""
        return self.rows(
            "SELECT kind, state, attempts, last_error FROM jobs WHERE kind LIKE :kind ORDER BY id", kind=kind
        )

    def redemption(self, order: Record) -> tuple[Any, ...]:
        """(state, code_state, captured_by_order) of the order's code."""
        found = self.rows(
            "SELECT state, code_state, captured_by_order FROM redemptions WHERE subject = :subject",
            subject=f"order:{order['id']}",
        )
        return found[0]

    def code(self, order: Record) -> str:
        """The code that the order brought."""
        return str(self.rows("SELECT code FROM redemptions WHERE subject = :s", s=f"order:{order['id']}")[0][0])

    def sums(self) -> dict[str, int]:
        """Points per order, from the entries."""
        return dict(self.rows("SELECT subject, sum(points)::int FROM entries GROUP BY subject ORDER BY subject"))

    def mails(self, email: str = "ana@example.com") -> list[Any]:
        """What the mailbox of the person holds, newest first."""
        return self.town.box.post.list(email)

    def metafields(self, customer_id: int) -> dict[str, str]:
        """What the shop shows of the customer."""
        owner = f"gid://shopify/Customer/{customer_id}"
        return {one["key"]: one["value"] for one in self.shop.metafield.values() if one["owner"] == owner}
