"""The key under which people are remembered as forgotten: made once, kept encrypted, the same for ever.

It is not derived from ENCRYPTION_KEYS: those change, and what was hashed cannot be hashed anew.
"""

from __future__ import annotations

import secrets

from cryptography.fernet import InvalidToken
from sqlalchemy import Engine

from plugin.actions.tokens import cipher
from plugin.errors import SettingsError
from plugin.settings import Settings
from plugin.store import own_keys
from plugin.store.database.db import system_transaction

FORGETTING = "forgetting"


def forgetting_key(engine: Engine, settings: Settings) -> bytes:
    """The key; SettingsError where ENCRYPTION_KEYS no longer opens it, for a new one would remember nobody."""
    lock = cipher(settings)
    with system_transaction(engine) as conn:
        if own_keys.get(conn, FORGETTING) is None:
            own_keys.add(conn, FORGETTING, lock.encrypt(secrets.token_bytes(32)))
        sealed = own_keys.get(conn, FORGETTING)
    assert sealed is not None
    try:
        return lock.decrypt(sealed)
    except InvalidToken:
        message = "The key that remembers erasures was encrypted with a key that is not in ENCRYPTION_KEYS: put it back"
        raise SettingsError(message) from None
