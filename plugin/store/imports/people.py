"""Whom a file is about: on which line each stands first, which members it came to, and what they were before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from plugin.store.database.bulk import to_json


def forget_first_lines(conn: Connection, shop_id: int, import_id: int) -> None:
    """Before the file is looked at anew."""
    conn.exec_driver_sql(
        "DELETE FROM import_people WHERE shop_id = %(shop)s AND import_id = %(id)s", {"shop": shop_id, "id": import_id}
    )


def first_lines(conn: Connection, shop_id: int, import_id: int, lines: Mapping[int, int]) -> dict[int, int]:
    """The line on which each person (a number made of who they are) stands first; these lines count from now on."""
    params = {"shop": shop_id, "id": import_id, "who": list(lines), "lines": list(lines.values())}
    conn.exec_driver_sql(
        "INSERT INTO import_people (shop_id, import_id, who, line)"
        " SELECT %(shop)s, %(id)s, w.who, w.line FROM unnest(%(who)s::bigint[], %(lines)s::int[]) AS w(who, line)"
        " ON CONFLICT DO NOTHING",
        params,
    )
    return known_lines(conn, shop_id, import_id, lines)


def known_lines(conn: Connection, shop_id: int, import_id: int, who: Iterable[int]) -> dict[int, int]:
    """The same, of whom it is known."""
    rows = conn.exec_driver_sql(
        "SELECT who, line FROM import_people WHERE shop_id = %(shop)s AND import_id = %(id)s"
        " AND who = ANY(%(who)s::bigint[])",
        {"shop": shop_id, "id": import_id, "who": list(who)},
    )
    return {row[0]: row[1] for row in rows}


def add_members(conn: Connection, shop_id: int, import_id: int, before: Mapping[int, Mapping[str, Any]]) -> None:
    """The members that a step came to, with what it changed of each; the first word about somebody stands."""
    conn.exec_driver_sql(
        "INSERT INTO import_members (shop_id, import_id, member_id, before)"
        " SELECT %(shop)s, %(id)s, (r->>0)::bigint, r->1 FROM jsonb_array_elements(%(rows)s::jsonb) AS r"
        " ON CONFLICT DO NOTHING",
        {"shop": shop_id, "id": import_id, "rows": to_json([[key, value] for key, value in before.items()])},
    )


def members_after(
    conn: Connection, shop_id: int, import_id: int, after: int, limit: int
) -> list[tuple[int, Mapping[str, Any]]]:
    """The next members of the file by id, with what they were before."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, before FROM import_members WHERE shop_id = %(shop)s AND import_id = %(id)s"
        " AND member_id > %(after)s ORDER BY member_id LIMIT %(limit)s",
        {"shop": shop_id, "id": import_id, "after": after, "limit": limit},
    )
    return [(row[0], row[1]) for row in rows]


def count(conn: Connection, shop_id: int, import_id: int) -> int:
    """How many members the file came to."""
    found = conn.exec_driver_sql(
        "SELECT count(*) FROM import_members WHERE shop_id = %(shop)s AND import_id = %(id)s",
        {"shop": shop_id, "id": import_id},
    )
    return int(found.scalar_one())


def guests(conn: Connection, shop_id: int, import_id: int) -> int:
    """How many of them are guests."""
    found = conn.exec_driver_sql(
        "SELECT count(*) FROM import_members i JOIN members m ON m.shop_id = i.shop_id AND m.id = i.member_id"
        " WHERE i.shop_id = %(shop)s AND i.import_id = %(id)s AND m.state = 'guest'",
        {"shop": shop_id, "id": import_id},
    )
    return int(found.scalar_one())


def complete(conn: Connection, shop_id: int, rows: Sequence[Mapping[str, object]]) -> dict[int, dict[str, Any]]:
    """Names and language where there is none yet, the join date where the file's is earlier; answers what each was.

    `rows`: id, first_name, last_name, locale, joined_at (None: not said).
    """
    found = conn.exec_driver_sql(
        "UPDATE members m SET first_name = CASE WHEN n.named THEN r.first_name ELSE m.first_name END,"
        " last_name = CASE WHEN n.named THEN r.last_name ELSE m.last_name END,"
        " locale = CASE WHEN m.locale = '' THEN coalesce(r.locale, '') ELSE m.locale END,"
        " joined_at = least(m.joined_at, coalesce(r.joined_at, m.joined_at))"
        " FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(id bigint, first_name text, last_name text, locale text,"
        " joined_at timestamptz) JOIN LATERAL (SELECT o.id, o.first_name, o.last_name, o.locale, o.joined_at,"
        " o.first_name = '' AND o.last_name = '' AND r.first_name || r.last_name <> '' AS named"
        " FROM members o WHERE o.shop_id = %(shop)s AND o.id = r.id) n ON true"
        " WHERE m.shop_id = %(shop)s AND m.id = r.id AND (n.named OR m.locale = '' AND coalesce(r.locale, '') <> ''"
        " OR r.joined_at < m.joined_at)"
        " RETURNING m.id, n.named, n.locale, n.joined_at",
        {"shop": shop_id, "rows": to_json(list(rows))},
    )
    return {row[0]: {"named": row[1], "locale": row[2], "joined_at": row[3].isoformat()} for row in found}


def put_back(conn: Connection, shop_id: int, before: Mapping[int, Mapping[str, Any]]) -> None:
    """Undo `complete`."""
    rows = [{"id": key, **value} for key, value in before.items()]
    conn.exec_driver_sql(
        "UPDATE members m SET first_name = CASE WHEN r.named THEN '' ELSE m.first_name END,"
        " last_name = CASE WHEN r.named THEN '' ELSE m.last_name END, locale = r.locale, joined_at = r.joined_at"
        " FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(id bigint, named boolean, locale text, joined_at timestamptz)"
        " WHERE m.shop_id = %(shop)s AND m.id = r.id",
        {"shop": shop_id, "rows": to_json(rows)},
    )
