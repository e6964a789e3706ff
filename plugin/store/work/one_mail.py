"""Messages that one order caused, and those that went as parts of another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.store.work.messages import COLUMNS, Message

PART_OF: Final = "it is part of another email to the member"
"""What is noted at a message that went with another."""


def families(conn: Connection, shop_id: int, of: Iterable[Message]) -> dict[tuple[int, str], list[Message]]:
    """All messages that the orders caused which caused these, by member and order, in the order of their numbers."""
    asked = {(one.member_id, one.cause) for one in of if one.cause}
    found: dict[tuple[int, str], list[Message]] = {key: [] for key in asked}
    if not asked:
        return found
    rows = conn.exec_driver_sql(
        f"SELECT {COLUMNS} FROM messages WHERE shop_id = %(shop)s AND cause <> '' AND cause = ANY(%(causes)s)"
        " ORDER BY id",
        {"shop": shop_id, "causes": sorted({cause for _, cause in asked})},
    )
    for row in rows:
        one = Message(*row)
        if (one.member_id, one.cause) in found:
            found[one.member_id, one.cause].append(one)
    return found


def newest_causes(conn: Connection, shop_id: int, member_ids: Collection[int], since: datetime) -> dict[int, str]:
    """The order of which an email was written down last, from a moment on, by member."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT ON (member_id) member_id, cause FROM messages WHERE shop_id = %(shop)s"
        " AND member_id = ANY(%(members)s) AND created_at >= %(since)s AND cause <> '' ORDER BY member_id, id DESC",
        {"shop": shop_id, "members": sorted(member_ids), "since": since},
    )
    return {row[0]: row[1] for row in rows}


def adopt(conn: Connection, shop_id: int, kind: str, causes: Mapping[int, str], since: datetime) -> None:
    """What waits to be sent, and was written down from a moment on without an order, goes with the member's order."""
    if causes:
        conn.exec_driver_sql(
            "UPDATE messages m SET cause = c.cause FROM unnest(%(members)s::bigint[], %(causes)s::text[])"
            " AS c(member_id, cause) WHERE m.shop_id = %(shop)s AND m.member_id = c.member_id AND m.kind = %(kind)s"
            " AND m.state = 'queued' AND m.cause = '' AND m.created_at >= %(since)s",
            {
                "shop": shop_id,
                "kind": kind,
                "since": since,
                "members": list(causes),
                "causes": list(causes.values()),
            },
        )


def hold(conn: Connection, shop_id: int, parts: Mapping[int, Collection[int]]) -> set[int]:
    """Lock the messages that are to go with others; answers with which of those all of theirs may still go."""
    numbers = sorted({number for each in parts.values() for number in each})
    if not numbers:
        return set(parts)
    rows = conn.exec_driver_sql(
        "SELECT id, state, part_of FROM messages WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
        " ORDER BY id FOR UPDATE SKIP LOCKED",
        {"shop": shop_id, "ids": numbers},
    )
    found = {row[0]: (row[1], row[2]) for row in rows}

    def free(number: int, leader: int) -> bool:
        state, part_of = found.get(number, ("", None))
        return bool(state == "queued" or part_of == leader)

    return {leader for leader, each in parts.items() if all(free(number, leader) for number in each)}


def take_in(conn: Connection, shop_id: int, parts: Mapping[int, Collection[int]], now: datetime) -> list[int]:
    """These go as parts of others, by the other's number; answers which of them were not so before."""
    pairs = sorted((number, leader) for leader, each in parts.items() for number in each)
    rows = conn.exec_driver_sql(
        "UPDATE messages m SET state = 'skipped', part_of = p.leader, last_error = %(why)s,"
        " outcome_at = coalesce(m.outcome_at, %(now)s)"
        " FROM unnest(%(ids)s::bigint[], %(leaders)s::bigint[]) AS p(id, leader)"
        " WHERE m.shop_id = %(shop)s AND m.id = ANY(%(ids)s) AND m.id = p.id AND m.state = 'queued' RETURNING m.id",
        {
            "shop": shop_id,
            "now": now,
            "why": PART_OF,
            "ids": [number for number, _ in pairs],
            "leaders": [leader for _, leader in pairs],
        },
    )
    return [row[0] for row in rows]


def let_go(conn: Connection, shop_id: int, leaders: Collection[int]) -> list[int]:
    """What went as parts of these waits to be sent again, for these did not go; answers which."""
    rows = conn.exec_driver_sql(
        "UPDATE messages SET state = 'queued', part_of = NULL, last_error = ''"
        " WHERE shop_id = %(shop)s AND part_of = ANY(%(ids)s) AND state = 'skipped' RETURNING id",
        {"shop": shop_id, "ids": sorted(leaders)},
    )
    return sorted(row[0] for row in rows)


def unread(
    conn: Connection, shop_id: int, reader: str, kinds: Iterable[str], member_ids: Collection[int], since: datetime
) -> set[int]:
    """The members of whom events of these kinds, from this moment on, were not followed yet by a reader that is on."""
    if not member_ids:
        return set()
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT e.member_id FROM events e LEFT JOIN event_readers r ON r.shop_id = e.shop_id"
        " AND r.name = %(reader)s WHERE e.shop_id = %(shop)s AND e.member_id = ANY(%(members)s)"
        " AND e.happened_at >= %(since)s AND e.kind = ANY(%(kinds)s) AND (r.name IS NULL OR (r.off_at IS NULL"
        " AND e.xid >= r.from_xid AND (r.until_xid IS NULL OR e.xid >= r.until_xid OR e.id > r.after_id)))",
        {
            "shop": shop_id,
            "reader": reader,
            "kinds": list(kinds),
            "members": sorted(member_ids),
            "since": since,
        },
    )
    return {row[0] for row in rows}


def due_of_member(conn: Connection, shop_id: int, member_id: int) -> dict[int, datetime]:
    """When each email to the member that waits is tried next."""
    rows = conn.exec_driver_sql(
        "SELECT m.id, j.not_before FROM messages m JOIN jobs j ON j.shop_id = m.shop_id AND j.kind = 'send_message'"
        " AND j.subject = m.id::text AND j.state = 'queued' WHERE m.shop_id = %(shop)s AND m.member_id = %(member)s"
        " AND m.state = 'queued'",
        {"shop": shop_id, "member": member_id},
    )
    return {row[0]: row[1] for row in rows}


def due_by_kind(conn: Connection, shop_id: int, until: datetime) -> dict[str, int]:
    """How many emails of each kind wait to be sent before a moment."""
    rows = conn.exec_driver_sql(
        "SELECT m.kind, count(*) FROM messages m JOIN jobs j ON j.shop_id = m.shop_id AND j.kind = 'send_message'"
        " AND j.subject = m.id::text AND j.state = 'queued' AND j.not_before < %(until)s"
        " WHERE m.shop_id = %(shop)s AND m.state = 'queued' GROUP BY m.kind",
        {"shop": shop_id, "until": until},
    )
    return {row[0]: row[1] for row in rows}
