"""Referrals as staff set them: what the friend gets, what the advocate gets, and when."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from plugin.rules.fields import Amount, CodePrefix, Positive, Rules, percent_or_money
from plugin.rules.rewards.kinds import AmountOff, FreeShipping, PercentOff
from plugin.rules.words.texts import Said

OfferKind = Literal["amount_off", "percent_off", "free_shipping"]
Score = Annotated[int, Field(ge=1, le=1000)]
Limit = Annotated[int, Field(ge=1, le=100_000)]
CodeReward = AmountOff | PercentOff | FreeShipping
FRIENDS_REWARD, ADVOCATES_REWARD = "rfriend", "radvocate"
"""The ids under which both codes are kept among the redemptions."""
_MODELS: dict[str, type[CodeReward]] = {
    "amount_off": AmountOff,
    "percent_off": PercentOff,
    "free_shipping": FreeShipping,
}


class CodeOffer(Rules):
    """A discount code, good for one order: an amount, a percentage, or the shipping."""

    kind: OfferKind = "percent_off"
    value: Positive = Decimal(10)
    valid_days: int = Field(default=30, ge=1, le=365)
    prefix: CodePrefix = "FRIEND"
    combines_with_order_discounts: bool = False
    combines_with_product_discounts: bool = False
    combines_with_shipping_discounts: bool = True

    _percent_or_money = field_validator("value")(percent_or_money)

    @field_validator("value")
    @classmethod
    def _as_fine_as_rewards(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        if info.data.get("kind") == "percent_off" and value != round(value, 2):
            raise ValueError(Said("frame.wrong.fine", 2))
        return value

    def as_reward(self, reward_id: str, name: str, minimum_order: Decimal) -> CodeReward:
        """The same as a reward, to be given; the order that uses it never brings it back."""
        made: dict[str, Any] = {
            **self.model_dump(exclude={"value"} if self.kind == "free_shipping" else None),
            "id": reward_id,
            "name": name,
            "points": 1,
            "minimum_order": minimum_order,
            "back_on_refund": "none",
        }
        return _MODELS[self.kind].model_validate(made)


class Thanks(Rules):
    """What the advocate gets: points, or a code of their own."""

    kind: Literal["points", "code"] = "points"
    points: int = Field(default=500, ge=1, le=1_000_000)
    code: CodeOffer = CodeOffer(prefix="THANKS", valid_days=90)


class Referrals(Rules):
    """Everything that decides a referral. Off unless staff switch it on.

    `hold_score` and `refuse_score`: from which suspicion the advocate's reward waits for staff, and from
    which it is refused. In shadow mode suspicion is written down and changes nothing.
    """

    enabled: bool = False
    friend: CodeOffer = CodeOffer()
    advocate: Thanks = Thanks()
    minimum_order: Amount = Decimal(0)
    first_order_only: bool = True
    hold_days: int = Field(default=14, ge=0, le=365)
    claims_per_day: Limit = 20
    per_month: Limit | None = 10
    in_total: Limit | None = None
    hold_score: Score = 50
    refuse_score: Score = 100
    shadow: bool = False

    @field_validator("refuse_score")
    @classmethod
    def _refuses_from_no_less(cls, refuse_score: int, info: ValidationInfo) -> int:
        if refuse_score < info.data.get("hold_score", refuse_score):
            raise ValueError(Said("programme.referrals.refuse_below"))
        return refuse_score
