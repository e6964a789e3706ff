"""A version can be planned: nothing of it holds before its day, and what is saved meanwhile is not lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from plugin.actions.programme import publish_programme, save_activities
from plugin.actions.programme.edits import Edit
from plugin.actions.programme.save_programme import save_part
from plugin.errors import BadInput
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.web.forms import edit
from tests.actions.stage import Stage
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ON = {"effective_on": "2026-12-01"}


@pytest.fixture
def shop_id(engine: Engine, shop: ShopRow) -> int:
    with shop_transaction(engine, shop.id) as conn:
        shops.describe(conn, shop.id, {"timezone": "Asia/Manila"})
        programmes.add(conn, shop.id, Programme(), "test", "", NOW - DAY)
    return shop.id


def save(engine: Engine, shop_id: int, part: str, raw: object, based_on: int, now: datetime = NOW, **form: str) -> int:
    with shop_transaction(engine, shop_id) as conn:
        return save_part(conn, shop_id, part, raw, edit.read(form, based_on, "ana", now))


def known(engine: Engine, shop_id: int) -> list[Version]:
    with shop_transaction(engine, shop_id) as conn:
        return programmes.versions(conn, shop_id)


def at(engine: Engine, shop_id: int, moment: datetime) -> tuple[int, int, str]:
    """(number, welcome points, what points are called) in force at the moment."""
    found = programmes.at(known(engine, shop_id), moment)
    return found.number, found.programme.welcome_points, found.programme.points_name


def test_a_planned_version_begins_at_the_start_of_its_day_where_the_shop_is(engine: Engine, shop_id: int) -> None:
    assert save(engine, shop_id, "welcome_points", 10, 1, **ON) == 2
    plan = programmes.planned(known(engine, shop_id), NOW)
    assert plan is not None
    assert plan.effective_from == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert at(engine, shop_id, plan.effective_from - timedelta.resolution) == (1, 0, "points")
    assert at(engine, shop_id, plan.effective_from) == (2, 10, "points")
    assert programmes.planned(known(engine, shop_id), plan.effective_from) is None


def test_what_is_saved_meanwhile_holds_at_once_and_later_too(engine: Engine, shop_id: int) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    assert save(engine, shop_id, "points_name", "beans", 1) == 3
    assert at(engine, shop_id, NOW) == (3, 0, "beans")
    assert at(engine, shop_id, NOW + 30 * DAY) == (4, 10, "beans")
    assert [bool(each.withdrawn_at) for each in known(engine, shop_id)] == [False, True, False, False]


def test_an_activity_is_paused_in_the_version_that_its_page_shows(engine: Engine, shop_id: int) -> None:
    raw = {"kind": "custom", "id": "a1", "name": "Booth", "points": 5, "word": "booth"}
    save(engine, shop_id, "activities", [raw], 1, **ON)
    with shop_transaction(engine, shop_id) as conn:
        save_activities.change_activity(conn, shops.get(conn, shop_id), "a1", "pause", Edit(2, "ana", NOW))
    found = programmes.planned(known(engine, shop_id), NOW)
    assert found is not None
    assert [(one.id, one.active) for one in found.programme.activities] == [("a1", False)]
    assert not programmes.at(known(engine, shop_id), NOW).programme.activities


def test_a_part_that_the_plan_changes_stays_as_planned(engine: Engine, shop_id: int) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    save(engine, shop_id, "welcome_points", 5, 1)
    assert (at(engine, shop_id, NOW)[1], at(engine, shop_id, NOW + 30 * DAY)[1]) == (5, 10)


def test_a_plan_that_says_nothing_new_any_more_is_over(engine: Engine, shop_id: int) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    save(engine, shop_id, "welcome_points", 10, 1)
    assert programmes.planned(known(engine, shop_id), NOW) is None
    assert at(engine, shop_id, NOW + 30 * DAY) == (3, 10, "points")


def test_the_plan_itself_can_be_changed_moved_and_brought_forward(engine: Engine, shop_id: int) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    assert save(engine, shop_id, "points_name", "beans", 2) == 3
    assert at(engine, shop_id, NOW) == (1, 0, "points")
    assert at(engine, shop_id, NOW + 30 * DAY) == (3, 10, "beans")
    assert save(engine, shop_id, "points_name", "beans", 3, effective_on="2026-12-24") == 4
    assert at(engine, shop_id, datetime(2026, 12, 10, tzinfo=UTC))[0] == 1
    assert save(engine, shop_id, "points_name", "beans", 4, effective_on="") == 5
    assert at(engine, shop_id, NOW) == at(engine, shop_id, NOW + 60 * DAY) == (5, 10, "beans")


def test_saving_the_plan_without_a_change_saves_nothing(engine: Engine, shop_id: int) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    assert save(engine, shop_id, "welcome_points", 10, 2, **ON) == 2
    assert save(engine, shop_id, "welcome_points", 10, 2) == 2


def test_only_one_version_is_planned(engine: Engine, shop_id: int) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    with pytest.raises(BadInput) as refused:
        save(engine, shop_id, "points_name", "beans", 1, effective_on="2026-12-24")
    assert "Version 2 is already planned" in refused.value.fields["effective_on"]
    assert len(known(engine, shop_id)) == 2


@pytest.mark.parametrize("day", ["2026-11-19", "2029-01-01", "soon", "2026-13-01", "9999-12-31"])
def test_a_day_that_cannot_be_is_refused_at_its_field(engine: Engine, shop_id: int, day: str) -> None:
    with pytest.raises(BadInput) as refused:
        save(engine, shop_id, "welcome_points", 10, 1, effective_on=day)
    assert set(refused.value.fields) == {"effective_on"}


def test_a_withdrawn_version_never_begins_and_one_that_has_begun_cannot_be_withdrawn(
    engine: Engine, shop_id: int
) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    with shop_transaction(engine, shop_id) as conn, pytest.raises(BadInput):
        publish_programme.withdraw(conn, shop_id, 2, "ana", NOW + 30 * DAY)
    with shop_transaction(engine, shop_id) as conn, pytest.raises(BadInput):
        publish_programme.withdraw(conn, shop_id, 1, "ana", NOW)
    with shop_transaction(engine, shop_id) as conn:
        publish_programme.withdraw(conn, shop_id, 2, "ana", NOW)
    assert at(engine, shop_id, NOW + 30 * DAY)[0] == 1
    with shop_transaction(engine, shop_id) as conn, pytest.raises(BadInput):
        publish_programme.withdraw(conn, shop_id, 2, "ana", NOW)
    with shop_transaction(engine, shop_id) as conn:
        assert jobs.page(conn, shop_id, "queued", None, 5) == []
    assert save(engine, shop_id, "welcome_points", 10, 1, **ON) == 3


def test_a_form_that_began_before_the_plan_came_into_force_is_stale(engine: Engine, shop_id: int) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    with pytest.raises(BadInput, match="Version 2 was saved"):
        save(engine, shop_id, "points_name", "beans", 1, NOW + 30 * DAY)


def test_another_shops_plan_cannot_be_withdrawn(engine: Engine, shop_id: int, other_shop: ShopRow) -> None:
    save(engine, shop_id, "welcome_points", 10, 1, **ON)
    with shop_transaction(engine, other_shop.id) as conn:
        programmes.add(conn, other_shop.id, Programme(), "test", "", NOW - DAY)
    with shop_transaction(engine, other_shop.id) as conn, pytest.raises(BadInput):
        publish_programme.withdraw(conn, other_shop.id, 2, "eve", NOW)
    assert at(engine, shop_id, NOW + 30 * DAY)[0] == 2


def plan_gold(stage: Stage) -> int:
    """Ana has bought for 24; in five days whoever did for 20 is Gold. Answers the number of the plan."""
    stage.programme()
    stage.buy()
    stage.settle()
    day = (stage.clock() + 5 * DAY).date().isoformat()
    ladder = {"levels": [{"key": "gold", "name": "Gold", "enter": "20"}]}
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        newest = programmes.current(conn, stage.shop_id, stage.clock()).number
        return save_part(
            conn, stage.shop_id, "tiers", ladder, edit.read({"effective_on": day}, newest, "ana", stage.clock())
        )


def test_planned_tiers_place_everybody_on_their_day(stage: Stage) -> None:
    plan_gold(stage)
    stage.settle(days=1)
    assert stage.rows("SELECT tier FROM member_tiers") == []
    stage.settle(days=6)
    assert stage.rows("SELECT tier FROM member_tiers") == [("gold",)]


def test_planned_tiers_that_were_withdrawn_place_nobody(stage: Stage) -> None:
    plan = plan_gold(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        publish_programme.withdraw(conn, stage.shop_id, plan, "ana", stage.clock())
    stage.settle(days=8)
    assert stage.rows("SELECT tier FROM member_tiers") == []
    assert stage.waiting("programme_begins") == []
