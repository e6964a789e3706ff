"""Messages: one e-mail to one member, written down before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.rules.message_kinds import kind_of
from plugin.store.database import bulk
from plugin.store.tables import messages

QUEUED: Final = "queued"
OUTCOME_AT: Final = (
    "CASE WHEN {0}.state IN ('queued', 'sending') THEN {0}.outcome_at"
    " ELSE coalesce({0}.outcome_at, {0}.sent_at, {0}.created_at) END"
)
"""When a message, by its table's name, first had an outcome; NULL while it has none. Those from before the column
have had theirs long ago."""


@dataclass(frozen=True, slots=True)
class Message:
    """One e-mail. `unknown` means: handed over, and no answer came."""

    id: int
    member_id: int
    kind: str
    subject: str
    state: str
    locale: str
    mail_subject: str
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    language: str = ""
    nature: str = ""
    cause: str = ""
    part_of: int | None = None


COLUMNS: Final = (
    "id, member_id, kind, subject, state, locale, mail_subject, last_error, created_at, sent_at, language, nature,"
    " cause, part_of"
)


def _select(conn: Connection, where: str, params: Mapping[str, object]) -> list[Message]:
    sql = f"SELECT {COLUMNS} FROM messages WHERE shop_id = %(shop)s AND {where}"
    return [Message(*row) for row in conn.exec_driver_sql(sql, dict(params))]


def get(conn: Connection, shop_id: int, message_id: int) -> Message | None:
    """One message of this shop."""
    found = _select(conn, "id = %(id)s", {"shop": shop_id, "id": message_id})
    return found[0] if found else None


def by_ids(conn: Connection, shop_id: int, ids: Sequence[int]) -> dict[int, Message]:
    """The messages with these ids."""
    return {one.id: one for one in _select(conn, "id = ANY(%(ids)s)", {"shop": shop_id, "ids": list(ids)})}


def of_member(conn: Connection, shop_id: int, member_id: int, limit: int = 50) -> list[Message]:
    """The member's messages, newest first."""
    params = {"shop": shop_id, "member": member_id, "limit": limit}
    return _select(conn, "member_id = %(member)s ORDER BY id DESC LIMIT %(limit)s", params)


def last_of_kinds(conn: Connection, shop_id: int, member_id: int) -> dict[str, Message]:
    """Of each kind the newest message to the member that no longer waits."""
    sql = (
        f"SELECT DISTINCT ON (kind) {COLUMNS} FROM messages WHERE shop_id = %(shop)s AND member_id = %(member)s"
        " AND state <> 'queued' ORDER BY kind, id DESC"
    )
    rows = conn.exec_driver_sql(sql, {"shop": shop_id, "member": member_id})
    return {row[2]: Message(*row) for row in rows}


def between(
    conn: Connection, shop_id: int, member_id: int, since: datetime | None, until: datetime | None, limit: int
) -> list[Message]:
    """The member's messages written down from a moment on and before another (None: no bound), newest first."""
    return _select(
        conn,
        "member_id = %(member)s AND created_at >= coalesce(%(since)s::timestamptz, '-infinity')"
        " AND created_at < coalesce(%(until)s::timestamptz, 'infinity') ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "member": member_id, "since": since, "until": until, "limit": limit},
    )


def queue(conn: Connection, rows: Sequence[Mapping[str, object]], now: datetime) -> list[tuple[int, str, str]]:
    """Write messages down; answers (id, kind, subject) of those that did not exist before.

    UnknownKind: one is of a kind that is not in the list; nothing is written.
    """
    made = bulk.insert(
        conn,
        messages,
        [{**row, **_at_first(row, now)} for row in rows],
        conflict="ON CONSTRAINT messages_once DO NOTHING",
        returning="id, kind, subject",
    )
    return [(row[0], row[1], row[2]) for row in made]


def _at_first(row: Mapping[str, object], now: datetime) -> dict[str, object]:
    left_out = row.get("state", QUEUED) != QUEUED
    return {"kind": kind_of(str(row["kind"])), "created_at": now, "outcome_at": now if left_out else None}


def numbers(conn: Connection, shop_id: int, kind: str, subjects: Iterable[str]) -> dict[str, int]:
    """The message of one kind about each of these subjects, where there is one."""
    return {subject: number for subject, (number, _) in outcomes(conn, shop_id, kind, subjects).items()}


def outcomes(
    conn: Connection, shop_id: int, kind: str, subjects: Iterable[str]
) -> dict[str, tuple[int, datetime | None]]:
    """The same, with the moment at which each first had an outcome."""
    rows = conn.exec_driver_sql(
        f"SELECT m.subject, m.id, {OUTCOME_AT.format('m')} FROM messages m"
        " WHERE m.shop_id = %(shop)s AND m.kind = %(kind)s AND m.subject = ANY(%(subjects)s)",
        {"shop": shop_id, "kind": kind, "subjects": list(subjects)},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def waiting_since(
    conn: Connection, shop_id: int, kind: str, member_ids: Iterable[int], since: datetime
) -> dict[int, int]:
    """Per member the message of one kind that is still to be sent and was written down after that moment."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, max(id) FROM messages WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND kind = %(kind)s AND state = 'queued' AND created_at > %(since)s GROUP BY 1",
        {"shop": shop_id, "ids": sorted(set(member_ids)), "kind": kind, "since": since},
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of one message; `error` is what is noted of it."""

    message_id: int
    state: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """One message that is about to be handed over: its subject line, its language, and what it is in law."""

    message_id: int
    line: str
    language: str = ""
    nature: str = "transactional"


def begin(conn: Connection, shop_id: int, beginnings: Sequence[Beginning], now: datetime) -> set[int]:
    """Note that these are about to be handed over; answers which of them still waited.

    One that somebody else holds at this moment is passed over.
    """
    rows = conn.exec_driver_sql(
        "WITH waiting AS MATERIALIZED (SELECT m.id, b.* FROM unnest(%(ids)s::bigint[], %(lines)s::text[],"
        " %(languages)s::text[], %(natures)s::text[]) AS b(number, line, language_now, nature_now)"
        " JOIN messages m ON m.shop_id = %(shop)s AND m.id = b.number WHERE m.shop_id = %(shop)s"
        " AND m.id = ANY(%(ids)s) AND m.state = 'queued' ORDER BY m.id FOR UPDATE OF m SKIP LOCKED)"
        " UPDATE messages SET state = 'sending', last_error = '', mail_subject = w.line, language = w.language_now,"
        " nature = w.nature_now, handed_at = %(now)s FROM waiting w"
        " WHERE messages.shop_id = %(shop)s AND messages.id = w.id RETURNING messages.id",
        {
            "shop": shop_id,
            "now": now,
            "ids": [one.message_id for one in beginnings],
            "lines": [one.line[:500] for one in beginnings],
            "languages": [one.language for one in beginnings],
            "natures": [one.nature for one in beginnings],
        },
    )
    return {row[0] for row in rows}


def end(conn: Connection, shop_id: int, outcomes: Sequence[Outcome], now: datetime) -> set[int]:
    """Note what became of messages that waited, or were being handed over; answers of which that was so."""
    if not outcomes:
        return set()
    rows = conn.exec_driver_sql(
        "UPDATE messages m SET state = o.state, last_error = o.error,"
        " sent_at = CASE WHEN o.state = 'sent' THEN %(now)s ELSE m.sent_at END,"
        " outcome_at = CASE WHEN o.state = 'queued' THEN m.outcome_at ELSE coalesce(m.outcome_at, %(now)s) END"
        " FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(errors)s::text[]) AS o(id, state, error)"
        " WHERE m.shop_id = %(shop)s AND m.id = ANY(%(ids)s) AND m.id = o.id AND m.state IN ('queued', 'sending')"
        " RETURNING m.id",
        {
            "shop": shop_id,
            "now": now,
            "ids": [one.message_id for one in outcomes],
            "states": [one.state for one in outcomes],
            "errors": [one.error[:500] for one in outcomes],
        },
    )
    return {row[0] for row in rows}


def did_not_go(conn: Connection, shop_id: int, member_id: int, kind: str, subjects: str, since: datetime) -> bool:
    """Whether the newest message of a kind to the member, written down after a moment, about something like `subjects`
    (a pattern of LIKE), is not on its way to them: it waits, or was left out."""
    row = conn.exec_driver_sql(
        "SELECT state IN ('queued', 'skipped') AND part_of IS NULL FROM messages WHERE shop_id = %(shop)s"
        " AND member_id = %(member)s AND kind = %(kind)s AND subject LIKE %(subjects)s AND created_at > %(since)s"
        " ORDER BY id DESC LIMIT 1",
        {"shop": shop_id, "member": member_id, "kind": kind, "subjects": subjects, "since": since},
    ).fetchone()
    return bool(row and row[0])


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """Messages follow a merged customer."""
    conn.exec_driver_sql(
        "UPDATE messages SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s",
        {"shop": shop_id, "from": from_member, "to": to_member},
    )


def send_again(conn: Connection, shop_id: int, ids: Sequence[int]) -> list[int]:
    """Queue messages once more that failed, were left out, or were sent already; answers which."""
    rows = conn.exec_driver_sql(
        "UPDATE messages SET state = 'queued', last_error = '' WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
        " AND state IN ('failed', 'skipped', 'unknown', 'sent', 'bounced') AND part_of IS NULL RETURNING id",
        {"shop": shop_id, "ids": list(ids)},
    )
    return [row[0] for row in rows]


def by_subject(conn: Connection, shop_id: int, kind: str, subject: str) -> Message | None:
    """The message of one kind about one thing."""
    found = _select(
        conn, "kind = %(kind)s AND subject = %(subject)s", {"shop": shop_id, "kind": kind, "subject": subject}
    )
    return found[0] if found else None
