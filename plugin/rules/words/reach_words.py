"""Why something does not reach somebody, in words for staff and for shoppers."""

from __future__ import annotations

from plugin.rules.message_kinds import HAS_LEFT, NO_ADDRESS, SWITCHED_OFF
from plugin.rules.types import Reason

STAFF = {
    "forgotten": "The customer's data was erased.",
    "no_address": "There is no address to send to.",
    "left_programme": "The customer has left the programme.",
    "no_account": "They have no customer account.",
    "not_launched": "The programme is not launched yet: it reaches test members only.",
    "earning_paused": "Earning is paused.",
    "spending_paused": "Spending is paused.",
    "mails_paused": "Emails are paused.",
    "mails_off": "Emails are switched off in the programme.",
    "held_out": "The customer is held out by a study.",
}
SHOPPER = {
    "forgotten": "This is not available.",
    "no_address": "We have no email address of yours.",
    "left_programme": "You have left the programme.",
    "no_account": "This needs a customer account.",
    "not_launched": "This is not available.",
    "earning_paused": "Earning is paused at the moment.",
    "spending_paused": "Spending is paused at the moment.",
    "mails_paused": "Emails are paused at the moment.",
    "mails_off": "This shop sends no emails about this.",
    "held_out": "This is not available.",
}
HEADLINES: dict[str, str] = {}
MAILS_PAUSED = "emails are paused"
_LEFT_OUT = {
    "no_address": NO_ADDRESS,
    "left_programme": HAS_LEFT,
    "mails_off": SWITCHED_OFF,
    "mails_paused": MAILS_PAUSED,
    "not_launched": "the programme is not launched",
    "forgotten": "the customer's data was erased",
    "held_out": "the customer is held out by a study",
}
MAY_GO_LATER = frozenset({NO_ADDRESS, SWITCHED_OFF, MAILS_PAUSED})
"""Left out for a reason that may be over, so that staff can send it after all."""


def left_out(why: Reason) -> str:
    """What is noted at a message that is not sent."""
    return _LEFT_OUT[why.code]
