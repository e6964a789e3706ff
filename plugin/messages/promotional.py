"""What a promotional email must pass, when it is read and again when it is handed over. Others pass none of it.

One that comes at night waits for the reader's morning. One too many is left out, for most of them are about a moment,
and would come in a heap later; a kind whose content still stands then says `over_cap="wait"`.
"""

from __future__ import annotations

from plugin.messages import may_go
from plugin.messages.consent import insist_on_consent
from plugin.messages.kind import Occasion
from plugin.rules.message_kinds import kind_of


def insist(occasion: Occasion) -> None:
    """This message is promotional. LeftOut, HeldBack: it may not go, or not now. NotYet: Shopify is being asked."""
    reads, message = occasion.reads, occasion.message
    reads.promotional.add(message.id)
    person = reads.persons.get(message.member_id)
    may_go.insist_on_reach(occasion.shop, message, occasion.member, person, promotional=True)
    insist_on_consent(occasion)
    reads.room.insist_on_day(message.member_id)
    reads.room.insist_on_room(message.member_id, kind_of(message.kind))
