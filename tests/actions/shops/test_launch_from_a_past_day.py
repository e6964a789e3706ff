"""Staff launch from a day that is past: orders since then bring their points, and nobody is told of them."""

from __future__ import annotations

from datetime import timedelta

from plugin.actions.shops import launch_programme
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from sandbox.shop.orders import Wish
from tests.actions.shops.test_launch import BEN, draft, outside
from tests.actions.stage import Stage

__all__ = ["draft"]


def test_a_launch_from_a_past_day_brings_points_for_orders_since_then_and_no_emails(draft: Stage) -> None:
    order = draft.buy()
    draft.settle()
    since = draft.clock() - timedelta(days=2)
    with shop_transaction(draft.engine, draft.shop_id) as conn:
        run = launch_programme.launch(conn, shops.get(conn, draft.shop_id), "staff:1", draft.clock(), since)
    assert run is not None
    draft.settle(minutes=1)
    assert draft.sums()[f"order:{order['id']}"] > 0
    assert outside(draft)["mails"] == []
    late = draft.town.box.place(
        draft.shop, Wish(lines=[(draft.variant(), 1)], email=BEN), draft.clock() + timedelta(seconds=5)
    )
    draft.settle(minutes=1)
    assert draft.sums()[f"order:{late['id']}"] > 0
    assert set(outside(draft)["mails"]) == {BEN}
