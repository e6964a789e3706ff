"""Cashback in words, for staff and for shoppers."""

from __future__ import annotations

STAFF = {
    "cashback": "{amount} counts, at {percent} %, rounded down: {credit}.",
    "cashback_capped": "{amount} counts, at {percent} %: {credit}, the most that one order brings.",
    "cashback_off": "Cashback was switched off when the order was placed.",
    "cashback_other_member": "The order now belongs to somebody else.",
}
SHOPPER = {
    "cashback": "{amount} counts, at {percent} %: {credit}.",
    "cashback_capped": "{amount} counts: {credit}, the most for one order.",
    "cashback_off": "There is no cashback on this order.",
    "cashback_other_member": "The order is not yours.",
}
HEADLINES: dict[str, str] = {}
