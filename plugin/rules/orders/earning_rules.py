"""What an order earns beyond the base rate, as staff set it: rules and campaigns, rates, flat points, what is out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from plugin.rules.fields import Amount, Currency, End, Name, Positive, Price, Rules, Start, WrongAt, currency_of, fits
from plugin.rules.money import minor_digits
from plugin.rules.words.texts import Said

Channel = Literal["online", "pos", "draft", "api"]
Effect = Literal["multiplier", "per_item", "per_order", "rate"]
Stacking = Literal["best", "add", "multiply"]
Only = Literal["any", "only", "never"]
CHANNELS: tuple[Channel, ...] = ("online", "pos", "draft", "api")
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
Points = Annotated[int, Field(ge=0, le=1_000_000)]
Id = Annotated[int, Field(gt=0, lt=2**63)]
MOST_RULES = 100


class OrderRule(Rules):
    """One rule: when it holds, for which lines, and what it does. One with a first or last moment is a campaign.

    Every condition that is filled in must hold; within one, any of its values will do. `channels` and `sources` are
    one condition: kinds of sales channels, and single ones by their `source_name` in orders.
    """

    key: Key
    name: Name
    active: bool = True
    starts_at: Start = None
    ends_at: End = None
    weekdays: frozenset[Annotated[int, Field(ge=0, le=6)]] = frozenset()
    channels: frozenset[Channel] = frozenset()
    sources: Annotated[frozenset[Source], Field(max_length=50)] = frozenset()
    minimum_order: Amount = Decimal(0)
    subscription: Only = "any"
    tiers: frozenset[Key] = frozenset()
    customer_tags: Annotated[frozenset[Word], Field(max_length=250)] = frozenset()
    products: Annotated[frozenset[Id], Field(max_length=2000)] = frozenset()
    collections: Annotated[frozenset[Id], Field(max_length=250)] = frozenset()
    tags: Annotated[frozenset[Word], Field(max_length=250)] = frozenset()
    vendors: Annotated[frozenset[Word], Field(max_length=250)] = frozenset()
    sale: Only = "any"
    effect: Effect = "multiplier"
    multiplier: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)] = Decimal(2)
    points: Points = Field(default=0, validate_default=True)
    per_amount: Price = Decimal(1)

    @field_validator("points")
    @classmethod
    def _some_extra(cls, points: int, info: ValidationInfo) -> int:
        if info.data.get("effect") in ("per_item", "per_order") and not points:
            raise ValueError(Said("frame.wrong.more_than", limit=0))
        return points

    @property
    def campaign(self) -> bool:
        """Whether it is a rule of a period."""
        return self.starts_at is not None or self.ends_at is not None

    @property
    def sold_online(self) -> bool:
        """Whether it can hold for what is bought in the online store."""
        return "online" in self.channels or not (self.channels or self.sources)

    @property
    def picks_lines(self) -> bool:
        """Whether it is about some lines only."""
        return bool(self.products or self.collections or self.tags or self.vendors or self.sale != "any")


class CurrencyRate(Rules):
    """The base rate for buyers who pay in this currency; `per_amount` is in it."""

    currency: Currency
    points: Points
    per_amount: Positive

    @field_validator("currency")
    @classmethod
    def _another(cls, currency: str, info: ValidationInfo) -> str:
        if currency == currency_of(info):
            raise ValueError(Said("programme.order_rules.own_currency", currency=currency))
        return currency

    @field_validator("per_amount")
    @classmethod
    def _fits(cls, per_amount: Decimal, info: ValidationInfo) -> Decimal:
        return fits(per_amount, info.data.get("currency", "") if currency_of(info) else "")


class TierRate(Rules):
    """The base rate of a tier's members, in the shop's currency."""

    tier: Key
    points: Points
    per_amount: Price


class Limit(Rules):
    """At most so many points, or orders that earn, for one member in a period of the shop's calendar."""

    most: int = Field(gt=0, le=1_000_000_000)
    of: Literal["points", "orders"] = "points"
    per: Literal["day", "week", "month", "total"] = "day"


Listed = TypeVar("Listed", bound=tuple[Rules, ...])
_KEYS = {"rates": ("currency",), "tier_rates": ("tier",), "rules": ("key",), "limits": ("per", "of")}
"""What of each list is there once; a mistake stands at the first field."""


class OrderEarning(Rules):
    """Everything about orders beside the base rate. As it comes, it changes nothing.

    Points of an order = what its lines earn (the best own rate of a rule that holds, else the tier's rate,
    else the currency's, else the base rate; times the rules' multipliers as `stacking` says; times the tier's
    multiplier) + every extra point that holds, which nothing multiplies; then `code_percent` of it; then rounded,
    once; and never more than `most_points`, where the programme sets any.
    """

    per_order: Points = 0
    per_item: Points = 0
    stacking: Stacking = "best"
    code_percent: int = Field(default=100, ge=0, le=100)
    most_points: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None
    sale_items: bool = True
    custom_items: bool = True
    rates: Annotated[tuple[CurrencyRate, ...], Field(max_length=50)] = ()
    tier_rates: Annotated[tuple[TierRate, ...], Field(max_length=12)] = ()
    rules: Annotated[tuple[OrderRule, ...], Field(max_length=MOST_RULES)] = ()
    limits: Annotated[tuple[Limit, ...], Field(max_length=8)] = ()

    @field_validator("rates", "tier_rates", "rules", "limits")
    @classmethod
    def _each_once(cls, listed: Listed, info: ValidationInfo) -> Listed:
        fields = _KEYS[str(info.field_name)]
        keys = [tuple(getattr(one, field) for field in fields) for one in listed]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                raise WrongAt(f"{place}.{fields[0]}", Said("programme.order_rules.twice"))
        return listed

    @cached_property
    def plain(self) -> bool:
        """Whether nothing here changes what an order earns: most programmes, and the fast way."""
        return not (
            self.per_order or self.per_item or self.rates or self.tier_rates or self.live
            or self.code_percent != 100 or not self.sale_items or not self.custom_items
        )  # fmt: skip

    @cached_property
    def live(self) -> tuple[OrderRule, ...]:
        """The rules that are not paused; a multiplier of 1 says nothing."""
        return tuple(rule for rule in self.rules if rule.active and not _says_nothing(rule))

    @cached_property
    def needs_products(self) -> bool:
        """Whether a line can be judged only with its product's tags and collections at hand."""
        return any(rule.collections or rule.tags for rule in self.live)

    @cached_property
    def needs_sales(self) -> bool:
        """Whether it must be known which variants are on sale."""
        return not self.sale_items or any(rule.sale != "any" for rule in self.live)

    @cached_property
    def needs_customer_tags(self) -> bool:
        """Whether the buyer's tags must be known."""
        return any(rule.customer_tags for rule in self.live)

    @cached_property
    def needs_subscription(self) -> bool:
        """Whether it must be known if an order belongs to a subscription."""
        return any(rule.subscription != "any" for rule in self.live)

    def rule(self, key: str) -> OrderRule | None:
        """The rule with this key."""
        return next((rule for rule in self.rules if rule.key == key), None)


def _says_nothing(rule: OrderRule) -> bool:
    return rule.effect == "multiplier" and rule.multiplier == 1


@lru_cache(maxsize=4096)  # asked for every order, and a fraction is dear to make
def points_per_minor(points: int, per_amount: Decimal, currency: str) -> Fraction:
    """Points for one minor unit of the currency."""
    return Fraction(points) / (Fraction(per_amount) * Fraction(10 ** minor_digits(currency)))


@lru_cache(maxsize=4096)
def fraction(value: Decimal) -> Fraction:
    """The decimal, exactly."""
    return Fraction(value)


def key_for(name: str, taken: Sequence[str]) -> str:
    """A key for a new rule: its name in plain letters, with a number where that is taken."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:36].strip("-") or "rule"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
