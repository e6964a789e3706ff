"""Who read or changed personal data is written down: once for each request or job, in its own transaction."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.words.access import KINDS
from plugin.settings import Settings
from plugin.store.shops import access_log
from plugin.store.shops.access_log import Access

MARK_LETTERS = 32


def record_access(conn: Connection, shop_id: int, one: Access, now: datetime) -> bool:
    """Write one line; a change only if this transaction changed something. Says whether it was written.

    KeyError: the log does not know this kind of reading or change (`rules/words/access.py` lists them).
    """
    if one.what not in KINDS[one.kind]:
        raise KeyError(one.what)
    return access_log.add(conn, shop_id, one, now)


def search_mark(settings: Settings, shop_id: int, text: str) -> str:
    """What stands for a searched text: the same for the same text in this shop, and no way back; empty for none."""
    said = " ".join(text.split()).casefold()
    if not said:
        return ""
    return hmac.digest(settings.access_key, f"{shop_id}\0{said}".encode(), hashlib.sha256).hex()[:MARK_LETTERS]
