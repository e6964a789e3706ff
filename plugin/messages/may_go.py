"""Whether emails that are about to be handed over may still go: asked in the transaction that notes that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.members.tell_members import mail_of, waits
from plugin.actions.sending import mail_readers
from plugin.errors import LeftOut, NotYet
from plugin.rules import reach
from plugin.rules.message_kinds import NO_ADDRESS
from plugin.rules.reach import Person, Surface
from plugin.rules.words import reach_words
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message

PAUSED_SECONDS: Final = 3600.0
"""After how long a warning is tried again while emails are paused."""
NEW_ADDRESS_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class About:
    """An email that is ready to go, and to whom."""

    message: Message
    reader: Member


def insist_on_reach(shop: Shop, message: Message, member: Member | None, person: Person | None) -> Member:
    """Whom it goes to, a member as a reader of emails. LeftOut: there is nobody, or it does not reach them now. NotYet:
    it waits for the end of a pause, for something is lost only once it has gone."""
    if member is None or person is None:
        raise LeftOut(NO_ADDRESS)
    if (why := reach.ask(shop.launch, person, Surface.MAIL, mail_of(message.kind)).why) is not None:
        if waits(message.kind, why):
            raise NotYet(reach_words.left_out(why), PAUSED_SECONDS)
        raise LeftOut(reach_words.left_out(why))
    return member


def stopped(conn: Connection, shop: Shop, ready: Sequence[About], now: datetime) -> dict[int, LeftOut | NotYet]:
    """What keeps those that may no longer go, by message: whatever was said since they were built counts."""
    people = members.by_ids(conn, shop.id, {one.reader.id for one in ready})
    persons = mail_readers.readers(conn, shop.id, people.values())
    found: dict[int, LeftOut | NotYet] = {}
    for one in ready:
        key = one.reader.id
        try:
            _insist_on_address(one, insist_on_reach(shop, one.message, people.get(key), persons.get(key)))
        except (LeftOut, NotYet) as error:
            found[one.message.id] = error
    return found


def _insist_on_address(one: About, member: Member) -> None:
    if member.email != one.reader.email:
        raise NotYet("the address changed while the email was being sent", NEW_ADDRESS_SECONDS)
