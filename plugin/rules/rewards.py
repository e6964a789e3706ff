"""What points buy: the rewards of a programme, each kind with exactly the fields that it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from plugin.rules.own_rewards import OWN, Custom, Donation, PoolCode
from plugin.rules.reward_settings import Country, Deduct, Gid, Limit, Money, Points, RewardSettings


class _Code(RewardSettings):
    """A discount code of the member's own, good for one order.

    `deduct`: whether the points go when it is redeemed, or when an order uses it; until then they are held.
    """

    deduct: Deduct = "redeemed"

    minimum_order: Limit = Decimal(0)
    valid_days: int = Field(default=60, ge=1, le=3650)
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{0,12}$")] = "SUKI"
    combines_with_order_discounts: bool = False
    combines_with_product_discounts: bool = False
    combines_with_shipping_discounts: bool = True


class _OnGoods(_Code):
    products: Annotated[frozenset[Gid], Field(max_length=100)] = frozenset()
    collections: Annotated[frozenset[Gid], Field(max_length=100)] = frozenset()

    @field_validator("collections")
    @classmethod
    def _one_or_the_other(cls, collections: frozenset[int], info: ValidationInfo) -> frozenset[int]:
        if collections and info.data.get("products"):
            raise ValueError("name products or collections, not both: Shopify takes one of them")
        return collections


class AmountOff(_OnGoods):
    """`value` off, in the shop's currency."""

    kind: Literal["amount_off"] = "amount_off"
    value: Money


class Slider(_OnGoods):
    """The member chooses how many points to spend: `value` off for every `step` points.

    `points` is the least, `most` the most; both are whole steps.
    """

    kind: Literal["slider"] = "slider"
    value: Money
    step: Points
    most: Points

    @field_validator("prices")
    @classmethod
    def _has_one_rate(cls, prices: Mapping[str, int]) -> Mapping[str, int]:
        if prices:
            raise ValueError("a slider has no price: give a tier a slider of its own")
        return prices

    @field_validator("step")
    @classmethod
    def _least_is_whole_steps(cls, step: int, info: ValidationInfo) -> int:
        if (info.data.get("points") or step) % step:
            raise ValueError("must divide the least number of points without a remainder")
        return step

    @field_validator("most")
    @classmethod
    def _most_is_whole_steps(cls, most: int, info: ValidationInfo) -> int:
        if most < (info.data.get("points") or 0):
            raise ValueError("must be at least the least number of points")
        if most % (info.data.get("step") or most):
            raise ValueError("must be a whole number of steps")
        return most


class PercentOff(_OnGoods):
    """`value` per cent off."""

    kind: Literal["percent_off"] = "percent_off"
    value: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]


class FreeShipping(_Code):
    """Shipping for nothing, to some countries or all, up to a rate."""

    kind: Literal["free_shipping"] = "free_shipping"
    countries: Annotated[frozenset[Country], Field(max_length=250)] = frozenset()
    maximum_rate: Money | None = None


class FreeProduct(_Code):
    """One unit of a product: its price, `value`, off that product, once.

    A percentage would make every unit in the cart free, and Shopify's buy-one-get-one wants a purchase.
    """

    kind: Literal["free_product"] = "free_product"
    product: Gid
    value: Money


Reward = Annotated[
    AmountOff | Slider | PercentOff | FreeShipping | FreeProduct | Donation | Custom | PoolCode,
    Field(discriminator="kind"),
]
CODES = (AmountOff, Slider, PercentOff, FreeShipping, FreeProduct)
"""The kinds that are a discount code in Shopify."""
KINDS: tuple[type[RewardSettings], ...] = (*CODES, *OWN)


def unique_ids(rewards: tuple[Reward, ...]) -> tuple[Reward, ...]:
    """The rewards, if no two share an id."""
    ids = [reward.id for reward in rewards]
    if len(set(ids)) < len(ids):
        raise ValueError("two rewards share one id")
    return rewards


def find(rewards: Iterable[Reward], reward_id: str) -> Reward | None:
    """The reward with this id."""
    return next((reward for reward in rewards if reward.id == reward_id), None)


def offered(reward: Reward, tier: str) -> Reward:
    """The reward at the price of a member in this tier."""
    price = reward.prices.get(tier, reward.points)
    return reward if price == reward.points else reward.model_copy(update={"points": price})


def worth(reward: Reward, points: int) -> Decimal | None:
    """What the points buy in money (a percentage for `percent_off`), where the reward has a value."""
    if isinstance(reward, Slider):
        return reward.value * (points // reward.step)
    return None if isinstance(reward, FreeShipping | Custom | PoolCode) else reward.value
