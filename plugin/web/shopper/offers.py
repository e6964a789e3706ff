"""The rewards as one shopper can have them: the price, why not now, how many are left, and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale
from sqlalchemy import Connection

from plugin.actions.rewards.standings import standings
from plugin.rules import formats, reach
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.programme import Programme
from plugin.rules.reach import Surface
from plugin.rules.rewards import kinds, reward_terms
from plugin.rules.rewards import redemption as rules
from plugin.rules.rewards.display_order import SETTING, in_order
from plugin.rules.rewards.kinds import PercentOff, Reward
from plugin.rules.rewards.redemption import Standing
from plugin.rules.types import Reason
from plugin.web.current import now, shop
from plugin.web.shopper.page import Shopper

ONLINE = "online"
NOT_SHOWN = ("reward_paused", "reward_over")
"""Refusals that concern everybody, for good: such a reward is not listed."""


@dataclass(frozen=True)
class Offer:
    """One reward at the shopper's price. `most` is what they can spend on it at once, `share` how near it is in %."""

    reward: Reward
    standing: Standing
    most: int
    why: Reason | None
    share: int
    left: int | None

    def refusal(self, points: int) -> Reason | None:
        """Why not for so many points; of a slider, within what the shopper has."""
        why = rules.refusal(self.reward, points, self.standing, now())
        if why is not None and why.code in ("not_on_slider", "too_few_points") and self.most:
            limits = {"least": self.reward.points, "most": self.most, "step": getattr(self.reward, "step", 1)}
            return Reason("not_on_slider", limits)
        return why

    def brings(self, points: int) -> Reason | None:
        """What so many points buy."""
        return reward_terms.brings(rules.terms(self.reward, points, shop().currency))

    @property
    def terms(self) -> tuple[Reason, ...]:
        """What a shopper has to know before the points go."""
        made = rules.terms(self.reward, self.reward.points, shop().currency)
        more = (reward_terms.good_for(made), reward_terms.times_left(self.reward, self.standing.used))
        return (*reward_terms.terms(made), *(one for one in more if one is not None))


def offers(conn: Connection, shopper: Shopper, channel: str = ONLINE) -> list[Offer]:
    """What there is to see: not what is paused or has ended, and not what is only for a hidden tier of others."""
    listed = in_order(shopper.version.programme.rewards, shop().settings.get(SETTING))
    active = [one for one in listed if one.active]
    facts = standings(conn, shop(), shopper.member, shopper.version, active, now(), channel)
    paused = _paused(shopper)
    found = [_offer(one, facts[one.id], paused) for one in active]
    return [each for each in found if each.why is None or each.why.code not in NOT_SHOWN]


def offers_to_nobody(programme: Programme) -> list[Offer]:
    """The same as offers, none of which is open before somebody has signed in."""
    listed = in_order(rules.open_to_all(programme, now()), shop().settings.get(SETTING))
    return [Offer(one, Standing(available=0), 0, Reason("sign_in"), 0, None) for one in listed]


def offer(conn: Connection, shopper: Shopper, reward: Reward) -> Offer:
    """One reward for this shopper."""
    facts = standings(conn, shop(), shopper.member, shopper.version, [reward], now(), ONLINE)
    return _offer(reward, facts[reward.id], _paused(shopper))


def _paused(shopper: Shopper) -> Reason | None:
    """Why nobody, or not this member, can redeem anything now."""
    return reach.ask(shop().launch, shopper.member.person, Surface.SPENDING).why


def _offer(reward: Reward, standing: Standing, paused: Reason | None) -> Offer:
    reward = kinds.offered(reward, standing.tier, standing.currency)
    most = rules.affordable(reward, standing.available)
    why = paused or rules.refusal(reward, most or reward.points, standing, now())
    share = min(100, max(0, standing.available) * 100 // reward.points)
    left = rules.left(reward, standing.used_in_total, standing.codes_left) if reward.shows_left else None
    return Offer(reward, standing, most, why, share, left)


def worth(reward: Reward, locale: Locale) -> str:
    """What the reward's price buys; empty where that is no amount."""
    value = kinds.worth(reward, reward.points)
    if value is None:
        return ""
    if isinstance(reward, PercentOff):
        return formats.percent(value, locale)
    return formats.money(to_minor(value, minor_digits(shop().currency)), shop().currency, locale)
