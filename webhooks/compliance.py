"""The three privacy topics. Each request is written down, carried out, and its result kept as proof."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members import privacy
from plugin.actions.shops import leaving
from plugin.errors import BadPayload
from plugin.rules.payloads import json_text
from plugin.rules.payloads.payload_values import identifier, optional, short_text
from plugin.store.shops.shops import Shop
from plugin.store.work.deliveries import Delivery


def apply(conn: Connection, shop: Shop, delivery: Delivery, now: datetime) -> None:
    """Export, erase one customer, or erase the shop."""
    try:
        payload = json_text.read(delivery.body)
        if delivery.topic == leaving.ERASE:
            leaving.heard(conn, shop, leaving.ERASE, delivery.id, now)
            return
        customer = payload["customer"]
        customer_id = identifier(customer["id"]) if customer.get("id") else None
        email, phone = short_text(customer.get("email")), short_text(customer.get("phone"))
        named = payload.get("orders_to_redact")
        orders = [number for each in named if (number := optional(identifier, each))] if isinstance(named, list) else []
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadPayload(f"{delivery.topic} cannot be read: {type(error).__name__}") from error
    if delivery.topic == "customers/data_request":
        privacy.request_export(conn, shop, customer_id, email, delivery.webhook_id, now, phone)
    else:
        privacy.erase_customer(conn, shop, customer_id, email, delivery.id, now, phone, orders)
