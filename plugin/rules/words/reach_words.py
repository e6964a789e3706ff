"""What is noted at a message that does not reach somebody; the reasons in words are in the catalogues."""

from __future__ import annotations

from plugin.rules.message_kinds import (
    HAS_LEFT,
    KIND_OFF,
    KIND_UNWANTED,
    NO_ADDRESS,
    NOT_TOLD,
    PROMOTIONS_UNWANTED,
    SUPPRESSED,
    SWITCHED_OFF,
    UNWANTED,
)
from plugin.rules.types import Reason

MAILS_PAUSED = "emails are paused"
_LEFT_OUT = {
    "no_address": NO_ADDRESS,
    "left_programme": HAS_LEFT,
    "no_emails": UNWANTED,
    "kind_refused": KIND_UNWANTED,
    "promotional_refused": PROMOTIONS_UNWANTED,
    "suppressed": SUPPRESSED,
    "mails_off": SWITCHED_OFF,
    "kind_off": KIND_OFF,
    "mails_paused": MAILS_PAUSED,
    "not_launched": "the programme is not launched",
    "forgotten": "the customer's data was erased",
    "held_out": "the customer is held out by a study",
}
CODES = {noted: code for code, noted in _LEFT_OUT.items()}
"""The code of each reason by what is noted of it; the panel's words are `messages.mails.reason.<code>`."""
MAY_GO_LATER = frozenset({NOT_TOLD, NO_ADDRESS, SUPPRESSED, SWITCHED_OFF, KIND_OFF, MAILS_PAUSED})
"""Left out for a reason that may be over, so that staff can send it after all."""


def left_out(why: Reason) -> str:
    """What is noted at a message that is not sent."""
    return _LEFT_OUT[why.code]
