"""What time does to points and tiers, and the days that members celebrate: asked of the rules that decide on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from plugin.actions.activities import celebrate
from plugin.actions.emails.coming.look import Found, Look, Planned, about, nothing
from plugin.actions.tiers import tier_tags
from plugin.actions.tiers.tier_histories import Histories
from plugin.rules import reach
from plugin.rules.activities import judging
from plugin.rules.activities.activity_rules import Anniversary, Birthday
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.news import MemberDay
from plugin.rules.points import expiry_ahead
from plugin.rules.points.expiry import end_of_day
from plugin.rules.points.expiry_ahead import Ahead
from plugin.rules.reach import Surface
from plugin.rules.subjects import TierNews
from plugin.rules.tiers import tiers_ahead
from plugin.rules.tiers.tiers_ahead import Standing
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.activities import activities
from plugin.store.members import profiles
from plugin.store.points import expiry as stored_expiry

Yearly = TypeVar("Yearly", Birthday, Anniversary)


def points_expiring(look: Look) -> Found:
    """The warnings of points that end."""
    found = _lots(look)
    if not isinstance(found, list):
        return found
    return _together(look, MessageKind.POINTS_EXPIRING, [one for one in found if one.warning])


def points_expired(look: Look) -> Found:
    """Points that are lost."""
    found = _lots(look)
    if not isinstance(found, list):
        return found
    return _together(look, MessageKind.POINTS_EXPIRED, [one for one in found if not one.warning])


def _lots(look: Look) -> list[Ahead] | Reason | Said:
    calendar = stored_expiry.calendar(look.conn, look.shop.id, look.now)
    if not calendar.ever:
        return nothing("no_expiry")
    held = stored_expiry.held(look.conn, look.shop.id, [look.member.id])
    if not held:
        return nothing("no_points")
    ways = (expiry_ahead.ahead(one, calendar.policy, calendar.zone, look.now, look.until) for one in held)
    found = sorted((each for way in ways for each in way), key=lambda one: (one.at, one.lot.lot_id))
    return found or nothing("no_end")


def _together(look: Look, kind: MessageKind, found: Sequence[Ahead]) -> list[Planned]:
    """All lots of which the same is said at the same time are one email."""
    sums: dict[tuple[datetime, datetime, int], int] = {}
    for one in found:
        key = (one.at, one.ends_at, one.warning)
        sums[key] = sums.get(key, 0) + one.lot.left
    return [
        Planned(kind, at, about(kind.value, points, day=look.shop.last_day(ends_at)))
        for (at, ends_at, _), points in sorted(sums.items())
    ]


def tier_ending(look: Look) -> Found:
    """The warnings before a tier is lost."""
    return _tiers(look, MessageKind.TIER_ENDING)


def tier_lost(look: Look) -> Found:
    """The tier that is lost."""
    return _tiers(look, MessageKind.TIER_LOST)


def _tiers(look: Look, kind: MessageKind) -> Found:
    tiers, number = look.programme.tiers, look.member.id
    if not tiers.levels:
        return nothing("no_tiers")
    known = Histories(look.conn, look.shop, [number])
    state = known.state(number)
    if not state.held.tier:
        return nothing("no_tier")
    people, held = {number: look.member}, {number: state.held.tier}
    ranks = tier_tags.ranks(look.conn, look.shop, tiers, people, held, look.now, ask=False)
    stands = Standing(known.done(number, tiers), state.held, state.warned(look.shop.zone), ranks.get(number, -1))
    until = look.shop.day(look.until)
    found = tiers_ahead.ahead(stands, tiers, look.shop.currency, state.look_on, look.today, until)
    mine = [one for one in found if bool(one.days_before) == (kind is MessageKind.TIER_ENDING)]
    names = {tier.key: tier.name for tier in tiers.levels}
    return [
        Planned(
            kind,
            look.written(one.on),
            about(kind.value, tier=names.get(one.tier, one.tier), day=one.lost_on),
            str(TierNews(number, one.tier, one.lost_on, one.days_before)),
        )
        for one in mine
    ] or nothing("tier_stays")


def points_usable(look: Look) -> Found:
    """Points that are pending until a day."""
    if look.member.state != "member":
        return nothing("no_account")
    days: dict[date, tuple[datetime, int]] = {}
    for lot in look.lots:
        if look.now < lot.available_at <= look.until:
            day = look.shop.day(lot.available_at)
            at, points = days.get(day, (lot.available_at, 0))
            days[day] = at, points + lot.left
    kind = MessageKind.POINTS_USABLE
    return [
        Planned(kind, at, about(kind.value, points, day=day), str(MemberDay(look.member.id, day)))
        for day, (at, points) in days.items()
    ] or nothing("none_pending")


def birthday(look: Look) -> Found:
    """Points for the birthday that comes."""
    activity = _yearly(look, Birthday)
    if activity is None:
        return nothing("no_birthday_points")
    born = profiles.of(look.conn, look.shop.id, look.member.id).born(look.shop.zone)
    if born is None:
        return Reason("birthday_unknown")
    joined = look.shop.day(look.member.joined_at)
    given = _given(look, activity.kind)
    day = judging.next_birthday(activity, born, celebrate.first_day(look.shop, look.today), joined, given)
    waits = judging.waits(activity, born, look.today, joined, given)
    found = _celebrated(look, activity, day, MessageKind.BIRTHDAY, about("birthday", day=day))
    return waits if waits is not None and not isinstance(found, list) else found


def anniversary(look: Look) -> Found:
    """Points for another year as a member."""
    activity = _yearly(look, Anniversary)
    if activity is None:
        return nothing("no_anniversary_points")
    joined = look.shop.day(look.member.joined_at)
    since = celebrate.first_day(look.shop, look.today)
    day = judging.next_anniversary(activity, joined, since, _given(look, activity.kind))
    return _celebrated(
        look, activity, day, MessageKind.ANNIVERSARY, about("anniversary", day.year - joined.year, day=day)
    )


def _yearly(look: Look, kind: type[Yearly]) -> Yearly | None:
    return next((one for one in look.programme.activities if isinstance(one, kind)), None)


def _given(look: Look, counted_as: str) -> list[date]:
    times = activities.times(look.conn, look.shop.id, look.member.id, counted_as)
    return [look.shop.day(each) for each in times]


def _celebrated(look: Look, activity: Birthday | Anniversary, day: date, kind: MessageKind, why: Said) -> Found:
    """One email, unless the member earns nothing, or the activity is not offered on that day."""
    if look.member.state != "member":
        return nothing("no_account")
    if not reach.ask(look.shop.launch, look.member.person, Surface.EARNING).reaches:
        return nothing("not_earning")
    last = end_of_day(day, look.shop.zone) - datetime.resolution
    if (refused := judging.refusal(activity, last, (), look.shop.zone)) is not None:
        return refused
    if look.written(day) > look.until:
        return nothing("too_far")
    return [Planned(kind, look.written(day), why)]
