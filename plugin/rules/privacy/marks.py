"""How a person is recognised after they were forgotten: by keyed hashes of their number, address and telephone.

Two that are equal say that two things were, and nothing else. The key is our own, kept encrypted, so that
neither a changed ENCRYPTION_KEYS nor a stolen copy of the database makes them lose or tell anything.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from plugin.rules.referrals.referral_marks import digits


def mark(key: bytes, shop_id: int, kind: str, value: object) -> int:
    """The mark of one thing in one shop: a negative 64-bit number. Those of two shops never match."""
    digest = hmac.digest(key, f"{shop_id}|{kind}|{value}".encode(), hashlib.sha256)
    return -(int.from_bytes(digest[:8]) >> 1) - 1


def marks_of(
    key: bytes, shop_id: int, customers: Iterable[int] = (), emails: Iterable[str] = (), phones: Iterable[str] = ()
) -> set[int]:
    """The marks of customers' numbers, of addresses and of telephones, in whatever spelling."""
    return (
        {mark(key, shop_id, "customer", number) for number in customers}
        | {mark(key, shop_id, "email", address) for address in map(address_key, emails) if address}
        | {mark(key, shop_id, "phone", number) for number in map(digits, phones) if number}
    )


def address_key(email: str) -> str:
    """The form in which two spellings of one address are equal: trimmed and case-folded."""
    return email.strip().casefold()
