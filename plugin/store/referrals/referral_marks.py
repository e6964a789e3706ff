"""What was seen of people around referrals, as keyed hashes; gone after 90 days. And who is blocked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.referrals.referral_marks import Marks
from plugin.store.database import bulk
from plugin.store.tables import referral_marks

COMPARED = ("name", "address", "phone", "net")


def note(
    conn: Connection, shop_id: int, kind: str, found: Mapping[str, tuple[int | None, Marks]], now: datetime
) -> None:
    """Keep the marks by subject (with whose they are); the first ones said of a subject stay, gaps are filled."""
    rows = [
        {"shop_id": shop_id, "kind": kind, "subject": subject, "member_id": member, "at": now, **asdict(marks)}
        for subject, (member, marks) in sorted(found.items())
        if any(asdict(marks).values())
    ]
    filled = ", ".join(f"{name} = coalesce(nullif(t.{name}, ''), excluded.{name})" for name in (*COMPARED, "ip"))
    conflict = f"(shop_id, kind, subject) DO UPDATE SET member_id = excluded.member_id, {filled}"
    bulk.insert(conn, referral_marks, rows, conflict=conflict.replace("t.", "referral_marks."))


def of_subject(conn: Connection, shop_id: int, kind: str, subject: str) -> Marks:
    """The marks of one thing; empty ones where nothing is known."""
    row = conn.exec_driver_sql(
        "SELECT name, address, phone, net, ip FROM referral_marks WHERE shop_id = %(shop)s AND kind = %(kind)s"
        " AND subject = %(subject)s",
        {"shop": shop_id, "kind": kind, "subject": subject},
    ).one_or_none()
    return Marks(*row) if row else Marks()


def shared_with(conn: Connection, shop_id: int, member_id: int, theirs: Sequence[Marks]) -> frozenset[str]:
    """Which of the marks (name, address, phone, net) the member has left behind, too."""
    found = set()
    for name in COMPARED:
        values = [value for marks in theirs if (value := getattr(marks, name))]
        row = conn.exec_driver_sql(
            f"SELECT EXISTS (SELECT FROM referral_marks WHERE shop_id = %(shop)s AND member_id = %(member)s"
            f" AND kind IN ('order', 'visit') AND {name} = ANY(%(values)s))",
            {"shop": shop_id, "member": member_id, "values": values},
        ).one()
        if values and row[0]:
            found.add(name)
    return frozenset(found)


def claims_from(conn: Connection, shop_id: int, net: str, since: datetime, until: datetime) -> int:
    """How many claims came from this address and browser."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM referral_marks WHERE shop_id = %(shop)s AND kind = 'claim' AND net = %(net)s"
        " AND net <> '' AND at BETWEEN %(since)s AND %(until)s",
        {"shop": shop_id, "net": net, "since": since, "until": until},
    ).one()
    return int(row[0])


def forget_old(conn: Connection, shop_id: int, before: datetime, limit: int) -> int:
    """Delete up to `limit` that are older; answers how many there were."""
    gone = conn.exec_driver_sql(
        "DELETE FROM referral_marks WHERE ctid = ANY(ARRAY(SELECT ctid FROM referral_marks"
        " WHERE shop_id = %(shop)s AND at < %(before)s LIMIT %(limit)s FOR UPDATE SKIP LOCKED))",
        {"shop": shop_id, "before": before, "limit": limit},
    )
    return gone.rowcount


def blocked(conn: Connection, shop_id: int, values: Iterable[str]) -> set[str]:
    """Which of these (`domain:…`, `member:…`) staff have blocked."""
    rows = conn.exec_driver_sql(
        "SELECT value FROM referral_blocks WHERE shop_id = %(shop)s AND value = ANY(%(values)s)",
        {"shop": shop_id, "values": list(values)},
    )
    return {row[0] for row in rows}


def blocks(conn: Connection, shop_id: int, limit: int = 500) -> list[tuple[str, str, str, datetime]]:
    """(value, note, who, when) of every block, newest first."""
    rows = conn.exec_driver_sql(
        "SELECT value, note, actor, at FROM referral_blocks WHERE shop_id = %(shop)s ORDER BY at DESC, value"
        " LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def block(conn: Connection, shop_id: int, value: str, words: str, actor: str, now: datetime) -> bool:
    """Block it; says whether it was not blocked before."""
    done = conn.exec_driver_sql(
        "INSERT INTO referral_blocks (shop_id, value, note, actor, at)"
        " VALUES (%(shop)s, %(value)s, %(note)s, %(actor)s, %(now)s) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "value": value, "note": words, "actor": actor, "now": now},
    )
    return done.rowcount == 1


def unblock(conn: Connection, shop_id: int, value: str) -> bool:
    """Take a block away; says whether there was one."""
    gone = conn.exec_driver_sql(
        "DELETE FROM referral_blocks WHERE shop_id = %(shop)s AND value = %(value)s", {"shop": shop_id, "value": value}
    )
    return gone.rowcount == 1
