"""What reaching a tier gives: taken back when a refund takes the tier, given again when an order brings it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.points.audit import audit
from plugin.store.database.db import shop_transaction
from plugin.store.gifts import gift_occasions
from plugin.store.versions import programmes
from tests.actions.gifts.test_automatic import BEGIN, FIVE, GOLD, begin, given, look, order, points
from tests.actions.orders.test_settle_orders import settle
from tests.actions.tiers.test_tiers import TIERS, cancelled


@pytest.fixture
def shop_id(engine: Engine, shop: Any) -> int:
    return shop.id  # type: ignore[no-any-return]


def test_a_tier_gives_its_reward_a_refund_takes_it_and_a_new_order_gives_it_again(engine: Engine, shop_id: int) -> None:
    begin(engine, shop_id, GOLD, tiers=TIERS)
    settle(engine, shop_id, order(1, "2026-11-20", price="400.00"))
    later = datetime(2026, 11, 20, 13, tzinfo=UTC)
    for _ in range(2):
        look(engine, shop_id, later)
    assert given(engine, shop_id) == [("agold", "2026", "given")]
    settle(engine, shop_id, cancelled(1, "400.00"))
    look(engine, shop_id, later + timedelta(hours=1))
    assert given(engine, shop_id) == [("agold", "2026", "back")]
    settle(engine, shop_id, order(2, "2026-11-20", price="400.00"))
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT to_tier, because, at FROM tier_changes ORDER BY id").all()
    assert rows[-1][:2] == ("gold", "order")
    look(engine, shop_id, later + timedelta(hours=2))
    assert given(engine, shop_id) == [("agold", "2026", "given")]
    with shop_transaction(engine, shop_id) as conn:
        made = conn.exec_driver_sql("SELECT code_state, points FROM redemptions ORDER BY id").all()
    assert [tuple(one) for one in made if one[1] == 0 and one[0] != "unwanted"] == [("wanted", 0)]


@pytest.mark.parametrize(("points_too", "after"), [(0, "back"), (5, "given")])
def test_a_reward_that_is_gone_is_left_out_when_the_tier_comes_back(
    engine: Engine, shop_id: int, points_too: int, after: str
) -> None:
    begin(engine, shop_id, GOLD.model_copy(update={"points": points_too}), tiers=TIERS)
    later = datetime(2026, 11, 20, 13, tzinfo=UTC)
    for facts in (order(1, "2026-11-20", price="400.00"), cancelled(1, "400.00")):
        settle(engine, shop_id, facts)
        look(engine, shop_id, later)
    settle(engine, shop_id, order(2, "2026-11-20", price="400.00"))
    with shop_transaction(engine, shop_id) as conn:
        other = FIVE.model_copy(update={"id": "rother"})
        was = programmes.current(conn, shop_id, later).programme
        rules = (GOLD.model_copy(update={"reward": "rother"}),)
        swapped = was.model_copy(update={"rewards": (other,), "automatic": rules})
        programmes.add(conn, shop_id, swapped, "test", "", later)
        found = gift_occasions.tier_gifts_to_change(conn, shop_id, "agold", ["gold"], ["rother"], BEGIN, 9)
    assert len(found) == (1 if points_too else 0)
    look(engine, shop_id, later + timedelta(hours=2))
    assert given(engine, shop_id) == [("agold", "2026", after)]
    assert points(engine, shop_id) == {7: 30 + points_too}  # 30 are the bonus of the tier
    assert audit(engine) == []
