"""Which messages of a batch go as one email, because one order caused them within five minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.errors import BadInput, LeftOut, NotFound, NotYet, UnknownKind
from plugin.messages.about_members import AboutMembers
from plugin.messages.kind import Occasion
from plugin.messages.kinds import KINDS
from plugin.messages.may_go import insist_on_reach
from plugin.messages.sending.letters import Letters, Part
from plugin.rules.emails import kind_settings, one_mail
from plugin.rules.emails.design import Source
from plugin.rules.emails.one_mail import Sibling
from plugin.rules.events import READERS
from plugin.rules.message_kinds import MessageKind, kind_of
from plugin.rules.messages import MailContext
from plugin.rules.names.subject_grammar import BadSubject
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work import one_mail as store
from plugin.store.work.messages import Message

MAILS: Final = "mails"
"""The reader of events that writes emails down."""
WAITS: Final = "it waits for what else the order brings about"
_NOT_NOW: Final = (LeftOut, NotYet, NotFound, UnknownKind, BadSubject, BadInput)


@dataclass(frozen=True, slots=True)
class Families:
    """The messages of a batch with all that the same orders caused, and of whom more is to be written down soon."""

    of: Mapping[tuple[int, str], Sequence[Message]]
    expecting: frozenset[int]

    @classmethod
    def read(cls, conn: Connection, shop: Shop, waiting: Sequence[Message], now: datetime) -> Families:
        """Nothing is read for messages that no order caused."""
        found = store.families(conn, shop.id, waiting)
        since = now - one_mail.PATIENCE
        young = {one.member_id for one in waiting if one.cause and one.created_at > since}
        kinds = [kind.value for kind in READERS[MAILS]]
        more = store.unread(conn, shop.id, MAILS, kinds, young, since - one_mail.WINDOW)
        return cls(found, frozenset(more))

    def others(self, waiting: Sequence[Message]) -> list[Message]:
        """Those that may go with one of these, and are not among them."""
        known = {one.id for one in waiting}
        return [
            one
            for each in self.of.values()
            for one in each
            if one.id not in known and (one.state == "queued" or one.part_of in known)
        ]

    def plan(self, message: Message, letters: Letters, now: datetime) -> tuple[int, ...]:
        """The messages that go in this one. NotYet: it waits for others, or goes with another."""
        if not message.cause:
            return ()
        siblings = [_sibling(one, letters) for one in self.of[message.member_id, message.cause]]
        mine = next((one for one in siblings if one.id == message.id), _sibling(message, letters))
        more = message.member_id in self.expecting
        found = one_mail.plan(mine, siblings, now, more_to_come=more)
        if found.wait_seconds > 0:
            raise NotYet(WAITS, found.wait_seconds)
        return found.parts

    def message(self, leader: Message, number: int) -> Message:
        """One of those that go in another."""
        return next(one for one in self.of[leader.member_id, leader.cause] if one.id == number)


def parts_of(
    families: Families, about: AboutMembers, letters: Letters, leader: Message, reader: Member, context: MailContext
) -> tuple[Part, ...]:
    """What goes in an email, in its language. What has nothing to say now, or may not go now, is left to itself."""
    numbers = families.plan(leader, letters, about.reads.now)
    found = (_part(about, letters, families.message(leader, number), reader, context) for number in numbers)
    return tuple(each for each in found if each is not None)


def _part(about: AboutMembers, letters: Letters, message: Message, reader: Member, context: MailContext) -> Part | None:
    reads = about.reads
    try:
        kind = kind_of(message.kind)
        insist_on_reach(reads.shop, message, reader, reads.persons.get(reader.id))
        built: Any = KINDS[kind].build(Occasion(reads, reader, message, letters.settings))
        if built is None or message.id in reads.promotional:
            return None
        said = letters.told(about, kind, message, reader, replace(built, locale=context.locale))
        return Part(message, letters.piece(kind, said))
    except _NOT_NOW:
        return None


def _sibling(message: Message, letters: Letters) -> Sibling:
    try:
        kind = kind_of(message.kind)
    except UnknownKind:
        return Sibling(message.id, MessageKind.CLAIM, False, message.created_at, joins=False)
    return Sibling(
        message.id,
        kind,
        message.state == "queued",
        message.created_at,
        kind_settings.wait(letters.shop.settings, kind),
        joins=not isinstance(letters.published.get(kind), Source),
        part_of=message.part_of,
    )
