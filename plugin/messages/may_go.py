"""Whether emails that are about to be handed over may still go: asked in the transaction that notes that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import mail_of
from plugin.rules import reach
from plugin.rules.message_kinds import NO_ADDRESS
from plugin.rules.reach import Surface
from plugin.rules.words import reach_words
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True)
class About:
    """An email that is ready to go, and to whom."""

    message: Message
    reader: Member


def unreached(shop: Shop, message: Message, member: Member | None) -> str:
    """Why it does not reach its member now; empty where it does."""
    if member is None:
        return NO_ADDRESS
    why = reach.ask(shop.launch, member.person, Surface.MAIL, mail_of(message.kind)).why
    return reach_words.left_out(why) if why is not None else ""


def stopped(conn: Connection, shop: Shop, ready: Sequence[About], now: datetime) -> Mapping[int, str]:
    """Why those that may no longer go are left out, by message: whatever was said since they were built counts."""
    people = members.by_ids(conn, shop.id, {one.reader.id for one in ready})
    found = {one.message.id: unreached(shop, one.message, people.get(one.reader.id)) for one in ready}
    return {key: why for key, why in found.items() if why}
