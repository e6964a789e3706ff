"""A programme to start from that fits a shop: three answers, its currency, and what its orders usually come to.

What is given back stays within `MOST_PERCENT` of what is bought, whatever the currency and the order value; staff see
the figure before they save, and change what they like afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

from plugin.rules.fields import of_shop
from plugin.rules.formats import bare_money
from plugin.rules.money import minor_digits, rough_unit, to_decimal
from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.programme import Earning, NextOrderCode, Programme
from plugin.rules.referrals.referral_rules import CodeOffer, Referrals, Thanks
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import Tier, Tiers

Goods = Literal["often", "fashion", "home", "other"]
Margin = Literal["thin", "fair", "good", "high"]
Aim = Literal["repeat", "more", "friends", "vip"]
GOODS: Final[tuple[Goods, ...]] = ("often", "fashion", "home", "other")
MARGINS: Final[tuple[Margin, ...]] = ("thin", "fair", "good", "high")
AIMS: Final[tuple[Aim, ...]] = ("repeat", "more", "friends", "vip")

BACK_PERCENT: Final[Mapping[Margin, int]] = {"thin": 2, "fair": 4, "good": 6, "high": 8}
"""What the points of an order are worth at most, of what it comes to."""
MOST_PERCENT: Final[Mapping[Margin, int]] = {"thin": 3, "fair": 6, "good": 10, "high": 15}
"""The same with the highest tier, a code and everything else that comes with each order."""
_TIMES: Final = Decimal("1.5")
_CODE_PERCENT: Final[Mapping[Margin, int]] = {"thin": 0, "fair": 0, "good": 5, "high": 10}
_WITH_CODE_PERCENT: Final = 5
_FRIEND_PERCENT: Final[Mapping[Margin, int]] = {"thin": 5, "fair": 10, "good": 10, "high": 15}
_ORDERS_TO_FIRST: Final[Mapping[Goods, int]] = {"often": 3, "fashion": 2, "home": 1, "other": 2}
_CODE_DAYS: Final[Mapping[Goods, int]] = {"often": 30, "fashion": 60, "home": 90, "other": 60}
_PENDING_DAYS: Final[Mapping[Goods, int]] = {"often": 0, "fashion": 14, "home": 14, "other": 0}
_POINTS_OF_AN_ORDER: Final = 50
_UNITS_OF_AN_ORDER: Final = 50
"""What a usual order comes to where none is known, in amounts of about a dollar."""
_COARSE: Final = (Fraction(1), Fraction(2), Fraction(5), Fraction(10))
_FINE: Final = tuple(Fraction(each) for each in ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10"))
_LARGEST_MAJOR: Final = 10_000_000
"""No usual order is taken for more: whatever is made of it stays within what a programme can hold."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What staff say of their shop: how often its goods are bought, what is left of a sale, what matters most."""

    goods: Goods
    margin: Margin
    aim: Aim


def usual_order(currency: str) -> int:
    """What an order usually comes to where nothing is known but the currency, in minor units."""
    return int(rough_unit(currency) * _UNITS_OF_AN_ORDER * 10 ** minor_digits(currency))


def recommended(programme: Programme, answers: Answers, currency: str, usual_minor: int) -> Programme:
    """The programme with its earning, rewards and what serves the aim replaced; the rest stays as it is."""
    usual = max(1, min(usual_minor, _LARGEST_MAJOR * 10 ** minor_digits(currency)))
    return Programme.model_validate(
        {**programme.model_dump(), **_Start(answers, currency, usual).parts()}, context=of_shop(currency)
    )


def taken_away(before: Programme, after: Programme) -> list[str]:
    """The names of the rewards, tiers, goals and order rules that were there, and are gone or mean something else: what
    members have seen, or staff have made."""
    kept: list[tuple[str, Iterable[Any], Iterable[Any]]] = [
        ("id", before.rewards, after.rewards),
        ("id", before.goals, after.goals),
        ("key", before.tiers.levels, after.tiers.levels),
        ("key", before.orders.rules, after.orders.rules),
    ]
    lost = []
    for by, old, new in kept:
        now = {getattr(one, by): one for one in new}
        lost += [str(one.name) for one in old if now.get(getattr(one, by)) != one]
    return lost


@dataclass(frozen=True, slots=True)
class _Start:
    answers: Answers
    currency: str
    usual: int

    def parts(self) -> dict[str, Any]:
        """What is replaced, as plain values."""
        first, second = self._reward(1, 1), self._reward(2, Fraction(5, 2))
        aim = self.answers.aim
        made: dict[str, Any] = {
            "earning": Earning(points=1, per_amount=self._unit, pending_days=_PENDING_DAYS[self.answers.goods]),
            "welcome_points": max(5, first.points // 5 // 5 * 5),
            "next_order_code": self._code(),
            "orders": OrderEarning(rules=(self._larger(),)) if aim == "more" else OrderEarning(),
            "referrals": self._friends(first.points) if aim == "friends" else Referrals(),
            "tiers": self._ladder() if aim == "vip" else Tiers(),
        }
        plain: dict[str, Any] = {name: part.model_dump() for name, part in made.items() if name != "welcome_points"}
        return {
            **plain,
            "welcome_points": made["welcome_points"],
            "rewards": [first.model_dump(), second.model_dump()],
            "goals": [],
        }

    @property
    def _unit_minor(self) -> int:
        return max(1, int(near(Fraction(self.usual, _POINTS_OF_AN_ORDER), _COARSE)))

    @property
    def _unit(self) -> Decimal:
        return to_decimal(self._unit_minor, self.currency)

    @property
    def _share(self) -> Fraction:
        """What points give back of what is bought."""
        code = _CODE_PERCENT[self.answers.margin] if self.answers.aim == "repeat" else 0
        percent = BACK_PERCENT[self.answers.margin]
        return Fraction(min(percent, _WITH_CODE_PERCENT) if code else percent, 100)

    def _reward(self, number: int, times: int | Fraction) -> AmountOff:
        """Money off, reached after some usual orders; its price is rounded up, so that it never gives more back."""
        orders = 1 if self.answers.aim == "repeat" else _ORDERS_TO_FIRST[self.answers.goods]
        worth = max(number, int(near(self.usual * self._share * orders * times, _COARSE)))
        exact = worth / (self._share * self._unit_minor)
        step = 5 if exact < 100 else 10 if exact < 1000 else 50
        points = -(-exact.numerator // (exact.denominator * step)) * step
        name = f"{bare_money(worth, self.currency)} off"
        return AmountOff(id=f"rstart{number}", name=name, points=points, value=to_decimal(worth, self.currency))

    def _code(self) -> NextOrderCode:
        percent = _CODE_PERCENT[self.answers.margin] if self.answers.aim == "repeat" else 0
        if not percent:
            return NextOrderCode(enabled=False)
        return NextOrderCode(value=Decimal(percent), valid_days=_CODE_DAYS[self.answers.goods])

    def _larger(self) -> OrderRule:
        least = self._amount(Fraction(3, 2))
        name = f"From {bare_money(least, self.currency)}"
        return OrderRule(key="larger-orders", name=name, minimum_order=to_decimal(least, self.currency),
                         multiplier=_TIMES)  # fmt: skip

    def _friends(self, points: int) -> Referrals:
        offer = CodeOffer(value=Decimal(_FRIEND_PERCENT[self.answers.margin]))
        least = to_decimal(self._amount(Fraction(1, 2)), self.currency)
        return Referrals(enabled=True, friend=offer, advocate=Thanks(points=points), minimum_order=least)

    def _ladder(self) -> Tiers:
        steps = (("bronze", "Bronze", 2, "1"), ("silver", "Silver", 5, "1.25"), ("gold", "Gold", 12, str(_TIMES)))
        levels = tuple(
            Tier(key=key, name=name, multiplier=Decimal(times),
                 enter=to_decimal(self._amount(Fraction(orders)), self.currency))
            for key, name, orders, times in steps
        )  # fmt: skip
        return Tiers(levels=levels)

    def _amount(self, orders: Fraction) -> int:
        """A round amount of about so many usual orders, in minor units."""
        return max(1, int(near(self.usual * orders, _FINE)))


def near(exact: Fraction, steps: tuple[Fraction, ...]) -> Fraction:
    """The nearest round number above nought, by proportion: one of the steps times a power of ten.

    >>> near(Fraction(73), _COARSE), near(Fraction(3, 2), _FINE), near(Fraction(1, 30), _COARSE)
    (Fraction(100, 1), Fraction(3, 2), Fraction(1, 20))
    """
    ten = Fraction(1)
    while ten * 10 <= exact:
        ten *= 10
    while ten > exact:
        ten /= 10
    return min((ten * step for step in steps), key=lambda each: max(each / exact, exact / each))
