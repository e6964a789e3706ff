"""From what happened to a shop to the webhooks that tell of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sandbox.shop import people
from sandbox.shop.orders import Happened
from sandbox.state import Record, Shop, iso, parse_time
from sandbox.webhooks import payloads
from sandbox.webhooks.checkout_bodies import checkout_body, deleted_body
from sandbox.webhooks.dispatcher import Dispatcher
from sandbox.webhooks.refund_bodies import refund_body


def bodies(shop: Shop, order: Record, happened: Happened) -> Iterator[tuple[str, Record]]:
    """Topic and body of each thing that happened to an order."""
    full: Record | None = None
    for topic, extra in happened:
        if topic == "orders/delete":
            yield topic, {"id": extra["order_id"]}
        elif topic == "orders/edited":
            yield topic, payloads.edit_body(order, extra)
        elif topic == "refunds/create":
            refund = next(one for one in order["refunds"] if one["id"] == extra["refund_id"])
            yield topic, refund_body(shop, order, refund)
        else:
            full = full or payloads.order_body(shop, order)
            yield topic, full


def tell(dispatcher: Dispatcher, shop: Shop, order: Record, happened: Happened, at: datetime) -> None:
    """Send the webhooks of an order; they share one event id."""
    event_id = str(uuid.uuid4())
    for topic, body in bodies(shop, order, happened):
        dispatcher.publish(shop, topic, body, at, event_id)


def tell_customer(dispatcher: Dispatcher, shop: Shop, topic: str, customer: Record, at: datetime) -> None:
    """Send customers/create, update or delete."""
    body = people.customer_body(shop, customer)
    if topic == "customers/delete":
        body = {key: body[key] for key in ("id", "tax_exemptions", "admin_graphql_api_id")}
    dispatcher.publish(shop, topic, body, at)


def tell_checkout(dispatcher: Dispatcher, shop: Shop, checkout: Record, at: datetime) -> None:
    """Send checkouts/create, or update when it was told before; a checkout without an address is nobody's yet."""
    if "@" not in checkout["email"]:
        return
    topic = "checkouts/update" if checkout.get("told") else "checkouts/create"
    checkout.update(told=True, updated_at=iso(at))
    shop.save("checkout", checkout)
    dispatcher.publish(shop, topic, checkout_body(shop, checkout, at), at)


def tell_checkout_gone(dispatcher: Dispatcher, shop: Shop, checkout: Record, at: datetime) -> None:
    """Send checkouts/delete."""
    dispatcher.publish(shop, "checkouts/delete", deleted_body(shop, checkout, at), at)


def tell_collected(dispatcher: Dispatcher, shop: Shop, bulk: Record, seconds: float) -> None:
    """Send bulk_operations/finish when the bulk query is done, after so many seconds."""
    done_at = parse_time(bulk["due_at"])
    body = {
        "admin_graphql_api_id": f"gid://shopify/BulkOperation/{bulk['id']}", "completed_at": bulk["due_at"],
        "created_at": bulk["created_at"], "error_code": "internal_server_error" if bulk["fails"] else None,
        "status": "failed" if bulk["fails"] else "completed", "type": "query",
    }  # fmt: skip
    dispatcher.publish(shop, "bulk_operations/finish", body, done_at, after_seconds=seconds)


def scopes_body(shop: Shop, previous: list[str], at: datetime) -> Record:
    """The body of app/scopes_update."""
    return {
        "id": shop.settings["shop_id"], "shop_id": f"gid://shopify/Shop/{shop.settings['shop_id']}",
        "previous": previous, "current": shop.settings["scopes"], "updated_at": iso(at),
    }  # fmt: skip
