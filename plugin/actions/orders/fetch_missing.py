"""Fetch what the payloads leave out: products' tags and collections, variants on sale, and whole orders.

What waited for it is judged again; so is what the limits of a period leave more or less of by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import Connection

from plugin.actions.orders.allowances import uneven
from plugin.actions.orders.order_effects import follow_up
from plugin.actions.orders.order_news import JudgeAgain
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.work.work import Work
from plugin.clients.shopify import orders as order_client
from plugin.clients.shopify import queries
from plugin.rules import subjects
from plugin.rules.payloads.order_payload import as_webhook_payload
from plugin.rules.types import Facts, ProductFacts
from plugin.rules.worth.money_back import on_its_way
from plugin.store.database.db import shop_transaction
from plugin.store.orders import orders, products
from plugin.store.shops.shops import Shop
from plugin.store.work import deliveries
from plugin.store.work.jobs import Job

PRODUCTS_PER_CALL = 15
VARIANTS_PER_CALL = 200
ORDER_TOPIC = "suki/order"


def fetch_products(work: Work, shop: Shop, batch: Sequence[Job]) -> dict[int, str]:
    """Fetch the products, keep what they say, and judge the orders that waited for them."""
    found = {key: _facts(node) for key, node in nodes_of(work, shop, batch, "Product", queries.PRODUCT_FACTS).items()}
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        products.save(conn, shop.id, found, now)
        judge_again(conn, shop, orders.waiting(conn, shop.id, Facts.PRODUCTS), now)
    return {}


def nodes_of(work: Work, shop: Shop, batch: Sequence[Job], kind: str, document: str) -> dict[int, Any]:
    """What Shopify says of each thing that a job names, by its number; None for one that no longer exists."""
    ids = [job.number for job in batch]
    nodes = work.execute(shop, document, {"ids": [f"gid://shopify/{kind}/{key}" for key in ids]})["nodes"]
    return dict(zip(ids, nodes, strict=True))


def judge_again(conn: Connection, shop: Shop, order_ids: Sequence[int], now: datetime) -> None:
    """Judge orders again by what is known now, and follow up."""
    news = [JudgeAgain(order_id) for order_id in order_ids]
    if news:
        follow_up(conn, shop, settle_orders(conn, shop, news, now), news, now)


def fetch_variants(work: Work, shop: Shop, batch: Sequence[Job]) -> dict[int, str]:
    """Fetch which variants are on sale, and judge the orders that waited for them."""
    nodes = nodes_of(work, shop, batch, "ProductVariant", queries.VARIANT_FACTS)
    found = {key: _reduced(node) for key, node in nodes.items()}
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        products.save_sales(conn, shop.id, found, now)
        judge_again(conn, shop, orders.waiting(conn, shop.id, Facts.VARIANTS), now)
    return {}


def look_at_limits(work: Work, shop: Shop, batch: Sequence[Job]) -> dict[int, str]:
    """Judge again whichever orders of these members the limits of a period leave more or less by now."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        judge_again(conn, shop, uneven(conn, shop, [job.number for job in batch]), now)
    return {}


def _reduced(node: Mapping[str, Any] | None) -> bool:
    """A variant that no longer exists is not on sale."""
    before = node.get("compareAtPrice") if node else None
    return before is not None and node is not None and Decimal(before) > Decimal(node["price"])


def _facts(node: Mapping[str, Any] | None) -> ProductFacts:
    """A product that no longer exists has no tags and stands in no collection."""
    if node is None or "tags" not in node:
        return ProductFacts()
    collections = (str(each["id"]).rpartition("/")[2] for each in node["collections"]["nodes"])
    return ProductFacts(frozenset(node["tags"]), frozenset(int(each) for each in collections))


def fetch_order(work: Work, shop: Shop, job: Job) -> None:
    """Fetch one whole order and put it into the inbox, where it goes the way of every delivery."""
    put_in_inbox(work, shop, job.number)


def fetch_pending(work: Work, shop: Shop, job: Job) -> None:
    """Fetch an order of which a refund was on its way, if it still is: nothing else tells that it arrived."""
    order_id = subjects.PendingRefund.parse(job.subject).order_id
    with shop_transaction(work.engine, shop.id) as conn:
        order = orders.get(conn, shop.id, order_id)
    if order and order.effective and on_its_way(order.effective):
        put_in_inbox(work, shop, order_id)


def put_in_inbox(work: Work, shop: Shop, order_id: int) -> bool:
    """Fetch the order and deliver it to ourselves; says whether the shop shows it.

    What is not shown is not deleted: older orders are shown only with `read_all_orders`. Such an order stays as it is.
    """

    def execute(document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        return work.execute(shop, document, variables)

    fetched_at = work.clock()
    found = order_client.fetch(execute, order_id)
    if found is None:
        return False
    payload = as_webhook_payload(dict(found))
    with shop_transaction(work.engine, shop.id) as conn:
        deliveries.add(conn, shop.id, delivery_id(payload, fetched_at), ORDER_TOPIC, fetched_at, orjson.dumps(payload))
    return True


def delivery_id(payload: Mapping[str, Any], fetched_at: datetime) -> str:
    """What a fetched order is known by in the inbox."""
    updated_at = str(payload.get("updated_at", ""))
    return str(subjects.OwnDelivery.fetched(int(payload["id"]), updated_at, fetched_at))
