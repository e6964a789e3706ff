"""A shop with something in it, written as the worker writes it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from sqlalchemy import Connection, Engine

from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.work import deliveries, jobs

NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)
"""When everything queued during a test is due."""
ELIGIBLE = {
    "amount_minor": 4500,
    "original_minor": 6000,
    "currency": "USD",
    "points": 45,
    "rate_points": 1,
    "rate_amount": "1",
    "rounding": "floor",
}


def add_members(engine: Engine, shop_id: int, buyers: list[Buyer]) -> list[Member]:
    """Members for the buyers, each a minute younger than the one before."""
    joined = {buyer: NOW - timedelta(minutes=place) for place, buyer in enumerate(buyers)}
    with shop_transaction(engine, shop_id) as conn:
        members.add(conn, shop_id, buyers, joined)
        found = members.by_customers(conn, shop_id, [b.customer_id for b in buyers if b.customer_id])
        guests = members.guests_by_email(conn, shop_id, [members.email_key(b.email) for b in buyers])
    return [found[b.customer_id] if b.customer_id else guests[members.email_key(b.email)] for b in buyers]


def people(count: int, first: int = 1) -> list[Buyer]:
    """Customers with names that sort."""
    numbers = range(first, first + count)
    return [Buyer(number, f"p{number:04}@example.com", f"Person{number:04}", "Reyes") for number in numbers]


def give(conn: Connection, shop_id: int, entries: list[Entry]) -> None:
    """Post entries."""
    ledger = Ledger(conn, shop_id, {entry.member_id for entry in entries})
    ledger.post(entries, NOW)
    ledger.write()


def earned(member_id: int, points: int, order: int, title: str = "Gift card", **more: object) -> Entry:
    """An entry for an order, with a line that was left out."""
    reasons = [["line_excluded", {"title": title, "because": "gift_card", "line": 2}], ["eligible", ELIGIBLE]]
    fields: dict[str, object] = {
        "member_id": member_id,
        "kind": "earned" if points > 0 else "taken_back",
        "points": points,
        "subject": f"order:{order}",
        "line": 1,
        "effective_at": NOW,
        "actor": "suki",
        "programme_version": 1,
        "reason": {"order": f"#{order}", "reasons": reasons},
        **more,
    }
    return Entry(**fields)  # type: ignore[arg-type]


def add_failures(engine: Engine, shop_id: int, body: bytes = b'{"id": 1}') -> tuple[int, int]:
    """A delivery and a job that were given up; answers their ids."""
    with shop_transaction(engine, shop_id) as conn:
        deliveries.add(conn, shop_id, "webhook-1", "orders/paid", NOW, body)
        [delivery] = deliveries.claim(conn, shop_id, 1, LATER)
        deliveries.put_back(conn, shop_id, delivery.id, "BadPayload: no line_items", NOW, give_up=True)
        jobs.queue(conn, shop_id, "code", [7], NOW)
        [job] = jobs.claim(conn, shop_id, "code", 1, LATER)
        jobs.fail(conn, job, "Shopify refused it")
    return delivery.id, job.id


def plain_text(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
