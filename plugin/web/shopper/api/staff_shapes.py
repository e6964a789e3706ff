"""What staff are told of a member and an order at the till and in the admin's blocks, and what they may do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from plugin.web.shopper.api.shapes import PLAIN, Entry, Held, Reward, Word
from plugin.web.shopper.api.values import Day, MemberNow, Points, Shape, Why


class MemberFound(Shape):
    """A member as staff find one; `customer_id` is the number of Shopify, none for a guest."""

    customer_id: int | None
    name: str
    email: str
    available: Points
    tier: str


class MembersFound(Shape):
    """At most twenty; `more`: there were others."""

    members: list[MemberFound]
    more: bool


class StaffMay(Shape):
    """What this account's role may do for customers; nothing else is offered to it."""

    may_adjust: bool
    may_redeem: bool
    may_return: bool
    may_give_birthday: bool
    may_join: bool


class StaffView(StaffMay):
    """A member as staff see one at the till and in the admin. Who may adjust gives and takes at most `most` points at
    once (None: no limit). `path`: the member's page in the app."""

    key: str
    customer_id: int
    state: Literal["member", "unknown", "left", "guest"]
    name: str
    member: MemberNow | None
    rewards: list[Reward]
    held: list[Held]
    entries: list[Entry]
    last_survey: str | None
    birthday_gift: Why | None = Field(description="Why no birthday gift can be given now; code `open` where one can.")
    most: int | None
    path: str


class StaffOrder(Shape):
    """An order as staff see it: what it earned and why, sentence by sentence. `path`: the order's page in the app."""

    state: Literal["waiting", "known"]
    points: Points | None
    text: str
    reasons: list[str]
    available_on: Day | None
    customer_id: int | None
    member: str
    path: str | None


class AdjustIn(Shape):
    """Give (above zero) or take points; the reason is shown to the member."""

    key: Word
    points: Annotated[int, Field(ge=-(10**9), le=10**9)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PLAIN)]
