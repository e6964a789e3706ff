"""What a programme gives back of what is bought, at most: every point used for what gives most, every code used.

The orders are judged by the very rules of earning, so that rates, campaigns, multipliers and rounding are in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from plugin.rules.money import minor_digits
from plugin.rules.orders import earning
from plugin.rules.orders.cart import Cart, CartLine, as_order
from plugin.rules.orders.earning import Snapshot
from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds
from plugin.rules.rewards.kinds import PercentOff, Reward
from plugin.rules.types import Buyer

_SOMEBODY: Final = Buyer(customer_id=1)
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of orders like the given ones, in per cent of what is bought (to a tenth) and minor units of the currency.

    `points` is what the `order_minor` order earns, and `points_minor` what that is worth. `points_percent` is the worth
    of all points; `top_percent` with the highest tier's multiplier; `code_percent` and `cashback_percent` beside it.
    `welcome_minor`: once for each new member. `referral_minor`: once for each friend who buys, both sides together.
    `unpriced`: the names of rewards that have no worth in money, so that none of this counts them.
    """

    order_minor: int
    points: int
    points_minor: int
    points_percent: Decimal
    top_percent: Decimal
    code_percent: Decimal
    cashback_percent: Decimal
    welcome_minor: int
    referral_minor: int
    unpriced: tuple[str, ...]

    @property
    def most_percent(self) -> Decimal:
        """Everything that comes with every order, together, for the highest tier."""
        return self.top_percent + self.code_percent + self.cashback_percent

    @property
    def usual_percent(self) -> Decimal:
        """The same for members without a tier."""
        return self.points_percent + self.code_percent + self.cashback_percent


def cost_of(programme: Programme, currency: str, amounts: Sequence[int], now: datetime) -> Cost:
    """What the programme gives back of orders of these amounts (minor units, at least one); the middle one is the
    usual order, by which percentages off are priced."""
    usual = sorted(amounts)[len(amounts) // 2]
    value = worth_of_a_point(programme, currency, usual) or Fraction(0)
    first, last = ("", Decimal(1)), _highest(programme)
    earned = _earned(programme, currency, [usual], first, now)
    welcome = programme.welcome_points * value
    return Cost(
        order_minor=usual,
        points=earned,
        points_minor=_whole(earned * value),
        points_percent=_share(_earned(programme, currency, amounts, first, now) * value, sum(amounts)),
        top_percent=_share(_earned(programme, currency, amounts, last, now) * value, sum(amounts)),
        code_percent=_code_percent(programme, currency, usual),
        cashback_percent=programme.cashback.percent if programme.cashback.enabled else Decimal(0),
        welcome_minor=_whole(welcome),
        referral_minor=_whole(_referral(programme, currency, usual, value)),
        unpriced=tuple(one.name for one in programme.rewards if one.active and _minor(one, 1, currency, 1) is None),
    )


def worth_of_a_point(programme: Programme, currency: str, usual_minor: int) -> Fraction | None:
    """Minor units that a point buys by the reward that gives most, at the lowest price that anybody pays in points;
    None where no active reward has a worth in money. A percentage off is of the usual order."""
    found = [
        worth / price
        for one in programme.rewards
        if one.active
        for price in _prices(one)
        if (worth := _minor(one, price, currency, usual_minor)) is not None
    ]
    return max(found, default=None)


def worth_of(programme: Programme, reward_id: str, currency: str, usual_minor: int) -> Fraction | None:
    """Minor units that a reward is worth at its price in points, nothing without an id; None where it has no worth in
    money. A percentage off is of the usual order."""
    one = kinds.find(programme.rewards, reward_id) if reward_id else None
    if one is None:
        return None if reward_id else Fraction(0)
    return _minor(one, one.points, currency, usual_minor)


def _prices(reward: Reward) -> Iterable[int]:
    return {reward.points, *reward.prices.values(), *reward.currency_prices.values()}


def _minor(reward: Reward, points: int, currency: str, usual_minor: int) -> Fraction | None:
    """What so many points buy by this reward, in minor units."""
    worth = kinds.worth(reward, points)
    if worth is None:
        return None
    return _percent_of(worth, usual_minor) if isinstance(reward, PercentOff) else _in_minor(worth, currency)


def _percent_of(percent: Decimal, minor: int) -> Fraction:
    return Fraction(percent) * minor / 100


def _in_minor(amount: Decimal, currency: str) -> Fraction:
    return Fraction(amount.scaleb(minor_digits(currency)))


def _highest(programme: Programme) -> tuple[str, Decimal]:
    """The tier that multiplies most."""
    best = max(programme.tiers.levels, key=lambda tier: tier.multiplier, default=None)
    return (best.key, best.multiplier) if best is not None and best.multiplier > 1 else ("", Decimal(1))


def _earned(
    programme: Programme, currency: str, amounts: Iterable[int], tier: tuple[str, Decimal], now: datetime
) -> int:
    """The points of paid orders of these amounts by a member of the tier."""
    snapshot = Snapshot(0, tier=tier[0], multiplier=tier[1])
    digits, points = minor_digits(currency), 0
    for minor in amounts:
        cart = Cart(currency, (CartLine(1, Decimal(minor).scaleb(-digits)),))
        view = as_order(cart, currency, (1, 1), _SOMEBODY, now)
        points += earning.deserved(view, programme, snapshot, {}).points
    return points


def _code_percent(programme: Programme, currency: str, usual_minor: int) -> Decimal:
    code = programme.next_order_code
    if not code.enabled:
        return Decimal(0)
    return code.value if code.kind == "percent" else _share(_in_minor(code.value, currency), usual_minor)


def _referral(programme: Programme, currency: str, usual_minor: int, value: Fraction) -> Fraction:
    """The friend's code and the advocate's thanks."""
    referrals = programme.referrals
    if not referrals.enabled:
        return Fraction(0)
    thanks = referrals.advocate
    codes = [referrals.friend] if thanks.kind == "points" else [referrals.friend, thanks.code]
    points = thanks.points * value if thanks.kind == "points" else Fraction(0)
    return points + sum(
        (
            _percent_of(one.value, usual_minor) if one.kind == "percent_off" else _in_minor(one.value, currency)
            for one in codes
            if one.kind != "free_shipping"
        ),
        Fraction(0),
    )


def _share(part: Fraction, whole: int) -> Decimal:
    """Per cent, to a tenth, half up."""
    if whole <= 0:
        return Decimal(0)
    exact = part * 100 / whole
    return (Decimal(exact.numerator) / exact.denominator).quantize(_TENTH, ROUND_HALF_UP)


def _whole(minor: Fraction) -> int:
    return int((2 * minor.numerator + minor.denominator) // (2 * minor.denominator))
