"""What staff did to many members at once: for whom, how far it is, and what each of them had before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.store.database import bulk
from plugin.store.database.bulk import to_json
from plugin.store.members import member_list
from plugin.store.members.member_list import Wanted
from plugin.store.tables import bulk_act_members

LATEST: Final = 20
_DAYS: Final = ("ordered_from", "ordered_to", "joined_from")


@dataclass(frozen=True, slots=True)
class BulkAct:
    """One of them. `member_ids`: who was ticked; None for all whom `wanted` leaves. `reached` is the last member that
    it came to; of those it did it to `done`, and left `left_out` out."""

    id: int
    key: str
    act: str
    terms: Mapping[str, Any]
    wanted: Wanted
    member_ids: Sequence[int] | None
    note: str
    state: str
    expected: int
    done: int
    left_out: int
    undone: int
    reached: int
    actor: str
    created_at: datetime
    done_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one member: why they were left out, or what they had `before`."""

    member_id: int
    why: str = ""
    before: object = None


_COLUMNS: Final = (
    "id, key, act, terms, wanted, member_ids, note, state, expected, done, left_out, undone, reached, actor,"
    " created_at, done_at, undone_at"
)


def _act(row: Any) -> BulkAct:
    said = {**row[4], **{name: date.fromisoformat(row[4][name]) for name in _DAYS if row[4].get(name)}}
    values: list[Any] = [*row[:4], Wanted(**said), *row[5:]]
    return BulkAct(*values)


def add(
    conn: Connection,
    shop_id: int,
    key: str,
    act: str,
    terms: Mapping[str, object],
    whom: Wanted | Sequence[int],
    expected: int,
    actor: str,
    now: datetime,
) -> tuple[int, bool]:
    """Write it down; answers its number, and whether it is new: the same key is carried out once."""
    ticked = None if isinstance(whom, Wanted) else sorted(set(whom))
    wanted = whom if isinstance(whom, Wanted) else Wanted()
    values = {
        "shop": shop_id, "key": key, "act": act, "terms": to_json({**terms, "note": None}), "ids": ticked,
        "wanted": to_json({k: str(v) if isinstance(v, date) else v for k, v in asdict(wanted).items()}),
        "note": str(terms.get("note", "")), "expected": expected, "actor": actor, "now": now,
    }  # fmt: skip
    row = conn.exec_driver_sql(
        "INSERT INTO bulk_acts (shop_id, key, act, terms, wanted, member_ids, note, expected, actor, created_at)"
        " VALUES (%(shop)s, %(key)s, %(act)s, %(terms)s::jsonb - 'note', %(wanted)s::jsonb, %(ids)s::bigint[],"
        " %(note)s, %(expected)s, %(actor)s, %(now)s) ON CONFLICT (shop_id, key) DO NOTHING RETURNING id",
        values,
    ).one_or_none()
    if row is not None:
        return int(row[0]), True
    found = conn.exec_driver_sql("SELECT id FROM bulk_acts WHERE shop_id = %(shop)s AND key = %(key)s", values)
    return int(found.scalar_one()), False


def get(conn: Connection, shop_id: int, act_id: int, *, lock: bool = False) -> BulkAct | None:
    """One of this shop's."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM bulk_acts WHERE shop_id = %(shop)s AND id = %(id)s{' FOR UPDATE' if lock else ''}",
        {"shop": shop_id, "id": act_id},
    ).one_or_none()
    return _act(row) if row else None


def latest(conn: Connection, shop_id: int) -> list[BulkAct]:
    """The shop's, newest first."""
    sql = f"SELECT {_COLUMNS} FROM bulk_acts WHERE shop_id = %(shop)s ORDER BY id DESC LIMIT %(limit)s"
    return [_act(row) for row in conn.exec_driver_sql(sql, {"shop": shop_id, "limit": LATEST})]


def next_members(conn: Connection, shop_id: int, act: BulkAct, limit: int) -> list[int]:
    """The next members it is for, by their number."""
    if act.member_ids is None:
        return member_list.numbers(conn, shop_id, act.wanted, act.reached, limit)
    return [number for number in act.member_ids if number > act.reached][:limit]


def note(conn: Connection, shop_id: int, act_id: int, outcomes: Sequence[Outcome]) -> int:
    """Keep what became of these members; of one who is there already nothing changes. Answers how many are new."""
    rows = [
        {"shop_id": shop_id, "act_id": act_id, "member_id": one.member_id, "why": one.why, "before": one.before}
        for one in outcomes
    ]
    return len(bulk.insert(conn, bulk_act_members, rows, conflict="DO NOTHING", returning="member_id"))


def get_on(conn: Connection, shop_id: int, act_id: int, reached: int, outcomes: Sequence[Outcome]) -> None:
    """Note how far it is."""
    left_out = sum(bool(one.why) for one in outcomes)
    conn.exec_driver_sql(
        "UPDATE bulk_acts SET reached = %(reached)s, done = done + %(done)s, left_out = left_out + %(left)s"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": act_id, "reached": reached, "done": len(outcomes) - left_out, "left": left_out},
    )


def be(conn: Connection, shop_id: int, act_id: int, state: str, now: datetime) -> None:
    """It ended, is stopped, or is being undone: from the first member on."""
    conn.exec_driver_sql(
        "UPDATE bulk_acts SET state = %(state)s, reached = CASE WHEN %(state)s = 'undoing' THEN 0 ELSE reached END,"
        " done_at = CASE WHEN %(state)s IN ('done', 'stopped') THEN %(now)s ELSE done_at END,"
        " undone_at = CASE WHEN %(state)s = 'undone' THEN %(now)s ELSE undone_at END"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": act_id, "state": state, "now": now},
    )


def acted_on(conn: Connection, shop_id: int, act: BulkAct, limit: int) -> dict[int, Any]:
    """The next members that something was done to, with what they had before."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, before FROM bulk_act_members WHERE shop_id = %(shop)s AND act_id = %(id)s"
        " AND member_id > %(after)s AND why = '' ORDER BY member_id LIMIT %(limit)s",
        {"shop": shop_id, "id": act.id, "after": act.reached, "limit": limit},
    )
    return {row[0]: row[1] for row in rows}


def get_back(conn: Connection, shop_id: int, act_id: int, reached: int, undone: int) -> None:
    """Note how far the undoing is."""
    conn.exec_driver_sql(
        "UPDATE bulk_acts SET reached = %(reached)s, undone = undone + %(undone)s"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": act_id, "reached": reached, "undone": undone},
    )


def left_out(conn: Connection, shop_id: int, act_id: int) -> dict[str, int]:
    """Why members were left out, and how many each time."""
    rows = conn.exec_driver_sql(
        "SELECT why, count(*) FROM bulk_act_members WHERE shop_id = %(shop)s AND act_id = %(id)s AND why <> ''"
        " GROUP BY why ORDER BY why",
        {"shop": shop_id, "id": act_id},
    )
    return {row[0]: row[1] for row in rows}


def of_member(conn: Connection, shop_id: int, member_id: int, limit: int) -> list[BulkAct]:
    """What was done to one member, newest first."""
    columns = ", ".join(f"b.{name.strip()}" for name in _COLUMNS.split(","))
    rows = conn.exec_driver_sql(
        f"SELECT {columns} FROM bulk_act_members m JOIN bulk_acts b ON b.shop_id = m.shop_id AND b.id = m.act_id"
        " WHERE m.shop_id = %(shop)s AND m.member_id = %(member)s AND m.why = '' ORDER BY b.id DESC LIMIT %(limit)s",
        {"shop": shop_id, "member": member_id, "limit": limit},
    )
    return [_act(row) for row in rows]
