"""The list of redemptions: filters, search, pages, the file, and many taken back at once after a look."""

from __future__ import annotations

import re

from sqlalchemy import Engine, text

from plugin.store.database.db import shop_transaction
from plugin.store.rewards import redemptions
from tests.conftest import ShopRow
from tests.web import agreed
from tests.web.programme.test_rewards import FIVE_OFF, member_with, rewards
from tests.web.session import Browser

PAGE = "/app/activity/redemptions"


def redeemed(browser: Browser, engine: Engine, shop: ShopRow, count: int) -> tuple[int, list[int]]:
    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF | {"points": "10"})
    (reward,) = rewards(engine, shop)[1]
    member = member_with(engine, shop, 1000)
    for number in range(count):
        browser.post(f"/app/members/{member}/redeem", reward=reward.id, key=f"k{number}", **agreed.form(reward))
    with shop_transaction(engine, shop.id) as conn:
        return member, [one.id for one in redemptions.of_member(conn, shop.id, member, 999)]


def test_filters_search_and_pages(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "Nothing yet" in browser.page(PAGE)
    _, ids = redeemed(browser, engine, shop, 53)
    first = browser.page(PAGE)
    start = re.search(r"start=(\d+)", first)
    assert start is not None
    assert len(re.findall(r'name="id"', first)) == 50
    assert len(re.findall(r'name="id"', browser.page(PAGE, start=start[1]))) == 3
    with shop_transaction(engine, shop.id) as conn:
        one = redemptions.get(conn, shop.id, ids[7])
        conn.execute(text("UPDATE redemptions SET created_at = now() - interval '40 days' WHERE id = :id"),
                     {"id": ids[0]})  # fmt: skip
    assert one is not None
    for query, count in (({"q": one.code.lower()}, 1), ({"q": "ana@example.com"}, 50), ({"q": "nobody"}, 0),
                         ({"state": "used"}, 0), ({"state": "unused", "days": "30"}, 1), ({"reward": "rnone"}, 0),
                         ({"state": "'; --", "days": "-1", "start": "x"}, 50)):  # fmt: skip
        assert len(re.findall(r'name="id"', browser.page(PAGE, **query))) == count, query


def test_a_redemption_says_what_it_is_worth_and_names_the_order_that_used_it(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    _, [one] = redeemed(browser, engine, shop, 1)
    assert "Amount off: 5 USD" in browser.page(f"/app/redemptions/{one}")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE redemptions SET state = 'captured', captured_by_order = 5000000002938")
    assert ">5000000002938</s-link>" in browser.page(f"/app/redemptions/{one}")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO order_views (shop_id, order_id, name) VALUES (%(shop)s, 5000000002938, '#2529')",
            {"shop": shop.id},
        )
    page = browser.page(f"/app/redemptions/{one}")
    assert '<s-link href="shopify://admin/orders/5000000002938" target="_top">#2529</s-link>' in page


def test_the_file_holds_what_the_filters_leave(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    redeemed(browser, engine, shop, 3)
    assert len(browser.get(f"{PAGE}.csv").text.splitlines()) == 4
    assert len(browser.get(f"{PAGE}.csv", state="used").text.splitlines()) == 1


def test_staff_look_before_many_are_taken_back(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    member, ids = redeemed(browser, engine, shop, 4)
    assert "Select the redemptions" in browser.post(f"{PAGE}/check").text
    looked = browser.post(f"{PAGE}/check", id=[str(ids[0]), str(ids[1])])
    assert (looked.status_code, "Take back 2 redemptions" in looked.text) == (200, True)
    looked = browser.post(f"{PAGE}/check", all="yes", state="unused")
    assert "Take back 4 redemptions" in looked.text
    newest = re.search(r'name="newest" value="(\d+)"', looked.text)
    assert newest is not None
    (reward,) = rewards(engine, shop)[1]
    browser.post(f"/app/members/{member}/redeem", reward=reward.id, key="later", **agreed.form(reward))
    answer = browser.post(f"{PAGE}/release", all="yes", state="unused", newest=newest[1])
    assert answer.status_code == 303
    shown = browser.page(PAGE, state="taking")
    assert "Taking back 4 redemptions" in shown
    assert browser.post(f"{PAGE}/release", all="yes", state="unused", newest=newest[1]).status_code == 422
    with shop_transaction(engine, shop.id) as conn:
        states = [one.code_state for one in redemptions.of_member(conn, shop.id, member)]
    assert sorted(states) == ["unwanted"] * 4 + ["wanted"]
    assert "Took back 4 redemptions" in browser.page("/app/activity/staff")


def test_another_shop_takes_nothing_back(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    _, ids = redeemed(browser, engine, shop, 2)
    assert "Nothing yet" in other_browser.page(PAGE)
    for form in ({"all": "yes"}, {"id": str(ids[0])}):
        assert other_browser.post(f"{PAGE}/check", **form).status_code == 422
        assert other_browser.post(f"{PAGE}/release", newest=str(max(ids)), **form).status_code == 422
    assert len(other_browser.get(f"{PAGE}.csv").text.splitlines()) == 1
