"""One whole order from the Admin API: all of its lines, refunds and refunded lines, however many pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from plugin.clients.shopify import queries, queries_bulk
from plugin.errors import Refused, Unavailable

Execute = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""Carries out (document, variables) in one shop: `Admin.execute` with the shop and its token filled in."""

_MAX_PAGES = 400  # more lines than Shopify lets into one order


def changed_since(execute: Execute, updated_since: str, updated_until: str = "") -> Iterator[dict[str, Any]]:
    """Id, legacyResourceId and updatedAt of each order changed since then (ISO 8601), oldest change first."""
    wanted = f"updated_at:>='{updated_since}'"
    if updated_until:
        wanted += f" updated_at:<='{updated_until}'"
    after: str | None = None
    while True:
        page = execute(queries.ORDERS_SINCE, {"query": wanted, "after": after})["orders"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def placed_between(execute: Execute, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """Id, legacyResourceId, updatedAt and processedAt of each order placed from then on, before the other moment."""
    wanted = f"processed_at:>='{since.isoformat()}' processed_at:<'{until.isoformat()}'"
    after: str | None = None
    while True:
        page = execute(queries_bulk.ORDERS_PLACED, {"query": wanted, "after": after})["orders"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def fetch(execute: Execute, order_id: int) -> dict[str, Any] | None:
    """One order in the shape of OneOrder with its `refunds` filled in; None when the shop has no such order.

    An order that changes between two pages may come out mixed, under its older updatedAt; its next delivery
    or sweep carries a newer one and replaces it.
    """
    gid = f"gid://shopify/Order/{order_id}"
    order: dict[str, Any] | None = execute(queries.ONE_ORDER, {"id": gid})["order"]
    if order is None:
        return None
    _complete(execute, queries.ORDER_LINES, "order", order, "lineItems")
    order["refunds"] = [_refund(execute, each["id"]) for each in order["refunds"]]
    return order


def _refund(execute: Execute, gid: str) -> dict[str, Any]:
    refund: dict[str, Any] | None = execute(queries.ONE_REFUND, {"id": gid})["refund"]
    if refund is None:
        raise Refused("Shopify lists a refund for this order, but doesn't show it", "NOT_FOUND")
    _complete(execute, queries.REFUND_LINES, "refund", refund, "refundLineItems")
    return refund


def _complete(execute: Execute, document: str, root: str, owner: dict[str, Any], name: str) -> None:
    nodes, page = list(owner[name]["nodes"]), owner[name]["pageInfo"]
    for _ in range(_MAX_PAGES):
        if not page["hasNextPage"]:
            break
        found = execute(document, {"id": owner["id"], "after": page["endCursor"]})[root]
        if found is None:
            raise Unavailable("The order disappeared while we were reading it")
        nodes, page = nodes + found[name]["nodes"], found[name]["pageInfo"]
    owner[name] = {"nodes": nodes, "pageInfo": page}
