"""A reward that the member redeemed: its code, or that it is among their rewards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from plugin.messages.head import head, insist_on_code
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.news import RewardNews, about_reward
from plugin.rules import subjects
from plugin.store.rewards import redemptions
from plugin.store.work.messages import Message


def build(occasion: Occasion) -> RewardNews | None:
    """The reward of one redemption (`redemption:ID`); None when it was used, or taken back. NotYet while Shopify makes
    the code."""
    made = occasion.together("redemption", redemptions.by_ids, redemption_id)
    imported = made is not None and made.kind == "pool_code"
    if made is None or made.given_back or made.state != ("captured" if imported else "reserved"):
        return None
    if made.code_state == "wanted":
        insist_on_code(occasion.message, occasion.now)
    if made.code_state == "unwanted":
        return None
    common = head(occasion.shop, occasion.member)
    known: dict[str, Any] = about_reward(made, occasion.shop, common["locale"])
    return RewardNews(
        **common,
        points_name=occasion.programme.points_name,
        **known,
    )


def redemption_id(message: Message) -> int:
    """Which redemption a message is about."""
    return subjects.Redemption.parse(message.subject).redemption_id


def samples(shop: SampleShop) -> tuple[RewardNews, ...]:
    """A mug for nothing; a code that is good for ever, for somebody without a name; a gift card, whose code is no
    discount's and is never mailed."""
    mug = RewardNews(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        reward=shop.said("mug"),
        points=300,
        code_value="SUKI-7F3K",
        valid_until=shop.today + timedelta(days=60),
        worth=shop.reason("brings_percent", percent="100"),
        terms=(shop.reason("terms_minimum", minimum="30", currency=shop.currency),),
    )
    endless = replace(mug, valid_until=None, worth="", terms=(), first_name="")
    return mug, endless, replace(mug, reward=shop.said("gift_card"), code_value="", valid_until=None, terms=())


MAIL = Kind(build, samples)
