"""A storefront with an advocate's link and a friend who follows it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event

from plugin.actions.work.work import Work
from plugin.jobs import run
from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.web.current import KEY
from tests.conftest import ShopRow
from tests.web.shopper.test_shopper import Storefront

RULES = Referrals(enabled=True, minimum_order=25)
BROWSER = {"User-Agent": "Mozilla", "X-Forwarded-For": "203.0.113.5"}
SENT = "If this address qualifies"


def publish(engine: Engine, shop: ShopRow, rules: Referrals) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(referrals=rules), "test", "", datetime.now(UTC) - timedelta(hours=1))


def add_member(engine: Engine, shop: ShopRow, number: int, email: str, first: str = "Ana") -> int:
    with shop_transaction(engine, shop.id) as conn:
        buyer = Buyer(customer_id=number, email=email, first_name=first, last_name="Reyes")
        members.add(conn, shop.id, [buyer], {buyer: datetime.now(UTC) - timedelta(days=9)})
        return members.by_customers(conn, shop.id, [number])[number].id


class Front(Storefront):
    """A storefront whose visitors have an address and a browser."""

    def send(self, path: str, seen: dict[str, str] = BROWSER, **form: str) -> Any:
        return self.client.post(f"{path}?{self._query()}", data=form, headers=seen)

    def _query(self) -> str:
        from urllib.parse import urlencode

        return urlencode(self.query())

    def claim(self, word: str, email: str, key: str = "", seen: dict[str, str] = BROWSER) -> Any:
        return self.send(f"/proxy/r/{word}", seen, email=email, key=key or self.key(f"/proxy/r/{word}"))


def look_at_claims(front: Front) -> None:
    """The worker's turn at what the pages wrote down; the codes and mails that follow wait."""
    held = front.client.application.extensions[KEY]
    work = Work(held.engine, held.clients, None, lambda: datetime.now(UTC))  # type: ignore[arg-type]
    run(work, shop_of(front), "claim_referral")


def shop_of(front: Front) -> int:
    with system_transaction(front.client.application.extensions[KEY].engine) as conn:
        found = shops.by_domain(conn, front.domain)
    assert found is not None
    return found.id


def rows(engine: Engine, shop: ShopRow, sql: str) -> list[tuple[Any, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    """What is said to the database meanwhile."""
    said: list[str] = []

    def hear(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def words_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))
