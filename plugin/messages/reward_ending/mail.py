"""A code that ends in a few days, and was not used yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from babel import Locale

from plugin.messages import promotional
from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.news import RewardNews, about_reward
from plugin.messages.orders import offer, sample_offer
from plugin.messages.reward_ready.mail import redemption_id
from plugin.rules.messages import CodeOffer, code_values
from plugin.store.rewards import redemptions


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardEndingContext(RewardNews):
    """A reward's code, or that for the next order."""

    next_order: CodeOffer | None = None

    def code(self, locale: Locale) -> dict[str, object]:
        """The code, in the shape of its kind."""
        return code_values(self.next_order, self, locale) or RewardNews.code(self, locale)


def build(occasion: Occasion) -> RewardEndingContext | None:
    """The code of one redemption (`redemption:ID`); None when it was used, is over, or was taken back. That of a reward
    is the member's own; a code for the next order is marketing."""
    shop, now = occasion.shop, occasion.now
    made = occasion.together("redemption", redemptions.by_ids, redemption_id)
    if made is None or made.state != "reserved" or made.code_state != "created":
        return None
    if made.expires_at is None or made.expires_at <= now:
        return None
    if not made.is_reward:
        promotional.insist(occasion)
    common = head(shop, occasion.member)
    known: dict[str, Any] = about_reward(made, shop, common["locale"])
    return RewardEndingContext(
        **common,
        points_name=occasion.programme.points_name,
        next_order=None if made.is_reward else offer(made, shop),
        **known | ({} if made.is_reward else {"reward": ""}),
    )


def samples(shop: SampleShop) -> tuple[RewardEndingContext, ...]:
    """A mug; then the code for the next order."""
    mug = RewardEndingContext(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        reward=shop.said("mug"),
        points=300,
        code_value="SUKI-7F3K",
        valid_until=shop.today + timedelta(days=3),
        worth=shop.reason("brings_percent", percent="100"),
    )
    return mug, replace(mug, reward="", next_order=sample_offer(shop), first_name="")


MAIL = Kind(build, samples)
