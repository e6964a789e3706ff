"""On a member's page staff see what a correction will do, do it once, and undo it once."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import member_with
from tests.web.session import Browser


@pytest.fixture
def page(browser: Browser, engine: Engine, shop: ShopRow) -> str:
    ana = Buyer(customer_id=7, email="ana@example.com", first_name="Ana")
    with shop_transaction(engine, shop.id) as conn:
        members.add(conn, shop.id, [ana], {ana: datetime.now(UTC)})
        return f"/app/members/{members.by_customers(conn, shop.id, [7])[7].id}"


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def test_from_the_form_to_the_ledger_and_back(browser: Browser, page: str) -> None:
    browser.page(f"{page}/adjust")
    asked = browser.post(f"{page}/adjust", points="50", note="A late parcel", kind="gift", shown="yes")
    assert asked.status_code == 200 and "Give 50 points" in asked.text
    for _ in range(2):
        assert browser.post(f"{page}/adjust/carry-out", **hidden(asked.text)).status_code == 303
    shown = browser.page(page)
    assert shown.count("A gift: 50 points.") == 1
    assert "“A late parcel” (visible to the member)" in shown
    undo = re.search(r'href="([^"]*/undo/\d+)', shown)
    assert undo is not None
    assert "You can undo an adjustment once." in browser.page(undo[1])
    for _ in range(2):
        assert browser.post(undo[1]).status_code == 303
    assert browser.get(undo[1]).status_code == 422
    shown = browser.page(page)
    assert "An adjustment was undone." in shown and "/undo/" not in shown
    log = browser.page("/app/activity/staff")
    assert "Adjusted points: +50 for " in log and "Undid an adjustment: -50" in log


def test_a_wrong_form_is_shown_again_with_what_was_typed(browser: Browser, page: str) -> None:
    answer = browser.post(f"{page}/adjust", points="many", note="Because")
    assert answer.status_code == 422
    assert 'value="many"' in answer.text and 'value="Because"' in answer.text


def test_another_shops_staff_find_nothing(other_browser: Browser, browser: Browser, page: str) -> None:
    assert other_browser.get(f"{page}/adjust").status_code == 404
    assert other_browser.post(f"{page}/adjust", points="5", note="x").status_code == 404
    form = {"points": "5", "note": "x", "key": "0" * 32}
    assert other_browser.post(f"{page}/adjust/carry-out", **form).status_code == 404
    assert "No points yet." in browser.page(page)


def test_a_surprise_and_goodwill_are_offered_as_such(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    page = f"/app/members/{member_with(engine, shop, 10)}"
    form = browser.page(f"{page}/adjust")
    assert "surprise and delight" in form
    assert "Goodwill after a complaint" in form
    asked = browser.post(f"{page}/adjust", kind="goodwill", points="40", note="The parcel was late.", shown="yes")
    assert "Goodwill" in asked.text
    browser.post(f"{page}/adjust/carry-out", **hidden(asked.text))
    shown = browser.page(page)
    assert "Goodwill after a complaint: 40 points." in shown
    assert "A gift" in shown
    refused = browser.post(f"{page}/adjust", kind="goodwill", points="-40", note="No.")
    assert "A gift adds points" in refused.text
