"""Points for past orders, through the panel."""

from __future__ import annotations

from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.web.session import Browser

PATH = "/app/members/past-orders"


def test_staff_ask_for_past_orders_once_and_can_cancel(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        counts = '{"counts_from": "2026-01-01T00:00Z"}'
        conn.exec_driver_sql(
            "UPDATE shops SET launched_at = '2026-01-01Z', settings = settings || %(counts)s::jsonb WHERE id = %(id)s",
            {"id": shop.id, "counts": counts},
        )
    shown = browser.page(PATH)
    assert "Points for past orders" in shown and "The rules of each order&#39;s time" in shown
    answer = browser.post(PATH, since="2025-01-01", until="2025-12-31", judged_by="now")
    assert answer.status_code == 303
    one = answer.headers["Location"].partition("?")[0]
    assert "Read 0 orders from Shopify so far." in browser.page(one)
    again = browser.post(PATH, since="2025-01-01", until="2025-12-31", judged_by="now")
    assert again.status_code == 409 and "Another run is in progress." in again.text
    assert other_browser.get(one).status_code == 404
    assert other_browser.post(f"{one}/cancel").status_code == 404
    assert browser.post(f"{one}/cancel").status_code == 303
    assert "Canceled" in browser.page(one)
    assert browser.post(f"{one}/count").status_code == 303
    assert "Canceled" in browser.page(one)


def test_a_time_in_which_orders_count_already_is_refused_at_its_field(browser: Browser) -> None:
    answer = browser.post(PATH, since="2099-01-01", until="2099-12-31")
    assert answer.status_code == 422 and "Later orders count already." in answer.text
    assert browser.post(PATH, since="soon", until="2025-12-31").status_code == 422


def test_what_sixty_days_mean_is_said_where_all_orders_are_not_granted(browser: Browser) -> None:
    assert "Suki can see the last 60 days only" in browser.page(PATH)
