"""What rewards bring, and their terms, in words for staff and for shoppers."""

from __future__ import annotations

_TERMS = {
    "brings_off": "{worth} off.",
    "brings_percent": "{percent} % off.",
    "brings_product": "One of the product for free, up to {worth}.",
    "brings_shipping": "Free shipping.",
    "brings_card": "A gift card over {worth}.",
    "terms_minimum": "For orders of {minimum} or more.",
    "terms_products": "For certain products only.",
    "terms_collections": "For certain collections only.",
    "terms_countries": "For delivery to {countries} only.",
    "terms_rate": "For shipping that costs {maximum} or less.",
    "terms_days": "Good for {days:day|days}.",
}
STAFF = _TERMS | {
    "brings_credit": "{worth} on their store credit.",
    "times_left_ever": "The member can still have it {left:time|times}.",
    "times_left_day": "The member can still have it {left:time|times} today.",
    "times_left_week": "The member can still have it {left:time|times} this week.",
    "times_left_month": "The member can still have it {left:time|times} this month.",
    "times_left_year": "The member can still have it {left:time|times} this year.",
}
SHOPPER = _TERMS | {
    "brings_credit": "{worth} on your store credit.",
    "times_left_ever": "You can still have it {left:time|times}.",
    "times_left_day": "You can still have it {left:time|times} today.",
    "times_left_week": "You can still have it {left:time|times} this week.",
    "times_left_month": "You can still have it {left:time|times} this month.",
    "times_left_year": "You can still have it {left:time|times} this year.",
}
HEADLINES: dict[str, str] = {}
