"""The whole programme as anybody may read it: what earns, the tiers side by side, and what points buy.

Of a shop's page, not of a member: hidden tiers, and rules for some customers only, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel import Locale

from plugin.rules import explain, formats
from plugin.rules.activities.activity_rules import Activity
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.orders.earning_rules import OrderRule
from plugin.rules.programme import Programme
from plugin.rules.rewards import redemption, reward_terms
from plugin.rules.rewards.kinds import Reward
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.tiers.tier_rules import Tier
from plugin.rules.types import Reason
from plugin.rules.words import tiers as tiers_in_words
from plugin.rules.words.texts import text
from plugin.rules.words.ways import how

Page = dict[str, object]
_GIVES: Mapping[str, str] = {
    "multiplier": "shopper.earn.times",
    "per_item": "shopper.earn.per_item",
    "per_order": "shopper.earn.per_order",
    "rate": "shopper.earn.rate",
}


@dataclass(frozen=True)
class _Reader:
    """Puts parts of one programme into words for one language."""

    programme: Programme
    currency: str
    locale: Locale

    def points(self, count: int) -> str:
        return formats.points(count, self.programme.points_name, self.locale)

    def money(self, amount: object) -> str:
        return formats.money(to_minor(str(amount), minor_digits(self.currency)), self.currency, self.locale)

    def reason(self, reason: Reason) -> str:
        return explain.words(reason, self.locale, "shopper", points_name=self.programme.points_name)

    def say(self, key: str, **values: object) -> str:
        return text(self.locale, key, **values)


def programme_page(
    programme: Programme,
    currency: str,
    shop_name: str,
    locale: Locale,
    now: datetime,
    offered: Sequence[Activity] | None = None,
) -> Page:
    """Every part in words of this language, with the keys of the shopper API's ProgrammePage where it has them.
    `offered`: those of its activities that can be earned by, where it is not all."""
    reader = _Reader(programme, currency, locale)
    return {
        "shop_name": shop_name,
        "points_name": formats.points_unit(programme.points_name, locale),
        "headline": _headline(reader),
        "more": [f"{rule.name}: {_gives(reader, rule)}" for rule in programme.orders.live if _for_all(rule, now)],
        "welcome": reader.points(programme.welcome_points) if programme.welcome_points else "",
        "activities": [
            _activity(reader, one) for one in (programme.activities if offered is None else offered) if _open(one, now)
        ],
        "tiers": [_tier(reader, one) for one in programme.tiers.levels if not one.hidden],
        "rewards": [_reward(reader, one) for one in programme.rewards if one.active and _of_nobody(programme, one)],
        "referral": _referral(reader),
    }


def _headline(reader: _Reader) -> str:
    earning = reader.programme.earning
    if not earning.points:
        return ""
    return reader.say("points.rate", points=reader.points(earning.points), amount=reader.money(earning.per_amount))


def _for_all(rule: OrderRule, now: datetime) -> bool:
    """Whether everybody who shops here may count on it now: not one for some customers, nor one that gives less."""
    elsewhere = bool(rule.channels) and "online" not in rule.channels
    for_some = elsewhere or rule.customer_tags or rule.tiers or (rule.effect == "multiplier" and rule.multiplier < 1)
    begun = rule.starts_at is None or rule.starts_at <= now
    return not for_some and begun and (rule.ends_at is None or now < rule.ends_at)


def _gives(reader: _Reader, rule: OrderRule) -> str:
    name = formats.points_unit(reader.programme.points_name, reader.locale)
    points, amount = reader.points(rule.points), reader.money(rule.per_amount)
    times = explain.plain(str(rule.multiplier))
    return reader.say(_GIVES[rule.effect], times=times, points_name=name, points=points, amount=amount)


def _open(activity: Activity, now: datetime) -> bool:
    begun = activity.starts_at is None or activity.starts_at <= now
    return activity.active and begun and (activity.ends_at is None or now < activity.ends_at)


def _activity(reader: _Reader, activity: Activity) -> Page:
    return {
        "kind": activity.kind,
        "name": activity.name,
        "gives": reader.points(activity.points),
        "text": " ".join(filter(None, (activity.note, how(activity, reader.say)))),
    }


def _tier(reader: _Reader, tier: Tier) -> Page:
    return {"name": tier.name, "needs": _needs(reader, tier), "benefits": list(_benefits(reader, tier))}


def _needs(reader: _Reader, tier: Tier) -> str:
    tiers = reader.programme.tiers
    if tier.enter is None:
        return reader.say("shopper.api.tier_invited")
    counted = to_minor(tier.enter, minor_digits(reader.currency)) if tiers.metric == "spend" else int(tier.enter)
    name = reader.programme.points_name
    amount = tiers_in_words.amount(counted, tiers.metric, reader.currency, reader.locale, name)
    return reader.say(
        "shopper.api.tier_needs",
        reached=amount,
        window=tiers_in_words.window(tiers.window, tiers.window_days, reader.locale),
    )


def _benefits(reader: _Reader, tier: Tier) -> Iterator[str]:
    if tier.multiplier != 1:
        yield reader.say("shopper.tier.multiplier", multiplier=explain.plain(str(tier.multiplier)))
    if tier.bonus:
        yield reader.say("page.tier.bonus", points=reader.points(tier.bonus))
    yield from tier.perks


def _of_nobody(programme: Programme, reward: Reward) -> bool:
    """Whether it is no secret: not for members of hidden tiers alone."""
    hidden = {tier.key for tier in programme.tiers.levels if tier.hidden}
    return not reward.tiers or bool(set(reward.tiers) - hidden)


def price(reward: Reward, points_name: str, locale: Locale) -> str:
    """What a reward costs; of a slider with a choice, from the least to the most: `100–5,000 points`."""
    if not isinstance(reward, Sliding) or reward.most == reward.points:
        return formats.points(reward.points, points_name, locale)
    most = formats.points(reward.most, points_name, locale)
    return text(locale, "page.reward.from_to", least=formats.number(reward.points, locale), most=most)


def _reward(reader: _Reader, reward: Reward) -> Page:
    made = redemption.terms(reward, reward.points, reader.currency)
    brings = reward_terms.offers(reward, reader.currency)
    terms = [*reward_terms.terms(made)] + [one for one in (reward_terms.good_for(made),) if one is not None]
    only = [tier.name for tier in reader.programme.tiers.levels if tier.key in reward.tiers and not tier.hidden]
    return {
        "title": reward.name,
        "price": {"points": reward.points, "text": price(reward, reader.programme.points_name, reader.locale)},
        "brings": reader.reason(brings) if brings else "",
        "terms": [*(reader.say("page.reward.tier", tier=name) for name in only), *map(reader.reason, terms)],
    }


def _referral(reader: _Reader) -> str:
    rules = reader.programme.referrals
    if not rules.enabled:
        return ""
    friend = rules.friend.as_reward("rpage", "-", rules.minimum_order)
    brings = reward_terms.brings(redemption.terms(friend, 1, reader.currency))
    gets = reader.reason(brings).rstrip(".") if brings else ""
    if rules.advocate.kind == "points":
        return reader.say("page.referral.points", friend=gets, points=reader.points(rules.advocate.points))
    thanks = rules.advocate.code.as_reward("rpage", "-", rules.minimum_order)
    mine = reward_terms.brings(redemption.terms(thanks, 1, reader.currency))
    return reader.say("page.referral.code", friend=gets, mine=reader.reason(mine).rstrip(".") if mine else "")
