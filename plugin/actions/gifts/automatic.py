"""Rules that give by themselves: looked at every hour, and soon after orders; each occasion gives once.

One at a time gives in a shop, so caps are exact. What could not be given (a cap of the day, a stop of the
app) is given later, as long as it is not older than CATCH_UP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Connection

from plugin.actions.gifts import hand_out, reach_milestones
from plugin.actions.gifts.hand_out import Due
from plugin.actions.gifts.reach_milestones import gives_something
from plugin.actions.work.work import Work
from plugin.rules import reach
from plugin.rules.activities import judging
from plugin.rules.activities.activity_rules import Birthday as Told
from plugin.rules.gifts.automatic_rules import Automatic, Birthday, Frequent, Lapsed, TierEntry
from plugin.rules.reach import Surface
from plugin.rules.types import Reason
from plugin.store.database.db import shop_transaction
from plugin.store.gifts import gift_occasions, gifts
from plugin.store.gifts.gift_occasions import Bounds, Occasion
from plugin.store.members import members, profiles
from plugin.store.shops import launches
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work.jobs import Job

BATCH = 500
CATCH_UP = timedelta(days=30)
"""What is longer ago gives nothing any more: its moment has passed."""
BIRTHDAY_CATCH_UP_DAYS = 7
UNTOLD = Told(id="abirthday", name="Birthday", points=1)
"""How birthdays are kept from being changed for a gift where the programme has no points for them."""
MOST_AT_ONCE = 10_000_000
_RULE: TypeAdapter[Any] = TypeAdapter(Automatic)


@dataclass(frozen=True)
class Look:
    """One look at a rule: the programme, the day in the shop, and how many gifts its caps leave."""

    shop: Shop
    version: Version
    now: datetime
    left: int

    @property
    def today(self) -> date:
        """The day in the shop."""
        return self.shop.day(self.now)

    def midnight(self, day: date) -> datetime:
        """The beginning of a day in the shop."""
        return datetime.combine(day, time(), ZoneInfo(self.shop.timezone))

    def since(self, rule: Any) -> datetime:
        """From when on what happened counts."""
        early = self.now - CATCH_UP
        return max(early, rule.begins_at) if rule.begins_at else early


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Give what is due by every rule, a batch in a transaction; done twice, it gives nothing more."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        programme = programmes.at(programmes.versions(conn, shop.id), now).programme
    for milestone in programme.milestones:
        if milestone.active:
            _all_batches(work, shop, partial(reach_milestones.catch_up, shop=shop, rule=milestone, now=now))
    for rule in programme.automatic:
        if rule.trigger == "tier":
            _all_batches(work, shop, partial(_follow_tiers, shop=shop, rule=rule, now=now))
        if rule.active and rule.trigger == "birthday":
            _birthdays(work, shop, now)
        elif rule.active:
            _all_batches(work, shop, partial(_batch, shop=shop, rule=rule, now=now))


def _birthdays(work: Work, shop: Shop, now: datetime) -> None:
    """Today's birthdays, and those of the days on which the app may have been down."""
    today = shop.day(now)
    for back in range(BIRTHDAY_CATCH_UP_DAYS, -1, -1):
        day = today - timedelta(days=back)
        with shop_transaction(work.engine, shop.id) as conn:
            programme = programmes.at(programmes.versions(conn, shop.id), now).programme
            told = next((one for one in programme.activities if isinstance(one, Told)), UNTOLD)
            days = judging.days_of(day, told.leap_day)
            born = [(one.member_id, one.born(shop.zone)) for one in profiles.born_on(conn, shop.id, days)]
            due = [member for member, when in born if when and judging.told_in_time(told, when, day)]
            on_birthday(conn, shop, due, now, day)


def _all_batches(work: Work, shop: Shop, batch: Callable[[Connection], int]) -> None:
    done = 1
    while done:
        with shop_transaction(work.engine, shop.id) as conn:
            done = batch(conn)


def _batch(conn: Connection, shop: Shop, rule: Any, now: datetime) -> int:
    look = looking(conn, shop, rule, now)
    if look is None:
        return 0
    return _hand_out(conn, look, rule, due_now(conn, look, rule, min(BATCH, look.left)))


def looking(conn: Connection, shop: Shop, rule: Any, now: datetime) -> Look | None:
    """A look at the rule with nobody else at it; None when it has nothing left to give."""
    gifts.alone(conn, shop.id)
    version = programmes.at(programmes.versions(conn, shop.id), now)
    look = Look(shop, version, now, 0)
    total, of_today = gifts.counts(conn, shop.id, look.today).get(rule.id, (0, 0))
    left = MOST_AT_ONCE
    if rule.in_total is not None:
        left = min(left, rule.in_total - total)
    if rule.per_day is not None:
        left = min(left, rule.per_day - of_today)
    return Look(shop, version, now, left) if left > 0 and gives_something(rule, version) else None


def due_now(conn: Connection, look: Look, rule: Any, limit: int) -> list[Occasion]:
    """Who is to get it now, longest due first."""
    if isinstance(rule, Lapsed):
        return _lapsed(conn, look, rule, limit)
    if isinstance(rule, Frequent):
        since = look.since(rule)
        return gift_occasions.frequent(conn, look.shop.id, rule, _bounds(look, rule, since, limit))
    if isinstance(rule, TierEntry):
        once = look.version.programme.tiers.window == "lifetime"
        bounds = _bounds(look, rule, look.since(rule), limit)
        above = tiers_from(look.version, rule)
        return gift_occasions.entered(conn, look.shop.id, rule, above, once, bounds) if above else []
    return []


def _lapsed(conn: Connection, look: Look, rule: Lapsed, limit: int) -> list[Occasion]:
    days = timedelta(days=rule.days)
    begins = look.shop.day(look.since(rule))
    since = None if rule.already else look.midnight(begins - days)
    until = look.midnight(look.today - days + timedelta(days=1))
    return gift_occasions.lapsed(conn, look.shop.id, rule, _bounds(look, rule, since, limit, until))


def _bounds(look: Look, rule: Any, since: datetime | None, limit: int, until: datetime | None = None) -> Bounds:
    cap = look.today - timedelta(days=rule.per_member_days) if rule.per_member_days else None
    return Bounds(look.shop.timezone, since, until or look.now, cap, limit)


def tiers_from(version: Version, rule: TierEntry) -> list[str]:
    """The keys of the rule's tier and those above it; none where the tier is gone."""
    levels = version.programme.tiers.levels
    rank = version.programme.tiers.rank(rule.tier)
    return [tier.key for tier in levels[rank:]] if rank >= 0 else []


def _hand_out(conn: Connection, look: Look, rule: Any, found: Iterable[Occasion]) -> int:
    due = [Due(one.member_id, one.key, one.at, _why(look, rule, one), order=one.order) for one in found]
    return len(hand_out.hand_out(conn, look.shop, look.version, rule, due, look.now))


def _why(look: Look, rule: Any, one: Occasion) -> Reason:
    values: dict[str, object] = {"name": rule.name}
    if isinstance(rule, TierEntry):
        values["tier"] = _tier_name(look.version, rule)
    elif isinstance(rule, Birthday):
        values["year"] = one.key
    elif isinstance(rule, Lapsed):
        values["days"] = rule.days
    else:
        values |= {"count": rule.orders, "days": rule.days}
    return Reason(f"automatic_{rule.trigger}", values)


def _tier_name(version: Version, rule: TierEntry) -> str:
    tier = version.programme.tiers.named(rule.tier)
    return tier.name if tier else rule.tier


def _follow_tiers(conn: Connection, shop: Shop, rule: TierEntry, now: datetime) -> int:
    """Refunds that took a tier take what it gave; orders that bring it back give it again."""
    gifts.alone(conn, shop.id)
    version = programmes.at(programmes.versions(conn, shop.id), now)
    above = tiers_from(version, rule)
    if not above:
        return 0
    there = [reward.id for reward in version.programme.rewards]
    ids = gift_occasions.tier_gifts_to_change(conn, shop.id, rule.id, above, there, now - CATCH_UP, BATCH)
    found = gifts.by_ids(conn, shop.id, ids)
    why = Reason("automatic_tier_lost", {"name": rule.name, "tier": _tier_name(version, rule)})
    lost = [(one, why) for one in found if one.state == "given"]
    hand_out.take_back(conn, shop, version, lost, now)
    terms = [(one, _RULE.validate_python(one.terms)) for one in found if one.state == "back"]
    orders = gift_occasions.orders_of_tiers(conn, shop.id, (one.member_id for one, _ in terms))
    return len(lost) + sum(
        hand_out.give_again(conn, shop, version, then, one, now, orders.get(one.member_id)) for one, then in terms
    )


def on_birthday(
    conn: Connection, shop: Shop, member_ids: Iterable[int], now: datetime, day: date | None = None
) -> list[int]:
    """Give what the rules give for a birthday to those members whose birthday is `day` (today in the shop).

    Answers the ids of the members who got something. Asked again, also the day after, it gives nothing twice:
    one birthday a year. Takes a lock of the shop, then the members: call it before locking members yourself.
    """
    got: list[int] = []
    ids = _whom_it_reaches(conn, shop, member_ids, now, day)
    for rule in programmes.at(programmes.versions(conn, shop.id), now).programme.automatic:
        look = looking(conn, shop, rule, now) if isinstance(rule, Birthday) and ids else None
        if look is None or not isinstance(rule, Birthday):
            continue
        on = day or look.today
        if rule.begins_at is not None and look.midnight(on + timedelta(days=1)) <= rule.begins_at:
            continue
        bounds = _bounds(look, rule, None, look.left)
        found = gift_occasions.birthdays(conn, shop.id, rule, ids, on, look.midnight(on), bounds)
        if _hand_out(conn, look, rule, found):
            got += [one.member_id for one in found]
    return sorted(set(got))


def _whom_it_reaches(
    conn: Connection, shop: Shop, member_ids: Iterable[int], now: datetime, day: date | None
) -> list[int]:
    """Those whose birthday is no day of a pause, in ascending order."""
    noon = datetime.combine(day or shop.day(now), time(12), shop.zone)
    then = reach.then(shop.launch, launches.earning_paused(conn, shop), min(noon, now))
    people = members.by_ids(conn, shop.id, member_ids).values()
    return [one.id for one in people if reach.ask(then, one.person, Surface.EARNING).reaches]


def would_get(conn: Connection, shop: Shop, rule: Any, now: datetime) -> int:
    """How many members would get it today, if its caps of today and in total allow; for the preview."""
    version = programmes.at(programmes.versions(conn, shop.id), now)
    return len(due_now(conn, Look(shop, version, now, MOST_AT_ONCE), rule, MOST_AT_ONCE))
