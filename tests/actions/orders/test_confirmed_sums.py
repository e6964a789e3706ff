"""What a confirmation lists adds up: the lines to the subtotal, and that with discounts and tax to the total."""

from __future__ import annotations

from plugin.actions.rewards import redeem_points
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.actions.emails.happenings import FIVE, ana
from tests.actions.stage import Stage


def test_a_discount_is_taken_off_once_and_not_off_the_lines_as_well(stage: Stage) -> None:
    stage.programme(confirmation="ours", next_order_code={"enabled": False}, rewards=[FIVE | {"points": 10}])
    stage.buy()
    stage.settle()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        made = redeem_points.redeem(conn, shop, ana(stage), "rfive", None, "k", "shopper", stage.clock())
    stage.settle()
    [(code,)] = stage.rows("SELECT code FROM redemptions WHERE id = :id", id=made.id)
    order = stage.buy(codes=[code])
    stage.settle(minutes=1)
    [mail] = [one for one in stage.mails() if order["name"] in one.subject]
    told = mail.part("plain")
    [line] = [each for each in told.splitlines() if each.startswith("Rattan tray")]
    assert line.endswith("$24.00")
    assert "Subtotal: $24.00\n" in told
    assert "Discount: -$5.00\n" in told
