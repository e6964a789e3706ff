"""The values that answers are made of: points, money, days, tiers, and what a member has.

Whatever is shown to a person comes with its `text`, in their language and with the shop's own name for points, so that
no surface formats points, money or dates by itself.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Nothing that is not named here comes in or goes out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Points(Shape):
    """A number of points, and how a person reads it: `120 points`."""

    points: int
    text: str


class Money(Shape):
    """`amount` in major units as a decimal, such as `12.50`."""

    amount: str
    currency: str
    text: str


class Day(Shape):
    """A day in the shop's time zone."""

    date: date
    text: str


class Why(Shape):
    """A reason: `code` for programs, `text` for the reader."""

    code: str
    text: str


class Dated(Shape):
    """Points that come or go on a day."""

    points: Points
    on: Day


class Aim(Shape):
    """What is missing to a tier or a reward: `share` is how near it is, 0 to 100."""

    name: str
    missing: str
    share: int
    text: str


class TierNow(Shape):
    """Where the member stands; `name` is empty in no tier yet. `keep` says what keeps it, `until` is its last day where
    nothing does; `news` say so in sentences, and repeat none of `reach` and `keep`."""

    name: str
    benefits: list[str]
    reach: Aim | None
    keep: Aim | None
    until: Day | None
    news: list[str]


class Born(Shape):
    """A birthday without its year."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]
    text: str = ""


class Invitation(Shape):
    """The member's own link for friends; `text` says what both get, `code` is a code to tell where one exists."""

    link: str
    code: str | None
    text: str
    friends: int
    message: str = Field(description="What a share button puts before the link.")


class MemberNow(Shape):
    """What a member has. `available` can be spent now, `pending` not yet, `on_hold` is set aside for unused codes;
    `owed` is what the next points make up for."""

    first_name: str
    available: Points
    pending: Points
    on_hold: Points
    owed: Points | None
    coming: list[Dated]
    expiring: Dated | None
    tier: TierNow | None
    next_reward: Aim | None
    birthday: Born | None
    birthday_open: bool = Field(description="Whether the birthday may be set now.")
    birthday_asked: bool
    invites: bool
    emails: bool = Field(description="Whether they want the programme's emails.")
    joined: Day


class Programme(Shape):
    """What everybody may read of the programme."""

    shop_name: str
    points_name: str
    headline: str = Field(description="What orders earn, in a sentence.")
    more: list[str] = Field(description="What earns more at the moment.")
    has_tiers: bool
    has_referrals: bool
    has_activities: bool


class Slider(Shape):
    """The points that may be spent: from `least` to `most` in steps of `step`, each bringing `worth`."""

    least: int
    most: int
    step: int
    worth: Money


class OwnCode(Shape):
    """A discount code that only this customer can use."""

    code: str
    brings: str
    until: Day | None


class FileLink(Shape):
    """Where the member's history is as a file, for five minutes."""

    url: str
