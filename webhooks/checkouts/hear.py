"""What checkouts say is kept apart, or not at all; of the bodies nothing is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails import carts_left
from plugin.store.shops.shops import Shop
from plugin.store.work import delivery_subjects
from plugin.store.work.deliveries import Delivery
from webhooks.checkouts.payload import checkout
from webhooks.topics import CHECKOUTS


def hear(conn: Connection, shop: Shop, batch: Sequence[Delivery], passed_over: Collection[int], now: datetime) -> None:
    """Hear the checkouts of a batch, but for those about somebody who was forgotten, and empty their bodies.

    BadPayload, naming what is wrong; a shop that has not switched the reminder on is told nothing.
    """
    about = [one for one in batch if one.topic in CHECKOUTS]
    if not about:
        return
    if carts_left.is_on(shop):
        told = [checkout(one.topic, one.body) for one in about if one.id not in passed_over]
        carts_left.hear(conn, shop, told, now)
    delivery_subjects.empty(conn, shop.id, [one.id for one in about])
