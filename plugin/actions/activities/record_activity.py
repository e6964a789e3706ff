"""A member did something that earns points: judged by the rules, and given once for each key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions import record_event
from plugin.actions.emails import tell_of_points
from plugin.actions.members.reached import insist
from plugin.actions.points import write_points
from plugin.actions.rewards.redeem_points import denied
from plugin.errors import Conflict, NotFound
from plugin.rules import reach
from plugin.rules.activities import activity_rules
from plugin.rules.activities import judging as rules
from plugin.rules.activities.activity_rules import Activity
from plugin.rules.events import ActivityDone, Event
from plugin.rules.reach import Surface
from plugin.rules.types import Reason
from plugin.store.activities import activities
from plugin.store.activities.activities import Record
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import launches
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

ACTIVITY = "activity"
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was given; `repeated`: the same key had it before, and nothing was given now."""

    record: Record
    activity: Activity
    repeated: bool


def record(
    conn: Connection,
    shop: Shop,
    member_id: int,
    activity_id: str,
    key: str,
    happened_at: datetime,
    actor: str,
    now: datetime,
    *,
    kinds: Sequence[str] = activity_rules.BY_API,
) -> Recorded:
    """Give the points of an activity (named by id or word), once for each key.

    Judged by the programme of that moment. Denied: the rules say no (explained); `kinds` are those that this
    caller may report. Unreached: earning is paused, or was then, or the programme is not launched. NotFound: no such
    activity or member. Conflict: the key was another member's.
    """
    version = programmes.at(programmes.versions(conn, shop.id), happened_at, shop.past_version)
    activity = activity_rules.find(version.programme.activities, activity_id)
    if activity is None:
        raise NotFound("We couldn't find that activity in the programme of that time.")
    name = version.programme.points_name
    if activity.kind not in kinds:
        raise denied(Reason("activity_by_itself"), name)
    accounts = Ledger(conn, shop.id, [member_id])
    member = members.get(conn, shop.id, member_id)
    if member is None or member.state not in ("member", "guest"):
        raise NotFound("We couldn't find that member.")
    counted, zone = activity_rules.counted_as(activity), ZoneInfo(shop.timezone)
    if earlier := activities.by_key(conn, shop.id, counted, key[:LONGEST_KEY]):
        return _again(earlier, activity, member_id)
    pauses = launches.earning_paused(conn, shop)
    for launch in (shop.launch, reach.then(shop.launch, pauses, happened_at)):
        insist(launch, member.person, Surface.EARNING)
    given = activities.times(conn, shop.id, member_id, counted)
    why = rules.misdated(happened_at, shop.counts_from, now) or rules.refusal(activity, happened_at, given, zone)
    if why:
        raise denied(why, name)
    rows = [_row(member_id, activity, key, happened_at)]
    made = post(conn, shop, accounts, version, activity, rows, actor, now)
    return Recorded(made[0], activity, repeated=False) if made else _lost(conn, shop.id, activity, member_id, key)


def _again(earlier: Record, activity: Activity, member_id: int) -> Recorded:
    if earlier.member_id != member_id:
        raise Conflict("This key was already used for another member.")
    return Recorded(earlier, activity, repeated=True)


def _lost(conn: Connection, shop_id: int, activity: Activity, member_id: int, key: str) -> Recorded:
    """Somebody used the key for another member at the same moment."""
    earlier = activities.by_key(conn, shop_id, activity_rules.counted_as(activity), key[:LONGEST_KEY])
    assert earlier is not None
    return _again(earlier, activity, member_id)


def _row(member_id: int, activity: Activity, key: str, happened_at: datetime) -> dict[str, object]:
    return {
        "member_id": member_id,
        "activity": activity.id,
        "counted_as": activity_rules.counted_as(activity),
        "key": key[:LONGEST_KEY],
        "points": activity.points,
        "happened_at": happened_at,
    }


def post(
    conn: Connection,
    shop: Shop,
    accounts: Ledger,
    version: Version,
    activity: Activity,
    rows: Sequence[Mapping[str, object]],
    actor: str,
    now: datetime,
    reasons: Mapping[int, Reason] | None = None,
) -> list[Record]:
    """Write records and their entries; one whose key is there already brings nothing. `reasons` by member."""
    made = activities.add(conn, shop.id, rows)
    entries = [
        Entry(
            member_id=one.member_id,
            kind=ACTIVITY,
            points=one.points,
            subject=one.subject,
            line=1,
            effective_at=min(one.happened_at, now),
            actor=actor,
            programme_version=version.number,
            reason=_reason(activity, one, (reasons or {}).get(one.member_id)),
        )
        for one in made
    ]
    accounts.post(entries, now)
    done = [Event(ActivityDone(one.id, one.activity, one.points), one.subject, one.member_id) for one in made]
    record_event.record(conn, shop.id, done, now)
    write_points.write(accounts, now)
    tell_of_points.activities_done(conn, shop, version.programme, activity.kind, made, now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, {one.member_id for one in made}, now)
    return made


def _reason(activity: Activity, one: Record, why: Reason | None) -> dict[str, object]:
    if why is None:
        said: list[object] = ["activity_done", {"activity": activity.name, "points": one.points}]
    else:
        said = [why.code, {**why.values, "points": one.points}]
    return {"activity": activity.name, "reasons": [said]}
