"""Privacy requests are shown to staff: exports to open once, erasures with what was done."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction
from plugin.store.privacy import export_parts, privacy
from tests.conftest import ShopRow
from tests.web.session import Browser

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_there_is_nothing_to_show_at_first(browser: Browser) -> None:
    assert "No requests yet" in browser.page("/app/settings/data")


def gathered(engine: Engine, shop: ShopRow, *sections: str) -> int:
    """An export that is ready, with one row in each section."""
    with shop_transaction(engine, shop.id) as conn:
        number = privacy.add(conn, shop.id, "customers/data_request", "w1", {"customer_id": 7}, NOW)
        assert number is not None
        for place, section in enumerate(sections, start=1):
            export_parts.add(conn, shop.id, number, place, section, [{"email": "ana@example.com"}])
        done = {"parts": len(sections), "rows": len(sections), "known": bool(sections)}
        privacy.finish(conn, shop.id, number, done, NOW)
    return number


def test_an_export_is_opened_once_and_downloaded_by_whoever_opened_it(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    number = gathered(engine, shop, "members", "fraud_marks")
    at = f"/app/settings/data/{number}"
    assert browser.get(f"{at}/file.json").status_code == 404, "not before it is opened"
    shown = browser.page(at)
    assert "This export contains 2 records. Sections: members, fraud marks." in shown
    assert "ana@example.com" not in shown
    browser.post(f"{at}/open")
    assert "You can download it for 24 hours" in browser.page(at)
    sent = browser.get(f"{at}/file.json")
    assert [part["section"] for part in orjson.loads(sent.data)] == ["members", "fraud_marks"]
    browser.post(f"{at}/open")
    with shop_transaction(engine, shop.id) as conn:
        ((who,),) = conn.exec_driver_sql("SELECT opened_by FROM privacy_requests").fetchall()
        acts = conn.exec_driver_sql("SELECT actor, kind FROM access_log WHERE what = 'open_export'").fetchall()
        reads = conn.exec_driver_sql("SELECT actor, how_many FROM access_log WHERE what = 'data_request'").fetchall()
        conn.exec_driver_sql("UPDATE privacy_requests SET opened_by = 'staff:999'")
    assert acts == [(who, "change")]
    assert (who, 2) in [tuple(row) for row in reads]
    assert "can only be opened once" in browser.page(at)
    assert browser.get(f"{at}/file.json").status_code == 404


def test_an_export_of_nobody_and_an_erasure_say_what_was_done(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    number = gathered(engine, shop)
    with shop_transaction(engine, shop.id) as conn:
        for place, done in enumerate(
            ({"members": 1, "deliveries": 12}, {"known": False}, {"known": False, "unclear": 2}), start=2
        ):
            erasure = privacy.add(conn, shop.id, "customers/redact", f"w{place}", {"customer_id": 8}, NOW)
            assert erasure is not None
            privacy.finish(conn, shop.id, erasure, done, NOW)
    shown = browser.page("/app/settings/data")
    assert "Erased: 1 member, 12 deliveries" in shown
    assert "Suki has no data about this person" in shown
    assert "2 accounts have this phone number" in shown
    assert "Suki has no data about this person" in browser.page(f"/app/settings/data/{number}")
    assert browser.get(f"/app/settings/data/{erasure}").status_code == 404
