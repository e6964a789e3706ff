"""Keys of our own that are made once, kept encrypted, and stay the same when ENCRYPTION_KEYS change.

For what is hashed or signed and compared for months: it cannot be made anew. What lives for minutes is signed with
keys that are derived from ENCRYPTION_KEYS (`Settings.own_keys`), and nothing of ours with the client secret.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, Engine

from plugin.errors import SettingsError, Unreadable
from plugin.settings import Settings
from plugin.store.database.db import system_transaction
from plugin.store.shops import own_keys
from plugin.store.shops.seal import Seal, of_own_key

FORGETTING, REFERRAL_MARKS, EMAIL_LINKS = "forgetting", "referral marks", "email links"
_FOR = {
    FORGETTING: "remembers erasures",
    REFERRAL_MARKS: "recognises fraud in referrals",
    EMAIL_LINKS: "signs the links in emails",
}


def kept_key(engine: Engine, settings: Settings, purpose: str) -> bytes:
    """The key; SettingsError where ENCRYPTION_KEYS no longer opens it, for a new one would recognise nobody."""
    with system_transaction(engine) as conn:
        return key_on(conn, Seal.of(settings), purpose)


def key_on(conn: Connection, seal: Seal, purpose: str) -> bytes:
    """The same within a transaction, whichever it is: keys belong to no shop. Made when it is asked for first."""
    if own_keys.get(conn, purpose) is None:
        own_keys.add(conn, purpose, seal.close(secrets.token_bytes(32), of_own_key(purpose)))
    sealed = own_keys.get(conn, purpose)
    assert sealed is not None
    try:
        return seal.open(sealed, of_own_key(purpose))
    except Unreadable:
        message = f"The key that {_FOR[purpose]} was encrypted with a key that is not in ENCRYPTION_KEYS: put it back"
        raise SettingsError(message) from None
