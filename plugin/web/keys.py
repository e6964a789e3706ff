"""Keys of pages and answers: whoever was shown one may do one act with it, and the same key again is the same act.

A key belongs to its `holder`, which names a shop and who may act there, so that nobody else's page has it.
"""

from __future__ import annotations

import hmac
import secrets

from plugin.settings import Settings


def new_key(settings: Settings, holder: str) -> str:
    """A key for one act of this holder."""
    nonce = secrets.token_hex(8)
    return f"{nonce}{_mark(settings.own_keys('shopper forms')[0], holder, nonce)}"


def known_key(settings: Settings, holder: str, key: str) -> bool:
    """Whether the key was made for this holder."""
    nonce, mark = key[:16], key[16:]
    keys = settings.own_keys("shopper forms")
    return any(hmac.compare_digest(_mark(own, holder, nonce).encode(), mark.encode()) for own in keys)


def _mark(own: bytes, holder: str, nonce: str) -> str:
    return hmac.digest(own, f"form|{holder}|{nonce}".encode(), "sha256").hex()[:32]
