"""What is known of orders from their deliveries alone, by the present reading: no database, and nothing is posted."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.actions.orders.order_news import merge
from plugin.store.orders import guesses
from plugin.store.orders.orders import StoredOrder
from plugin.store.work.deliveries import Delivery
from webhooks import orders
from webhooks.topics import ORDERS, RECONCILED


def known_orders(deliveries: Iterable[Delivery], shop_currency: str) -> dict[int, StoredOrder]:
    """Each order that the deliveries tell of, as settling would merge them, in whatever sequence they are given.

    Deletions that we guessed say nothing. Raises BadPayload, naming what is wrong, for a body that cannot be read.
    """
    found: dict[int, StoredOrder] = {}
    for delivery in deliveries:
        if delivery.topic in (*ORDERS, RECONCILED) and not guesses.is_guess(delivery):
            said = orders.order(delivery.topic, delivery.triggered_at, delivery.body, shop_currency)
            found[said.order_id] = merge(found.get(said.order_id, StoredOrder(said.order_id)), said)
    return found
