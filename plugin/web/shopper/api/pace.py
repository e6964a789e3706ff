"""How often one shopper may ask and act within the hour; of somebody unknown, whoever has the token or the address.

Acts are counted in the database, all processes together. Reads are counted in the memory of each process, for counting
must cost less than the answer: several processes let through that many times as many.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.errors import TooMany
from plugin.rules.names import turns
from plugin.store.database import db
from plugin.store.shops import paces
from plugin.web.current import now, parts, shop
from plugin.web.shopper.proxy import Visit
from plugin.web.shopper.seen import seen_from

ACTS_AN_HOUR: Final = 60
ACTS_OF_UNKNOWN_AN_HOUR: Final = 20


def count_read(visit: Visit) -> None:
    """TooMany: this shopper has asked as often within the hour as one may."""
    who = visit.customer_id or _mark(visit)
    if who and (wait := parts().reads.take(f"{visit.domain}|{who}", now())):
        raise TooMany("Too many calls within the hour", wait)


def count_act(visit: Visit) -> None:
    """TooMany: this shopper has acted as often within the hour as one may, whatever came of it."""
    if visit.customer_id is not None:
        limit = (str(turns.Acting(visit.customer_id)), ACTS_AN_HOUR)
    elif mark := _mark(visit):
        limit = (str(turns.ActingUnknown(mark)), ACTS_OF_UNKNOWN_AN_HOUR)
    else:
        return
    with db.shop_transaction(parts().engine, shop().id) as conn:
        if not paces.take(conn, shop().id, [limit], now()):
            raise TooMany("Too many acts within the hour", 3600)


def acted_at(conn: Connection, visit: Visit) -> datetime | None:
    """When this customer last acted, where that was within the hour."""
    if visit.customer_id is None:
        return None
    return paces.last(conn, shop().id, str(turns.Acting(visit.customer_id)))


def _mark(visit: Visit) -> str:
    """Of the token, or of the network that a visitor of the storefront has to themselves; empty where none is told."""
    return hashlib.sha256(visit.token.encode()).hexdigest()[:32] if visit.token else seen_from()
