"""How the members stand that samples and previews are for."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from plugin.messages.kind import SampleShop
from plugin.rules.emails.member_facts import MemberFacts
from plugin.rules.formats import reader_locale
from plugin.rules.rewards.next_reward import next_reward
from plugin.rules.words.programme_page import Reader, ways_to_earn

EXAMPLE: Final = "https://example.com"
UNSUBSCRIBE: Final = f"{EXAMPLE}/unsubscribe"


def sample_facts(shop: SampleShop) -> MemberFacts:
    """Somebody with a few hundred points."""
    return MemberFacts(
        balance=350,
        reward=next_reward(shop.programme.to_reach, 350),
        rewards_in_reach=(shop.said("mug"),),
        rewards_url=f"{shop.shop_url}/apps/suki/rewards",
        account_url=shop.account_url,
    )


def preview_facts(shop: SampleShop) -> MemberFacts:
    """Somebody for whom as much as possible is said."""
    at = datetime.combine(shop.today, time(), UTC)
    reader = Reader(shop.programme, shop.shop_name, shop.currency, ZoneInfo("UTC"), reader_locale(shop.locale), at)
    levels = shop.programme.tiers.levels
    return MemberFacts(
        balance=1200,
        tier_key=levels[-2].key if len(levels) > 1 else "silver",
        tier=shop.tier(1),
        next_tier=shop.tier(0),
        rewards_in_reach=(shop.said("mug"),),
        ways_to_earn=ways_to_earn(reader),
        rewards_url=f"{EXAMPLE}/apps/suki/rewards",
        account_url=f"{EXAMPLE}/account",
        invitation_url=f"{EXAMPLE}/apps/suki/r/ANA-7F3K",
        preferences_url=f"{EXAMPLE}/preferences",
        unsubscribe_url=UNSUBSCRIBE,
    )
