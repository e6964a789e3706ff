"""Promotional emails go to those who agreed to marketing, and to nobody else; Shopify is asked who did."""

from __future__ import annotations

from typing import Final

from plugin.errors import LeftOut, NotYet
from plugin.messages.kind import Occasion
from plugin.rules.message_kinds import CODE_WAIT, NO_CONSENT, NOT_ORDERED

ASK_AGAIN_SECONDS: Final = 60.0


def insist_on_consent(occasion: Occasion) -> None:
    """LeftOut for who did not agree, or of whom we can't know, or whom a file brought who never ordered; NotYet while
    Shopify is being asked.

    What was said more than a day ago is asked for anew, however long ago the email was written down. Given up is only
    when the asking itself was, and half an hour has passed.
    """
    reads, member = occasion.reads, occasion.member
    if member.id in reads.strangers:
        raise LeftOut(NOT_ORDERED)
    if member.id in reads.agreed:
        return
    if member.customer_id is None or member.id in reads.known_consents:
        raise LeftOut(NO_CONSENT)
    given_up = reads.asked.get(member.customer_id) == "failed"
    if given_up and occasion.now - occasion.message.created_at >= CODE_WAIT:
        raise LeftOut(NO_CONSENT)
    reads.to_ask.add(member.customer_id)
    raise NotYet("we don't know yet whether the customer agreed to marketing emails", ASK_AGAIN_SECONDS)
