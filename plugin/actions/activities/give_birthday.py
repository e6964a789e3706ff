"""Staff give a member the points of their birthday by hand, around the day: once, and not by itself as well."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.activities.record_activity import post
from plugin.actions.members.reached import insist
from plugin.actions.rewards.redeem_points import denied
from plugin.actions.rewards.standings import tier_of
from plugin.errors import NotFound
from plugin.rules import subjects
from plugin.rules.activities import judging as rules
from plugin.rules.activities.activity_rules import Birthday, points_for
from plugin.rules.names import staff_log
from plugin.rules.programme import Programme
from plugin.rules.reach import Surface
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.activities import activities
from plugin.store.members import members, profiles
from plugin.store.points.ledger import Ledger
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import activity_pages


def refusal(conn: Connection, shop: Shop, member_id: int, programme: Programme, now: datetime) -> Reason | None:
    """Why the birthday's points cannot be given to this member now, or None."""
    activity = _offered(programme)
    if activity is None:
        return Reason("birthday_not_offered")
    if why := rules.refusal(activity, now, (), shop.zone):
        return why
    given = [at.astimezone(shop.zone).date() for at in activities.times(conn, shop.id, member_id, activity.kind)]
    born = profiles.of(conn, shop.id, member_id).born(shop.zone)
    return rules.gift_refusal(born, shop.day(now), given)


def _offered(programme: Programme) -> Birthday | None:
    return next((one for one in programme.activities if isinstance(one, Birthday)), None)


def give(conn: Connection, shop: Shop, member_id: int, actor: str, now: datetime) -> int:
    """Give them, and answer how many points. Denied: not now (explained). Unreached: earning is paused."""
    version = programmes.at(programmes.versions(conn, shop.id), now)
    accounts = Ledger(conn, shop.id, [member_id])
    member = members.get(conn, shop.id, member_id)
    if member is None or member.state != "member":
        raise NotFound(Said("members.error.no_member"))
    if why := refusal(conn, shop, member_id, version.programme, now):
        raise denied(why, version.programme.points_name)
    insist(shop.launch, member.person, Surface.EARNING)
    activity, born = _offered(version.programme), profiles.of(conn, shop.id, member_id).born(shop.zone)
    assert activity is not None and born is not None
    points = points_for(activity, tier_of(conn, shop.id, member_id))
    row = {
        "member_id": member_id,
        "activity": activity.id,
        "counted_as": activity.kind,
        "key": str(subjects.Yearly(member_id, rules.gift_year(born, shop.day(now)))),
        "points": points,
        "happened_at": now,
    }
    made = post(conn, shop, accounts, version, activity, [row], actor, now, {member_id: Reason("birthday_points")})
    if not made:
        raise denied(Reason("birthday_given"), version.programme.points_name)
    about = str(staff_log.Points(f"{points:+,}", member_id))
    note = {"member": member_id, "points": points}
    activity_pages.note_staff_act(conn, shop.id, actor, "give_birthday", about, note, now)
    return points
