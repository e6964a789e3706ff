"""Rewards that are money: a gift card, and store credit for a fixed or a chosen number of points."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from plugin.rules.fields import Price
from plugin.rules.rewards.reward_settings import RewardSettings, Sliding

MAY_END = Field(default=None, ge=1, le=3650)


NEEDS = {
    "gift_card": ("write_gift_cards",),
    "store_credit": ("read_store_credit_accounts", "write_store_credit_account_transactions"),
    "store_credit_slider": ("read_store_credit_accounts", "write_store_credit_account_transactions"),
}
"""The scopes that Shopify asks for, by kind; the merchant grants them when they are first needed."""


class GiftCard(RewardSettings):
    """A gift card of the member's own over `value`, in the shop's currency. Without `valid_days` it never ends."""

    kind: Literal["gift_card"] = "gift_card"
    value: Price
    valid_days: Annotated[int | None, MAY_END] = None


class StoreCredit(RewardSettings):
    """`value` on the member's store credit. `notify`: Shopify tells them with a mail of its own."""

    kind: Literal["store_credit"] = "store_credit"
    value: Price
    valid_days: Annotated[int | None, MAY_END] = None
    notify: bool = True


class CreditSlider(Sliding):
    """The member chooses how many points to swap: `value` on the store credit for every `step` points."""

    kind: Literal["store_credit_slider"] = "store_credit_slider"
    value: Price
    valid_days: Annotated[int | None, MAY_END] = None
    notify: bool = True
