"""What members are given by themselves, in words for staff and for shoppers."""

from __future__ import annotations

STAFF = {
    "given": "Given without points.",
    "milestone_orders": "Milestone “{name}”: {count:order|orders} counted, the last of them {order}.",
    "milestone_spend": "Milestone “{name}”: {amount} spent, reached with {order}.",
    "milestone_lost": "Milestone “{name}” no longer stands: orders were cancelled or refunded.",
    "milestone_twice": "Milestone “{name}”: two customers were merged, and one of them had it already.",
    "automatic_tier": "Rule “{name}”: reached {tier}.",
    "automatic_tier_lost": "Rule “{name}”: the orders that led to {tier} were refunded.",
    "automatic_birthday": "Rule “{name}”: birthday in {year}.",
    "automatic_lapsed": "Rule “{name}”: no order for {days:day|days}.",
    "automatic_frequent": "Rule “{name}”: {count:order|orders} within {days:day|days}.",
}
SHOPPER = {
    "given": "You did not spend any points on it.",
    "milestone_orders": "For your orders: {count} by now.",
    "milestone_spend": "For spending {amount} with us.",
    "milestone_lost": "Orders that it was for were cancelled or refunded.",
    "milestone_twice": "Two of your accounts were merged, and one of them had it already.",
    "automatic_tier": "For reaching {tier}.",
    "automatic_tier_lost": "The orders that led to {tier} were refunded.",
    "automatic_birthday": "For your birthday.",
    "automatic_lapsed": "We would love to see you again.",
    "automatic_frequent": "For {count:order|orders} within {days:day|days}.",
}
HEADLINES = {
    "milestone": "Milestone reached",
    "milestone_back": "Milestone taken back",
    "automatic": "A gift from the shop",
    "automatic_back": "A gift taken back",
}
