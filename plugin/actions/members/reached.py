"""Whom of several people something reaches by a surface, and what is refused where it reaches nobody."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.errors import Unreached
from plugin.rules import explain, reach
from plugin.rules.formats import reader_locale
from plugin.rules.reach import Launch, Person, Surface
from plugin.rules.words.catalogues import ENGLISH
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop


def reached(shop: Shop, people: Iterable[Member], surface: Surface) -> dict[int, Member]:
    """Those whom it reaches now, by id."""
    launch = shop.launch
    return {one.id: one for one in people if reach.ask(launch, one.person, surface).reaches}


def insist(launch: Launch, person: Person, surface: Surface) -> None:
    """Unreached, with the reason, where it does not reach this person."""
    if (why := reach.ask(launch, person, surface).why) is not None:
        raise Unreached(explain.words(why, reader_locale(ENGLISH)), why.code, why.values)
