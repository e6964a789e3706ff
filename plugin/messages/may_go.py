"""Whether emails that are about to be handed over may still go: asked in the transaction that notes that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails import carts_left
from plugin.actions.members.tell_members import mail_of, waits
from plugin.actions.sending import consents, mail_readers
from plugin.actions.sending.promotional_room import Room
from plugin.errors import LeftOut, NotYet
from plugin.rules import reach
from plugin.rules.message_kinds import NO_ADDRESS, NO_CONSENT, NOT_ORDERED, MessageKind, kind_of
from plugin.rules.names.news import Checkout, Quiet
from plugin.rules.reach import Person, Surface
from plugin.rules.words import reach_words
from plugin.store.emails import by_the_day
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message

PAUSED_SECONDS: Final = 3600.0
"""After how long a warning is tried again while emails are paused."""
SOON_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class About:
    """An email that is ready to go, and to whom."""

    message: Message
    reader: Member
    promotional: bool = False


def insist_on_reach(
    shop: Shop, message: Message, member: Member | None, person: Person | None, *, promotional: bool = False
) -> Member:
    """Whom it goes to, a member as a reader of emails. LeftOut: there is nobody, or it does not reach them now. NotYet:
    it waits for the end of a pause, for something is lost only once it has gone."""
    if member is None or person is None:
        raise LeftOut(NO_ADDRESS)
    mail = mail_of(message.kind, shop.settings)
    mail = replace(mail, promotional=mail.promotional or promotional)
    if (why := reach.ask(shop.launch, person, Surface.MAIL, mail).why) is not None:
        if waits(message.kind, why):
            raise NotYet(reach_words.left_out(why), PAUSED_SECONDS)
        raise LeftOut(reach_words.left_out(why))
    return member


def stopped(conn: Connection, shop: Shop, ready: Sequence[About], now: datetime) -> dict[int, LeftOut | NotYet]:
    """What keeps those that may no longer go, by message: whatever readers said since they were built counts, and what
    staff did, in the `shop` as it is now."""
    people = members.by_ids(conn, shop.id, {one.reader.id for one in ready})
    persons = mail_readers.readers(conn, shop.id, people.values())
    asked = [people[one.reader.id] for one in ready if one.promotional and one.reader.id in people]
    promotions = _Promotions(conn, shop, asked, now)
    found: dict[int, LeftOut | NotYet] = {}
    over = _overtaken(conn, shop.id, [one.message for one in ready])
    for one in ready:
        key = one.reader.id
        try:
            if one.message.id in over:
                raise LeftOut(kind_of(one.message.kind).about.gone)
            who = insist_on_reach(shop, one.message, people.get(key), persons.get(key), promotional=one.promotional)
            _insist_on_address(one, who)
            if one.promotional:
                promotions.insist(one.message, who)
        except (LeftOut, NotYet) as error:
            found[one.message.id] = error
    return found


def _overtaken(conn: Connection, shop_id: int, about: Sequence[Message]) -> set[int]:
    """Those that an order ended since they were built, of kinds that ask people to order."""
    left = {one.id: Checkout.parse(one.subject).checkout_id for one in about if one.kind == MessageKind.CART_LEFT}
    quiet = {one.id: Quiet.parse(one.subject) for one in about if one.kind == MessageKind.WIN_BACK}
    over = carts_left.overtaken(conn, shop_id, set(left.values()))
    last = by_the_day.last_ordered(conn, shop_id, {one.member_id for one in quiet.values()}) if quiet else {}
    moved = {key for key, one in quiet.items() if last.get(one.member_id) != one.since}
    return {key for key, number in left.items() if number in over} | moved


def _insist_on_address(one: About, member: Member) -> None:
    if member.email != one.reader.email:
        raise NotYet("the address changed while the email was being sent", SOON_SECONDS)


class _Promotions:
    """Whether promotional emails to these members may still go, at the moment when they are handed over."""

    def __init__(self, conn: Connection, shop: Shop, people: Sequence[Member], now: datetime) -> None:
        self._agreed = consents.agreed(conn, shop.id, people, now, hold=True) if people else set()
        self._known = consents.fresh(conn, shop.id, people, now) if people else set()
        self._strangers = consents.strangers(conn, shop.id, people) if people else set()
        self._room = Room(conn, shop, [one.id for one in people], now)

    def insist(self, message: Message, member: Member) -> None:
        """LeftOut: they took their consent back, or got enough meanwhile. NotYet: what is known is a day old by now."""
        if member.id in self._strangers:
            raise LeftOut(NOT_ORDERED)
        if member.id not in self._agreed:
            if member.id in self._known:
                raise LeftOut(NO_CONSENT)
            raise NotYet("what is known of the customer's consent is more than a day old", SOON_SECONDS)
        self._room.insist_on_day(member.id)
        self._room.insist_on_room(member.id, kind_of(message.kind))
        self._room.takes(member.id)
