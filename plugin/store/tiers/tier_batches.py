"""Tiers that staff set for many members at once, with what each held before, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from plugin.rules.subjects import TierNews
from plugin.store.database.bulk import to_json


@dataclass(frozen=True, slots=True)
class Batch:
    """One go. `before` is by member: the tier, since when, whether and until when staff had set it; `tell`
    whether they were told."""

    id: int
    tier: str
    until: date | None
    note: str
    actor: str
    created_at: datetime
    undone_at: datetime | None
    before: Mapping[str, Sequence[str | bool | None]]
    tell: bool = True


_COLUMNS = "id, tier, until, note, actor, created_at, undone_at, before, tell"


def add(conn: Connection, shop_id: int, key: str, batch: Batch) -> tuple[int, bool]:
    """Write it down; answers its number, and whether it is new: the same key is carried out once."""
    params = {"shop": shop_id, "key": key, "tier": batch.tier, "until": batch.until, "note": batch.note,
              "actor": batch.actor, "now": batch.created_at, "tell": batch.tell,
              "before": to_json(batch.before)}  # fmt: skip
    row = conn.exec_driver_sql(
        "INSERT INTO tier_batches (shop_id, key, tier, until, note, actor, created_at, before, tell) VALUES"
        " (%(shop)s, %(key)s, %(tier)s, %(until)s, %(note)s, %(actor)s, %(now)s, %(before)s::jsonb, %(tell)s)"
        " ON CONFLICT (shop_id, key) DO NOTHING RETURNING id",
        params,
    ).one_or_none()
    if row is not None:
        return int(row[0]), True
    found = conn.exec_driver_sql("SELECT id FROM tier_batches WHERE shop_id = %(shop)s AND key = %(key)s", params)
    return int(found.scalar_one()), False


def get(conn: Connection, shop_id: int, number: int, *, lock: bool = False) -> Batch | None:
    """One of this shop's."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM tier_batches WHERE shop_id = %(shop)s AND id = %(id)s{' FOR UPDATE' if lock else ''}",
        {"shop": shop_id, "id": number},
    ).one_or_none()
    return Batch(*row) if row else None


def latest(conn: Connection, shop_id: int, limit: int = 20) -> list[Batch]:
    """The shop's, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM tier_batches WHERE shop_id = %(shop)s ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [Batch(*row) for row in rows]


def mark_undone(conn: Connection, shop_id: int, number: int, now: datetime) -> None:
    """It was undone."""
    conn.exec_driver_sql(
        "UPDATE tier_batches SET undone_at = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": number, "now": now},
    )


def skip_mails(conn: Connection, shop_id: int, member_ids: Iterable[int], tier: str, now: datetime) -> set[int]:
    """Mails of a tier reached that have not gone yet do not go; answers whose they were."""
    rows = conn.exec_driver_sql(
        "UPDATE messages SET state = 'skipped', last_error = 'the tier was taken back before',"
        " outcome_at = coalesce(outcome_at, %(now)s) WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND kind = 'tier_reached' AND state = 'queued' AND subject LIKE %(like)s RETURNING member_id",
        {"shop": shop_id, "ids": list(member_ids), "like": TierNews.of_tier(tier), "now": now},
    )
    return set(rows.scalars())
