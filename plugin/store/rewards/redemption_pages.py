"""Redemptions as lists: by state, reward, age and what staff search for; and what can be taken back at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.store.rewards.redemptions import A_REWARD, Redemption, by_ids

PAGE = 50
MOST_AT_ONCE = 10_000
EXPORT_PAGE = 1000
STATES = {
    "all": "true",
    "unused": "state = 'reserved' AND code_state <> 'unwanted'",
    "used": "state = 'captured' AND NOT given_back",
    "taking": "state = 'reserved' AND code_state = 'unwanted'",
    "back": "(state = 'released' OR given_back)",
}
_RELEASABLE = "state = 'reserved' AND code_state IN ('wanted', 'created')"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which redemptions: `reward` empty for every one; `before` in time; `code` or `members` when searched for."""

    state: str = "all"
    reward: str = ""
    before: datetime | None = None
    code: str = ""
    members: tuple[int, ...] | None = None
    up_to: int | None = None

    @property
    def where(self) -> str:
        """The condition, for `params`."""
        searched = (
            "" if self.members is None else " AND (upper(code) = upper(%(code)s) OR member_id = ANY(%(members)s))"
        )
        return (
            f"shop_id = %(shop)s AND {A_REWARD} AND {STATES[self.state]}"
            " AND (%(reward)s = '' OR reward = %(reward)s)"
            " AND (%(before)s::timestamptz IS NULL OR created_at < %(before)s)"
            f" AND (%(up_to)s::bigint IS NULL OR id <= %(up_to)s){searched}"
        )

    def params(self, shop_id: int) -> dict[str, Any]:
        """What stands for its places."""
        return {"shop": shop_id, "reward": self.reward, "before": self.before, "up_to": self.up_to,
                "code": self.code, "members": list(self.members or ())}  # fmt: skip


def page(conn: Connection, shop_id: int, wanted: Wanted, start: int | None) -> list[Redemption]:
    """One page and one more, newest first, from an id downwards."""
    rows = conn.exec_driver_sql(
        f"SELECT id FROM redemptions WHERE {wanted.where} AND (%(start)s::bigint IS NULL OR id <= %(start)s)"
        " ORDER BY id DESC LIMIT %(limit)s",
        wanted.params(shop_id) | {"start": start, "limit": PAGE + 1},
    )
    ids = [row[0] for row in rows]
    found = by_ids(conn, shop_id, ids)
    return [found[key] for key in ids]


@dataclass(frozen=True, slots=True)
class Releasable:
    """What can be taken back: how many, whose, for how many points, and the newest of them."""

    count: int
    members: int
    points: int
    newest: int


def releasable(conn: Connection, shop_id: int, wanted: Wanted, ids: Sequence[int] | None) -> Releasable:
    """What of these (or of the chosen ids) can be taken back, as far as we know without asking Shopify."""
    row = conn.exec_driver_sql(
        "SELECT count(*), count(DISTINCT member_id), coalesce(sum(points), 0)::bigint, coalesce(max(id), 0)"
        f" FROM redemptions WHERE {wanted.where} AND {_RELEASABLE}"
        " AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s))",
        wanted.params(shop_id) | {"ids": None if ids is None else list(ids)},
    ).one()
    return Releasable(*row)


def want_back(conn: Connection, shop_id: int, wanted: Wanted, ids: Sequence[int] | None, by: str) -> list[int]:
    """Mark them as to be taken back, the oldest first and at most MOST_AT_ONCE; answers which."""
    rows = conn.exec_driver_sql(
        f"WITH due AS MATERIALIZED (SELECT id FROM redemptions WHERE {wanted.where} AND {_RELEASABLE}"
        " AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s)) ORDER BY id LIMIT %(limit)s FOR UPDATE)"
        " UPDATE redemptions r SET code_state = 'unwanted', ended_why = 'released', ended_by = %(by)s"
        " FROM due WHERE r.shop_id = %(shop)s AND r.id = due.id RETURNING r.id",
        wanted.params(shop_id) | {"ids": None if ids is None else list(ids), "by": by, "limit": MOST_AT_ONCE},
    )
    return sorted(row[0] for row in rows)


def counts(conn: Connection, shop_id: int) -> dict[str, int]:
    """How many are being taken back now, and for how many of them that failed."""
    row = conn.exec_driver_sql(
        "SELECT count(*), count(j.id) FILTER (WHERE j.state = 'failed') FROM redemptions r LEFT JOIN jobs j"
        " ON j.shop_id = r.shop_id AND j.kind = 'code' AND j.subject = r.id::text"
        f" WHERE r.shop_id = %(shop)s AND r.{A_REWARD} AND r.state = 'reserved' AND r.code_state = 'unwanted'",
        {"shop": shop_id},
    ).one()
    return {"taking": row[0], "failed": row[1]}


def count(conn: Connection, shop_id: int, wanted: Wanted) -> int:
    """How many rows a file of these will have."""
    sql = f"SELECT count(*) FROM redemptions WHERE {wanted.where}"
    return int(conn.exec_driver_sql(sql, wanted.params(shop_id)).scalar_one())


def export(conn: Connection, shop_id: int, wanted: Wanted, after: int) -> list[tuple[Any, ...]]:
    """The next rows for a file, by id."""
    rows = conn.exec_driver_sql(
        "SELECT id, created_at, member_id,"
        " (SELECT customer_id FROM members m WHERE m.id = redemptions.member_id),"
        " (SELECT email FROM members m WHERE m.id = redemptions.member_id),"
        " reward, terms->>'name', terms->>'kind', points, state, code, code_state,"
        " expires_at, captured_by_order, given_back, ended_at, ended_why, ended_by"
        f" FROM redemptions WHERE {wanted.where} AND id > %(after)s ORDER BY id LIMIT %(limit)s",
        wanted.params(shop_id) | {"after": after, "limit": EXPORT_PAGE},
    )
    return [tuple(row) for row in rows]
