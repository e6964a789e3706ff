"""A reward that the member has the points for since a short while."""

from __future__ import annotations

from dataclasses import replace

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.news import RewardNews
from plugin.rules.formats import reader_locale
from plugin.rules.names.news import InReach
from plugin.rules.rewards import kinds, reward_names
from plugin.rules.rewards.reward_names import Slide


def build(occasion: Occasion) -> RewardNews | None:
    """The reward of one message (`reach:MEMBER:REWARD:TIMES`); None when it is not offered, or the points are gone."""
    reward = kinds.find(occasion.programme.rewards, InReach.parse(occasion.message.subject).reward)
    if reward is None or not reward.active or reward.points > occasion.balance.available:
        return None
    common, has = head(occasion.shop, occasion.member), occasion.balance.available
    slide = reward if isinstance(reward, Slide) else None
    return RewardNews(
        **common,
        points_name=occasion.programme.points_name,
        reward=reward_names.named(reward.name, slide, has, occasion.shop.currency, reader_locale(common["locale"])),
        points=reward.points,
    )


def samples(shop: SampleShop) -> tuple[RewardNews, ...]:
    """A mug, and the same for somebody without a name."""
    mug = RewardNews(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        reward=shop.said("mug"),
        points=300,
    )
    return mug, replace(mug, first_name="")


MAIL = Kind(build, samples)
