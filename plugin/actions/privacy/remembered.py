"""Who was forgotten stays forgotten: only an order placed, or an account opened, afterwards enrols them again.

Whatever else arrives about them is looked through for what it says of the order, and nobody, and is then emptied.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.orders.order_news import OrderNews, OrderSeen
from plugin.rules.privacy.about import About, about
from plugin.rules.privacy.marks import address_key, marks_of
from plugin.rules.privacy.nobodys import nobodys_view
from plugin.store.members import members
from plugin.store.privacy import forgotten
from plugin.store.work import delivery_subjects
from plugin.store.work.deliveries import Delivery

MERGED = "customers/merge"


@dataclass(frozen=True, slots=True)
class Heard:
    """A batch of deliveries with whom each is about. Without a key only orders are recognised, not people;
    where nobody was forgotten (`anybody`), nobody is looked for."""

    key: bytes = b""
    anybody: bool = False
    topics: Mapping[int, str] = field(default_factory=dict)
    said: Mapping[int, About] = field(default_factory=dict)

    @property
    def people(self) -> dict[int, About]:
        """The deliveries about somebody beside any order."""
        return {
            number: said
            for number, said in self.said.items()
            if not said.order_id and (said.customers or said.emails or said.phones)
        }

    def without(self, numbers: Iterable[int]) -> Heard:
        """The rest of the batch."""
        left = self.said.keys() - set(numbers)
        return replace(self, said={number: said for number, said in self.said.items() if number in left})


NOBODY_FORGOTTEN = Heard()


def listen(batch: Iterable[Delivery], key: bytes, *, anybody: bool) -> Heard:
    """Read whom the deliveries are about."""
    each = list(batch)
    return Heard(
        key, anybody, {one.id: one.topic for one in each}, {one.id: about(one.topic, one.body) for one in each}
    )


def note(conn: Connection, shop_id: int, heard: Heard) -> None:
    """Keep which delivery is about whom, so that nobody has to be looked for in every body."""
    subjects: list[tuple[int, int]] = []
    known: list[tuple[int, int]] = []
    for number, said in heard.said.items():
        if said.order_id:
            subjects.append((said.order_id, number))
            known += [(customer, said.order_id) for customer in said.customers]
        if heard.key:
            subjects += [(mark, number) for mark in said.marks(heard.key, shop_id)]
            own = marks_of(heard.key, shop_id, (), said.own_emails, said.own_phones)
            known += [(customer, mark) for customer in said.customers for mark in own]
    delivery_subjects.note(conn, shop_id, subjects, known)


def nobodys(conn: Connection, shop_id: int, heard: Heard) -> set[int]:
    """The deliveries that are about somebody forgotten, and bring nobody back: nothing of them is kept."""
    if not heard.anybody:
        return set()
    orders = {said.order_id for said in heard.said.values() if said.order_id}
    frozen = forgotten.frozen_orders(conn, shop_id, orders) if orders else set()
    found = {number for number, said in heard.said.items() if said.order_id in frozen}
    return found | ignored(conn, shop_id, heard)


def ignored(conn: Connection, shop_id: int, heard: Heard) -> set[int]:
    """The deliveries about accounts that were forgotten, and that have not come back."""
    people = heard.people
    if not people or not heard.key or not heard.anybody:
        return set()
    marks = {number: said.person(heard.key, shop_id) for number, said in people.items()}
    at = forgotten.moments(conn, shop_id, set().union(*marks.values()))
    if not at:
        return set()
    living = members.by_customers(conn, shop_id, {one for said in people.values() for one in said.customers})
    return {
        number
        for number, said in people.items()
        if (moments := [at[mark] for mark in marks[number] if mark in at])
        and not _back(heard.topics[number], said, max(moments), living)
    }


def _back(topic: str, said: About, at: datetime, living: Collection[int]) -> bool:
    """Whether an account that was forgotten `at` that time may be heard of: it lives again, or is a new one."""
    if topic == MERGED:  # of (kept, removed): a living one that moved to another number is alive
        return any(number in living for number in said.customers[1:])
    if any(number in living for number in said.customers):
        return True
    return said.account_since is not None and said.account_since > at


Person = tuple[int | None, str]
"""A customer's number, where it is known, and an address."""


def who_stays_forgotten(conn: Connection, shop_id: int, people: Iterable[Person], key: bytes) -> set[Person]:
    """Those of the people who were forgotten and have not come back; nobody is forgotten while this goes on."""
    if not forgotten.share(conn, shop_id):
        return set()
    marks = {
        (number, email): marks_of(key, shop_id, [number] if number else [], [email]) for number, email in set(people)
    }
    at = forgotten.moments(conn, shop_id, set().union(*marks.values()))
    found = {person for person, theirs in marks.items() if theirs & at.keys()}
    living = members.by_customers(conn, shop_id, {number for number, _ in found if number})
    emails = [address_key(email) for _, email in found]
    known = members.by_email(conn, shop_id, emails) | members.guests_by_email(conn, shop_id, emails)
    return {(number, email) for number, email in found if number not in living and address_key(email) not in known}


def strip(conn: Connection, shop_id: int, news: Sequence[OrderNews], heard: Heard, now: datetime) -> list[OrderNews]:
    """The news, without the buyer of an order that was placed before its buyer was forgotten.

    Such an order is remembered: what is said of it later says nothing of anybody, either.
    """
    seen = [said for said in news if isinstance(said, OrderSeen)]
    before = _placed_before(conn, shop_id, seen, heard.key) if seen and heard.anybody else set()
    if not before:
        return list(news)
    forgotten.remember(conn, shop_id, before, now)
    return [nobodys_order(said) if said.order_id in before else said for said in news]


def _placed_before(conn: Connection, shop_id: int, seen: Sequence[OrderSeen], key: bytes) -> set[int]:
    """The orders that were placed before they, their customer or their address were forgotten.

    An address beside the number of somebody who lives is not asked: the order is theirs.
    """
    numbers = {one.view.buyer.customer_id for one in seen if one.view.buyer.customer_id}
    marks = {number: marks_of(key, shop_id, [number]) for number in numbers} if key else {}
    addresses = (
        {one.view.buyer.email: marks_of(key, shop_id, (), [one.view.buyer.email]) for one in seen} if key else {}
    )
    everything = set().union(*marks.values(), *addresses.values(), (one.order_id for one in seen))
    at = forgotten.moments(conn, shop_id, everything)
    living = members.by_customers(conn, shop_id, numbers) if at else {}
    found = set()
    for one in seen:
        buyer = one.view.buyer
        asked = {one.order_id} | marks.get(buyer.customer_id or 0, set())
        if buyer.customer_id not in living:
            asked |= addresses.get(buyer.email, set())
        if any(mark in at and one.view.processed_at <= at[mark] for mark in asked):
            found.add(one.order_id)
    return found


def nobodys_order(said: OrderNews) -> OrderNews:
    """What the news says of the order, and nothing of anybody."""
    return replace(said, view=nobodys_view(said.view), traces=None) if isinstance(said, OrderSeen) else said
