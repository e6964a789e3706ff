"""Why an order earns what it earns, in words for staff and for shoppers."""

from __future__ import annotations

STAFF = {
    "eligible": "{amount} counts, at {rate}, {rounding}: {points}.",
    "eligible_in_part": "{amount} of {original} still counts after refunds and what was paid otherwise,"
    " at {rate}, {rounding}: {points}.",
    "below_minimum": "The order is below the programme's minimum of {minimum}.",
    "cancelled": "The order was cancelled.",
    "deleted": "The order was deleted in Shopify.",
    "test_order": "It is a test order; the programme leaves those out.",
    "before_programme": "It was placed before the day from which orders count (Settings).",
    "no_customer": "It names neither a customer nor an e-mail address.",
    "guest": "It was placed as a guest, and the programme leaves guests out.",
    "away": "The customer had left the programme when it was placed.",
    "placed_while_paused": "Earning was paused when it was placed.",
    "before_launch": "It came in before the programme was launched.",
    "awaiting_payment": "It is not paid yet; points come with the payment.",
    "refunded": "It was refunded in full.",
    "not_paid": "Its payment was voided or has expired.",
    "switched_off": "Codes for the next order are switched off.",
    "too_old": "The order was more than two days old when it first came in.",
}
SHOPPER = {
    "eligible": "{amount} counts, at {rate}: {points}.",
    "eligible_in_part": "{amount} of {original} still counts, at {rate}: {points}.",
    "below_minimum": "Orders earn from {minimum} on.",
    "cancelled": "The order was cancelled.",
    "deleted": "The order no longer exists.",
    "test_order": "It was a test.",
    "before_programme": "It was placed before the programme began.",
    "no_customer": "We do not know whose order it is.",
    "guest": "Only orders placed with an account earn.",
    "away": "You were not in the programme then.",
    "placed_while_paused": "Earning was paused when it was placed.",
    "before_launch": "It was placed before the programme began.",
    "awaiting_payment": "Points come with the payment.",
    "refunded": "It was refunded in full.",
    "not_paid": "It was not paid.",
    "switched_off": "There is no code for the next order at the moment.",
    "too_old": "The order is too old for a code.",
}
HEADLINES = {
    "earned": "Earned with order {order}",
    "taken_back": "Taken back for order {order}",
    "forgiven": "Forgiven: what could not be taken back without going below zero",
    "set_off": "Set off against what was forgiven earlier",
}
