"""What goes into the API and what comes out of it, checked at the door and described in its OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

PLAIN = r"^[^\x00-\x1f\x7f]+$"
Plain = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PLAIN)]
CustomerId = Annotated[int, Field(ge=1, lt=2**63, description="The customer's number in Shopify.")]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ActivityIn(_Shape):
    """Something that a member did. Exactly one of `customer_id` and `email` says who."""

    customer_id: CustomerId | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=320, pattern=PLAIN)] | None = None
    activity: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")] = Field(
        description="The word of the activity in the programme, or its id."
    )
    key: Plain = Field(description="Yours for this happening: the same key again gives nothing again.")
    happened_at: AwareDatetime | None = Field(default=None, description="Defaults to now.")

    @model_validator(mode="after")
    def _one_member(self) -> Self:
        if (self.customer_id is None) == (self.email is None):
            raise ValueError("give customer_id or email, one of them")
        return self


class NextReward(_Shape):
    """The cheapest reward that is still out of reach, or the dearest one (`missing` 0) when all are within it."""

    name: str
    points: int
    missing: int


class LineOut(_Shape):
    """One reason: `code` and `values` are for programs, `text` is for people, in the words and language asked for."""

    code: str
    values: dict[str, Any]
    text: str


class AimOut(_Shape):
    """What is missing to reach or keep a tier, in what `metric` counts: minor units of the shop's currency, points
    or orders; `by`: the last day for it."""

    tier: str
    missing: int
    metric: str
    by: date | None
    text: str


class TierOut(_Shape):
    """Where the member stands, and why; `key` and `name` are empty for somebody in no tier."""

    key: str
    name: str
    reasons: list[LineOut]
    reach: AimOut | None
    keep: AimOut | None


class EntryOut(_Shape):
    """One entry of the ledger."""

    id: int
    kind: str
    points: int
    at: datetime
    headline: str
    reasons: list[LineOut]


class EntriesOut(_Shape):
    """Entries, newest first; `before`: send it to get the page after this one."""

    entries: list[EntryOut]
    before: int | None


class OrderOut(_Shape):
    """What an order earns as it stands now. `waiting_for`: what has to be known before it can be judged."""

    order_id: int
    name: str
    customer_id: int | None
    points: int
    waiting_for: str
    reasons: list[LineOut]


class RewardOut(_Shape):
    """A reward at the member's price; `why_not` where it is not open to them."""

    id: str
    kind: str
    name: str
    points: int
    open: bool
    why_not: LineOut | None


class RewardsOut(_Shape):
    """The rewards of the programme that are not paused."""

    rewards: list[RewardOut]


class MemberOut(_Shape):
    """What a member has. `balance` can be spent now, `pending` cannot yet, `on_hold` is set aside for codes that no
    order has used yet; `tier` is null in a programme without tiers."""

    customer_id: int | None
    points_name: str
    balance: int
    pending: int
    on_hold: int
    tier: TierOut | None
    next_reward: NextReward | None


class ActivityOut(_Shape):
    """What was given. `repeated`: it had been given before, by the same key. `member` is told to keys that may read."""

    id: int
    activity: str
    points: int
    happened_at: datetime
    repeated: bool
    member: MemberOut | None


class Problem(BaseModel):
    """Why not (RFC 9457). `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: dict[str, str] = Field(default={}, description="What is wrong with which field.")
    values: dict[str, object] = Field(default={}, description="The figures behind a refusal.")
