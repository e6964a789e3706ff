"""The numbered, immutable versions of a shop's programme.

A version is in force from its `effective_from` until a later number is. One whose day is still to come is
planned; until then it can be withdrawn, which is a row of its own, and then it never comes into force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection

from plugin.rules.programme import Programme


@dataclass(frozen=True, slots=True)
class Version:
    """One programme version and the time from which it judges new orders. `last` is the highest number there is."""

    number: int
    effective_from: datetime
    programme: Programme
    author: str = ""
    note: str = ""
    created_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    last: int = 0


@lru_cache(maxsize=4096)
def _parsed(rules: str) -> Programme:
    return Programme.model_validate_json(rules)


def versions(conn: Connection, shop_id: int) -> list[Version]:
    """All versions of the shop, oldest first, each at the place of its number; withdrawn ones too."""
    rows = conn.exec_driver_sql(
        "SELECT v.number, v.effective_from, v.rules::text, v.author, v.note, v.created_at, w.at, coalesce(w.actor, '')"
        " FROM programme_versions v LEFT JOIN programme_withdrawals w USING (shop_id, number)"
        " WHERE v.shop_id = %(shop)s ORDER BY v.number",
        {"shop": shop_id},
    ).fetchall()
    return [
        Version(row[0], row[1], _parsed(row[2]), row[3], row[4], row[5], row[6], row[7], last=len(rows)) for row in rows
    ]


def at(versions: Sequence[Version], moment: datetime, past: int = 1) -> Version:
    """The version in force at the moment; for anything before the first one, version `past`.

    `past` is the version that was in force when staff let older orders count: the rules they had in mind.
    """
    if moment < versions[0].effective_from:
        return versions[past - 1]
    in_force = versions[0]
    for version in versions[1:]:
        if version.effective_from <= moment and version.withdrawn_at is None:
            in_force = version
    return in_force


def begun(versions: Sequence[Version], now: datetime) -> list[Version]:
    """The versions that are, or were, in force."""
    return [each for each in versions if each.withdrawn_at is None and each.effective_from <= now]


def planned(versions: Sequence[Version], now: datetime) -> Version | None:
    """The version that is still to come into force; there is at most one."""
    ahead = [each for each in versions if each.withdrawn_at is None and each.effective_from > now]
    return ahead[-1] if ahead and ahead[-1].number > at(versions, now).number else None


def current(conn: Connection, shop_id: int, now: datetime) -> Version:
    """The version in force."""
    return at(versions(conn, shop_id), now)


def begun_with(versions: Sequence[Version], based_on: int, now: datetime) -> Version:
    """What a form that says it began with version `based_on` changes: the planned version, if it is that; else
    the one in force."""
    plan = planned(versions, now)
    return plan if plan is not None and plan.number == based_on else at(versions, now)


def heir(versions: Sequence[Version], based_on: int, now: datetime) -> Version | None:
    """What a form that began with version `based_on` changes by now: the plan, for a plan that has been planned anew
    since; else what `begun_with` says. None where there is no such version, or its plan is over."""
    if not 0 < based_on <= len(versions):
        return None
    if versions[based_on - 1].withdrawn_at is not None:
        return planned(versions, now)
    return begun_with(versions, based_on, now)


def edited(conn: Connection, shop_id: int, based_on: int, now: datetime) -> Version:
    """The same, from the database."""
    return begun_with(versions(conn, shop_id), based_on, now)


def add(
    conn: Connection,
    shop_id: int,
    programme: Programme,
    author: str,
    note: str,
    effective_from: datetime,
    now: datetime | None = None,
) -> int:
    """Store the next version; returns its number. It is written `now`, or when it takes effect.

    Raises IntegrityError when somebody else saved one at the same moment.
    """
    row = conn.exec_driver_sql(
        "INSERT INTO programme_versions (shop_id, number, rules, author, note, effective_from, created_at)"
        " SELECT %(shop)s, coalesce(max(number), 0) + 1, %(rules)s::jsonb, %(author)s, %(note)s, %(since)s, %(now)s"
        " FROM programme_versions WHERE shop_id = %(shop)s RETURNING number",
        {
            "shop": shop_id,
            "rules": programme.model_dump_json(),
            "author": author,
            "note": note,
            "since": effective_from,
            "now": now or effective_from,
        },
    ).one()
    return int(row[0])


def withdraw(conn: Connection, shop_id: int, number: int, actor: str, now: datetime) -> None:
    """A planned version will not come into force. The caller has checked that it has not yet."""
    conn.exec_driver_sql(
        "INSERT INTO programme_withdrawals (shop_id, number, actor, at)"
        " VALUES (%(shop)s, %(number)s, %(actor)s, %(now)s) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "number": number, "actor": actor, "now": now},
    )


def same_rules(one: Programme, other: Programme) -> bool:
    """Whether saving would change nothing."""
    return one == other
