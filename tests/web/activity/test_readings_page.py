"""The list of orders that are worth something else read again: empty, paged, as a file, decided for all or by line."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction
from plugin.store.orders import reading_differences
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import member_with
from tests.web.session import Browser

PAGE = "/app/activity/readings"


def differ(engine: Engine, shop_id: int, member: int | None, *orders: tuple[int, str, int, int]) -> None:
    """Orders by number and name, with what they have been given and would be given."""
    with shop_transaction(engine, shop_id) as conn:
        for order_id, name, points_now, points in orders:
            conn.exec_driver_sql(
                "INSERT INTO order_views (shop_id, order_id, member_id, name, deserved, reading, view)"
                " VALUES (%s, %s, %s, %s, %s, 1, '{}')",
                (shop_id, order_id, member, name, points_now),
            )
            conn.exec_driver_sql(
                "INSERT INTO reading_differences (shop_id, order_id, member_id, points, explanation, found_at)"
                " VALUES (%s, %s, %s, %s, '[[\"cancelled\", {}]]', now())",
                (shop_id, order_id, member, points),
            )


def states(engine: Engine, shop_id: int) -> list[str]:
    with shop_transaction(engine, shop_id) as conn:
        return [one.state for one in reading_differences.page(conn, shop_id)]


def queued(engine: Engine, shop_id: int) -> int:
    with shop_transaction(engine, shop_id) as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM jobs WHERE kind = 'read_again'").scalar_one())


def test_it_is_empty_at_first_and_then_shows_sums_and_pages(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "Nothing to decide" in browser.page(PAGE)
    member = member_with(engine, shop, 100)
    differ(engine, shop.id, member, *[(number, f"#{number}", 10, 30) for number in range(1, 52)], (99, "#99", 50, 1))
    first = browser.page(PAGE)
    assert len(re.findall(r'name="id"', first)) == 50
    assert len(re.findall(r'name="id"', browser.page(PAGE, after="50"))) == 2
    assert "1,020" in first and "49" in first and "Yes, all 52" in first
    assert f"/app/members/{member}" in first


def test_the_file_holds_all_of_them_and_no_formula(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    differ(engine, shop.id, None, (7, "=HYPERLINK(1)", 10, 30), (8, 'a "b", c', 10, 4))
    rows = list(csv.reader(io.StringIO(browser.get(f"{PAGE}.csv").text.removeprefix("\ufeff"))))
    assert [row[:6] for row in rows[1:]] == [
        ["7", "'=HYPERLINK(1)", "10", "30", "20", "To decide"],
        ["8", 'a "b", c', "10", "4", "-6", "To decide"],
    ]


def test_staff_decide_by_line_and_for_all(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    differ(engine, shop.id, None, (1, "#1", 10, 30), (2, "#2", 10, 30), (3, "#3", 10, 30))
    browser.post(PAGE, decision="take")  # nothing is ticked
    assert "Nothing was changed" in browser.post(PAGE, decision="take", which="all").text
    assert browser.post(PAGE, decision="burn", id="1").status_code == 422
    assert (states(engine, shop.id), queued(engine, shop.id)) == (["open"] * 3, 0)
    browser.post(PAGE, decision="leave", id="2")
    assert (states(engine, shop.id), queued(engine, shop.id)) == (["open", "leave", "open"], 1)
    browser.post(PAGE, decision="take", which="all", sure="yes")
    assert (states(engine, shop.id), queued(engine, shop.id)) == (["take", "leave", "take"], 1)
    browser.post(PAGE, decision="leave", which="all", sure="yes")  # a second click
    assert states(engine, shop.id) == ["take", "leave", "take"]
    assert "Updated 2 orders to their new value" in browser.page("/app/activity/staff")


@pytest.mark.parametrize("ids", [["5"], ["x", "-1", "9" * 30, ""], ["5' OR 1=1"]])
def test_another_number_decides_nothing(browser: Browser, engine: Engine, shop: ShopRow, ids: list[str]) -> None:
    differ(engine, shop.id, None, (1, "#1", 10, 30))
    browser.post(PAGE, decision="take", id=ids)
    assert (states(engine, shop.id), queued(engine, shop.id)) == (["open"], 0)
