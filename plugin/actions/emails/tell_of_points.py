"""Points that can be spent now, and points for an activity: their member is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails.news import NEWS_FOR, fresh, row, tell_now
from plugin.actions.members.tell_members import tell
from plugin.rules import subjects
from plugin.rules.events import PointsUsable, Recorded
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.news import MemberDay
from plugin.rules.programme import Programme
from plugin.store.activities.activities import Record
from plugin.store.members import members
from plugin.store.points import usable_points
from plugin.store.shops.shops import Shop

YEARLY: Final[Mapping[str, MessageKind]] = {
    "birthday": MessageKind.BIRTHDAY,
    "anniversary": MessageKind.ANNIVERSARY,
}
"""Activities that have an email of their own."""
SEEN: Final = frozenset({"visit", "survey"})
"""Kinds of activities of which the page itself says what they brought, and which may come every day."""


def usable(conn: Connection, shop: Shop, happened: Sequence[Recorded], now: datetime) -> None:
    """Whose pending points can be spent from now on; one email a day, whatever it is made of. Guests spend none."""
    lots = {one.payload.lot: one.member_id for one in fresh(happened, now) if isinstance(one.payload, PointsUsable)}
    since = usable_points.usable_from(conn, shop.id, lots)
    days = sorted({(member, shop.day(since[lot])) for lot, member in lots.items() if member and lot in since})
    people = members.by_ids(conn, shop.id, {member for member, _ in days}) if days else {}
    rows = [
        row(MessageKind.POINTS_USABLE, member, MemberDay(member, day))
        for member, day in days
        if member in people and people[member].state == "member"
    ]
    tell_now(conn, shop, rows, now)


def activities_done(
    conn: Connection, shop: Shop, programme: Programme, kind: str, done: Sequence[Record], now: datetime
) -> None:
    """What members did, or the day that came, with the points that it brought: activities of one kind. In the
    transaction that records them, for many members are at it at the same time."""
    if kind in SEEN:
        return
    told = YEARLY.get(kind, MessageKind.ACTIVITY_DONE)
    news = [one for one in done if now - one.happened_at < NEWS_FOR]
    tell(conn, shop, programme, [row(told, one.member_id, subjects.Activity(one.id)) for one in news], now)
