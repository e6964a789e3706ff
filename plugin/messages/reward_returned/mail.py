"""A reward that was not used: what it cost is back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.news import RewardNews, about_reward
from plugin.messages.reward_ready.mail import redemption_id
from plugin.store.rewards import redemptions


def build(occasion: Occasion) -> RewardNews | None:
    """The points of one redemption (`redemption:ID`); None when it is not back after all."""
    made = occasion.together("redemption", redemptions.by_ids, redemption_id)
    if made is None or made.state != "released" or made.points <= 0:
        return None
    common = head(occasion.shop, occasion.member)
    known: dict[str, Any] = about_reward(made, occasion.shop, common["locale"])
    return RewardNews(
        **common,
        points_name=occasion.programme.points_name,
        expired=made.ended_why == "expired",
        **known | {"code_value": ""},
    )


def samples(shop: SampleShop) -> tuple[RewardNews, ...]:
    """One that nobody used in time; then one that staff took back."""
    ended = RewardNews(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        reward=shop.said("mug"),
        points=300,
        expired=True,
    )
    return ended, replace(ended, expired=False, first_name="")


MAIL = Kind(build, samples)
