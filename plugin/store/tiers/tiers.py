"""Where members stand in the tiers, and what orders count for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.rules.subjects import TierNews
from plugin.rules.tiers.placing import Held
from plugin.rules.tiers.tier_warnings import Warned
from plugin.store.database import bulk
from plugin.store.tables import member_tiers, order_views, tier_changes
from plugin.store.work import messages

DAILY = "daily"
"""The subject of the job that looks at everybody who is due."""


@dataclass(frozen=True, slots=True)
class TierState:
    """One member's tier, when it would be lost, and what the member was told of that: the newest warning was written
    down on `warned_on` as the message `warned_by`, names `warned_for` as the first day without the tier, and had an
    outcome at `told_at`."""

    member_id: int
    held: Held = Held()
    lost_on: date | None = None
    look_on: date | None = None
    look_why: str = ""
    warned_days: int | None = None
    warned_on: date | None = None
    tagged: str = ""
    warned_for: date | None = None
    warned_by: int | None = None
    kept_until: date | None = None
    told_at: datetime | None = field(default=None, compare=False)

    def warned(self, zone: ZoneInfo) -> Warned:
        """What the rules know of it. A warning without a message, or whose message is no longer kept, counts as told
        when it was given."""
        told_on = self.told_at.astimezone(zone).date() if self.told_at else None
        return Warned(self.warned_days, self.warned_on, self.warned_for, told_on if self.warned_by else self.warned_on)


@dataclass(frozen=True, slots=True)
class TierChange:
    """One change of a member's tier. `because`: order, refund, time, rules, staff, merge or tag."""

    member_id: int
    at: datetime
    from_tier: str
    to_tier: str
    because: str
    actor: str
    programme_version: int
    reasons: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What one order counts for its member's tier."""

    order_id: int
    at: datetime
    minor: int
    points: int


_STATE = (
    "t.member_id, t.tier, t.since, t.below_since, t.stepped_until, t.pinned, t.pinned_until, t.lost_on, t.look_on,"
    " t.look_why, t.warned_days, t.warned_on, t.tagged, t.warned_for, w.id, t.kept_until,"
    f" {messages.OUTCOME_AT.format('w')}"
)


def _state(row: Any) -> TierState:
    return TierState(row[0], Held(*row[1:7]), *row[7:])


def states(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, TierState]:
    """What is stored of these members; one without a row has no tier."""
    rows = conn.exec_driver_sql(
        f"SELECT {_STATE} FROM member_tiers t LEFT JOIN messages w ON w.shop_id = t.shop_id AND w.id = t.warned_by"
        " WHERE t.shop_id = %(shop)s AND t.member_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return _linked(conn, shop_id, {row[0]: _state(row) for row in rows})


def _linked(conn: Connection, shop_id: int, found: dict[int, TierState]) -> dict[int, TierState]:
    """Warnings from before their day and message were kept with the tier: they were about the loss as it stands."""
    old = {
        str(TierNews(key, one.held.tier, one.lost_on, one.warned_days)): one
        for key, one in found.items()
        if one.warned_on and one.warned_for is None and one.lost_on and one.held.tier
    }
    known = messages.outcomes(conn, shop_id, "tier_ending", old) if old else {}
    for subject, one in old.items():
        number, told_at = known.get(subject, (None, None))
        found[one.member_id] = replace(one, warned_for=one.lost_on, warned_by=number, told_at=told_at)
    return found


def save(conn: Connection, shop_id: int, found: Sequence[TierState]) -> None:
    """Write the states, new or changed. The members are locked by the caller."""
    rows = [_row(shop_id, state) for state in found]
    if not rows:
        return
    names = [name for name in rows[0] if name not in ("shop_id", "member_id")]
    sets = ", ".join(f"{name} = excluded.{name}" for name in names)
    bulk.insert(conn, member_tiers, rows, conflict=f"(shop_id, member_id) DO UPDATE SET {sets}")


def _row(shop_id: int, state: TierState) -> dict[str, object]:
    held = state.held
    return {
        "shop_id": shop_id,
        "member_id": state.member_id,
        "tier": held.tier,
        "since": held.since,
        "below_since": held.below_since,
        "stepped_until": held.stepped_until,
        "pinned": held.pinned,
        "pinned_until": held.pinned_until,
        "lost_on": state.lost_on,
        "look_on": state.look_on,
        "look_why": state.look_why,
        "warned_days": state.warned_days,
        "warned_on": state.warned_on,
        "tagged": state.tagged,
        "warned_for": state.warned_for,
        "warned_by": state.warned_by,
        "kept_until": state.kept_until,
    }


def add_changes(conn: Connection, shop_id: int, changes: Sequence[TierChange]) -> None:
    """Note changes, for good."""
    names = ("member_id", "at", "from_tier", "to_tier", "because", "actor", "programme_version", "reasons")
    rows = [{"shop_id": shop_id, **{name: getattr(change, name) for name in names}} for change in changes]
    bulk.insert(conn, tier_changes, rows)


def changes(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, list[TierChange]]:
    """Every change of these members' tiers, oldest first."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, at, from_tier, to_tier, because, actor, programme_version, reasons FROM tier_changes"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) ORDER BY id",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    found: dict[int, list[TierChange]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(TierChange(*row))
    return found


def counted(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, list[Counted]]:
    """Per member what each order counts for."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, order_id, placed_at, counted_minor, deserved FROM order_views WHERE shop_id = %(shop)s"
        " AND member_id = ANY(%(ids)s) AND placed_at IS NOT NULL AND (counted_minor > 0 OR deserved > 0)",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    found: dict[int, list[Counted]] = {}
    for member_id, *values in rows:
        found.setdefault(member_id, []).append(Counted(*values))
    return found


def due(conn: Connection, shop_id: int, today: date, limit: int) -> list[int]:
    """Living members whose tier is to be looked at by today."""
    rows = conn.exec_driver_sql(
        "SELECT t.member_id FROM member_tiers t JOIN members m ON m.shop_id = t.shop_id AND m.id = t.member_id"
        " WHERE t.shop_id = %(shop)s AND t.look_on <= %(today)s AND m.state IN ('member', 'guest')"
        " ORDER BY t.member_id LIMIT %(limit)s",
        {"shop": shop_id, "today": today, "limit": limit},
    )
    return [row[0] for row in rows]


def look_at(conn: Connection, shop_id: int, member_ids: Iterable[int], today: date, why: str) -> None:
    """These members are looked at again today."""
    conn.exec_driver_sql(
        "INSERT INTO member_tiers (shop_id, member_id, look_on, look_why)"
        " SELECT %(shop)s, id, %(today)s, %(why)s FROM unnest(%(ids)s::bigint[]) AS m(id) ORDER BY id"
        " ON CONFLICT (shop_id, member_id) DO UPDATE SET look_on = excluded.look_on, look_why = excluded.look_why",
        {"shop": shop_id, "ids": sorted(set(member_ids)), "today": today, "why": why},
    )


def look_at_next(conn: Connection, shop_id: int, after: int, today: date, limit: int) -> tuple[int, int]:
    """The rules changed: of the next members after an id, those who have a tier or an order that counts are looked at
    again. Answers how many members that were, and the last one's id."""
    row = conn.exec_driver_sql(
        "WITH these AS MATERIALIZED (SELECT id FROM members WHERE shop_id = %(shop)s AND id > %(after)s ORDER BY id"
        " LIMIT %(limit)s), marked AS (INSERT INTO member_tiers (shop_id, member_id, look_on, look_why)"
        " SELECT %(shop)s, id, %(today)s, 'rules' FROM these WHERE EXISTS (SELECT FROM order_views o WHERE"
        " o.shop_id = %(shop)s AND o.member_id = these.id AND (o.counted_minor > 0 OR o.deserved > 0))"
        " OR EXISTS (SELECT FROM member_tiers t WHERE t.shop_id = %(shop)s AND t.member_id = these.id) ORDER BY id"
        " ON CONFLICT (shop_id, member_id) DO UPDATE SET look_on = excluded.look_on, look_why = 'rules')"
        " SELECT count(*), coalesce(max(id), 0) FROM these",
        {"shop": shop_id, "after": after, "today": today, "limit": limit},
    ).one()
    return int(row[0]), int(row[1])


def merge(conn: Connection, shop_id: int, kept: int, removed: int, today: date, *, take_over: bool) -> None:
    """What `removed` held goes to `kept` where it is more; then both sums are looked at together."""
    both = states(conn, shop_id, [kept, removed])
    conn.exec_driver_sql(
        "DELETE FROM member_tiers WHERE shop_id = %(shop)s AND member_id = %(removed)s",
        {"shop": shop_id, "removed": removed},
    )
    state = both.get(removed if take_over else kept)
    if state is not None or take_over:
        state = state or TierState(kept)
        tagged = both[kept].tagged if kept in both else ""
        save(conn, shop_id, [replace(state, member_id=kept, tagged=tagged, look_on=today, look_why="merge")])


def tagged(conn: Connection, shop_id: int, member_id: int, tag: str) -> None:
    """Remember which tag the customer has now."""
    conn.exec_driver_sql(
        "UPDATE member_tiers SET tagged = %(tag)s WHERE shop_id = %(shop)s AND member_id = %(id)s",
        {"shop": shop_id, "id": member_id, "tag": tag},
    )


def sizes(conn: Connection, shop_id: int) -> Mapping[str, int]:
    """How many members stand in each tier."""
    rows = conn.exec_driver_sql(
        "SELECT tier, count(*) FROM member_tiers WHERE shop_id = %(shop)s AND tier <> '' GROUP BY tier",
        {"shop": shop_id},
    )
    return {row[0]: row[1] for row in rows}


def bonuses(
    conn: Connection, shop_id: int, member_ids: Iterable[int], subjects: Iterable[str]
) -> dict[tuple[int, str], tuple[int, int]]:
    """Per member and subject: the points given so far, and the last line."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, subject, sum(points), max(line) FROM entries WHERE shop_id = %(shop)s"
        " AND member_id = ANY(%(ids)s) AND subject = ANY(%(subjects)s) GROUP BY 1, 2",
        {"shop": shop_id, "ids": sorted(set(member_ids)), "subjects": sorted(set(subjects))},
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}


def verdicts(conn: Connection, shop_id: int, tried: Iterable[int] = ()) -> list[Mapping[str, Any]]:
    """Every order's snapshot that names a tier, or what Shopify said then, or of an order that was placed before
    Shopify got to know of it, or of somebody who was `tried` as a test member: what a replay takes as given, for
    staff, time and the shop had a hand in it."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, CASE WHEN jsonb_exists(snapshot, 'about') THEN snapshot"
        " ELSE jsonb_set(snapshot, '{verdicts}', '{}') END FROM order_views WHERE shop_id = %(shop)s"
        " AND snapshot IS NOT NULL AND (snapshot->>'tier' IS NOT NULL OR jsonb_exists(snapshot, 'about')"
        " OR member_id = ANY(%(tried)s) OR view->>'processed_at' <> view->>'created_at')",
        {"shop": shop_id, "tried": list(tried)},
    )
    return [{"shop_id": shop_id, "order_id": row[0], "snapshot": row[1]} for row in rows]


def take_over(conn: Connection, given: Sequence[Mapping[str, Any]]) -> None:
    """Begin orders with these snapshots."""
    bulk.insert(conn, order_views, given, conflict="DO NOTHING")
