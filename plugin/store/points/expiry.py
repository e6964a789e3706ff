"""The lots as expiry sees them: which ones to look at now, and what was found out about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.rules import zones
from plugin.rules.points import expiry as rules
from plugin.rules.points.expiry import Held, Policy, Verdict
from plugin.rules.points.lots import Lot
from plugin.rules.subjects import Expiry, LotEnding
from plugin.store.database import bulk, subject_sql
from plugin.store.tables import lots
from plugin.store.versions import programmes
from plugin.store.work import messages

_HELD = (
    "l.id, l.member_id, l.points_left, l.earned_at, l.available_at, m.last_activity_at, l.expires_at, l.look_at,"
    " l.kept_until, l.warned_for, l.warned_at, l.warnings, l.warned_by,"
    f" CASE WHEN w.id IS NULL THEN l.warned_at ELSE {messages.OUTCOME_AT.format('w')} END"
)
"""A warning without a message, or whose message is no longer kept, counts as told when it was given."""


Owned = tuple[int, Lot]
"""A lot, after the member whose it is."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A shop's expiry policy at one moment, and the zone in which its days end."""

    policy: Policy
    zone: ZoneInfo
    ever: bool
    changed_at: datetime | None

    def new_lot(
        self, earned_at: datetime, available_at: datetime, active_at: datetime
    ) -> tuple[datetime | None, datetime | None]:
        """The end of a new lot and when to look at it first."""
        return rules.dates_of_new(Held(0, 0, 0, earned_at, available_at, active_at), self.policy, self.zone)

    def kept_until(self, ended_at: datetime | None, now: datetime) -> datetime | None:
        """Until when points last that come back to a lot which has already ended."""
        return rules.given_back(ended_at, self.policy, self.zone, now)


@dataclass(frozen=True, slots=True)
class Ended:
    """Points of a lot that ended unused, and the last line of the entries that say so. `own`: the lot is the
    member's, and not that of somebody who was merged into them."""

    lot_id: int
    points: int
    line: int
    own: bool


def ended_of(conn: Connection, shop_id: int, subjects: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[Ended]]:
    """What ended unused of the points that members, and who was merged into them, were given for these subjects."""
    asked = sorted(subjects)
    rows = conn.exec_driver_sql(
        "SELECT a.member_id, a.subject, l.id, -sum(x.points)::bigint, max(x.line), l.member_id = a.member_id"
        " FROM unnest(%(members)s::bigint[], %(subjects)s::text[]) AS a (member_id, subject)"
        " JOIN members m ON m.shop_id = %(shop)s AND (m.id = a.member_id OR m.merged_into = a.member_id)"
        " JOIN entries e ON e.shop_id = %(shop)s AND e.member_id = m.id"
        " AND (e.subject = a.subject OR e.kind = 'merged' AND e.reason->>'of' = a.subject)"
        " JOIN lots l ON l.shop_id = %(shop)s AND l.member_id = m.id AND l.entry_id = e.id"
        " JOIN members w ON w.shop_id = %(shop)s AND (w.id = a.member_id OR w.merged_into = a.member_id)"
        " JOIN entries x ON x.shop_id = %(shop)s AND x.member_id = w.id"
        f" AND x.subject = {subject_sql.written(Expiry, 'l.id')}"
        " GROUP BY 1, 2, 3, l.member_id HAVING sum(x.points) < 0 ORDER BY l.id",
        {"shop": shop_id, "members": [one for one, _ in asked], "subjects": [subject for _, subject in asked]},
    )
    found: dict[tuple[int, str], list[Ended]] = {}
    for member_id, subject, *values in rows:
        found.setdefault((member_id, subject), []).append(Ended(*values))
    return found


def origins(conn: Connection, shop_id: int, member_id: int) -> dict[int, str]:
    """What each lot of a member that holds points was given for first, however often its points moved."""
    rows = conn.exec_driver_sql(
        "SELECT l.id, coalesce(e.reason->>'of', e.subject) FROM lots l JOIN entries e ON e.id = l.entry_id"
        " WHERE l.shop_id = %(shop)s AND l.member_id = %(member)s AND l.points_left > 0",
        {"shop": shop_id, "member": member_id},
    )
    return {row[0]: row[1] for row in rows}


def calendar(conn: Connection, shop_id: int, now: datetime) -> Calendar:
    """What decides the end of the shop's points."""
    versions = [each for each in programmes.versions(conn, shop_id) if each.withdrawn_at is None]
    history = [(version.effective_from, version.programme.expiry) for version in versions]
    known = [(since, each) for since, each in history if since <= now]
    changed = [since for place, (since, each) in enumerate(known) if not place or each != known[place - 1][1]]
    zone = conn.exec_driver_sql("SELECT timezone FROM shops WHERE id = %(shop)s", {"shop": shop_id}).scalar_one()
    return Calendar(
        rules.in_force(history, now),
        ZoneInfo(zones.or_usual(zone)),
        any(each.policy != "never" for _, each in known),
        changed[-1] if changed else None,
    )


def due_members(conn: Connection, shop_id: int, now: datetime, limit: int) -> list[int]:
    """Whose lots are to be looked at: the members of the `limit` lots that are due longest."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT member_id FROM (SELECT member_id FROM lots WHERE shop_id = %(shop)s AND points_left > 0"
        " AND look_at <= %(now)s ORDER BY look_at, id LIMIT %(limit)s) due",
        {"shop": shop_id, "now": now, "limit": limit},
    )
    return sorted(row[0] for row in rows)


def members_after(conn: Connection, shop_id: int, after: int, limit: int) -> list[int]:
    """The next members who hold points, by id."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT member_id FROM lots WHERE shop_id = %(shop)s AND member_id > %(after)s"
        " AND points_left > 0 ORDER BY member_id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit},
    )
    return [row[0] for row in rows]


def held(conn: Connection, shop_id: int, member_ids: Sequence[int]) -> list[Held]:
    """The lots of these members that hold points, in the order in which they were filled."""
    rows = conn.exec_driver_sql(
        f"SELECT {_HELD} FROM lots l JOIN members m ON m.shop_id = l.shop_id AND m.id = l.member_id"
        " LEFT JOIN messages w ON w.shop_id = l.shop_id AND w.id = l.warned_by"
        " WHERE l.shop_id = %(shop)s AND l.member_id = ANY(%(ids)s) AND l.points_left > 0 ORDER BY l.id",
        {"shop": shop_id, "ids": list(member_ids)},
    )
    return [Held(*row) for row in rows]


def as_they_end(conn: Connection, shop_id: int, found: Sequence[Owned], now: datetime) -> list[Owned]:
    """These lots, of these members; one whose day has passed with the end that it has after all.

    Points can be spent until they are lost, and lost is only what was warned of: where a day has passed, the rules are
    asked anew, as the next run will.
    """
    late = {member_id for member_id, lot in found if lot.expires_at is not None and lot.expires_at <= now and lot.left}
    if not late:
        return list(found)
    by = calendar(conn, shop_id, now)
    ends = {one.lot_id: rules.judge(one, by.policy, by.zone, now).ends_at for one in held(conn, shop_id, sorted(late))}
    return [(member_id, replace(lot, expires_at=ends.get(lot.id, lot.expires_at))) for member_id, lot in found]


def link(conn: Connection, shop_id: int, found: Sequence[Held]) -> list[Held]:
    """The same lots; those that were warned of before warnings were linked know their message from now on."""
    old = [one for one in found if one.warnings and one.warned_by is None and one.warned_for is not None]
    if not old:
        return list(found)
    warned = _warnings(conn, shop_id, {one.member_id for one in old})
    known = {
        one.lot_id: message
        for one in old
        if one.warned_for is not None
        and (message := warned.get((one.member_id, int(one.warned_for.timestamp()), one.warnings)))
    }
    rows = [{"shop_id": shop_id, "id": lot_id, "warned_by": number} for lot_id, (number, _) in sorted(known.items())]
    bulk.update(conn, lots, rows, ("shop_id", "id"))
    return [
        replace(one, warned_by=known[one.lot_id][0], told_at=known[one.lot_id][1]) if one.lot_id in known else one
        for one in found
    ]


def _warnings(
    conn: Connection, shop_id: int, member_ids: Iterable[int]
) -> dict[tuple[int, int, int], tuple[int, datetime | None]]:
    """By member, end and number, each warning's message and when it had an outcome."""
    rows = conn.exec_driver_sql(
        f"SELECT w.member_id, w.subject, w.id, {messages.OUTCOME_AT.format('w')} FROM messages w"
        " WHERE w.shop_id = %(shop)s AND w.member_id = ANY(%(ids)s) AND w.kind = 'points_expiring'",
        {"shop": shop_id, "ids": sorted(member_ids)},
    )
    found = {}
    for member_id, subject, number, outcome_at in rows:
        about = LotEnding.parse(subject)
        found[member_id, int(about.ends_at.timestamp()), about.warning] = number, outcome_at
    return found


def note(
    conn: Connection, shop_id: int, found: Iterable[tuple[Held, Verdict]], warned_by: Mapping[int, int], now: datetime
) -> None:
    """Keep what was found out about lots, where it is new; `warned_by` are the messages of warnings given now."""
    rows = [_row(shop_id, lot, verdict, warned_by, now) for lot, verdict in found if _news(lot, verdict)]
    bulk.update(conn, lots, rows, ("shop_id", "id"))


def _news(lot: Held, verdict: Verdict) -> bool:
    return bool(verdict.warning) or (lot.expires_at, lot.look_at) != (verdict.ends_at, verdict.look_at)


def _row(shop_id: int, lot: Held, verdict: Verdict, warned_by: Mapping[int, int], now: datetime) -> dict[str, object]:
    warned = bool(verdict.warning)
    return {
        "shop_id": shop_id,
        "id": lot.lot_id,
        "expires_at": verdict.ends_at,
        "look_at": verdict.look_at,
        "kept_until": verdict.kept_until or lot.kept_until,
        "warned_for": verdict.ends_at if warned else lot.warned_for,
        "warned_at": now if warned else lot.warned_at,
        "warnings": verdict.warning or lot.warnings,
        "warned_by": warned_by.get(lot.lot_id) if warned else lot.warned_by,
    }


def last_lines(conn: Connection, shop_id: int, subjects: Mapping[str, int]) -> dict[str, int]:
    """The last line used of each (subject, its member)."""
    rows = conn.exec_driver_sql(
        "SELECT subject, max(line) FROM entries WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s)"
        " AND subject = ANY(%(subjects)s) GROUP BY 1",
        {"shop": shop_id, "members": sorted(set(subjects.values())), "subjects": list(subjects)},
    )
    return {row[0]: row[1] for row in rows}


def ending_by_month(conn: Connection, shop_id: int, timezone: str, now: datetime) -> list[tuple[datetime, int]]:
    """How many points end in each of the next months, by the first day of the month where the shop is."""
    rows = conn.exec_driver_sql(
        "SELECT date_trunc('month', (expires_at - interval '1 second') AT TIME ZONE %(zone)s) AS month,"
        " sum(points_left) FROM lots WHERE shop_id = %(shop)s AND points_left > 0 AND expires_at > %(now)s"
        " GROUP BY 1 ORDER BY 1 LIMIT 12",
        {"shop": shop_id, "zone": timezone, "now": now},
    )
    return [(row[0], int(row[1])) for row in rows]
