"""The API says why, in the words of the panel for staff and in the shopper's language for shoppers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.orders.settle_orders import settle_orders
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests import payloads
from tests.conftest import ShopRow
from tests.web.api.test_api import MEMBER, Program, problem, program
from webhooks.orders import order as read_order

__all__ = ["program"]
ORDER = "/api/v1/orders/1"


@pytest.fixture
def bought(program: Program, engine: Engine, shop: ShopRow) -> Program:
    """A member with a gift and one order of 49.95, partly a gift card."""
    lines = [payloads.line(11, "49.95"), payloads.line(12, "20.00", gift_card=True, title="Card")]
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        body = payloads.dumps(payloads.order(1, lines, customer=payloads.customer(7)))
        fact = read_order("orders/paid", now, body, "USD")
        settle_orders(conn, shops.get(conn, shop.id), [fact], now)
    return program


def told(program: Program, path: str) -> Any:
    answer = program.get(path)
    assert answer.status_code == 200
    return answer.json


def test_an_order_says_line_by_line_what_it_earns(bought: Program) -> None:
    order = told(bought, ORDER)
    assert (order["order_id"], order["customer_id"], order["points"], order["waiting_for"]) == (1, 7, 49, "")
    texts = {line["code"]: line["text"] for line in order["reasons"]}
    assert texts["line_excluded"] == "Card: Gift cards never earn. The orders paid with them do."
    shopper = {line["code"]: line["text"] for line in told(bought, f"{ORDER}?audience=shopper")["reasons"]}
    assert shopper["line_excluded"] == "Card: Gift cards don't earn stars."
    assert shopper.keys() <= texts.keys()


def test_a_shopper_is_told_in_their_language(bought: Program) -> None:
    english = told(bought, f"{MEMBER}/entries?audience=shopper")["entries"][0]
    filipino = told(bought, f"{MEMBER}/entries?audience=shopper&locale=fil")["entries"][0]
    assert [line["code"] for line in english["reasons"]] == [line["code"] for line in filipino["reasons"]]
    assert english["headline"] != filipino["headline"]
    assert all(a["text"] != b["text"] for a, b in zip(english["reasons"], filipino["reasons"], strict=True))


def test_entries_come_newest_first_and_page_by_page(bought: Program) -> None:
    page = told(bought, f"{MEMBER}/entries")
    assert [entry["kind"] for entry in page["entries"]][-1] == "gift"
    assert sum(entry["points"] for entry in page["entries"]) == told(bought, MEMBER)["balance"]
    assert page["before"] is None
    first = page["entries"][0]["id"]
    assert told(bought, f"{MEMBER}/entries?before={first}")["entries"] == page["entries"][1:]


def test_a_tier_says_what_is_missing(bought: Program) -> None:
    tier = told(bought, MEMBER)["tier"]
    assert (tier["key"], tier["keep"]) == ("", None)
    assert tier["reach"]["metric"] == "spend"
    assert tier["reach"]["missing"] > 0
    assert "to reach" in tier["reach"]["text"]


def test_a_reward_out_of_reach_says_why(bought: Program) -> None:
    (reward,) = told(bought, f"{MEMBER}/rewards?audience=shopper")["rewards"]
    assert (reward["id"], reward["points"], reward["open"]) == ("rfive", 200, False)
    assert reward["why_not"]["code"] == "too_few_points"
    assert "1 stars" in reward["why_not"]["text"]


def test_what_is_asked_wrongly_is_refused(bought: Program) -> None:
    assert problem(bought.get(f"{MEMBER}/entries?audience=everybody")) == (422, "invalid")
    for before in ("x", "9" * 20, "9" * 5000):
        assert problem(bought.get(f"{MEMBER}/entries?before={before}")) == (422, "invalid")
    assert problem(bought.get(f"{ORDER}?audience=")) == (422, "invalid")
    assert problem(bought.get("/api/v1/orders/2")) == (404, "not_found")
    assert problem(bought.get("/api/v1/orders/99999999999999999999")) == (404, "not_found")
    assert problem(bought.get("/api/v1/members/8/entries")) == (404, "not_found")
    assert problem(bought.get("/api/v1/members/8/rewards")) == (404, "not_found")
