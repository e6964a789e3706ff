"""What rules, campaigns and rates did for an order, in words for staff and for shoppers."""

from __future__ import annotations

STAFF = {
    "base_rate": "{amount} at {rate}.",
    "tier_rate": "Members of {tier} earn {rate}.",
    "currency_rate": "Paid in {currency}, which earns {rate}.",
    "line_rate": "{title}: {rate}, by “{rule}”.",
    "line_times": "{title}: times {multiplier}, by “{rules}”.",
    "line_nothing": "{title}: earns nothing, by “{rules}”.",
    "extra_items": "“{rule}”: {items} × {each}, {points} extra.",
    "extra_order": "“{rule}”: {points} extra.",
    "base_extra_items": "For each item: {items} × {each}, {points} extra.",
    "base_extra_order": "For the order: {points} extra.",
    "code_percent": "A discount code was used; such orders earn {percent} % of their points.",
    "code_used": "A discount code was used; the programme leaves such orders out.",
    "awaiting_fulfilment": "It is not sent in full yet; points come when it is.",
    "together": "{amount} counts; all of this together, {rounding}: {points}.",
    "together_in_part": "{amount} of {original} still counts after refunds and what was paid otherwise;"
    " all of this together, {rounding}: {points}.",
}
SHOPPER = {
    "base_rate": "{amount} at {rate}.",
    "tier_rate": "As a member of {tier} you earn {rate}.",
    "currency_rate": "Paid in {currency}, which earns {rate}.",
    "line_rate": "{title}: {rate} ({rule}).",
    "line_times": "{title}: times {multiplier} ({rules}).",
    "line_nothing": "{title}: earns nothing ({rules}).",
    "extra_items": "{rule}: {points} extra.",
    "extra_order": "{rule}: {points} extra.",
    "base_extra_items": "For the items: {points} extra.",
    "base_extra_order": "For the order: {points} extra.",
    "code_percent": "With a discount code, orders earn {percent} % of their points.",
    "code_used": "Orders with a discount code do not earn.",
    "awaiting_fulfilment": "Points come when everything is sent.",
    "together": "{amount} counts; together: {points}.",
    "together_in_part": "{amount} of {original} still counts; together: {points}.",
}
_PERIODS = {
    "day": "a day", "week": "a week", "month": "a month", "total": "in total",
}  # fmt: skip
STAFF |= {
    f"limited_orders_{per}": f"A member earns with {{limit:order|orders}} {words} at most: {{points}}, not {{before}}."
    for per, words in _PERIODS.items()
} | {
    f"limited_points_{per}": f"A member earns at most {{limit_points}} {words}: {{points}}, not {{before}}."
    for per, words in _PERIODS.items()
}
SHOPPER |= {
    "limited_points_day": "At most {limit} a day: {points} of {before}.",
    "limited_points_week": "At most {limit} a week: {points} of {before}.",
    "limited_points_month": "At most {limit} a month: {points} of {before}.",
    "limited_points_total": "At most {limit} in total: {points} of {before}.",
    "limited_orders_day": "You earn with {limit:order|orders} a day at most.",
    "limited_orders_week": "You earn with {limit:order|orders} a week at most.",
    "limited_orders_month": "You earn with {limit:order|orders} a month at most.",
    "limited_orders_total": "You earn with {limit:order|orders} in total at most.",
}
HEADLINES: dict[str, str] = {}
