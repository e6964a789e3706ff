"""What the surfaces are told, and what they may say: the shopper API's shapes, checked at the door.

The extensions' types are generated from these.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from plugin.web.shopper.api.values import (
    Aim,
    Day,
    Invitation,
    MemberNow,
    OwnCode,
    Points,
    Programme,
    Shape,
    Slider,
    TierNow,
    Why,
)

PLAIN = r"^[^\x00-\x1f\x7f]*$"
MOST_LINES = 500
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64, pattern=PLAIN)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255, pattern=PLAIN)]
Number = Annotated[int, Field(ge=1, lt=2**63)]
Decimals = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}(\.[0-9]{1,6})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class SurveyAsked(Shape):
    """A question to answer; `scale` from `least` to `most`, with words for both ends. `gives` whatever the score is."""

    survey: Literal["nps", "csat"]
    question: str
    least: int
    most: int
    least_text: str
    most_text: str
    comment_label: str
    gives: Points | None


class Me(Shape):
    """Who is asking. `state`: a guest is nobody that we know, `unknown` is a customer who is no member yet, `left`
    one who has left. `key` has to be sent with the next act: sent twice, it is one act. `survey` is the newest question
    that the member has not answered; its answer names no order."""

    state: Literal["guest", "unknown", "member", "left"]
    key: str
    locale: str
    right_to_left: bool
    programme: Programme
    member: MemberNow | None
    survey: SurveyAsked | None = None


class Reward(Shape):
    """A reward at the member's price. `usable`: it can be redeemed now, and used in this cart where one was sent;
    else `why` says what stands in the way. `for_order` is false for what no order uses (a gift card, a donation).
    `offer` goes back with a click: it changes when what the points bring does."""

    id: str
    kind: str
    title: str
    price: Points
    offer: str
    brings: str
    terms: list[str]
    happens: str
    share: int
    usable: bool
    why: Why | None
    slider: Slider | None
    left: int | None
    for_order: bool


class Rewards(Shape):
    """All that is offered, the usable ones first, in the programme's order."""

    key: str
    rewards: list[Reward]


class Held(Shape):
    """One redemption of the member, or a code that was given. `kind` as in Reward, empty where nobody knows it. `text`
    says the state, `more` only what the state alone does not. `code` and `ends` are there while it can be used;
    `hidden`: the code is shown by email and after a second step only. `failed`: it could not be made, and the points
    are back. `usable`: in the cart that was sent."""

    id: int
    kind: str = ""
    title: str
    state: Literal["preparing", "ready", "used", "returning", "returned", "expired", "given", "failed"]
    text: str
    more: str = ""
    code: str | None
    points: Points
    on: Day
    ends: Day | None
    terms: list[str]
    releasable: bool
    hidden: bool
    usable: bool
    why: Why | None


class HeldList(Shape):
    """What was redeemed or given, newest first; `before`: send it to get the page after this one."""

    key: str
    held: list[Held]
    before: int | None


class CartLine(Shape):
    """One line as the surface sees it; `price` is what one costs after line discounts, in the cart's currency."""

    product_id: Number | None = None
    variant_id: Number | None = None
    vendor: Line = ""
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    price: Decimals
    gift_card: bool = False
    subscription: bool = False


class CartIn(Shape):
    """The cart as the surface sees it: it decides what is shown, not what is taken."""

    currency: Currency
    lines: Annotated[list[CartLine], Field(max_length=MOST_LINES)] = []
    subtotal: Decimals | None = Field(default=None, description="After discounts, before shipping.")
    codes: Annotated[list[Line], Field(max_length=50)] = []


class Estimate(Shape):
    """What the cart would earn. `about`: some of its products are not known to us, or it may still change."""

    points: Points
    about: bool
    text: str


class CartJudged(Shape):
    """The cart by the very rules: what it earns, what may be redeemed for it, which own codes it can use."""

    key: str
    estimate: Estimate | None
    why: Why | None = Field(description="Why there is no estimate.")
    rewards: list[Reward]
    held: list[Held]
    next_reward: Aim | None


class RedeemIn(Shape):
    """Spend points. `points` on a slider only. `key` as the last answer gave it. `price` and `offer` are what was
    shown, the points of Reward.price (on a slider those that were chosen) and Reward.offer: where the reward has
    changed since, nothing is spent (409 `price_changed`)."""

    key: Word
    reward: Word
    price: Annotated[int, Field(ge=1, le=10**9)]
    offer: Word
    points: Annotated[int, Field(ge=1, le=10**9)] | None = None


class Redeemed(Shape):
    """What came of an act: the redemption as it is now (`preparing`: ask again for `held/ID`), the balance after it,
    and the key for the next act."""

    key: str
    held: Held
    available: Points
    text: str


class KeyIn(Shape):
    """An act that needs no more than its key."""

    key: Word


class Entry(Shape):
    """One entry of the history, newest first."""

    id: int
    kind: str
    points: Points
    on: Day
    at: datetime
    headline: str
    reasons: list[str]


class Entries(Shape):
    """`before`: send it to get the page after this one."""

    entries: list[Entry]
    before: int | None


class Question(Shape):
    """One of the shop's questions about the member, and what they answered so far."""

    question: str
    answer: str


class Activity(Shape):
    """One way to earn. `open` can be done now by POST, and `link` is where it is done. `asks` is done by POST profile
    with `questions` and, where `asks_birthday`, the birthday; `link` is a page with the same. `waits` and `done` say
    why, or what to do, in `text`, and so does `automatic`, which comes by itself."""

    id: str
    kind: str
    name: str
    gives: str
    state: Literal["open", "asks", "waits", "done", "automatic"]
    text: str
    link: str | None
    questions: list[Question] = []
    asks_birthday: bool = False


class Activities(Shape):
    """Every way to earn that is offered now; `orders` says what orders bring."""

    key: str
    orders: list[str]
    activities: list[Activity]


class Done(Shape):
    """What an act brought, in a sentence; `points` where some were given; `claim` is what a guest reads from now on of
    how to get what waits for them."""

    key: str
    text: str
    points: Points | None
    available: Points | None
    claim: str | None = None


class OrderNow(Shape):
    """One order for its buyer. `waiting`: we have not heard of it yet, and `points` are an estimate where one can be
    made. `known` gives the order's own points to whoever proves the order; `code`, `tier` and `invitation` only where
    the token names its customer. `claim`: a guest reads how to get the points."""

    state: Literal["waiting", "known"]
    key: str
    points: Points | None
    about: bool
    available_on: Day | None
    text: str
    reasons: list[str]
    code: OwnCode | None
    code_by_email: bool
    tier: TierNow | None
    invitation: Invitation | None
    survey: SurveyAsked | None
    claim: str | None


class TierOffered(Shape):
    """One tier as the rewards page compares them; hidden ones only to those in them."""

    name: str
    needs: str
    benefits: list[str]
    current: bool


class RewardOffered(Shape):
    """A reward as anybody may read it."""

    title: str
    price: Points
    brings: str
    terms: list[str]


class ProgrammePage(Shape):
    """The whole programme, for guests too. `welcome` is what joining gives; empty where that is nothing."""

    programme: Programme
    earn: list[str]
    welcome: str = ""
    activities: list[Activity]
    tiers: list[TierOffered]
    rewards: list[RewardOffered]
    referral: str | None
