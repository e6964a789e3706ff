"""Settle = target − posted: what must be posted so that an order's entries sum to what it deserves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Posted:
    """What one member was given for one order: the sum, the last line number used, and how much of
    a clawback was forgiven (programmes that clamp at zero)."""

    points: int = 0
    line: int = 0
    forgiven: int = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to come: the next line of the order's subject for this member."""

    member_id: int
    points: int
    line: int


def settle(target: int, member_id: int | None, posted: Mapping[int, Posted]) -> tuple[Posting, ...]:
    """The postings that bring `member_id` to `target` and everybody else to nothing.

    Whatever was posted before, in whatever order: afterwards the sums are exactly the target's, so
    a repeated or late delivery posts nothing. Reversals come before awards.
    """
    wanted = dict.fromkeys(posted, 0)
    if member_id is not None:
        wanted[member_id] = target
    postings = []
    for member in sorted(wanted):
        have = posted.get(member, Posted())
        if delta := wanted[member] - have.points:
            postings.append(Posting(member, delta, have.line + 1))
    return tuple(sorted(postings, key=lambda posting: posting.points > 0))
