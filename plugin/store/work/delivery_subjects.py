"""Which stored delivery is about which order or person, and what an account is known by.

A subject is an order's number, or a person's mark, which is below nought: so nobody has to read bodies to find
somebody. Written when a delivery is processed; what came before that was done is read once, in steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import zstandard
from sqlalchemy import Connection

from plugin.rules.privacy.about import REQUESTS
from plugin.store.privacy.erasure import NOTHING
from plugin.store.work.deliveries import MAX_BODY_BYTES, Delivery

Pair = tuple[int, int]
_INSERT = (
    "INSERT INTO {table} (shop_id, {columns}) SELECT %(shop)s, a, b"
    " FROM unnest(%(a)s::bigint[], %(b)s::bigint[]) AS t(a, b) ON CONFLICT DO NOTHING"
)


def note(conn: Connection, shop_id: int, subjects: Iterable[Pair], known: Iterable[Pair]) -> None:
    """Keep (subject, delivery) and (customer, subject); what is there already stays."""
    for table, columns, pairs in (
        ("delivery_subjects", "subject, delivery_id", subjects),
        ("known_as", "customer_id, subject", known),
    ):
        if rows := sorted(set(pairs)):
            values = {"shop": shop_id, "a": [row[0] for row in rows], "b": [row[1] for row in rows]}
            conn.exec_driver_sql(_INSERT.format(table=table, columns=columns), values)


_FOUND = (
    "SELECT d.id, d.webhook_id, d.topic, d.triggered_at, d.body FROM delivery_subjects s"
    " JOIN deliveries d ON d.shop_id = s.shop_id AND d.id = s.delivery_id"
    " LEFT JOIN inbox i ON i.shop_id = d.shop_id AND i.delivery_id = d.id"
    " WHERE s.shop_id = %(shop)s AND s.subject = %(subject)s AND s.delivery_id > %(after)s"
    " AND d.body_state <> 'empty' AND (i.delivery_id IS NULL OR i.state = 'failed' AND d.topic <> ALL(%(requests)s))"
    " ORDER BY s.delivery_id LIMIT %(limit)s"
)
"""Not what still waits: that is looked at when its turn comes. A request that failed is still to be carried out."""


def deliveries_about(conn: Connection, shop_id: int, subject: int, after: int, limit: int) -> list[Delivery]:
    """Stored deliveries about one order or person that still say something, `after` an id."""
    rows = conn.exec_driver_sql(
        _FOUND,
        {"shop": shop_id, "subject": subject, "after": after, "limit": limit, "requests": list(REQUESTS)},
    )
    unpack = zstandard.ZstdDecompressor().decompress
    return [Delivery(r[0], r[1], r[2], r[3], unpack(r[4], MAX_BODY_BYTES)) for r in rows.fetchall()]


def known_of(conn: Connection, shop_id: int, customer_ids: Iterable[int], after: int, limit: int) -> list[int]:
    """The subjects that these customers are known by, in order, `after` one: marks first, then orders."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT subject FROM known_as WHERE shop_id = %(shop)s AND customer_id = ANY(%(ids)s)"
        " AND subject > %(after)s ORDER BY subject LIMIT %(limit)s",
        {"shop": shop_id, "ids": sorted(set(customer_ids)), "after": after, "limit": limit},
    )
    return list(rows.scalars())


def customers_known_by(conn: Connection, shop_id: int, marks: Iterable[int]) -> list[int]:
    """The customers who have or had one of these addresses or telephones."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT customer_id FROM known_as WHERE shop_id = %(shop)s AND subject < 0"
        " AND subject = ANY(%(marks)s) ORDER BY 1 LIMIT 100",
        {"shop": shop_id, "marks": sorted(set(marks))},
    )
    return list(rows.scalars())


def forget(conn: Connection, shop_id: int, customer_ids: Sequence[int], marks: Iterable[int], limit: int) -> int:
    """Drop what was known of these customers, and which deliveries were about them; answers how many rows went."""
    values = {"shop": shop_id, "ids": list(customer_ids), "marks": sorted(set(marks)), "limit": limit}
    gone = 0
    for table, column, keys in (("known_as", "customer_id", "ids"), ("delivery_subjects", "subject", "marks")):
        gone += conn.exec_driver_sql(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE shop_id = %(shop)s"
            f" AND {column} = ANY(%({keys})s) LIMIT %(limit)s)) AND shop_id = %(shop)s",
            values,
        ).rowcount
    return gone


def empty(conn: Connection, shop_id: int, delivery_ids: Sequence[int]) -> int:
    """Nothing is left of these bodies; those that had failed are not tried again. Answers how many there were."""
    ids = {"shop": shop_id, "ids": sorted(set(delivery_ids)), "body": zstandard.compress(NOTHING, 1)}
    done = conn.exec_driver_sql(
        "UPDATE deliveries SET body = %(body)s, body_state = 'empty' WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
        " AND body_state <> 'empty'",
        ids,
    )
    conn.exec_driver_sql(
        "DELETE FROM inbox WHERE shop_id = %(shop)s AND delivery_id = ANY(%(ids)s) AND state = 'failed'", ids
    )
    return done.rowcount


def rewrite(conn: Connection, shop_id: int, delivery_id: int, body: bytes) -> None:
    """Keep another body."""
    conn.exec_driver_sql(
        "UPDATE deliveries SET body = %(body)s WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": delivery_id, "body": zstandard.compress(body, 1)},
    )


def newest(conn: Connection, shop_id: int) -> int:
    """The highest number of a delivery; nought where there is none."""
    row = conn.exec_driver_sql("SELECT max(id) FROM deliveries WHERE shop_id = %(shop)s", {"shop": shop_id}).one()
    return int(row[0] or 0)
