"""What every email can say of its member: read for a whole batch at once, printed by every kind."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from plugin.rules.emails.variables import Amount
from plugin.rules.formats import listed, one_line, web_address
from plugin.rules.rewards.next_reward import NextReward

MAX_LISTED = 10
"""So many rewards, perks and ways to earn are listed at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """One member as of now. `tier_missing` is ready to print; addresses that are not known are empty."""

    balance: int = 0
    pending: int = 0
    tier_key: str = ""
    tier: str = ""
    perks: tuple[str, ...] = ()
    multiplier: str = ""
    next_tier: str = ""
    tier_missing: str = ""
    reward: NextReward | None = None
    rewards_in_reach: tuple[str, ...] = ()
    ways_to_earn: tuple[str, ...] = ()
    guest: bool = False
    first_order: bool = False
    rewards_url: str = ""
    account_url: str = ""
    invitation_url: str = ""
    preferences_url: str = ""
    unsubscribe_url: str = ""


NOBODY = MemberFacts()


def fact_values(facts: MemberFacts, points_name: str, currency: str, locale: Locale) -> dict[str, object]:
    """The variables that templates print, and the raw ones that conditions use."""
    return {
        "balance": Amount(facts.balance, points_name, locale),
        "pending": Amount(facts.pending, points_name, locale),
        "tier_key": facts.tier_key,
        "tier": one_line(facts.tier, 60),
        "perks": [one_line(perk, 200) for perk in facts.perks[:MAX_LISTED]],
        "multiplier": facts.multiplier,
        "last_day": "",
        "next_tier": one_line(facts.next_tier, 60),
        "tier_missing": one_line(facts.tier_missing, 60),
        "reward": reward_values(facts.reward, points_name, currency, locale),
        "rewards_in_reach": listed([one_line(name, 100) for name in facts.rewards_in_reach[:MAX_LISTED]], locale),
        "ways_to_earn": [one_line(way, 300) for way in facts.ways_to_earn[:MAX_LISTED]],
        "guest": facts.guest,
        "first_order": facts.first_order,
        **{name: _address(getattr(facts, name)) for name in ADDRESSES},
        "code": None,
        "products": [],
        "survey_url": "",
    }


ADDRESSES = ("rewards_url", "account_url", "invitation_url", "preferences_url", "unsubscribe_url")


def reward_values(
    reward: NextReward | None, points_name: str, currency: str, locale: Locale
) -> dict[str, object] | None:
    """The nearest reward as templates print it."""
    if reward is None:
        return None
    cost, missing = max(1, reward.cost_points), max(0, reward.missing_points)
    progress = max(0, min(100, (cost - missing) * 100 // cost))
    return {
        "name": one_line(reward.named(currency, locale), 100),
        "cost": Amount(reward.cost_points, points_name, locale),
        "missing": Amount(missing, points_name, locale),
        "progress": progress,
        "left": 100 - progress,
    }


def _address(value: str) -> str:
    return web_address(value) if value else ""
