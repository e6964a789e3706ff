"""Staff give a birthday's points around the day: then it does not come by itself as well, and comes again next year."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from plugin.actions.activities import give_birthday
from plugin.actions.tiers.watch_tiers import ByHand, set_tier
from plugin.errors import Denied, NotFound
from plugin.rules.activities.activity_rules import Birthday
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.actions.activities.test_celebrate import BEGAN, BIRTHDAY, Years, manila, years

__all__ = ["years"]


def give(years: Years, member: int, at: datetime) -> int:
    with shop_transaction(years.engine, years.shop_id) as conn:
        return give_birthday.give(conn, shops.get(conn, years.shop_id), member, "staff:1", at)


def points(years: Years) -> list[tuple[object, ...]]:
    return years.rows("SELECT points, actor, effective_at FROM entries WHERE kind = 'activity' ORDER BY effective_at")


def test_given_before_the_turn_of_the_year_it_counts_for_the_day_after_it(years: Years) -> None:
    years.publish(BIRTHDAY)
    member = years.join(7)
    years.born(member, 1, 2, manila(2025, 6, 1))
    at = manila(2025, 12, 30, 15)
    assert give(years, member, at) == 100
    years.run(manila(2026, 1, 2, 9))
    assert points(years) == [(100, "staff:1", at)]
    years.run(manila(2027, 1, 2, 9))
    assert [row[1] for row in points(years)] == ["staff:1", "suki"]


SILVER, GOLD = (
    Tier(key=key, name=key.title(), enter=Decimal(enter)) for key, enter in (("silver", 300), ("gold", 900))
)


def in_tiers(years: Years) -> tuple[int, int, int]:
    """Three members born on 5 May: in no tier, in one without points of its own, and in one with 250."""
    own = BIRTHDAY.model_copy(update={"tier_points": {"gold": 250, "gone": 999}})
    with shop_transaction(years.engine, years.shop_id) as conn:
        programmes.add(
            conn, years.shop_id, Programme(activities=(own,), tiers=Tiers(levels=(SILVER, GOLD))), "test", "", BEGAN
        )
    plain, silver, gold = years.join(7), years.join(8), years.join(9)
    for member in (plain, silver, gold):
        years.born(member, 5, 5, manila(2025, 1, 1))
    with shop_transaction(years.engine, years.shop_id) as conn:
        shop = shops.get(conn, years.shop_id)
        for member, tier in ((silver, "silver"), (gold, "gold")):
            set_tier(conn, shop, member, ByHand(tier), "staff:1", manila(2025, 2, 1))
    return plain, silver, gold


def test_a_tier_has_points_of_its_own_and_others_what_everybody_has(years: Years) -> None:
    in_tiers(years)
    years.run(manila(2025, 5, 5, 9))
    years.run(manila(2025, 5, 6, 9))
    assert years.rows("SELECT m.customer_id, e.points FROM entries e JOIN members m ON m.id = e.member_id"
                      " WHERE e.kind = 'activity' ORDER BY 1") == [(7, 100), (8, 100), (9, 250)]  # fmt: skip


def test_staff_give_a_tier_its_own_points_and_later_changes_of_tier_change_nothing(years: Years) -> None:
    plain, _, gold = in_tiers(years)
    assert [give(years, member, manila(2025, 5, 4, 12)) for member in (plain, gold)] == [100, 250]
    with shop_transaction(years.engine, years.shop_id) as conn:
        set_tier(conn, shops.get(conn, years.shop_id), plain, ByHand("gold"), "staff:1", manila(2025, 5, 4, 13))
    years.run(manila(2025, 5, 5, 9))
    assert sorted(row[0] for row in points(years)) == [100, 100, 250]  # silver's came by itself


def test_a_leap_day_is_near_the_end_of_february(years: Years) -> None:
    years.publish(BIRTHDAY)
    member = years.join(7)
    years.born(member, 2, 29, manila(2025, 6, 1))
    assert give(years, member, manila(2026, 3, 7, 12)) == 100


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (manila(2025, 5, 12, 12), "birthday_not_near"),
        (manila(2025, 5, 28, 12), "birthday_not_near"),
    ],
)
def test_not_more_than_a_week_from_the_day(years: Years, at: datetime, code: str) -> None:
    years.publish(BIRTHDAY)
    member = years.join(7)
    years.born(member, 5, 20, manila(2024, 2, 1))
    with pytest.raises(Denied) as refused:
        give(years, member, at)
    assert (refused.value.code, points(years)) == (code, [])


def test_not_after_it_came_by_itself(years: Years) -> None:
    years.publish(BIRTHDAY)
    member = years.join(7)
    years.born(member, 5, 20, manila(2024, 2, 1))
    years.run(manila(2025, 5, 20, 1))
    with pytest.raises(Denied) as refused:
        give(years, member, manila(2025, 5, 22))
    assert (refused.value.code, len(points(years))) == ("birthday_given", 1)


def test_without_the_activity_or_the_day_or_the_member_there_is_nothing_to_give(years: Years) -> None:
    years.publish()
    member = years.join(7)
    for code, activity in (("birthday_not_offered", None), ("birthday_unknown", BIRTHDAY)):
        if activity is not None:
            years.publish(activity)
        with pytest.raises(Denied) as refused:
            give(years, member, manila(2025, 6, 1))
        assert refused.value.code == code
    with pytest.raises(NotFound):
        give(years, 999, manila(2025, 6, 1))
    years.publish(Birthday(id="abirth", name="Birthday", points=100, active=False), at=manila(2025, 7, 1))
    years.born(member, 8, 1, manila(2025, 7, 2))
    with pytest.raises(Denied) as paused:
        give(years, member, manila(2025, 8, 1))
    assert paused.value.code == "activity_paused"
    assert points(years) == []
