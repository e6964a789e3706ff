"""The programme: one immutable set of rules, validated at the door, stored as a numbered version."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, ValidationInfo, field_validator

from plugin.rules.activities.activity_rules import Activity, consistent
from plugin.rules.emails.about_kinds import Confirmation
from plugin.rules.fields import Amount, CodePrefix, Name, Positive, Price, Rules, percent_or_money
from plugin.rules.gifts.automatic_rules import Automatic, Milestone, unique_rules
from plugin.rules.orders.cashback_rules import Cashback
from plugin.rules.orders.earning_rules import OrderEarning, points_per_minor
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.rewards.kinds import Reward, unique_ids
from plugin.rules.rewards.reward_names import Slide
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.words.own_words import PointsName

Rounding = Literal["floor", "half_up", "ceil"]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]


class Basis(Rules):
    """What of an order counts. Gift-card lines and tips never do."""

    tax: bool = False
    shipping: bool = False
    before_discounts: bool = False
    paid_by_gift_card: bool = True
    paid_by_store_credit: bool = True
    test_orders: bool = False
    guests: bool = True
    minimum_order: Amount = Decimal(0)
    excluded_products: frozenset[int] = frozenset()
    excluded_collections: frozenset[int] = frozenset()
    excluded_tags: frozenset[Tag] = frozenset()

    @property
    def needs_product_facts(self) -> bool:
        """Whether a line can be judged only with tags and collections at hand."""
        return bool(self.excluded_collections or self.excluded_tags)


class Earning(Rules):
    """`points` for every `per_amount` of the shop's currency (major units)."""

    points: int = Field(default=1, ge=0, le=1_000_000)
    per_amount: Price = Decimal(1)
    rounding: Rounding = "floor"
    award_on: Literal["paid", "created", "fulfilled"] = "paid"
    pending_days: int = Field(default=0, ge=0, le=365)

    def points_per_minor(self, currency: str) -> Fraction:
        """Points for one minor unit of the currency."""
        return points_per_minor(self.points, self.per_amount, currency)


class NextOrderCode(Rules):
    """The unique code that every buyer gets for the next order."""

    enabled: bool = True
    kind: Literal["percent", "amount"] = "percent"
    value: Positive = Decimal(10)
    minimum_spend: Amount = Decimal(0)
    valid_days: int = Field(default=60, ge=1, le=3650)
    prefix: CodePrefix = "SUKI"
    bound_to_customer: bool = True
    combines_with_order_discounts: bool = False
    combines_with_product_discounts: bool = False
    combines_with_shipping_discounts: bool = True

    _percent_or_money = field_validator("value")(percent_or_money)


class Goal(Rules):
    """A reward by name and price, shown in mails as the next one to reach.

    Programmes from before there were rewards store them as `goals`.
    """

    name: Name
    points: int = Field(ge=1, le=10_000_000)


class ToReach(Goal):
    """A goal, or an active reward; `slide` where the member chooses its amount."""

    slide: Slide | None = None


def _with_one(name: str, info: ValidationInfo) -> PointsName:
    """The name of points knows what one of them is called."""
    one = info.data.get("points_name_one", "")
    return PointsName(name, {"one": one} if one else {})


class Programme(Rules):
    """Everything that decides points, codes and mails of one shop.

    `points_name_one` is what one point is called; empty for the same as many.
    """

    points_name_one: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    points_name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
        AfterValidator(_with_one),
        PlainSerializer(str, return_type=str),
    ] = "points"
    earning: Earning = Earning()
    basis: Basis = Basis()
    welcome_points: int = Field(default=0, ge=0, le=1_000_000)
    below_zero: Literal["negative", "clamp"] = "negative"
    next_order_code: NextOrderCode = NextOrderCode()
    goals: Annotated[tuple[Goal, ...], Field(max_length=20)] = ()
    confirmation: Confirmation = "ours"
    tiers: Tiers = Tiers()
    rewards: Annotated[tuple[Reward, ...], Field(max_length=100), AfterValidator(unique_ids)] = ()
    expiry: Expiry = Expiry()
    cashback: Cashback = Cashback()
    milestones: Annotated[tuple[Milestone, ...], Field(max_length=50), AfterValidator(unique_rules)] = ()
    automatic: Annotated[tuple[Automatic, ...], Field(max_length=50), AfterValidator(unique_rules)] = ()
    activities: Annotated[tuple[Activity, ...], Field(max_length=100), AfterValidator(consistent)] = ()
    orders: OrderEarning = OrderEarning()
    referrals: Referrals = Referrals()

    @property
    def to_reach(self) -> tuple[ToReach, ...]:
        """What mails name as the next reward: the active rewards for everyone, or goals where there are none."""
        found = tuple(
            ToReach(name=reward.name, points=reward.points, slide=reward if isinstance(reward, Slide) else None)
            for reward in self.rewards
            if reward.active and not reward.tiers
        )
        return found if self.rewards else tuple(ToReach(name=goal.name, points=goal.points) for goal in self.goals)
