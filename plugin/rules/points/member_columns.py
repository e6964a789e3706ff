"""Which columns of a file are the person, the points and the note, by the headings of ten apps' exports.

Sources: the apps' own help pages on export and import (Smile, LoyaltyLion, Yotpo, Rivo, Rivyo, BON, Growave, Stamped,
Joy, Talon.One). What is pending, spent, expired, earned in a lifetime, or credit in money, is never the points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from plugin.rules.imports.table_file import Ranks, UnreadableFile, choose, heading_key, in_words
from plugin.rules.words.texts import Said


def _names(text: str) -> frozenset[str]:
    return frozenset(each.strip() for each in text.split(","))


_POINTS: Ranks = (
    _names(
        "points approved, approved points, available points, points available, available point balance,"
        " available points balance, spendable points, points spendable, redeemable points, usable points,"
        " points to spend"
    ),
    _names(
        "points balance, point balance, balance points, balance point, points current balance, current points balance,"
        " current point balance, current points, current point, current balance, available balance, points tally,"
        " loyalty points balance, loyalty point balance, reward points balance, rewards points balance,"
        " loyalty balance, rewards balance, remaining points, points remaining, points left, customer points balance,"
        " points now"
    ),
    _names(
        "points, point, loyalty points, reward points, rewards points, customer points, member points, balance,"
        " points to add, points change, points amount, add points, adjust points, points adjustment"
    ),
)
_EMAIL: Ranks = (
    _names("customer email, customer email address, customer e mail, shopify customer email, member email"),
    _names("email, e mail, email address, e mail address, emails, email id, user email, contact email"),
)
_CUSTOMER: Ranks = (
    _names("shopify customer id, shopify id, shopify customer number"),
    _names("customer id, customerid, customer shopify id"),
)
_NOTE: Ranks = (_names("note, notes, reason, comment, internal note"),)
_ALL = {"email": _EMAIL, "customer_id": _CUSTOMER, "points": _POINTS, "note": _NOTE}
_WORDS = {
    "email": "the email address",
    "customer_id": "the customer ID",
    "points": "the points",
    "note": "the note",
}
_KNOWN = frozenset(chain.from_iterable(names for ranks in _ALL.values() for names in ranks))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each stands (email, customer_id, points, note), and the headings that nothing is done with."""

    places: dict[str, int]
    ignored: tuple[str, ...]


def known(key: str) -> bool:
    """Whether a heading, as `heading_key` writes it, is one of these."""
    return key in _KNOWN


def columns(headings: Sequence[str]) -> Columns:
    """Raises UnreadableFile, with the list of headings, where no column is the person or none is the points."""
    found = {name: choose(headings, ranks, _WORDS[name]) for name, ranks in _ALL.items()}
    places = {name: place for name, place in found.items() if place is not None}
    if not {"email", "customer_id"} & places.keys():
        raise UnreadableFile(_missing("members.file.no_person", headings))
    if "points" not in places:
        raise UnreadableFile(_no_points(headings))
    taken = set(places.values())
    return Columns(places, tuple(each for at, each in enumerate(headings) if at not in taken and each.strip()))


def _missing(key: str, headings: Sequence[str]) -> Said:
    return Said(key, columns=in_words(headings) or "without names")


def _no_points(headings: Sequence[str]) -> Said:
    """The same for the points, and which points are meant where the file has some of another kind."""
    others = any("point" in heading_key(each) for each in headings)
    return _missing("members.file.no_points_left" if others else "members.file.no_points", headings)
