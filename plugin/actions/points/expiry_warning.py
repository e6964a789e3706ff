"""What the warning says: how many points end, as of now, and which day is their last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.mail_heads import account, head
from plugin.actions.orders.confirmation import next_reward
from plugin.rules import subjects
from plugin.rules.points import expiry as rules
from plugin.rules.points.points_mails import PointsExpiringContext
from plugin.store.members.members import Member
from plugin.store.points import balances, expiry
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes


def expiry_warning(
    conn: Connection, shop: Shop, member: Member, subject: str, now: datetime
) -> PointsExpiringContext | None:
    """The warning of one end (`lot:ID:END:NUMBER`); None when nothing ends then any more."""
    end = subjects.LotEnding.parse(subject).ends_at
    calendar = expiry.calendar(conn, shop.id, now)
    held = expiry.held(conn, shop.id, [member.id])
    points = sum(lot.left for lot in held if rules.ends_at(lot, calendar.policy, calendar.zone) == end)
    if points <= 0 or end <= now:
        return None
    programme = programmes.current(conn, shop.id, now).programme
    has = balances.of_one(conn, shop.id, member, now)
    return PointsExpiringContext(
        **head(shop, member),
        points_name=programme.points_name,
        points=points,
        last_day=rules.last_day(end, calendar.zone),
        balance_available=has.available,
        balance_pending=has.pending,
        next_reward=next_reward(programme.to_reach, has.available),
        account_url=account(shop),
    )
