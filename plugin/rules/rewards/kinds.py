"""What points buy: the rewards of a programme, each kind with exactly the fields that it has."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from plugin.rules.fields import Amount, CodePrefix, Country, Price
from plugin.rules.rewards.money_rewards import CreditSlider, GiftCard, StoreCredit
from plugin.rules.rewards.own_rewards import OWN, PREFIX, Custom, Donation, PartnerCode
from plugin.rules.rewards.reward_settings import Deduct, Gid, RewardSettings, Sliding
from plugin.rules.words.texts import Said


class _Code(RewardSettings):
    """A discount code of the member's own, good for one order.

    `deduct`: whether the points go when it is redeemed, or when an order uses it; until then they are held.
    """

    deduct: Deduct = "redeemed"

    minimum_order: Amount = Decimal(0)
    valid_days: int = Field(default=60, ge=1, le=3650)
    prefix: CodePrefix = "SUKI"
    combines_with_order_discounts: bool = False
    combines_with_product_discounts: bool = False
    combines_with_shipping_discounts: bool = True

    @field_validator("deduct")
    @classmethod
    def _goes_at_once(cls, deduct: Deduct, info: ValidationInfo) -> Deduct:
        if deduct == "ordered" and info.data.get("by_itself"):
            raise ValueError(Said("programme.rewards.deduct_by_itself"))
        return deduct


class _OnGoods(_Code):
    products: Annotated[frozenset[Gid], Field(max_length=100)] = frozenset()
    collections: Annotated[frozenset[Gid], Field(max_length=100)] = frozenset()

    @field_validator("collections")
    @classmethod
    def _one_or_the_other(cls, collections: frozenset[int], info: ValidationInfo) -> frozenset[int]:
        if collections and info.data.get("products"):
            raise ValueError(Said("programme.rewards.not_both"))
        return collections


class AmountOff(_OnGoods):
    """`value` off, in the shop's currency."""

    kind: Literal["amount_off"] = "amount_off"
    value: Price


class Slider(Sliding, _OnGoods):
    """The member chooses how many points to spend: `value` off for every `step` points.

    `points` is the least, `most` the most; both are whole steps.
    """

    kind: Literal["slider"] = "slider"
    value: Price


class PercentOff(_OnGoods):
    """`value` per cent off."""

    kind: Literal["percent_off"] = "percent_off"
    value: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]


class FreeShipping(_Code):
    """Shipping for nothing, to some countries or all, up to a rate."""

    kind: Literal["free_shipping"] = "free_shipping"
    countries: Annotated[frozenset[Country], Field(max_length=250)] = frozenset()
    maximum_rate: Price | None = None


class FreeProduct(_Code):
    """One unit of a product: its price, `value`, off that product, once.

    A percentage would make every unit in the cart free, and Shopify's buy-one-get-one wants a purchase.
    """

    kind: Literal["free_product"] = "free_product"
    product: Gid
    value: Price


Reward = Annotated[
    AmountOff
    | Slider
    | PercentOff
    | FreeShipping
    | FreeProduct
    | GiftCard
    | StoreCredit
    | CreditSlider
    | Donation
    | Custom
    | PartnerCode,
    Field(discriminator="kind"),
]
CODES = (AmountOff, Slider, PercentOff, FreeShipping, FreeProduct)
"""The kinds that are a discount code in Shopify."""
MONEY = (GiftCard, StoreCredit, CreditSlider)
"""The kinds that are money: a gift card, or store credit."""
KINDS: tuple[type[RewardSettings], ...] = (*CODES, *MONEY, *OWN)


def prefix_of(reward: Reward) -> str:
    """What the name of a redemption begins with; staff choose it for discount codes, the rest is a reference."""
    return reward.prefix if isinstance(reward, CODES) else PREFIX


def valid_days_of(reward: Reward) -> int | None:
    """How many days the redemption can be used; None for ever."""
    return reward.valid_days if isinstance(reward, (*CODES, *MONEY)) else None


def unique_ids(rewards: tuple[Reward, ...]) -> tuple[Reward, ...]:
    """The rewards, if no two share an id."""
    ids = [reward.id for reward in rewards]
    if len(set(ids)) < len(ids):
        raise ValueError("two rewards share one id")
    return rewards


def find(rewards: Iterable[Reward], reward_id: str) -> Reward | None:
    """The reward with this id."""
    return next((reward for reward in rewards if reward.id == reward_id), None)


def offered(reward: Reward, tier: str, currency: str = "") -> Reward:
    """The reward at the price of a member in this tier, who pays in this currency: the tier's price goes first."""
    price = reward.prices.get(tier, reward.currency_prices.get(currency, reward.points))
    return reward if price == reward.points else reward.model_copy(update={"points": price})


def worth(reward: Reward, points: int) -> Decimal | None:
    """What the points buy in money (a percentage for `percent_off`), where the reward has a value."""
    if isinstance(reward, Sliding):
        return reward.value * (points // reward.step)
    return None if isinstance(reward, FreeShipping | Custom | PartnerCode) else reward.value
