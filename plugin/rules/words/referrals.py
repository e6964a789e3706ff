"""Referrals in words: the states that they have, and the signs of fraud."""

from __future__ import annotations

from typing import Final

SIGNS: Final = (
    "blocked",
    "own_order",
    "same_email",
    "same_phone",
    "same_address",
    "same_net",
    "other_email",
    "similar_email",
    "many_from_one_place",
    "same_name",
    "many_on_one_link",
    "just_joined",
)
"""What looks suspicious; staff read `staff.sign.<sign>`."""
STATES: Final = ("claimed", "ordered", "held", "approved", "paid", "refused", "reversed", "expired")
"""What becomes of a referral: `staff.referral.<state>` for staff, `shopper.friends.state.<state>` for the advocate."""
