"""Moving money to and from a customer's store credit: how much, and which of Shopify's transactions is ours.

Shopify has no key for a credit. So what there was before is written down, and an answer that got lost is
looked for among what came after: a change of ours by amount that no other row of ours has claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

KNOWN_AFTER = timedelta(minutes=2)
"""A request that got no answer is carried out within this time, or never."""
ADJUSTMENT = "ADJUSTMENT"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement of a store credit account as Shopify tells it; credits are above nought, debits below.

    `left_minor` is what is unspent of a credit; None for what is not a credit.
    """

    id: str
    amount_minor: int
    created_at: datetime
    event: str = ADJUSTMENT
    left_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest transaction of the account when a movement was begun; empty when there was none."""

    id: str = ""
    at: datetime | None = None


def mark(newest_first: Iterable[Transaction]) -> Mark:
    """The mark of an account whose transactions these are."""
    newest = next(iter(newest_first), None)
    return Mark(newest.id, newest.created_at) if newest else Mark()


def since(newest_first: Iterable[Transaction], before: Mark) -> list[Transaction]:
    """The transactions that are not older than the mark, without the marked one."""
    return [one for one in newest_first if one.id != before.id and (before.at is None or one.created_at >= before.at)]


def ours(newest_first: Iterable[Transaction], moved_minor: int, before: Mark, claimed: Set[str]) -> Transaction | None:
    """The movement whose answer got lost, if it was carried out: the oldest one that it can be.

    Somebody else's change by exactly this amount, since the mark, is taken for ours: too little is put right
    by staff, twice the money is not.
    """
    fitting = [
        one
        for one in since(newest_first, before)
        if one.amount_minor == moved_minor and one.event == ADJUSTMENT and one.id not in claimed
    ]
    return fitting[-1] if fitting else None


def to_credit(amount_minor: int, owed_minor: int) -> int:
    """What of a credit is paid out: what the member still owes from earlier is set off first."""
    return max(0, amount_minor - owed_minor)


def to_debit(amount_minor: int, balance_minor: int, *, in_full: bool) -> int | None:
    """What of a debit (above nought) the account can give; None when it must be all and is not there."""
    if in_full and balance_minor < amount_minor:
        return None
    return min(amount_minor, max(0, balance_minor))
