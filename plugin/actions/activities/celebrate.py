"""What comes by itself: birthdays and anniversaries, with the first minute of the day in the shop's zone, once a year.

Each run goes through every day since the last one that was done, and looks at yesterday and today again, for
somebody may have given a birthday, or staff corrected one, meanwhile. A batch of members to a transaction;
what was given is found by its record, so a run may stop and start again anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.activities import reward_consent
from plugin.actions.activities.record_activity import post
from plugin.actions.work.work import Work
from plugin.rules import reach, subjects
from plugin.rules.activities import judging as rules
from plugin.rules.activities.activity_rules import Activity, Anniversary, Birthday, Newsletter, points_for
from plugin.rules.points.expiry import end_of_day, start_of_day
from plugin.rules.reach import Surface
from plugin.rules.types import Reason
from plugin.store.activities import activities
from plugin.store.database.db import shop_transaction
from plugin.store.members import members, profiles
from plugin.store.members.members import Member
from plugin.store.members.profiles import Profile
from plugin.store.points.ledger import Ledger
from plugin.store.shops import launches, shops
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

DONE_UNTIL = "celebrated_until"
CATCH_UP = timedelta(days=60)
BATCH = 500
Yearly = Birthday | Anniversary


def queue_hourly(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Queue the shop's run where its programme ever had something that comes by itself; says whether it did."""
    versions = programmes.versions(conn, shop.id)
    wanted = any(_by_itself(one) for version in versions for one in version.programme.activities)
    if wanted:
        jobs.queue(conn, shop.id, JobKind.CELEBRATE, ["day"], now)
    return wanted


def _by_itself(activity: Activity) -> bool:
    return rules.yearly(activity) or (isinstance(activity, Newsletter) and activity.existing)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Every day that is due, each kind, a batch at a time."""
    today = shop.day(work.clock())
    day = first_day(shop, today)
    while day <= today:
        for kind in (Birthday, Anniversary):
            after = 0
            while (last := _step(work, shop.id, kind, day, after)) is not None:
                after = last
        day += timedelta(days=1)
    with shop_transaction(work.engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {DONE_UNTIL: today.isoformat()})
    reward_consent.catch_up(work, shop)


def first_day(shop: Shop, today: date) -> date:
    """The first day that the next run looks at: yesterday, or one before that it catches up with."""
    done = shop.settings.get(DONE_UNTIL)
    if not done:
        return today
    yesterday = today - timedelta(days=1)
    return max(min(date.fromisoformat(str(done)), yesterday), today - CATCH_UP)


def _step(work: Work, shop_id: int, kind: type[Yearly], day: date, after: int) -> int | None:
    """One batch of members by id from `after` on; answers the last one, None when there are no more."""
    now = work.clock()
    with shop_transaction(work.engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        found = _in_force(conn, shop, kind, day, now)
        if found is None:
            return None
        version, activity = found
        if isinstance(activity, Birthday):
            return _birthdays(conn, shop, version, activity, day, after, now)
        return _anniversaries(conn, shop, version, activity, day, after, now)


def _in_force(
    conn: Connection, shop: Shop, kind: type[Yearly], day: date, now: datetime
) -> tuple[Version, Yearly] | None:
    """The activity as the day's last rules say; None where there is none, or it is paused."""
    zone = ZoneInfo(shop.timezone)
    moment = min(now, end_of_day(day, zone) - timedelta(microseconds=1))
    if moment < shop.counts_from:
        return None
    version = programmes.at(programmes.versions(conn, shop.id), moment, shop.past_version)
    activity = next((one for one in version.programme.activities if isinstance(one, kind)), None)
    if activity is None or rules.refusal(activity, moment, (), zone):
        return None
    return version, activity


def _birthdays(
    conn: Connection, shop: Shop, version: Version, activity: Birthday, day: date, after: int, now: datetime
) -> int | None:
    zone, days = ZoneInfo(shop.timezone), rules.days_of(day, activity.leap_day)
    since = start_of_day(day - rules.NOT_TWICE_WITHIN, zone)
    ids = profiles.to_celebrate(conn, shop.id, days, after, since, BATCH)
    if not ids:
        return None
    accounts = Ledger(conn, shop.id, ids)
    people = _reached(conn, shop, ids, day, now)
    known = profiles.get(conn, shop.id, ids)
    given = activities.given(conn, shop.id, ids)
    due = {}
    for key, one in people.items():
        born = known.get(key, Profile(key)).born(zone)
        if one.state == "member" and born is not None and (born.month, born.day) in days:
            before = [at.astimezone(zone).date() for at in given.get(key, {}).get("birthday", ())]
            joined = one.joined_at.astimezone(zone).date()
            if rules.birthday_refusal(activity, born, day, joined, before) is None:
                due[key] = Reason("birthday_points")
    _give(conn, shop, accounts, version, activity, day, due, now)
    return ids[-1]


def _anniversaries(
    conn: Connection, shop: Shop, version: Version, activity: Anniversary, day: date, after: int, now: datetime
) -> int | None:
    zone = ZoneInfo(shop.timezone)
    since = start_of_day(day - rules.NOT_TWICE_WITHIN, zone)
    spans = _spans(conn, shop.id, activity, day, zone)
    ids = profiles.joined_within(conn, shop.id, spans, after, since, BATCH) if spans else []
    if not ids:
        return None
    accounts = Ledger(conn, shop.id, ids)
    given = activities.given(conn, shop.id, ids)
    due = {}
    for key, one in _reached(conn, shop, ids, day, now).items():
        years = day.year - one.joined_at.astimezone(zone).year
        before = [at.astimezone(zone).date() for at in given.get(key, {}).get("anniversary", ())]
        if one.state == "member" and rules.anniversary_is_new(day, before):
            due[key] = Reason("first_anniversary") if years == 1 else Reason("anniversary_points", {"years": years})
    _give(conn, shop, accounts, version, activity, day, due, now)
    return ids[-1]


def _reached(conn: Connection, shop: Shop, ids: Sequence[int], day: date, now: datetime) -> dict[int, Member]:
    """Those of them for whom this day is no day of a pause."""
    noon = start_of_day(day, shop.zone) + timedelta(hours=12)
    then = reach.then(shop.launch, launches.earning_paused(conn, shop), min(noon, now))
    people = members.by_ids(conn, shop.id, ids)
    return {key: one for key, one in people.items() if reach.ask(then, one.person, Surface.EARNING).reaches}


def _spans(
    conn: Connection, shop_id: int, activity: Anniversary, day: date, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """The local days of earlier years whose anniversary is celebrated on `day`."""
    first = profiles.first_joined(conn, shop_id)
    if first is None:
        return []
    spans = []
    for year in range(first.astimezone(zone).year, day.year):
        for month, number in rules.days_of(day, activity.leap_day):
            if (month, number) != (2, 29) or rules.celebrated(2, 29, year, activity.leap_day).day == 29:
                then = date(year, month, number)
                spans.append((start_of_day(then, zone), end_of_day(then, zone)))
    return spans


def _give(
    conn: Connection,
    shop: Shop,
    accounts: Ledger,
    version: Version,
    activity: Yearly,
    day: date,
    due: Mapping[int, Reason],
    now: datetime,
) -> None:
    at = start_of_day(day, ZoneInfo(shop.timezone))
    standing = tiers.states(conn, shop.id, due) if isinstance(activity, Birthday) and activity.tier_points else {}
    rows: Sequence[Mapping[str, object]] = [
        {
            "member_id": member,
            "activity": activity.id,
            "counted_as": activity.kind,
            "key": str(subjects.Yearly(member, day.year)),
            "points": points_for(activity, standing[member].held.tier if member in standing else ""),
            "happened_at": at,
        }
        for member in sorted(due)
    ]
    post(conn, shop, accounts, version, activity, rows, "suki", now, due)
