"""Privacy requests are shown to staff: exports to copy, erasures with what was done."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from plugin.store import privacy
from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.web.session import Browser

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_there_is_nothing_to_show_at_first(browser: Browser) -> None:
    assert "No requests yet" in browser.page("/app/settings/data")


def test_an_export_can_be_copied_and_an_erasure_says_what_it_did(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        export = privacy.add(conn, shop.id, "customers/data_request", "w1", {"customer_id": 7}, NOW)
        erasure = privacy.add(conn, shop.id, "customers/redact", "w2", {"customer_id": 8}, NOW)
        assert export is not None and erasure is not None
        privacy.finish(conn, shop.id, export, {"members": [{"email": "ana@example.com"}]}, NOW)
        privacy.finish(conn, shop.id, erasure, {"members": 1, "deliveries": 12}, NOW)
    shown = browser.page("/app/settings/data")
    assert "Erased: 1 member, 12 deliveries" in shown
    assert "ana@example.com" in browser.page(f"/app/settings/data/{export}")
    assert browser.get(f"/app/settings/data/{erasure}").status_code == 404
