"""app/uninstalled, app/scopes_update, shop/update, and that Shopify has collected what was asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.orders import past_orders
from plugin.actions.shops import install_shop, leaving
from plugin.errors import BadPayload
from plugin.rules.payloads import json_text
from plugin.rules.payloads.payload_values import currency, moment, optional, short_text
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work.deliveries import Delivery

SHOP_FACTS = {"name": "name", "email": "email", "currency": "currency", "timezone": "iana_timezone"}


def apply(conn: Connection, shop: Shop, delivery: Delivery, now: datetime) -> None:
    """Follow what happened to the installation; that the app was removed is asked first. What is older than what we
    hold changes nothing."""
    try:
        payload = json_text.read(delivery.body)
        at = optional(moment, payload.get("updated_at")) or delivery.triggered_at
        if delivery.topic == leaving.REMOVED:
            leaving.heard(conn, shop, leaving.REMOVED, delivery.id, now)
        elif delivery.topic == "app/scopes_update":
            install_shop.scopes_changed(conn, shop.id, [short_text(scope) for scope in payload["current"]], at)
        elif delivery.topic == past_orders.COLLECTED:
            past_orders.collected(conn, shop, short_text(payload["admin_graphql_api_id"]), now)
        else:
            facts = {ours: short_text(payload[theirs]) for ours, theirs in SHOP_FACTS.items() if payload[theirs]}
            currency(facts.get("currency", shop.currency))
            shops.describe(conn, shop.id, facts, at)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadPayload(f"{delivery.topic} cannot be read: {type(error).__name__} {error}") from error
