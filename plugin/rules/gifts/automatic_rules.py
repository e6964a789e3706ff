"""Rules of the programme that give something by themselves: for a milestone, a tier, a birthday, a lapse, a habit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from plugin.rules.fields import Name, Positive, Rules, Start, currency_of, fits
from plugin.rules.rewards.reward_settings import RewardId
from plugin.rules.words.texts import Said

RuleId = Annotated[str, StringConstraints(pattern=r"^[am][0-9a-z]{1,16}$")]
Days = Annotated[int, Field(ge=1, le=3650)]
Most = Annotated[int, Field(ge=1, le=100_000_000)]
TierKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]


class Giving(Rules):
    """What is given, and whether a mail says so: points, a reward of the programme, or both.

    `begins_at`: what happened before gives nothing; None means that everything counts.
    """

    id: RuleId
    name: Name
    active: bool = True
    reward: RewardId | None = None
    points: int = Field(default=0, ge=0, le=1_000_000, validate_default=True)
    mail: bool = True
    begins_at: Start = None

    @field_validator("points")
    @classmethod
    def _gives_something(cls, points: int, info: ValidationInfo) -> int:
        if not points and info.data.get("reward", "") is None:
            raise ValueError(Said("programme.automatic.gives_nothing"))
        return points


class Milestone(Giving):
    """Once per member, when counted orders reach `at`: that many of them, or that much spent (major units).

    `earlier`: orders placed before it began count towards the number, so that a regular's next order is no first
    one; who had reached it before it began gets nothing.
    """

    metric: Literal["orders", "spend"] = "orders"
    earlier: bool = False
    at: Positive = Decimal(1)

    @field_validator("at")
    @classmethod
    def _whole_orders(cls, at: Decimal, info: ValidationInfo) -> Decimal:
        metric = info.data.get("metric")
        if metric == "orders" and at % 1:
            raise ValueError(Said("frame.wrong.whole"))
        return fits(at, currency_of(info)) if metric == "spend" else at


class _Rule(Giving):
    """A rule with its caps: per member within some days (or ever), in total, and per day of the shop."""

    per_member: Most | None = None
    per_member_days: Days | None = None
    in_total: Most | None = None
    per_day: Most | None = None


class TierEntry(_Rule):
    """Who reaches the tier by orders gets it, once in each cycle: a year, or ever where tiers look at everything."""

    trigger: Literal["tier"] = "tier"
    tier: TierKey


class Birthday(_Rule):
    """Once a year."""

    trigger: Literal["birthday"] = "birthday"


class Lapsed(_Rule):
    """Who has not ordered for `days` days gets it, once until the next order.

    `already`: also those whose time had passed before the rule began.
    """

    trigger: Literal["lapsed"] = "lapsed"
    days: Annotated[int, Field(ge=7, le=3650)] = 90
    already: bool = False


class Frequent(_Rule):
    """Who orders `orders` times within `days` days gets it, not again for `cooldown_days`."""

    trigger: Literal["frequent"] = "frequent"
    orders: Annotated[int, Field(ge=2, le=1000)] = 3
    days: Days = 30
    cooldown_days: Days = 90


Automatic = Annotated[TierEntry | Birthday | Lapsed | Frequent, Field(discriminator="trigger")]
TRIGGERS: dict[str, type[_Rule]] = {"tier": TierEntry, "birthday": Birthday, "lapsed": Lapsed, "frequent": Frequent}
Any = TypeVar("Any", bound=Giving)


def unique_rules(rules: tuple[Any, ...]) -> tuple[Any, ...]:
    """The rules, if no two share an id."""
    ids = [rule.id for rule in rules]
    if len(set(ids)) < len(ids):
        raise ValueError(Said("programme.automatic.id_twice"))
    return rules


def find(rules: Iterable[Any], rule_id: str) -> Any | None:
    """The rule with this id."""
    return next((rule for rule in rules if rule.id == rule_id), None)
