"""The member's own tier on the shopper's page: what it brings, and what keeps it or reaches the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale
from sqlalchemy import Connection

from plugin.actions.tiers import watch_tiers
from plugin.rules import explain
from plugin.rules.tiers.placing import Standing
from plugin.rules.tiers.tier_rules import Tier
from plugin.rules.types import Reason
from plugin.rules.words import tiers as tiers_in_words
from plugin.web.current import now, shop
from plugin.web.shopper.page import Shopper
from plugin.web.shopper.say import Say


@dataclass(frozen=True)
class TierShown:
    """`name` is empty for somebody in no tier; `news` says what is missing, or until when the tier is there."""

    name: str
    brings: Sequence[str]
    news: Sequence[str]


def shown(conn: Connection, shopper: Shopper, locale: Locale, say: Say) -> TierShown | None:
    """Where the member stands; None while the programme has no tiers. A hidden tier is named to those in it only."""
    tiers = shopper.version.programme.tiers
    found = watch_tiers.stands(conn, shop(), shopper.member, now()) if tiers.levels else None
    if found is None:
        return None
    tier = tiers.named(found.held.tier)
    news = [*_aims(shopper, found, locale), *_until(shopper, found, locale)]
    if tier is None and not news:
        return None
    return TierShown(tier.name if tier else "", _brings(tier, say) if tier else (), news)


def _brings(tier: Tier, say: Say) -> Sequence[str]:
    if tier.multiplier == 1:
        return tier.perks
    more = say("shopper.tier.multiplier", multiplier=explain.plain(str(tier.multiplier)))
    return (more, *tier.perks)


def _aims(shopper: Shopper, found: Standing, locale: Locale) -> list[str]:
    tiers = shopper.version.programme.tiers
    goals = [(goal, keep) for goal, keep in ((found.keep, True), (found.reach, False)) if goal is not None]
    return [
        tiers_in_words.aim(
            goal,
            tier.name,
            tiers.metric,
            shop().currency,
            locale,
            keep=keep,
            points_name=shopper.points_name,
        )
        for goal, keep in goals
        if (tier := tiers.named(goal.tier)) is not None
    ]


def _until(shopper: Shopper, found: Standing, locale: Locale) -> list[str]:
    """The last day of a tier that nothing keeps."""
    last: list[Reason] = [each for each in found.reasons if each.code in ("tier_until", "tier_pinned_until")]
    if found.keep is not None:
        return []
    return [explain.words(each, locale, "shopper", points_name=shopper.points_name) for each in last]
