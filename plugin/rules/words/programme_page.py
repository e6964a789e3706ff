"""The whole programme as anybody may read it: what earns, the tiers side by side, and what points buy.

Built once, for the shop's theme and for whoever asks the app. It is of a shop's page, not of a member: hidden tiers,
and rules for some customers only, are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeGuard
from zoneinfo import ZoneInfo

from babel import Locale

from plugin.rules import explain, formats
from plugin.rules.activities import judging
from plugin.rules.activities.activity_rules import Activity, Birthday, points_for
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.programme import Programme
from plugin.rules.rewards import redemption, reward_terms
from plugin.rules.rewards.kinds import Reward
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.tiers.tier_rules import Tier
from plugin.rules.types import Reason
from plugin.rules.words import tiers as tiers_in_words
from plugin.rules.words.campaigns import More, more_now
from plugin.rules.words.texts import counted, gained, text
from plugin.rules.words.ways import how


@dataclass(frozen=True)
class Reader:
    """For whom one shop's programme is put into words, and when."""

    programme: Programme
    shop_name: str
    currency: str
    zone: ZoneInfo
    locale: Locale
    at: datetime

    def points(self, count: int) -> str:
        """So many points, by the shop's name for them."""
        return formats.points(count, self.programme.points_name, self.locale)

    def money(self, amount: object) -> str:
        """An amount in major units of the shop's currency."""
        return formats.money(to_minor(str(amount), minor_digits(self.currency)), self.currency, self.locale)

    def reason(self, reason: Reason) -> str:
        """A reason as a sentence."""
        return explain.words(reason, self.locale, "shopper", points_name=self.programme.points_name)

    def say(self, key: str, **values: object) -> str:
        """The text of a key."""
        return text(self.locale, key, **values)


@dataclass(frozen=True)
class ActivityShown:
    """One way to earn: what there is, not what somebody did."""

    id: str
    kind: str
    name: str
    gives: str
    text: str


@dataclass(frozen=True)
class TierShown:
    """One tier, as tiers are compared."""

    name: str
    needs: str
    benefits: tuple[str, ...]
    current: bool


@dataclass(frozen=True)
class Price:
    """The least a reward costs, and how its price is read."""

    points: int
    text: str


@dataclass(frozen=True)
class RewardShown:
    """One reward: its price, what it brings, on which terms."""

    title: str
    price: Price
    brings: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class ProgrammePage:
    """`welcome` is what joining gives; empty texts stand for what the programme does not have."""

    shop_name: str
    points_name: str
    headline: str
    more: tuple[str, ...]
    welcome: str
    activities: tuple[ActivityShown, ...]
    tiers: tuple[TierShown, ...]
    rewards: tuple[RewardShown, ...]
    referral: str


def programme_page(reader: Reader, mine: str = "") -> ProgrammePage:
    """Every part in the reader's words; `mine` is the key of their tier, which they see even where it is hidden."""
    programme = reader.programme
    return ProgrammePage(
        shop_name=reader.shop_name,
        points_name=formats.points_unit(programme.points_name, reader.locale),
        headline=headline(reader),
        more=more(reader),
        welcome=gained(reader.locale, programme.welcome_points, programme.points_name)
        if programme.welcome_points
        else "",
        activities=tuple(_activity(reader, one, mine) for one in offered(reader)),
        tiers=tuple(_tier(reader, one, mine) for one in programme.tiers.levels if one.key == mine or not one.hidden),
        rewards=tuple(_reward(reader, one) for one in redemption.open_to_all(programme, reader.at)),
        referral=referral(reader) if programme.referrals.enabled else "",
    )


def for_theme(page: ProgrammePage) -> dict[str, object]:
    """What the shop's blocks show of it, as JSON has it: nothing that a member or a program alone would need."""
    shown = asdict(page)
    shown["activities"] = [{key: one[key] for key in ("kind", "name", "gives", "text")} for one in shown["activities"]]
    shown["tiers"] = [{key: one[key] for key in ("name", "needs", "benefits")} for one in shown["tiers"]]
    return shown


def headline(reader: Reader) -> str:
    """What the plain rate gives, in a sentence; empty where orders earn by other rules alone."""
    earning = reader.programme.earning
    if not earning.points:
        return ""
    amount = reader.money(earning.per_amount)
    return reader.say("shopper.api.earns", points=reader.points(earning.points), amount=amount)


def more(reader: Reader) -> tuple[str, ...]:
    """What earns more at the moment, a sentence each."""
    found = more_now(reader.programme, reader.currency, reader.zone, reader.locale, reader.at)
    return tuple(_sentence(one, reader.locale) for one in found)


def _sentence(one: More, locale: Locale) -> str:
    gives = " ".join(filter(None, (one.gives, one.until)))
    return " ".join(filter(None, (text(locale, "words.labelled_sentence", label=one.name, value=gives), one.on)))


def ways_to_earn(reader: Reader, tier: str = "") -> tuple[str, ...]:
    """What brings points to those in a tier, a line each: the plain rate, what earns more now, the activities."""
    doing = (reader.say("words.labelled", label=one.name, value=gives(reader, one, tier)) for one in offered(reader))
    return tuple(filter(None, (headline(reader), *more(reader), *doing)))


def offered(reader: Reader) -> list[Activity]:
    """The activities that anybody can do now."""
    return [one for one in reader.programme.activities if not judging.refusal(one, reader.at, (), reader.zone)]


def gives(reader: Reader, activity: Activity, tier: str = "") -> str:
    """What doing it brings in this tier: `+50 points`."""
    return gained(reader.locale, points_for(activity, tier), reader.programme.points_name)


def _activity(reader: Reader, one: Activity, mine: str) -> ActivityShown:
    said = " ".join(filter(None, (one.note, how(one, reader.say))))
    return ActivityShown(one.id, one.kind, one.name, gives(reader, one, mine), said)


def _tier(reader: Reader, tier: Tier, mine: str) -> TierShown:
    bonus = reader.say("page.tier.bonus", points=reader.points(tier.bonus)) if tier.bonus else ""
    benefits = (*brings(tier, reader.say, reader.locale, bonus), *birthdays(reader, tier))
    return TierShown(tier.name, _needs(reader, tier), benefits, tier.key == mine)


def birthdays(reader: Reader, tier: Tier) -> tuple[str, ...]:
    """What the tier has of its own on a birthday, where one is offered; nothing where it is as for everybody."""
    given = [one.tier_points[tier.key] for one in offered(reader) if _is_own(one, tier)]
    return tuple(reader.say("page.tier.birthday", points=reader.points(points)) for points in given)


def _is_own(activity: Activity, tier: Tier) -> TypeGuard[Birthday]:
    return isinstance(activity, Birthday) and tier.key in activity.tier_points


def _needs(reader: Reader, tier: Tier) -> str:
    """What has to be reached, and over which time; of a tier that only a tag gives, that it is by invitation."""
    tiers = reader.programme.tiers
    if tier.enter is None:
        return reader.say("shopper.api.tier_invited")
    reached = to_minor(tier.enter, minor_digits(reader.currency) if tiers.metric == "spend" else 0)
    name = reader.programme.points_name
    amount = tiers_in_words.amount(reached, tiers.metric, reader.currency, reader.locale, name)
    window = tiers_in_words.window(tiers.window, tiers.window_days, reader.locale)
    return reader.say("shopper.api.tier_needs", reached=amount, window=window)


def brings(tier: Tier, say: Callable[..., str], locale: Locale, bonus: str = "") -> tuple[str, ...]:
    """What members of a tier have, as `say` says it to the reader; `bonus`: what reaching it brings, for those who are
    not there yet."""
    times = formats.decimal(tier.multiplier, locale)
    more_points = "" if tier.multiplier == 1 else say("shopper.tier.multiplier", multiplier=times)
    return tuple(filter(None, (more_points, bonus, *tier.perks)))


def price(reward: Reward, points_name: str, locale: Locale) -> str:
    """What a reward costs; of a slider with a choice, from the least to the most: `100–5,000 points`."""
    if not isinstance(reward, Sliding) or reward.most == reward.points:
        return formats.points(reward.points, points_name, locale)
    most = formats.points(reward.most, points_name, locale)
    return text(locale, "page.reward.from_to", least=formats.number(reward.points, locale), most=most)


def _reward(reader: Reader, reward: Reward) -> RewardShown:
    programme = reader.programme
    made = redemption.terms(reward, reward.points, reader.currency)
    brings = reward_terms.offers(reward, reader.currency)
    terms = [*reward_terms.terms(made), *filter(None, [reward_terms.good_for(made)])]
    only = [tier.name for tier in programme.tiers.levels if tier.key in reward.tiers and not tier.hidden]
    return RewardShown(
        title=reward.name,
        price=Price(reward.points, price(reward, programme.points_name, reader.locale)),
        brings=reader.reason(brings) if brings else "",
        terms=(*(reader.say("page.reward.tier", tier=name) for name in only), *map(reader.reason, terms)),
    )


def referral(reader: Reader) -> str:
    """What a friend gets, what whoever invited them gets, and when."""
    rules = reader.programme.referrals
    friend = rules.friend.as_reward("rpage", "-", rules.minimum_order)
    gets = _brings(reader, friend)
    if rules.advocate.kind == "points":
        said = reader.say("page.referral.points", friend=gets, points=reader.points(rules.advocate.points))
    else:
        thanks = rules.advocate.code.as_reward("rpage", "-", rules.minimum_order)
        said = reader.say("page.referral.code", friend=gets, mine=_brings(reader, thanks))
    days = rules.hold_days
    return f"{said} {counted(reader.locale, 'shopper.friends.after', days)}" if days else said


def _brings(reader: Reader, reward: Reward) -> str:
    brings = reward_terms.brings(redemption.terms(reward, 1, reader.currency))
    return reader.reason(brings).rstrip(".") if brings else ""
