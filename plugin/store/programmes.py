"""The numbered, immutable versions of a shop's programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection

from plugin.rules.programme import Programme


@dataclass(frozen=True, slots=True)
class Version:
    """One programme version and the time from which it judges new orders."""

    number: int
    effective_from: datetime
    programme: Programme
    author: str = ""
    note: str = ""


@lru_cache(maxsize=4096)
def _parsed(rules: str) -> Programme:
    return Programme.model_validate_json(rules)


def versions(conn: Connection, shop_id: int) -> list[Version]:
    """All versions of the shop, oldest first."""
    rows = conn.exec_driver_sql(
        "SELECT number, effective_from, rules::text, author, note FROM programme_versions"
        " WHERE shop_id = %(shop)s ORDER BY number",
        {"shop": shop_id},
    )
    return [Version(row[0], row[1], _parsed(row[2]), row[3], row[4]) for row in rows]


def at(versions: Sequence[Version], moment: datetime, past: int = 1) -> Version:
    """The version in force at the moment; for anything before the first one, version `past`.

    `past` is the version that was in force when staff let older orders count: the rules they had in mind.
    """
    if moment < versions[0].effective_from:
        return versions[past - 1]
    in_force = versions[0]
    for version in versions[1:]:
        if version.effective_from <= moment:
            in_force = version
    return in_force


def current(conn: Connection, shop_id: int) -> Version:
    """The newest version."""
    return versions(conn, shop_id)[-1]


def add(conn: Connection, shop_id: int, programme: Programme, author: str, note: str, now: datetime) -> int:
    """Store the next version, in force from `now`; returns its number.

    Raises IntegrityError when somebody else saved one at the same moment.
    """
    row = conn.exec_driver_sql(
        "INSERT INTO programme_versions (shop_id, number, rules, author, note, effective_from)"
        " SELECT %(shop)s, coalesce(max(number), 0) + 1, %(rules)s::jsonb, %(author)s, %(note)s, %(now)s"
        " FROM programme_versions WHERE shop_id = %(shop)s RETURNING number",
        {"shop": shop_id, "rules": programme.model_dump_json(), "author": author, "note": note, "now": now},
    ).one()
    return int(row[0])


def same_rules(one: Programme, other: Programme) -> bool:
    """Whether saving would change nothing."""
    return one == other
