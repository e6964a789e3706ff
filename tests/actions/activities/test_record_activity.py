"""Activities on the real database: once for each key, within the limits, by the rules of their time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.activities import record_activity
from plugin.actions.activities.record_activity import Recorded
from plugin.actions.members.merge_members import merge_customers
from plugin.actions.points.audit import audit
from plugin.errors import Conflict, Denied, NotFound, SukiError
from plugin.rules.activities.activity_rules import Birthday, Custom, Social
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.actions.in_shop import InShop
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
REVIEW = Custom(id="areview", name="A review", points=50, word="review", per_day=1)
INSTAGRAM = Social(id="ainsta", name="Follow", points=20, network="instagram", url="https://instagram.com/shop")
ACTIVITIES = (REVIEW, INSTAGRAM, Birthday(id="abirth", name="Birthday", points=100))


@dataclass
class Place(InShop):
    """A shop with two members, seven and eight."""

    engine: Engine
    shop_id: int

    def record(
        self, activity: str = "review", key: str = "k1", at: datetime = NOW, who: int = 7, **more: Any
    ) -> Recorded:
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            one = members.by_customers(conn, self.shop_id, [who])[who]
            return record_activity.record(conn, shop, one.id, activity, key, at, "api:1", NOW, **more)

    @property
    def given(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT kind, points, subject, line, actor, programme_version FROM entries ORDER BY id")

    def publish(self, at: datetime, *activities: Any) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            programmes.add(conn, self.shop_id, Programme(activities=activities), "test", "", at)


@pytest.fixture
def place(engine: Engine, shop: ShopRow) -> Place:
    made = Place(engine, shop.id)
    buyers = [Buyer(customer_id=number, email=f"{number}@example.com") for number in (7, 8)]
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"counts_from": (NOW - timedelta(days=60)).isoformat()})
        members.add(conn, shop.id, buyers, dict.fromkeys(buyers, NOW - timedelta(days=60)))
    made.publish(NOW - timedelta(days=50), *ACTIVITIES)
    return made


def refused(place: Place, **how: Any) -> str:
    with pytest.raises(Denied) as caught:
        place.record(**how)
    return caught.value.code


def test_an_activity_is_an_entry_with_its_reason(place: Place) -> None:
    made = place.record()
    assert (made.repeated, made.record.points) == (False, 50)
    assert place.given == [("activity", 50, "activity:1", 1, "api:1", 1)]
    ((reason,),) = place.rows("SELECT reason FROM entries")
    assert reason == {"activity": "A review", "reasons": [["activity_done", {"activity": "A review", "points": 50}]]}
    assert place.rows("SELECT balance FROM members WHERE customer_id = 7") == [(50,)]
    jobs = place.rows("SELECT kind, subject FROM jobs ORDER BY kind")
    assert jobs == [("push_member", "1"), ("send_message", "1")]
    assert place.rows("SELECT kind, subject, state FROM messages") == [("activity_done", "activity:1", "queued")]
    assert audit(place.engine) == []


def test_the_same_key_again_answers_the_same_and_gives_nothing(place: Place) -> None:
    first, second = place.record(), place.record(at=NOW - timedelta(days=3))
    assert (second.record, second.repeated) == (first.record, True)
    assert len(place.given) == 1


def test_a_key_of_one_member_is_not_anothers(place: Place) -> None:
    place.record()
    with pytest.raises(Conflict):
        place.record(who=8)
    assert len(place.given) == 1


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"key": "k2"}, "activity_day"),
        ({"key": "k2", "at": NOW + timedelta(hours=1)}, "activity_ahead"),
        ({"key": "k2", "at": NOW - timedelta(days=100)}, "activity_too_old"),
        ({"key": "k2", "at": NOW - timedelta(days=61)}, "activity_before_programme"),
        ({"key": "k2", "activity": "abirth"}, "activity_by_itself"),
        ({"key": "k2", "activity": "ainsta"}, "activity_by_itself"),
    ],
)
def test_a_refusal_says_why_and_leaves_no_trace(place: Place, how: dict[str, Any], code: str) -> None:
    place.record()
    assert refused(place, **how) == code
    assert len(place.given) == 1
    assert place.rows("SELECT count(*) FROM activity_records") == [(1,)]


def test_what_there_is_not_is_not_found(place: Place) -> None:
    with pytest.raises(NotFound):
        place.record("dance")
    with pytest.raises(NotFound), shop_transaction(place.engine, place.shop_id) as conn:
        shop = shops.get(conn, place.shop_id)
        record_activity.record(conn, shop, 999, "review", "k", NOW, "api:1", NOW)


def test_a_social_activity_earns_once_even_when_it_was_removed_and_added_again(place: Place) -> None:
    assert place.record("ainsta", "one", kinds=("social",)).repeated is False
    place.publish(NOW - timedelta(days=1), INSTAGRAM.model_copy(update={"id": "anew"}))
    assert refused(place, activity="anew", key="two", kinds=("social",)) == "activity_once"


def test_what_happened_earlier_is_judged_by_the_rules_of_then(place: Place) -> None:
    place.publish(NOW - timedelta(days=1), REVIEW.model_copy(update={"points": 10, "active": False}))
    assert place.record(at=NOW - timedelta(days=2)).record.points == 50
    assert refused(place, key="k2") == "activity_paused"


@pytest.mark.parametrize("keys", [["same"] * 8, [f"key{n}" for n in range(8)]])
def test_clicks_at_once_give_it_once(place: Place, keys: list[str]) -> None:
    def click(key: str) -> bool:
        try:
            return not place.record("ainsta", key, kinds=("social",)).repeated
        except SukiError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(click, keys)) == 1
    assert len(place.given) == 1
    assert audit(place.engine) == []


def test_the_same_key_for_two_members_at_once_is_one_of_them(place: Place) -> None:
    def report(who: int) -> str:
        try:
            place.record(key="same", who=who)
        except Conflict:
            return "conflict"
        return "given"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(report, (7, 8))) == ["conflict", "given"]
    assert len(place.given) == 1


def test_a_merged_member_brings_the_limits_along(place: Place) -> None:
    place.record(who=8)
    with shop_transaction(place.engine, place.shop_id) as conn:
        merge_customers(conn, shops.get(conn, place.shop_id), kept=7, removed=8, now=NOW)
    assert place.record(who=7).repeated is True
    assert refused(place, key="k2") == "activity_day"
    assert place.rows("SELECT balance FROM members WHERE customer_id = 7") == [(50,)]
    assert audit(place.engine) == []


def test_what_two_accounts_of_one_person_did_once_each_counts_once(place: Place) -> None:
    for who in (7, 8):
        place.record("ainsta", f"of {who}", who=who, kinds=("social",))
        place.record(key=f"of {who}", who=who)
    for _ in range(2):
        with shop_transaction(place.engine, place.shop_id) as conn:
            merge_customers(conn, shops.get(conn, place.shop_id), kept=7, removed=8, now=NOW)
    assert place.rows("SELECT customer_id::int, balance FROM members ORDER BY id") == [(7, 120), (8, 0)]
    assert place.rows("SELECT points, line FROM entries WHERE kind = 'undone'") == [(-20, 2)]
    assert audit(place.engine) == []


def test_points_of_activities_do_not_keep_others_alive(place: Place) -> None:
    ((before,),) = place.rows("SELECT last_activity_at FROM members WHERE customer_id = 7")
    place.record()
    assert place.rows("SELECT last_activity_at FROM members WHERE customer_id = 7") == [(before,)]
