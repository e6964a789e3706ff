"""What a code is called, and until when it lives: of a reward, of a next order, of a set."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10


def code_name(prefix: str, salt: str, subject: int | str) -> str:
    """The code, derived from its redemption: the same again after a crash, unguessable without the salt.

    49 bits of HMAC-SHA256 in an alphabet without look-alikes.
    """
    digest = int.from_bytes(hmac.digest(salt.encode(), str(subject).encode(), hashlib.sha256), "big")
    letters = []
    for _ in range(_LENGTH):
        digest, letter = divmod(digest, len(_ALPHABET))
        letters.append(_ALPHABET[letter])
    name = "".join(letters)
    return f"{prefix}-{name[:5]}-{name[5:]}" if prefix else f"{name[:5]}-{name[5:]}"


def expires_at(valid_days: int, now: datetime, timezone: str) -> datetime:
    """The end of the last valid local day, `valid_days` from now, in UTC."""
    local = now.astimezone(ZoneInfo(timezone)) + timedelta(days=valid_days)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), ZoneInfo(timezone))
    return midnight.astimezone(UTC)
