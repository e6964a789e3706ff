"""What Shopify's order payloads do not say of customers: tags, consent, number of orders; fetched and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.rules.types import CustomerFacts
from plugin.store.database import bulk
from plugin.store.tables import customer_facts
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

FRESH_FOR: Final = timedelta(hours=24)
"""Webhooks tell of changed tags and consents at once; this is for those that get lost, and for the orders' count."""


def known(
    conn: Connection, shop_id: int, customer_ids: Iterable[int], now: datetime, *, hold: bool = False
) -> dict[int, CustomerFacts]:
    """What is known, and still fresh, of these customers; the others are absent. `hold`: it stays so until the
    transaction ends."""
    return _select(conn, shop_id, customer_ids, now - FRESH_FOR, " ORDER BY customer_id FOR SHARE" if hold else "")


def at_hand(conn: Connection, shop_id: int, customer_ids: Iterable[int]) -> dict[int, CustomerFacts]:
    """What was last known of these customers, however long ago."""
    return _select(conn, shop_id, customer_ids, None)


def _select(
    conn: Connection, shop_id: int, customer_ids: Iterable[int], since: datetime | None, suffix: str = ""
) -> dict[int, CustomerFacts]:
    rows = conn.exec_driver_sql(
        "SELECT customer_id, tags, email_consent, orders_count FROM customer_facts WHERE shop_id = %(shop)s"
        f" AND customer_id = ANY(%(ids)s) AND (%(since)s::timestamptz IS NULL OR fetched_at > %(since)s){suffix}",
        {"shop": shop_id, "ids": sorted(set(customer_ids)), "since": since},
    )
    return {row[0]: CustomerFacts(frozenset(row[1]), row[2], row[3]) for row in rows}


def want(conn: Connection, shop_id: int, customer_ids: Iterable[int], now: datetime) -> None:
    """Have these customers fetched, once, however often they are asked for before that."""
    jobs.queue(conn, shop_id, JobKind.FETCH_CUSTOMER, customer_ids, now)


def save(conn: Connection, shop_id: int, found: Mapping[int, CustomerFacts], now: datetime) -> None:
    """Keep what was fetched at this moment."""
    rows = [
        {
            "shop_id": shop_id,
            "customer_id": key,
            "tags": sorted(value.tags),
            "email_consent": value.email_consent,
            "orders_count": value.orders_count,
            "fetched_at": now,
        }
        for key, value in sorted(found.items())
    ]
    conflict = (
        "(shop_id, customer_id) DO UPDATE SET tags = excluded.tags, email_consent = excluded.email_consent,"
        " orders_count = excluded.orders_count, fetched_at = excluded.fetched_at"
    )
    bulk.insert(conn, customer_facts, rows, conflict=conflict)


def change_tags(
    conn: Connection, shop_id: int, customer_id: int, added: Iterable[str], removed: Iterable[str], at: datetime
) -> bool:
    """A change of tags, unless a later one is known; Shopify's tags know no case. Says whether it was kept."""
    result = conn.exec_driver_sql(
        "UPDATE customer_facts SET tags_at = %(at)s, tags = ARRAY(SELECT tag FROM unnest(tags) AS t(tag)"
        " WHERE lower(tag) <> ALL(%(changed)s) UNION SELECT unnest(%(added)s::text[]) ORDER BY 1)"
        " WHERE shop_id = %(shop)s AND customer_id = %(id)s AND (tags_at IS NULL OR tags_at <= %(at)s)",
        {
            "shop": shop_id,
            "id": customer_id,
            "at": at,
            "added": sorted(set(added)),
            "changed": sorted({tag.lower() for tag in (*added, *removed)}),
        },
    )
    return result.rowcount > 0


def change_consent(conn: Connection, shop_id: int, customer_id: int, consent: str, at: datetime) -> bool:
    """A changed consent, unless a later change is known. Says whether it was kept."""
    result = conn.exec_driver_sql(
        "UPDATE customer_facts SET consent_at = %(at)s, email_consent = %(consent)s"
        " WHERE shop_id = %(shop)s AND customer_id = %(id)s AND (consent_at IS NULL OR consent_at <= %(at)s)",
        {"shop": shop_id, "id": customer_id, "at": at, "consent": consent},
    )
    return result.rowcount > 0


def forget(conn: Connection, shop_id: int, customer_ids: Iterable[int]) -> bool:
    """Nothing is known of these customers any more, nor is it fetched; says whether anything was."""
    ids = sorted(set(customer_ids))
    conn.exec_driver_sql(
        "DELETE FROM jobs WHERE shop_id = %(shop)s AND kind = %(kind)s AND subject = ANY(%(subjects)s)",
        {"shop": shop_id, "kind": JobKind.FETCH_CUSTOMER.value, "subjects": [str(key) for key in ids]},
    )
    result = conn.exec_driver_sql(
        "DELETE FROM customer_facts WHERE shop_id = %(shop)s AND customer_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": ids},
    )
    return result.rowcount > 0


def consenting_without(conn: Connection, shop_id: int, counted_as: str, after: int, limit: int) -> list[int]:
    """Living members whose customer consents to marketing e-mails and who never earned with this, by id."""
    rows = conn.exec_driver_sql(
        "SELECT m.id FROM customer_facts f JOIN members m ON m.shop_id = f.shop_id AND m.customer_id = f.customer_id"
        " WHERE f.shop_id = %(shop)s AND f.email_consent = 'subscribed' AND m.state = 'member' AND m.id > %(after)s"
        " AND NOT EXISTS (SELECT FROM activity_records r WHERE r.shop_id = m.shop_id AND r.member_id = m.id"
        " AND r.counted_as = %(counted)s) ORDER BY m.id LIMIT %(limit)s",
        {"shop": shop_id, "counted": counted_as, "after": after, "limit": limit},
    )
    return [row[0] for row in rows]
