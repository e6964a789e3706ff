"""What the emails of a batch say, read together: each thing once for all of them, when the first one asks for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from babel import Locale
from sqlalchemy import Connection

from plugin.actions.languages import own_names
from plugin.actions.sending import consents, mail_readers
from plugin.actions.sending.promotional_room import Room
from plugin.rules.names.subject_grammar import BadSubject
from plugin.rules.programme import Programme
from plugin.rules.reach import Person
from plugin.rules.words.own_names import ReaderNames, in_words, points_name
from plugin.rules.words.translations import Translation
from plugin.store.members.members import Member
from plugin.store.points import balances
from plugin.store.points.balances import Balance
from plugin.store.shops.shops import Shop
from plugin.store.versions import own_names as stored_names
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work.messages import Message

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Read = Callable[[Connection, int, list[Key]], Mapping[Key, Value]]
"""Reads the values of several keys in one statement."""


class Reads:
    """What the messages of a batch to these members need, as of `now`, within one transaction of the shop.

    `promotional` are messages that were found to be that; `to_ask` are customers that Shopify is to be asked about.
    """

    def __init__(
        self, conn: Connection, shop: Shop, messages: Sequence[Message], people: Iterable[Member], now: datetime
    ) -> None:
        self.conn, self.shop, self.now = conn, shop, now
        self.messages = tuple(messages)
        self.people = {member.id: member for member in people}
        self.promotional: set[int] = set()
        self.to_ask: set[int] = set()
        self._names: dict[Locale, ReaderNames] = {}
        self._found: dict[tuple[str, str], Mapping[Any, Any]] = {}

    @cached_property
    def versions(self) -> list[Version]:
        """All versions of the programme."""
        return programmes.versions(self.conn, self.shop.id)

    @cached_property
    def programme(self) -> Programme:
        """The rules in force now."""
        return programmes.at(self.versions, self.now).programme

    def names(self, locale: Locale) -> ReaderNames:
        """The shop's names in one language."""
        if locale not in self._names:
            self._names[locale] = own_names.names_from(self._translated, self.shop, locale)
        return self._names[locale]

    @cached_property
    def _translated(self) -> Mapping[str, Iterable[Translation]]:
        return {one.language: one.names for one in stored_names.all_of(self.conn, self.shop.id).values()}

    def programme_in(self, locale: Locale) -> Programme:
        """The rules in force now, their names in one language: to be shown."""
        return in_words(self.programme, points_name(self.programme.points_name, self.names(locale)))

    @cached_property
    def persons(self) -> Mapping[int, Person]:
        """Each member as a reader of emails."""
        return mail_readers.readers(self.conn, self.shop.id, self.people.values())

    @cached_property
    def agreed(self) -> set[int]:
        """Those of the members of whom it is known that they agreed to marketing mails, and known for no more than a
        day."""
        return consents.agreed(self.conn, self.shop.id, self.people.values(), self.now)

    @cached_property
    def strangers(self) -> set[int]:
        """Those of the members whom a file brought, and who have not ordered."""
        return consents.strangers(self.conn, self.shop.id, self.people.values())

    @cached_property
    def known_consents(self) -> set[int]:
        """Those of the members of whom it is known whether they did."""
        return consents.fresh(self.conn, self.shop.id, self.people.values(), self.now)

    @cached_property
    def asked(self) -> Mapping[int, str]:
        """The state of the jobs that ask Shopify about customers of the batch, by customer."""
        return consents.being_asked(self.conn, self.shop.id, self.people.values())

    @cached_property
    def room(self) -> Room:
        """How much room there is for promotional emails."""
        return Room(self.conn, self.shop, self.people, self.now)

    @cached_property
    def balances(self) -> Mapping[int, Balance]:
        """What each member has."""
        return balances.of(self.conn, self.shop.id, self.people.values(), self.now)

    def together(
        self, what: str, read: Read[Key, Value], key_of: Callable[[Message], Key | None], mine: Message
    ) -> Value | None:
        """The value that a message is about, where there is one; it is read with those of all messages of its kind.

        `what` names it; `key_of` says which one a message is about. BadSubject: the message is about nothing.
        """
        key = key_of(mine)
        if (what, mine.kind) not in self._found:
            wanted = {_key(key_of, one) for one in self.messages if one.kind == mine.kind} | {key}
            keys = [each for each in wanted if each is not None]
            self._found[what, mine.kind] = read(self.conn, self.shop.id, keys) if keys else {}
        value: Value | None = self._found[what, mine.kind].get(key)
        return value


def _key(key_of: Callable[[Message], Key | None], message: Message) -> Key | None:
    """What another message of the batch is about. One whose subject is none says so when its own turn comes."""
    try:
        return key_of(message)
    except BadSubject:
        return None
