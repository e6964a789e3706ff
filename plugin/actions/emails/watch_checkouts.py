"""Have Shopify send a shop's checkouts while it reminds of those left behind, and only then.

The topics can't stand in shopify.app.toml: there every shop would be sent them, several times a checkout. What the API
subscribed to is deleted by Shopify when the app is removed, or when it could not be reached for long; so it is looked
after once a day.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.actions.emails.carts_left import is_on
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries_webhooks as queries
from plugin.clients.shopify.admin import user_errors
from plugin.errors import Refused
from plugin.store.database.db import shop_transaction
from plugin.store.emails import checkouts_left
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

SUBJECT: Final = "checkouts"
ADDRESS: Final = "/webhooks"
TOPICS: Final = ("CHECKOUTS_CREATE", "CHECKOUTS_UPDATE", "CHECKOUTS_DELETE")
FIELDS: Final = (
    "token", "cart_token", "email", "created_at", "updated_at", "completed_at", "closed_at", "customer_locale",
    "currency", "presentment_currency", "subtotal_price", "source_name", "discount_codes", "line_items",
    "abandoned_checkout_url", "customer.id", "customer.email",
)  # fmt: skip
"""All that is read of a checkout: no name, address or telephone. A deleted one says so little that all of it comes."""


def want(conn: Connection, shop_id: int, now: datetime) -> None:
    """Have the subscriptions agree with what the shop switched on."""
    jobs.queue(conn, shop_id, JobKind.WATCH_CHECKOUTS, [SUBJECT], now)


def queue_daily(work: Work, shop: Shop) -> None:
    """Look after the subscriptions of a shop that has some."""
    if is_on(shop):
        with shop_transaction(work.engine, shop.id) as conn:
            want(conn, shop.id, work.clock())


def carry_out(work: Work, shop: Shop, _job: Job) -> None:
    """Subscribe to what is missing, delete what is too much. Refused: Shopify doesn't allow it, say because the app may
    not read protected customer data."""
    address = work.clients.settings.app_url.rstrip("/") + ADDRESS
    with shop_transaction(work.engine, shop.id) as conn:
        wanted = is_on(shops.get(conn, shop.id))
    there = work.execute(shop, queries.WEBHOOKS_OF, {"topics": list(TOPICS)})["webhookSubscriptions"]["nodes"]
    missing = set(TOPICS) if wanted else set()
    for one in there:
        if one["topic"] in missing and _as_wanted(one, address):
            missing.discard(one["topic"])
        elif one["topic"] in TOPICS:
            _done(work.execute(shop, queries.UNSUBSCRIBE, {"id": one["id"]})["webhookSubscriptionDelete"])
    for topic in sorted(missing):
        asked = {"topic": topic, "wanted": _input(topic, address)}
        _done(work.execute(shop, queries.SUBSCRIBE, asked)["webhookSubscriptionCreate"])
    if not wanted:
        _forget(work, shop.id)


def _input(topic: str, address: str) -> dict[str, Any]:
    fields = {"includeFields": list(FIELDS)} if topic != "CHECKOUTS_DELETE" else {}
    return {"uri": address, **fields}


def _as_wanted(one: dict[str, Any], address: str) -> bool:
    fields = _input(one["topic"], address).get("includeFields", [])
    return bool(one["uri"] == address and list(one["includeFields"]) == fields)


def _done(answer: dict[str, Any]) -> None:
    if errors := user_errors(answer):
        raise Refused(f"Shopify didn't change what it sends of checkouts: {errors[0].message}", errors[0].code)


def _forget(work: Work, shop_id: int) -> None:
    """Nothing is kept of checkouts in a shop that doesn't remind of them."""
    gone = 1
    while gone:
        with shop_transaction(work.engine, shop_id) as conn:
            gone = 0 if is_on(shops.get(conn, shop_id)) else checkouts_left.drop(conn, shop_id)
