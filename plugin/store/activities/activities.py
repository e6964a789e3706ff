"""What members earned with besides orders: one record each, found by the key of whoever reported it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from plugin.rules import subjects
from plugin.store.database import bulk, subject_sql
from plugin.store.tables import activity_records


@dataclass(frozen=True, slots=True)
class Record:
    """One happening that earned. `activity` is its id in the programme, `counted_as` what limits go by."""

    id: int
    member_id: int
    activity: str
    counted_as: str
    key: str
    points: int
    happened_at: datetime

    @property
    def subject(self) -> str:
        """The subject of its entry."""
        return str(subjects.Activity(self.id))


_COLUMNS = "id, member_id, activity, counted_as, key, points, happened_at"


def by_key(conn: Connection, shop_id: int, counted_as: str, key: str) -> Record | None:
    """The record of this key."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM activity_records WHERE shop_id = %(shop)s AND counted_as = %(counted)s"
        " AND key = %(key)s",
        {"shop": shop_id, "counted": counted_as, "key": key},
    ).one_or_none()
    return Record(*row) if row else None


def by_ids(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, Record]:
    """Records by id."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM activity_records WHERE shop_id = %(shop)s AND id = ANY(%(ids)s) ORDER BY id",
        {"shop": shop_id, "ids": sorted(set(ids))},
    )
    return {row[0]: Record(*row) for row in rows}


def given(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, dict[str, list[datetime]]]:
    """When each member earned with what."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, counted_as, happened_at FROM activity_records WHERE shop_id = %(shop)s"
        " AND member_id = ANY(%(ids)s) ORDER BY happened_at",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    found: dict[int, dict[str, list[datetime]]] = {}
    for member_id, counted_as, happened_at in rows:
        found.setdefault(member_id, {}).setdefault(counted_as, []).append(happened_at)
    return found


def times(conn: Connection, shop_id: int, member_id: int, counted_as: str) -> list[datetime]:
    """When one member earned with one activity."""
    return given(conn, shop_id, [member_id]).get(member_id, {}).get(counted_as, [])


def was_reported(conn: Connection, shop_id: int, counted_as: str) -> bool:
    """Whether anybody earned with it by another key than that of an answer to the shop's own question."""
    found: bool = conn.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM activity_records WHERE shop_id = %(shop)s AND counted_as = %(counted)s"
        f" AND NOT {subject_sql.begins(subjects.SurveyPoints, 'key')})",
        {"shop": shop_id, "counted": counted_as},
    ).scalar_one()
    return found


def add(conn: Connection, shop_id: int, rows: Sequence[Mapping[str, Any]]) -> list[Record]:
    """Write records down; answers those whose key was not there yet."""
    full = [{"shop_id": shop_id, **row} for row in rows]
    made = bulk.insert(conn, activity_records, full, conflict="DO NOTHING", returning=_COLUMNS)
    return sorted((Record(*row) for row in made), key=lambda record: record.id)


def counts(conn: Connection, shop_id: int) -> dict[str, tuple[int, int]]:
    """By what limits go by: how often it was earned with, and for how many points."""
    rows = conn.exec_driver_sql(
        "SELECT counted_as, count(*), sum(points) FROM activity_records WHERE shop_id = %(shop)s GROUP BY 1",
        {"shop": shop_id},
    )
    return {row[0]: (row[1], int(row[2])) for row in rows}


def of_member(conn: Connection, shop_id: int, member_id: int) -> list[Record]:
    """Every record of the member, oldest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM activity_records WHERE shop_id = %(shop)s AND member_id = %(member)s ORDER BY id",
        {"shop": shop_id, "member": member_id},
    )
    return [Record(*row) for row in rows]


_ANSWERED = (
    f"({subject_sql.begins(subjects.SurveyPoints, 'r.key')} AND {subject_sql.begins(subjects.SurveyPoints, 'k.key')}"
    f" AND {subject_sql.second('k.key')} = {subject_sql.second('r.key')})"
)
"""Points for answering in the same period."""


def given_twice(conn: Connection, shop_id: int, removed: int, kept: int, yearly_within: timedelta) -> list[Record]:
    """What one person may earn with once, or once a year, and both of these members did: the records of `removed`."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM activity_records r WHERE shop_id = %(shop)s AND member_id = %(removed)s AND EXISTS ("
        "SELECT FROM activity_records k WHERE k.shop_id = r.shop_id AND k.member_id = %(kept)s"
        " AND k.counted_as = r.counted_as AND (r.counted_as IN ('newsletter', 'profile')"
        f" OR {subject_sql.begins(subjects.SocialDeed, 'r.counted_as')} OR {_ANSWERED}"
        " OR (r.counted_as IN ('birthday', 'anniversary')"
        " AND k.happened_at > r.happened_at - %(within)s AND k.happened_at < r.happened_at + %(within)s))) ORDER BY id",
        {"shop": shop_id, "removed": removed, "kept": kept, "within": yearly_within},
    )
    return [Record(*row) for row in rows]


def remove(conn: Connection, shop_id: int, ids: Iterable[int]) -> None:
    """Records whose points were taken back count no more."""
    conn.exec_driver_sql(
        "DELETE FROM activity_records WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(ids)},
    )


def move(conn: Connection, shop_id: int, removed: int, kept: int) -> None:
    """What one member earned with counts against another's limits now."""
    conn.exec_driver_sql(
        "UPDATE activity_records SET member_id = %(kept)s WHERE shop_id = %(shop)s AND member_id = %(removed)s",
        {"shop": shop_id, "kept": kept, "removed": removed},
    )
