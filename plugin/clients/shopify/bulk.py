"""Bulk queries: Shopify collects everything, and leaves it as lines of JSON at an address of its own.

An order's refunds come as their numbers only: what was refunded is a connection within a list, which is refused.
Source: shopify.dev, “Perform bulk operations with the GraphQL Admin API” (groupObjects puts children under parents).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import requests

from plugin.clients.shopify import queries_bulk
from plugin.clients.shopify.orders import Execute
from plugin.errors import Refused, Unavailable

_TIMEOUT_SECONDS: Final = 60
_RUNNING: Final = frozenset(("CREATED", "RUNNING", "CANCELING"))


@dataclass(frozen=True, slots=True)
class State:
    """Where a bulk query stands. `url`: where its lines are, also those of one that failed half way; None: none.
    `whole`: it found everything."""

    running: bool
    whole: bool
    url: str | None


def start_orders(execute: Execute, since: datetime, until: datetime) -> str:
    """Ask for the orders placed from then on, before the other moment; answers the query's id. Refused: by Shopify."""
    wanted = f"processed_at:>='{since.isoformat()}' processed_at:<'{until.isoformat()}'"
    document = queries_bulk.BULK_ORDERS.replace("%FILTER%", wanted)
    answer = execute(queries_bulk.RUN_BULK, {"query": document})["bulkOperationRunQuery"]
    if answer["bulkOperation"] is None:
        problems = "; ".join(each["message"] for each in answer["userErrors"])
        raise Refused(f"Shopify refused the bulk query: {problems}", "BULK")
    return str(answer["bulkOperation"]["id"])


def state(execute: Execute, bulk_id: str) -> State:
    """Where it stands; one that Shopify no longer knows found nothing."""
    found = execute(queries_bulk.BULK_STATE, {"id": bulk_id})["bulkOperation"]
    if found is None:
        return State(running=False, whole=False, url=None)
    done = found["status"] == "COMPLETED"
    return State(found["status"] in _RUNNING, done, found["url"] if done else found["partialDataUrl"])


def orders(url: str, *, whole: bool) -> Iterator[dict[str, Any]]:
    """The orders, each in the shape of OneOrder; `refunds` have only their ids. Unavailable: the file broke off.

    Of a query that failed half way (not `whole`) the last order may miss some of its lines, and is left out.
    """
    order: dict[str, Any] | None = None
    for row in _rows(url):
        if "__parentId" not in row:
            if order is not None:
                yield order
            order = {**row, "lineItems": _empty(), "shippingLines": _empty(), "discountApplications": _empty()}
        elif order is not None and row["__parentId"] == order["id"]:
            order[_kind(row)]["nodes"].append(row)
    if order is not None and whole:
        yield order


def _empty() -> dict[str, Any]:
    return {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


def _kind(row: dict[str, Any]) -> str:
    """Which connection a line is of: a discount has no id."""
    if "/LineItem/" in str(row.get("id", "")):
        return "lineItems"
    return "shippingLines" if "/ShippingLine/" in str(row.get("id", "")) else "discountApplications"


def _rows(url: str) -> Iterator[dict[str, Any]]:
    try:
        with requests.get(url, stream=True, timeout=_TIMEOUT_SECONDS) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                if line:
                    yield orjson.loads(line)
    except (requests.RequestException, orjson.JSONDecodeError) as error:
        raise Unavailable("Shopify's file of orders can't be read now") from error
