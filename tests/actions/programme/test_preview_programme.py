"""A look at a draft says what saving it would change, and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from plugin.actions.programme.preview_programme import Preview, preview_programme
from plugin.rules.programme import Basis, Earning, Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.actions.stage import Stage

ONE = Programme()
GOLD = Tier(key="gold", name="Gold", enter=Decimal(20))


def look(stage: Stage, before: Programme, after: Programme) -> Preview:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return preview_programme(conn, shops.get(conn, stage.shop_id), before, after, stage.clock())


def test_points_are_summed_under_both_and_the_largest_differences_named(stage: Stage) -> None:
    orders = [stage.buy("ana@example.com"), stage.buy("juan@example.com", "Mango jam")]
    stage.settle()
    seen = look(stage, ONE, Programme(earning=Earning(points=2)))
    assert (seen.orders.orders, seen.left_out) == (2, 0)
    assert seen.orders.after == 2 * seen.orders.before > 0
    first = seen.orders.examples[0]
    assert (first.order_id, first.before, first.after) == (orders[0]["id"], 24, 48)
    assert first.reasons
    assert seen.moves == ()


def test_a_draft_that_changes_nothing_for_orders_names_none(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    seen = look(stage, ONE, Programme(points_name="beans"))
    assert (seen.orders.before, seen.orders.after, seen.orders.examples) == (24, 24, ())


def test_an_order_whose_products_nobody_asked_for_is_left_out(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    seen = look(stage, ONE, Programme(basis=Basis(excluded_tags=frozenset({"sale"}))))
    assert (seen.orders.orders, seen.left_out) == (0, 1)


def test_a_tier_multiplies_in_the_look_as_it_would(stage: Stage) -> None:
    stage.programme(tiers={"levels": [GOLD.model_dump()]})
    stage.buy()
    stage.settle()
    stage.buy()
    stage.settle(minutes=30)
    now = Programme(tiers=Tiers(levels=(GOLD,)))
    seen = look(stage, now, Programme(tiers=Tiers(levels=(GOLD.model_copy(update={"multiplier": Decimal(2)}),))))
    assert (seen.orders.before, seen.orders.after) == (48, 72)


def test_who_would_go_up_or_could_not_stay_is_counted_and_named(stage: Stage) -> None:
    stage.buy("ana@example.com")
    stage.buy("juan@example.com", "Mango jam")
    stage.settle()
    ladder = Programme(tiers=Tiers(levels=(GOLD,), window="lifetime", validity="window"))
    seen = look(stage, ONE, ladder)
    assert (seen.up, seen.down, seen.looked_at) == (1, 0, 2)
    assert [(move.name, move.before, move.after) for move in seen.moves] == [("Anastacia Reyes-Cruz", "", "Gold")]
    stage.programme(tiers=ladder.tiers.model_dump(mode="json"))
    stage.buy("ana@example.com")
    stage.settle(minutes=30)
    assert stage.rows("SELECT tier FROM member_tiers WHERE tier <> ''") == [("gold",)]
    harder = ladder.model_copy(
        update={"tiers": ladder.tiers.model_copy(update={"levels": (GOLD.model_copy(update={"enter": Decimal(500)}),)})}
    )
    seen = look(stage, ladder, harder)
    assert (seen.up, seen.down) == (0, 1)
    assert [(move.before, move.after) for move in seen.moves] == [("Gold", "")]


def test_a_look_writes_nothing(stage: Stage) -> None:
    stage.buy()
    stage.settle(hours=1)
    counts = "SELECT (SELECT count(*) FROM jobs), (SELECT count(*) FROM entries), (SELECT count(*) FROM member_tiers)"
    before = stage.rows(counts)
    look(stage, ONE, Programme(earning=Earning(points=9), tiers=Tiers(levels=(GOLD,))))
    stage.clock.ahead += timedelta(hours=1)
    assert stage.rows(counts) == before
