"""What the mails about tiers say, as of when they are sent; None when it is no longer so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.mail_heads import account, head
from plugin.actions.tiers import watch_tiers
from plugin.actions.tiers.place_members import TIER_ENDING, TIER_REACHED
from plugin.rules.subjects import TierNews
from plugin.rules.tiers.placing import Standing
from plugin.rules.tiers.tier_mails import TierEndingContext, TierReachedContext
from plugin.rules.tiers.tier_rules import Tier
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work.messages import Message

KINDS = (TIER_REACHED, TIER_ENDING)
DAY = timedelta(days=1)


def tier_mail(
    conn: Connection, shop: Shop, member: Member, message: Message, now: datetime
) -> TierReachedContext | TierEndingContext | None:
    """The mail of one message (`tier:MEMBER:KEY:DAY`, with `:DAYS BEFORE` for an end)."""
    news = TierNews.parse(message.subject)
    found = watch_tiers.stands(conn, shop, member, now)
    tier = _tier(conn, shop, news.tier, now)
    if found is None or tier is None:
        return None
    if message.kind == TIER_REACHED:
        return _reached(conn, shop, member, tier, found, now)
    return _ending(conn, shop, member, tier, found, news.day, now)


def _tier(conn: Connection, shop: Shop, key: str, now: datetime) -> Tier | None:
    """The tier as the newest version that had it describes it."""
    begun = programmes.begun(programmes.versions(conn, shop.id), now)
    known = (version.programme.tiers.named(key) for version in reversed(begun))
    return next((tier for tier in known if tier is not None), None)


def _reached(
    conn: Connection, shop: Shop, member: Member, tier: Tier, found: Standing, now: datetime
) -> TierReachedContext | None:
    if found.held.tier != tier.key:
        return None
    return TierReachedContext(
        **head(shop, member),
        points_name=programmes.current(conn, shop.id, now).programme.points_name,
        account_url=account(shop),
        tier=tier.name,
        perks=tier.perks,
        multiplier=tier.multiplier,
        last_day=found.lost_on - DAY if found.lost_on else None,
    )


def _ending(
    conn: Connection, shop: Shop, member: Member, tier: Tier, found: Standing, day: date, now: datetime
) -> TierEndingContext | None:
    ended = found.held.tier != tier.key
    if not ended and (found.lost_on is None or found.lost_on > day):
        return None  # the member has done enough meanwhile
    after = _tier(conn, shop, found.held.tier, now) if ended and found.held.tier else None
    return TierEndingContext(
        **head(shop, member),
        points_name=programmes.current(conn, shop.id, now).programme.points_name,
        account_url=account(shop),
        tier=tier.name,
        last_day=day - DAY,
        ended=ended,
        next_tier=after.name if after else "",
        metric=programmes.current(conn, shop.id, now).programme.tiers.metric,
        missing=found.keep.missing if found.keep else 0,
        keep_by=found.keep.by if found.keep else None,
    )
