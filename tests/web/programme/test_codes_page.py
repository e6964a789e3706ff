"""Staff have codes made, see how far they are, fetch them and end them."""

from __future__ import annotations

import re

from sqlalchemy import Engine

from plugin.store.codes import code_sets
from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.web.session import Browser

FORM = {"name": "Flyer", "count": "2,000", "kind": "percent", "value": "15", "valid_days": "30", "prefix": "fly",
        "key": "k1"}  # fmt: skip
PAGE = "/app/programme/codes"


def made(browser: Browser) -> int:
    answer = browser.post(PAGE, **FORM)
    assert answer.status_code == 303
    return int(re.findall(r"/codes/(\d+)", answer.location)[0])


def there(engine: Engine, shop: ShopRow, number: int, *codes: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        code_sets.write_down(conn, shop.id, number, 0, codes)
        code_sets.are_there(conn, shop.id, number, 0, len(codes) - 1)


def test_a_batch_is_asked_for_watched_and_fetched(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "No codes yet" in browser.page(PAGE)
    number = made(browser)
    assert made(browser) == number
    there(engine, shop, number, "FLY-1", "FLY-2")
    shown = browser.page(f"{PAGE}/{number}")
    assert 'value="2" max="2000"' in shown
    assert "data-refresh" in shown
    assert "Creating" in browser.page(PAGE)
    file = browser.get(f"{PAGE}/{number}/codes.csv")
    assert (file.mimetype, file.text) == ("text/csv", '\ufeff"code","used"\r\n"FLY-1",""\r\n"FLY-2",""\r\n')


def test_a_batch_is_ended_once(browser: Browser) -> None:
    number = made(browser)
    unsure = browser.post(f"{PAGE}/{number}/end").location
    assert "Nothing was changed." in browser.page(f"{PAGE}/{number}", unsure="yes")
    assert "unsure" in unsure
    for _ in range(2):
        assert browser.post(f"{PAGE}/{number}/end", sure="yes").status_code == 303
    shown = browser.page(f"{PAGE}/{number}")
    assert "Deactivating" in shown
    assert "Deactivate all" not in shown


def test_what_is_wrong_stands_at_its_field(browser: Browser) -> None:
    answer = browser.post(PAGE, **FORM | {"count": "0", "value": "101"})
    assert answer.status_code == 422
    assert "Enter 1 or more." in answer.text
    answer = browser.post(PAGE, **FORM | {"value": "101"})
    assert "Enter a percentage up to 100." in answer.text
    assert "No codes yet" in answer.text


def test_another_shop_sees_and_ends_nothing_of_it(browser: Browser, other_browser: Browser) -> None:
    number = made(browser)
    for path in (f"{PAGE}/{number}", f"{PAGE}/{number}/codes.csv", f"{PAGE}/{2**70}"):
        assert other_browser.get(path).status_code == 404
    assert other_browser.post(f"{PAGE}/{number}/end", sure="yes").status_code == 404
    assert "Creating" in browser.page(PAGE)


def test_codes_whose_days_are_over_need_no_end(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    number = made(browser)
    assert "Deactivate codes" in browser.page(f"{PAGE}/{number}")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE code_sets SET ends_at = now() - interval '1 day', starts_at = '2026-01-01'")
    assert "Deactivate codes" not in browser.page(f"{PAGE}/{number}")
