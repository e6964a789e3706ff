"""What staff did to points by hand: the notes, and the entries that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from plugin.rules.points.lots import Draw
from plugin.store.database import bulk
from plugin.store.tables import entry_notes


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry by staff, and what it drew from which lots."""

    id: int
    member_id: int
    kind: str
    points: int
    subject: str
    line: int
    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Why staff did something; `shown`: the member may read it."""

    note: str
    shown: bool


_CORRECTION = (
    "SELECT e.id, e.member_id, e.kind, e.points, e.subject, e.line, coalesce((SELECT jsonb_agg(jsonb_build_array("
    "d.lot_id, d.points) ORDER BY d.lot_id) FROM lot_draws d WHERE d.entry_id = e.id), '[]')"
    " FROM entries e WHERE e.shop_id = %(shop)s AND e.kind IN ('adjusted', 'gift')"
)


def _correction(row: Any) -> Correction:
    draws = tuple(Draw(lot, points) for lot, points in row[6])
    return Correction(row[0], row[1], row[2], row[3], row[4], row[5], draws)


def by_entry(conn: Connection, shop_id: int, entry_id: int) -> Correction | None:
    """The correction with this entry id."""
    row = conn.exec_driver_sql(f"{_CORRECTION} AND e.id = %(id)s", {"shop": shop_id, "id": entry_id}).one_or_none()
    return _correction(row) if row else None


def by_subject(conn: Connection, shop_id: int, subject: str, member_ids: Sequence[int]) -> list[Correction]:
    """What one file did to these members, in the order of its lines."""
    rows = conn.exec_driver_sql(
        f"{_CORRECTION} AND e.member_id = ANY(%(members)s) AND e.subject = %(subject)s ORDER BY e.line",
        {"shop": shop_id, "members": list(member_ids), "subject": subject},
    )
    return [_correction(row) for row in rows]


def of_subjects(conn: Connection, shop_id: int, about: Mapping[int, str]) -> list[Correction]:
    """What these members' own subjects are about, one subject each."""
    rows = conn.exec_driver_sql(
        f"{_CORRECTION} AND e.member_id = ANY(%(members)s) AND e.subject = ANY(%(subjects)s) ORDER BY e.member_id",
        {"shop": shop_id, "members": list(about), "subjects": list(about.values())},
    )
    return [one for one in map(_correction, rows) if about[one.member_id] == one.subject]


def lines_of(conn: Connection, shop_id: int, about: Mapping[int, str]) -> set[tuple[int, int]]:
    """(member, line) of the entries there are about these members' own subjects."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, line FROM entries WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s)"
        " AND subject = ANY(%(subjects)s)",
        {"shop": shop_id, "members": list(about), "subjects": list(about.values())},
    )
    return {(row[0], row[1]) for row in rows}


def lines_used(conn: Connection, shop_id: int, subject: str, member_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(member, line) of the entries there are about a subject."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, line FROM entries WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s)"
        " AND subject = %(subject)s",
        {"shop": shop_id, "members": list(member_ids), "subject": subject},
    )
    return {(row[0], row[1]) for row in rows}


@dataclass(frozen=True, slots=True)
class Told:
    """What one form of staff came to, all lines together, and what they wrote to the member of it."""

    points: int
    note: str


def told(conn: Connection, shop_id: int, asked: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Told]:
    """By (member, subject): what is left of it after what was undone, and the note if the member may read it."""
    pairs = list(asked)
    rows = conn.exec_driver_sql(
        "SELECT e.member_id, e.subject, sum(e.points), coalesce(max(n.note) FILTER (WHERE n.shown), '')"
        " FROM unnest(%(members)s::bigint[], %(subjects)s::text[]) AS w(member, subject)"
        " JOIN entries e ON e.shop_id = %(shop)s AND e.member_id = w.member AND e.subject = w.subject"
        " LEFT JOIN entry_notes n ON n.shop_id = e.shop_id AND n.member_id = e.member_id AND n.subject = e.subject"
        " AND n.line = e.line GROUP BY 1, 2",
        {"shop": shop_id, "members": [member for member, _ in pairs], "subjects": [about for _, about in pairs]},
    )
    return {(row[0], row[1]): Told(int(row[2]), row[3]) for row in rows}


def add_notes(conn: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep notes; one that is there stays."""
    bulk.insert(conn, entry_notes, rows, conflict="DO NOTHING")


def notes(conn: Connection, shop_id: int, member_id: int) -> dict[tuple[str, int], Note]:
    """The member's notes by (subject, line)."""
    rows = conn.exec_driver_sql(
        "SELECT subject, line, note, shown FROM entry_notes WHERE shop_id = %(shop)s AND member_id = %(member)s",
        {"shop": shop_id, "member": member_id},
    )
    return {(row[0], row[1]): Note(row[2], row[3]) for row in rows}
