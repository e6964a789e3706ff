"""Bulk queries of the sandbox: what Shopify refuses is refused, what is found comes as lines under their parents."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests

from sandbox.admin_api import bulk_queries
from sandbox.run import Running
from sandbox.shop.orders import Wish
from sandbox.state import Shop, now
from tests.sandbox.conftest import Client

RUN = """mutation ($q: String!) { bulkOperationRunQuery(query: $q, groupObjects: true) {
  bulkOperation { id status url } userErrors { field code message } } }"""
STATE = "query ($id: ID!) { bulkOperation(id: $id) { id status errorCode url partialDataUrl completedAt } }"
ORDERS = "{ orders { edges { node { id name lineItems { edges { node { id quantity } } } } } } }"


def run(api: Client, query: str) -> dict[str, Any]:
    answer: dict[str, Any] = api.call(RUN, q=query)["bulkOperationRunQuery"]
    return answer


def finished(api: Client, gid: str) -> dict[str, Any]:
    for _ in range(200):
        found: dict[str, Any] = api.call(STATE, id=gid)["bulkOperation"]
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.01)
    raise AssertionError("it never ends")


def place(local: Running, shop: Shop, number: int) -> None:
    """Orders of one line, two lines, and so on."""
    some = [variant["id"] for product in shop.product.values() for variant in product["variants"]]
    for at in range(number):
        lines = [(variant, 1) for variant in some[: at + 1]]
        local.box.place(shop, Wish(lines=lines, email=f"p{at}@example.com"), now())


def test_orders_come_as_lines_with_their_children_behind_them(local: Running, shop: Shop, api: Client):
    place(local, shop, 3)
    made = run(api, ORDERS)
    assert made["userErrors"] == []
    found = finished(api, made["bulkOperation"]["id"])
    assert (found["status"], found["errorCode"], found["partialDataUrl"]) == ("COMPLETED", None, None)
    rows = [json.loads(line) for line in requests.get(found["url"], timeout=5).text.splitlines()]
    assert ["__parentId" in row for row in rows] == [False, True, False, True, True, False, True, True, True]
    assert rows[1]["__parentId"] == rows[0]["id"] and rows[0].keys() == {"id", "name"}
    assert requests.get(found["url"].replace("-", "-0"), timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("{ orders { edges { node { id refunds(first: 5) { refundLineItems { edges { node { quantity } } } } } } } }",
         "connection field within a list field"),
        ("{ shop { name } }", "exactly one top level connection"),
        ("{ orders { edges { node { id } } } customers { edges { node { id } } } }", "exactly one top level"),
        ("{ orders { edges { node { nonsense } } } }", "Invalid bulk query"),
        ("{ orders {", "Invalid bulk query"),
    ],
)  # fmt: skip
def test_what_no_bulk_query_may_ask_for_is_refused(api: Client, query: str, why: str):
    answer = run(api, query)
    [error] = answer["userErrors"]
    assert answer["bulkOperation"] is None
    assert (error["code"], error["field"]) == ("INVALID", ["query"])
    assert why in error["message"]


def test_five_run_at_once_and_one_can_be_canceled(local: Running, api: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(local.options, "bulk_seconds", 3600.0)
    made = [run(api, ORDERS)["bulkOperation"]["id"] for _ in range(bulk_queries.AT_ONCE)]
    assert run(api, ORDERS)["userErrors"][0]["code"] == "LIMIT_REACHED"
    cancel = "mutation ($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }"
    assert api.call(cancel, id=made[0])["bulkOperationCancel"]["bulkOperation"] == {"status": "CANCELED"}
    assert run(api, ORDERS)["userErrors"] == []


def test_one_that_fails_leaves_half_of_what_it_had(local: Running, shop: Shop, api: Client):
    place(local, shop, 2)
    local.trouble.set(bulk_query_fails=1)
    found = finished(api, run(api, ORDERS)["bulkOperation"]["id"])
    assert (found["status"], found["errorCode"], found["url"]) == ("FAILED", "INTERNAL_SERVER_ERROR", None)
    assert len(requests.get(found["partialDataUrl"], timeout=5).text.splitlines()) == 2
