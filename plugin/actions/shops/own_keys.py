"""Keys of our own that are made once, kept encrypted, and stay the same when ENCRYPTION_KEYS change.

For what is hashed and compared for months: it cannot be hashed anew. What lives for minutes is signed with keys that
are derived from ENCRYPTION_KEYS (`Settings.own_keys`), and nothing of ours with the client secret.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Engine

from plugin.errors import SettingsError, Unreadable
from plugin.settings import Settings
from plugin.store.database.db import system_transaction
from plugin.store.shops import own_keys
from plugin.store.shops.seal import Seal, of_own_key

FORGETTING, REFERRAL_MARKS = "forgetting", "referral marks"
_FOR = {FORGETTING: "remembers erasures", REFERRAL_MARKS: "recognises fraud in referrals"}


def kept_key(engine: Engine, settings: Settings, purpose: str) -> bytes:
    """The key; SettingsError where ENCRYPTION_KEYS no longer opens it, for a new one would recognise nobody."""
    keys = Seal.of(settings)
    with system_transaction(engine) as conn:
        if own_keys.get(conn, purpose) is None:
            own_keys.add(conn, purpose, keys.close(secrets.token_bytes(32), of_own_key(purpose)))
        sealed = own_keys.get(conn, purpose)
    assert sealed is not None
    try:
        return keys.open(sealed, of_own_key(purpose))
    except Unreadable:
        message = f"The key that {_FOR[purpose]} was encrypted with a key that is not in ENCRYPTION_KEYS: put it back"
        raise SettingsError(message) from None
