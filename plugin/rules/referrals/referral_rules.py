"""Referrals as staff set them: what the friend gets, what the advocate gets, and when."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from plugin.rules.fields import Amount, Positive
from plugin.rules.rewards.kinds import AmountOff, FreeShipping, PercentOff

OfferKind = Literal["amount_off", "percent_off", "free_shipping"]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{0,12}$")]
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


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CodeOffer(_Rules):
    """A discount code, good for one order: an amount, a percentage, or the shipping."""

    kind: OfferKind = "percent_off"
    value: Positive = Decimal(10)
    valid_days: int = Field(default=30, ge=1, le=365)
    prefix: Prefix = "FRIEND"
    combines_with_order_discounts: bool = False
    combines_with_product_discounts: bool = False
    combines_with_shipping_discounts: bool = True

    @model_validator(mode="after")
    def _percent_up_to_100(self) -> Self:
        if self.kind == "percent_off" and (self.value > 100 or self.value != round(self.value, 2)):
            raise ValueError("value: a percentage is at most 100, with at most 2 decimals")
        return self

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


class Thanks(_Rules):
    """What the advocate gets: points, or a code of their own."""

    kind: Literal["points", "code"] = "points"
    points: int = Field(default=500, ge=1, le=1_000_000)
    code: CodeOffer = CodeOffer(prefix="THANKS", valid_days=90)


class Referrals(_Rules):
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

    @model_validator(mode="after")
    def _refuses_from_no_less(self) -> Self:
        if self.refuse_score < self.hold_score:
            raise ValueError("refuse_score: must not be less than the score that holds for review")
        return self
