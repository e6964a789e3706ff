"""What the emails about tiers have in common: the tier, and what the member holds now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from plugin.actions.tiers import watch_tiers
from plugin.messages.kind import Occasion
from plugin.rules.subjects import TierNews
from plugin.rules.tiers.placing import Standing
from plugin.rules.tiers.tier_rules import Tier
from plugin.store.versions import programmes

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """The tier and the day that a message is about, and how its member stands now."""

    tier: Tier
    day: date
    stands: Standing


def told(occasion: Occasion) -> Told | None:
    """What one message is about (`tier:MEMBER:KEY:DAY`, with `:DAYS BEFORE` for an end, 0 when it has come); None when
    it is no more."""
    news = TierNews.parse(occasion.message.subject)
    stands = watch_tiers.stands(occasion.conn, occasion.shop, occasion.member, occasion.now)
    tier = named(occasion, news.tier)
    if stands is None or tier is None:
        return None
    return Told(tier, news.day, stands)


def named(occasion: Occasion, key: str) -> Tier | None:
    """The tier as the newest version that had it describes it."""
    begun = programmes.begun(programmes.versions(occasion.conn, occasion.shop.id), occasion.now)
    known = (version.programme.tiers.named(key) for version in reversed(begun))
    return next((tier for tier in known if tier is not None), None)
