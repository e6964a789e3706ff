"""The settings that every reward has, whatever it is: its price, who may have it, how often, when and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from plugin.rules.fields import Currency, End, Name, Rules, Start
from plugin.rules.words.texts import Said

RewardId = Annotated[str, StringConstraints(pattern=r"^r[0-9a-z]{1,16}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Points = Annotated[int, Field(ge=1, le=10_000_000)]
Uses = Annotated[int, Field(ge=1, le=100_000_000)]
Gid = Annotated[int, Field(gt=0, lt=10**18)]
TierKey = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Channel = Literal["online", "pos"]
Period = Literal["ever", "day", "week", "month", "year"]
Back = Literal["none", "full", "proportional"]
Deduct = Literal["redeemed", "ordered"]


def _as_before(back: object) -> object:
    """Programmes from before there was a choice store yes or no."""
    return {True: "full", False: "none"}[back] if isinstance(back, bool) else back


class RewardSettings(Rules):
    """What every reward has.

    `prices` are for members of a tier, instead of `points`; `currency_prices` for members of no such tier whose
    newest order was paid in that currency (what the reward is worth stays in the shop's: Shopify converts);
    `tiers` are the only ones that may have it (empty: everyone); `per_member` counts within the calendar period
    `per_member_every` of the shop; `channels` say where members redeem it: Shopify itself cannot bind a code to
    a channel. `by_itself`: a member's points become it as soon as there are enough, without being asked.
    """

    id: RewardId
    name: Name
    points: Points
    prices: Annotated[Mapping[TierKey, Points], Field(max_length=50)] = {}
    currency_prices: Annotated[Mapping[Currency, Points], Field(max_length=50)] = {}
    tiers: Annotated[frozenset[TierKey], Field(max_length=50)] = frozenset()
    active: bool = True
    starts_at: Start = None
    ends_at: End = None
    per_member: Uses | None = None
    per_member_every: Period = "ever"
    in_total: Uses | None = None
    shows_left: bool = False
    channels: frozenset[Channel] = frozenset({"online", "pos"})
    by_itself: bool = False
    back_on_refund: Annotated[Back, BeforeValidator(_as_before)] = "full"

    @field_validator("channels")
    @classmethod
    def _somewhere(cls, channels: frozenset[Channel]) -> frozenset[Channel]:
        if not channels:
            raise ValueError(Said("programme.rewards.no_place"))
        return channels


class Sliding(RewardSettings):
    """The member chooses how many points to spend: from `points` to `most`, both whole `step`s."""

    step: Points
    most: Points

    @field_validator("by_itself")
    @classmethod
    def _is_chosen(cls, by_itself: bool) -> bool:
        if by_itself:
            raise ValueError(Said("programme.rewards.slider_by_itself"))
        return by_itself

    @field_validator("prices", "currency_prices")
    @classmethod
    def _has_one_rate(cls, prices: Mapping[str, int]) -> Mapping[str, int]:
        if prices:
            raise ValueError(Said("programme.rewards.slider_prices"))
        return prices

    @field_validator("step")
    @classmethod
    def _least_is_whole_steps(cls, step: int, info: ValidationInfo) -> int:
        if (info.data.get("points") or step) % step:
            raise ValueError(Said("programme.rewards.step_wrong"))
        return step

    @field_validator("most")
    @classmethod
    def _most_is_whole_steps(cls, most: int, info: ValidationInfo) -> int:
        if most < (info.data.get("points") or 0):
            raise ValueError(Said("programme.rewards.most_low"))
        if most % (info.data.get("step") or most):
            raise ValueError(Said("programme.rewards.most_steps"))
        return most
