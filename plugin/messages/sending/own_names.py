"""What an email says, with the shop's own names in its reader's language: at one place, for every kind of email."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from plugin.rules.rewards.next_reward import NextReward
from plugin.rules.words.own_names import ReaderNames, points_name

Context = TypeVar("Context")
NAMES: Final[Mapping[str, str]] = {
    "tier": "tier",
    "next_tier": "tier",
    "reach": "tier",
    "perks": "perk",
    "reward": "reward",
    "next_reward": "reward",
    "activity": "activity",
}
"""The fields of emails that hold names of the programme, and the kind of each. A test knows every other field."""


def in_words(context: Context, names: ReaderNames) -> Context:
    """The email, its names as this reader reads them."""
    held: Any = context
    known = {field.name: getattr(held, field.name) for field in fields(held)}
    said = {name: _said(kind, known[name], names) for name, kind in NAMES.items() if known.get(name)}
    own = {"points_name": points_name(known["points_name"], names)} if "points_name" in known else {}
    told: Context = replace(held, **said, **own)
    return told


def _said(kind: str, value: object, names: ReaderNames) -> object:
    if isinstance(value, NextReward):
        return replace(value, name=names(kind, value.name))
    if isinstance(value, tuple):
        return tuple(names(kind, str(each)) for each in value)
    return names(kind, str(value))
