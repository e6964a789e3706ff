"""The key under which people are remembered as forgotten: made once, kept encrypted, the same for ever.

It is not derived from ENCRYPTION_KEYS: those change, and what was hashed cannot be hashed anew.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Engine

from plugin.errors import SettingsError, Unreadable
from plugin.settings import Settings
from plugin.store import own_keys
from plugin.store.database.db import system_transaction
from plugin.store.seal import Seal, of_own_key

FORGETTING = "forgetting"


def forgetting_key(engine: Engine, settings: Settings) -> bytes:
    """The key; SettingsError where ENCRYPTION_KEYS no longer opens it, for a new one would remember nobody."""
    keys = Seal.of(settings)
    with system_transaction(engine) as conn:
        if own_keys.get(conn, FORGETTING) is None:
            own_keys.add(conn, FORGETTING, keys.close(secrets.token_bytes(32), of_own_key(FORGETTING)))
        sealed = own_keys.get(conn, FORGETTING)
    assert sealed is not None
    try:
        return keys.open(sealed, of_own_key(FORGETTING))
    except Unreadable:
        message = "The key that remembers erasures was encrypted with a key that is not in ENCRYPTION_KEYS: put it back"
        raise SettingsError(message) from None
