"""What emails are about that come with a day, or with how much a member has: subjects beside those of entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plugin.rules.names.subject_grammar import Subject, Word


@dataclass(frozen=True, slots=True)
class MemberDay(Subject):
    """What is told a member once a day."""

    WORD = "day"
    member_id: int
    day: date


@dataclass(frozen=True, slots=True)
class Quiet(Subject):
    """A member who has not ordered since a day, told of it for the nth time."""

    WORD = "quiet"
    member_id: int
    since: date
    step: int


@dataclass(frozen=True, slots=True)
class Mailed(Subject):
    """One mailing to one of its members."""

    WORD = "mailing"
    mailing_id: int
    member_id: int

    @classmethod
    def of_mailing(cls, mailing_id: int) -> str:
        """One mailing to anybody, as a pattern for LIKE."""
        return cls.GAP.join((cls.WORD, str(mailing_id), "%"))


@dataclass(frozen=True, slots=True)
class Checkout(Subject):
    """A checkout that its member left behind."""

    WORD = "checkout"
    checkout_id: int


@dataclass(frozen=True, slots=True)
class InReach(Subject):
    """A reward that a member has the points for, after having redeemed it so many times."""

    WORD = "reach"
    member_id: int
    reward: Word
    redeemed: int
