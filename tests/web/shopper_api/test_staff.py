"""What staff read in the admin and at the till: with the panel's roles, and each reading is written down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.store.database.db import shop_transaction
from plugin.store.shops import access_log, staff
from plugin.store.shops.access_log import Wanted
from plugin.store.shops.staff import Account
from tests.conftest import ShopRow
from tests.web.session import STAFF, Browser
from tests.web.shopper_api.surface import refusal
from tests.web.shopper_api.test_orders import launched, tell

__all__ = ["launched"]


@pytest.fixture
def till(app: Flask, browser: Browser, opened: ShopRow) -> Browser:
    """The owner."""
    return browser


def ask(who: Browser, path: str, **query: str) -> TestResponse:
    return who.get(f"/staff/v1{path}", **query)


def written(engine: Engine, shop: ShopRow) -> list[tuple[str, int | None, str]]:
    with shop_transaction(engine, shop.id) as conn:
        return [(one.what, one.how_many, one.subject) for one in access_log.page(conn, shop.id, Wanted(), None)]


def run(engine: Engine, shop: ShopRow, sql: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(sql)


def test_members_are_found_by_the_beginning_of_what_they_are_called(
    till: Browser, engine: Engine, opened: ShopRow
) -> None:
    run(engine, opened, "INSERT INTO members (shop_id, customer_id, email, email_key, state, joined_at,"
        " last_activity_at) SELECT shop_id, 100 + n, 'bea' || n || '@example.com', 'bea' || n || '@example.com',"
        " 'member', now(), now() FROM members, generate_series(1, 21) n")  # fmt: skip
    [found] = ask(till, "/members", search=" ANA@ ").json["members"]
    assert found == {"customer_id": 7, "name": "Ana", "email": "ana@example.com", "tier": "",
                     "available": {"points": 150, "text": "150 stars"}}  # fmt: skip
    many = ask(till, "/members", search="bea").json
    assert (len(many["members"]), many["more"]) == (20, True)
    assert ask(till, "/members", search="7").json["members"][0]["customer_id"] == 7
    assert ask(till, "/members").json == {"members": [], "more": False}
    assert ask(till, "/members", search="\x00%_" * 60).json["members"] == []
    assert [(what, count) for what, count, _ in written(engine, opened)] == [
        ("members", 0), ("members", 0), ("members", 2), ("members", 20), ("members", 1),
    ]  # fmt: skip


def test_a_customer_is_shown_with_what_they_have_and_what_staff_may_do(
    till: Browser, engine: Engine, opened: ShopRow
) -> None:
    answer = ask(till, "/customers/7")
    found: Any = answer.json
    assert (found["state"], found["name"], found["customer_id"]) == ("member", "Ana", 7)
    assert found["member"]["available"]["text"] == "150 stars"
    assert [one["id"] for one in found["rewards"]] == ["rfive", "rany", "rbig"]
    assert found["entries"][0]["points"]["points"] == 150
    assert (found["may_adjust"], found["most"], found["last_survey"]) == (True, None, None)
    assert found["path"].startswith("/app/members/")
    assert found["birthday_gift"]["code"] == "birthday_not_offered"
    assert answer.headers["Cache-Control"] == "no-store"
    assert [one[0] for one in written(engine, opened)] == ["member"]
    assert written(engine, opened)[0][2].startswith("member ")


@pytest.mark.parametrize(("role", "may", "most"), [("viewer", False, 10_000), ("manager", True, 10_000)])
def test_each_role_is_told_what_it_may(
    role: Any, may: bool, most: int, till: Browser, app: Flask, engine: Engine, opened: ShopRow
) -> None:
    with shop_transaction(engine, opened.id) as conn:
        staff.keep(conn, opened.id, Account("99", role, "", "", None, datetime.now(UTC)))
    found: Any = ask(Browser(app, till.settings, opened.domain, "99"), "/customers/7").json
    assert {found[each] for each in found if each.startswith("may_")} == {may}
    assert isinstance(found["most"], int)


def test_who_is_no_member_or_has_left_is_told_apart(till: Browser, engine: Engine, opened: ShopRow) -> None:
    assert ask(till, "/customers/8").json["state"] == "unknown"
    run(engine, opened, "UPDATE members SET state = 'left'")
    left: Any = ask(till, "/customers/7").json
    assert (left["state"], left["name"], left["member"], left["rewards"], left["may_adjust"]) == (
        "left", "Ana", None, [], True,
    )  # fmt: skip
    assert refusal(ask(till, "/customers/0"))[:2] == (404, "not_found")
    assert refusal(ask(till, f"/customers/{2**63}"))[:2] == (404, "not_found")


def test_the_till_judges_a_cart_as_a_till(till: Browser, opened: ShopRow) -> None:
    said = {"currency": "USD", "lines": [{"product_id": 1, "quantity": 1, "price": "30"}]}
    headers = till._headers()
    found: Any = till.client.post("/staff/v1/customers/7/cart", json=said, headers=headers).json
    assert found["estimate"]["points"]["points"] == 30
    assert found["estimate"]["text"] == "This order earns 30 stars."
    assert [one["id"] for one in found["rewards"] if one["usable"]] == ["rfive", "rany"]
    nobody: Any = till.client.post("/staff/v1/customers/8/cart", json=said, headers=headers).json
    assert (nobody["estimate"]["points"]["points"], nobody["held"]) == (30, [])
    wrong = till.client.post("/staff/v1/customers/7/cart", json={}, headers=headers)
    assert refusal(wrong)[:2] == (422, "invalid")


def test_an_order_is_explained_to_staff(till: Browser, engine: Engine, launched: ShopRow) -> None:
    tell(engine, launched, 5)
    found: Any = ask(till, "/orders/5").json
    assert (found["state"], found["points"]["points"], found["customer_id"], found["member"]) == (
        "known", 49, 7, "Ana",
    )  # fmt: skip
    assert found["text"] == f"This order brings 49 points, available from {found['available_on']['text']}."
    assert found["reasons"]
    assert all("_" not in one for one in found["reasons"])
    unheard: Any = ask(till, "/orders/6").json
    assert (unheard["state"], unheard["points"], unheard["path"]) == ("waiting", None, None)
    assert [one[:2] for one in written(engine, launched)] == [("order", 0), ("order", 1)]
    run(engine, launched, "UPDATE order_views SET waiting_for = 'products'")
    assert ask(till, "/orders/5").json["text"] == "We're still adding up this order."


def test_what_is_another_shops_is_nowhere(
    till: Browser, other_browser: Browser, engine: Engine, launched: ShopRow
) -> None:
    tell(engine, launched, 5)
    assert ask(other_browser, "/customers/7").json["state"] == "unknown"
    assert ask(other_browser, "/orders/5").json["state"] == "waiting"
    assert ask(other_browser, "/members", search="ana").json["members"] == []


def test_keys_of_staff_are_for_one_customer_and_one_account(till: Browser, opened: ShopRow) -> None:
    from plugin.web import keys

    key = ask(till, "/customers/7").json["key"]  # type: ignore[index]
    assert keys.known_key(till.settings, f"{opened.domain}|staff {STAFF}|7", key)
    for other in (f"{opened.domain}|staff {STAFF}|8", f"{opened.domain}|7", f"{opened.domain}|staff 99|7"):
        assert not keys.known_key(till.settings, other, key)
