"""The list by how often members ordered, and what Home counts as an order: both read the facts of orders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from plugin.rules.retention.outcomes import Period
from plugin.store.database.db import shop_transaction
from plugin.store.reports import outcomes
from tests.conftest import ShopRow
from tests.web.figures import NOW, add_members, people
from tests.web.members.test_members import button, names
from tests.web.session import Browser

TODAY = NOW.date()


def bought(engine: Engine, shop: ShopRow, orders: Mapping[int, int]) -> None:
    """What the nightly count wrote: so many orders of 12.50 each, by member."""
    with shop_transaction(engine, shop.id) as conn:
        for member_id, count in orders.items():
            conn.exec_driver_sql(
                "INSERT INTO member_stats (shop_id, member_id, orders, days, net_minor, months, months_after)"
                " VALUES (%s, %s, %s, %s, %s, 0, 0)",
                (shop.id, member_id, count, count, 1250 * count),
            )


def add_fact(engine: Engine, shop: ShopRow, number: int, day: date, counts: bool, currency: str = "USD") -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO order_facts (shop_id, order_id, day, counts, why_not, currency, net_minor, gross_minor,"
            " reward_discount_minor, source, country, region)"
            " VALUES (%s, %s, %s, %s, '', %s, 1000, 1000, 0, '', '', '')",
            (shop.id, number, day, counts, currency),
        )


@pytest.mark.parametrize(("filtered", "times"), [("never", {0}), ("once", {1}), ("again", {2, 3})])
def test_a_filter_shows_each_member_who_ordered_so_often_on_exactly_one_page(
    browser: Browser, engine: Engine, shop: ShopRow, filtered: str, times: set[int]
) -> None:
    known = add_members(engine, shop.id, people(220))
    bought(engine, shop, {one.id: one.id % 4 for one in known})
    html = browser.page("/app/members", bought=filtered, sort="joined")
    pages = [names(html)]
    while query := button(html, "Next"):
        html = browser.page("/app/members", **query)
        pages.append(names(html))
    expected = [one.name for one in sorted(known, key=lambda one: -one.id) if one.id % 4 in times]
    assert sum(pages, []) == expected
    assert len(pages) == -(-len(expected) // 50)
    back = []
    while query := button(html, "Previous"):
        html = browser.page("/app/members", **query)
        back.append(names(html))
    assert back == pages[-2::-1]


def test_orders_and_what_was_spent_stand_beside_each_member(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    ana, ben = add_members(engine, shop.id, people(2))
    bought(engine, shop, {ana.id: 3})
    rows = re.findall(r"<s-table-row.*?</s-table-row>", browser.page("/app/members"), re.DOTALL)
    cells = {names(row)[0]: re.findall(r"<s-table-cell>([^<]*)</s-table-cell>", row)[-3:-1] for row in rows}
    assert cells == {ana.name: ["3", "$37.50"], ben.name: ["–", "–"]}


def test_a_filter_that_nobody_matches_says_so_and_leads_back(browser: Browser) -> None:
    html = browser.page("/app/members", bought="again")
    assert "No members match these filters." in html
    assert "Show all members" in html


def test_a_filter_that_does_not_exist_shows_everybody(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    known = add_members(engine, shop.id, people(1))
    assert names(browser.page("/app/members", bought="x' OR 1=1")) == [known[0].name]


def test_home_counts_the_orders_of_today_that_count_in_the_shops_currency(engine: Engine, shop: ShopRow) -> None:
    add_fact(engine, shop, 1, TODAY, counts=True)
    add_fact(engine, shop, 2, TODAY, counts=True, currency="EUR")
    add_fact(engine, shop, 3, TODAY, counts=False)
    add_fact(engine, shop, 4, TODAY - timedelta(days=1), counts=True)
    with shop_transaction(engine, shop.id) as conn:
        [found] = outcomes.compute(conn, shop.id, Period(TODAY, TODAY), outcomes.By("UTC", "USD")).values()
    assert (found.orders, found.net_minor) == (2, 1000)
