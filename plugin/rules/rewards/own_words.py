"""Donations, what staff fulfil, and partners' codes, in words for staff and for shoppers."""

from __future__ import annotations

STAFF = {
    "cancelled_by_staff": "{reward} was cancelled by staff: {points:is|are} back.",
    "no_codes": "No code was left for {reward}: {points:is|are} back.",
    "no_codes_left": "No codes are left: import more of them.",
    "already_back": "It was taken back already.",
    "already_paid_out": "It was paid out already: it cannot be undone.",
    "already_fulfilled": "It was fulfilled already: it cannot be undone.",
    "code_is_known": "The member knows the code, and nobody can disable it: it cannot be undone.",
    "undo_too_late": "The time to undo it has passed.",
}
SHOPPER = {
    "cancelled_by_staff": "The shop could not fulfil {reward}: {points:is|are} back.",
    "no_codes": "No code was left for {reward}: {points:is|are} back.",
    "no_codes_left": "This reward is gone.",
    "already_back": "You took it back already.",
    "already_paid_out": "It is on its way already: it can no longer be undone.",
    "already_fulfilled": "It is done already: it can no longer be undone.",
    "code_is_known": "You have seen the code: it can no longer be undone.",
    "undo_too_late": "The time to undo it has passed.",
}
HEADLINES: dict[str, str] = {}
