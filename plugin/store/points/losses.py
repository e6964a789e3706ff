"""What emails of losses tell: the entries that name them, and what was given again since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.message_kinds import A_WHILE, MessageKind
from plugin.rules.names.subject_grammar import Subject
from plugin.rules.subjects import Entry, Gift, forgiven
from plugin.store.database import subject_sql
from plugin.store.work.messages import Message

_SUFFIX = forgiven("")
GIVING = [
    str(kind)
    for kind in (
        MessageKind.POINTS_GIVEN,
        MessageKind.ACTIVITY_DONE,
        MessageKind.BIRTHDAY,
        MessageKind.ANNIVERSARY,
        MessageKind.REWARD_GIVEN,
        MessageKind.REFERRAL_PAID,
    )
]
"""The emails that tell of points which were given, about the same subject as their entries or a part of it."""
_UNTOLD = (
    "SELECT FROM messages m WHERE m.shop_id = %(shop)s AND m.member_id = g.member_id AND m.kind = ANY(%(kinds)s)"
    f" AND (m.subject = g.about OR starts_with(m.subject, g.about || '{Subject.GAP}') OR EXISTS (SELECT FROM gifts x"
    f" WHERE x.shop_id = %(shop)s AND x.member_id = g.member_id AND x.rule = {subject_sql.second('g.about')}"
    f" AND m.subject = {subject_sql.written(Gift, 'x.id', 'x.round')})) AND m.state IN ('queued', 'skipped')"
    " AND m.part_of IS NULL AND m.created_at > n.effective_at - %(while)s"
)


@dataclass(frozen=True, slots=True)
class Loss:
    """What is missing of one subject, above zero; `kind`, `reason` and `at` are those of the newest entry that took it.
    `note` is what staff wrote for the member."""

    points: int
    kind: str
    at: datetime
    reason: Mapping[str, Any]
    note: str = ""


def told_by(message: Message) -> int:
    """The number by which entries name their message. BadSubject: no entry can have caused it."""
    Entry.parse(message.subject)
    return message.id


def of_messages(conn: Connection, shop_id: int, message_ids: Iterable[int]) -> dict[int, list[Loss]]:
    """Per message what is missing by now, the first taken first.

    What was given again for the same subject since counts against it, until another message tells of that subject. Not
    told is the loss of what was given a few minutes before, if the email that was to tell of that did not go.
    """
    rows = conn.exec_driver_sql(
        "WITH named AS MATERIALIZED (SELECT e.id, e.message_id, e.member_id, e.kind, e.points, e.reason, e.subject,"
        " e.line, e.effective_at,"
        f" coalesce(e.reason->>'of', regexp_replace(e.subject, '{_SUFFIX}$', '')) AS about FROM entries e"
        " WHERE e.shop_id = %(shop)s AND e.message_id = ANY(%(ids)s)), groups AS ("
        "SELECT message_id, member_id, about, min(id) AS first, sum(points) AS points FROM named GROUP BY 1, 2, 3)"
        " SELECT g.message_id, -(g.points + again.points)::bigint, n.kind, n.effective_at, n.reason,"
        " coalesce(t.note, '')"
        " FROM groups g JOIN LATERAL (SELECT * FROM named n WHERE n.message_id = g.message_id"
        " AND n.member_id = g.member_id AND n.about = g.about AND n.points < 0 ORDER BY n.id DESC LIMIT 1) n ON true"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(c.points), 0) AS points FROM entries c WHERE c.shop_id = %(shop)s"
        f" AND c.member_id = g.member_id AND c.subject IN (g.about, g.about || '{_SUFFIX}') AND c.id > g.first"
        " AND c.message_id IS NULL AND NOT EXISTS (SELECT FROM entries x WHERE x.shop_id = %(shop)s"
        " AND x.member_id = g.member_id AND x.subject = g.about AND x.message_id > g.message_id AND x.id < c.id)) again"
        " LEFT JOIN entry_notes t ON t.shop_id = %(shop)s AND t.member_id = g.member_id AND t.subject = n.subject"
        " AND t.line = n.line AND t.shown WHERE g.points + again.points < 0"
        f" AND NOT EXISTS ({_UNTOLD}) ORDER BY g.first",
        {"shop": shop_id, "ids": sorted(set(message_ids)), "kinds": GIVING, "while": A_WHILE},
    )
    found: dict[int, list[Loss]] = {}
    for message_id, *values in rows:
        found.setdefault(message_id, []).append(Loss(*values))
    return found
