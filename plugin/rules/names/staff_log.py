"""What acts of staff are about, as their log names it: members, corrections, batches, decisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plugin.rules.names.subject_grammar import Subject, Word

_MEMBERS = re.compile(r"\bmember[: ](\d{1,18})\b")


@dataclass(frozen=True, slots=True)
class Member(Subject):
    """A member, as the log of what staff did names them."""

    WORD, GAP = "member", " "
    member_id: int


@dataclass(frozen=True, slots=True)
class Points(Subject):
    """Points that staff gave or took (`+1,000`), as the log of what staff did names them."""

    GAP = " for member "
    points: Word
    member_id: int

    @classmethod
    def of_member(cls, member_id: int) -> str:
        """All of one member, as a pattern for LIKE."""
        return f"%{cls.GAP}{member_id}"


@dataclass(frozen=True, slots=True)
class Batch(Subject):
    """A batch of tiers set at once, as the log of what staff did names it."""

    WORD, GAP = "batch", " "
    batch_id: int


@dataclass(frozen=True, slots=True)
class Decision(Subject):
    """What staff decided about a referral, as the log of what staff did names it."""

    GAP = ": "
    referral_id: int
    what: Word


def members_in(texts: Iterable[str]) -> set[int]:
    """The members whom texts for staff name by number, in either form."""
    return {int(number) for text in texts for number in _MEMBERS.findall(text)}


def with_members(text: str, name: Callable[[int], str]) -> str:
    """A text for staff with names in place of members' numbers."""
    return _MEMBERS.sub(lambda found: name(int(found[1])), text)
