"""What staff do for a customer at the till and in the admin: their role, their limits, their key, and one log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.actions.members import keep_profile
from plugin.rules.access.roles import ROLES
from plugin.rules.activities.activity_rules import Birthday
from plugin.rules.programme import Programme
from plugin.rules.rewards.own_rewards import Custom
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops, staff
from plugin.store.shops.staff import Account
from plugin.store.versions import programmes
from plugin.web import keys
from tests.conftest import ShopRow
from tests.web import agreed
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.session import STAFF, id_token
from tests.web.shopper_api.surface import Surface, refusal

NOW = datetime.now(UTC)
TOUR = Custom(id="rtour", name="A tour", points=10)
FULL = Programme(
    points_name="stars",
    rewards=(TOUR,),
    activities=(Birthday(id="abirth", name="Your birthday", points=50),),
)


class Till:
    """Shopify's POS, with the ID token of one of the staff."""

    def __init__(self, app: Flask, settings: Settings, domain: str, account: str = STAFF) -> None:
        self.client = app.test_client(use_cookies=False)
        self.settings, self.domain, self.account = settings, domain, account

    def key(self, customer: int = 7) -> str:
        return keys.new_key(self.settings, f"{self.domain}|staff {self.account}|{customer}")

    def view(self, customer: int = 7) -> Any:
        return self.client.get(f"/staff/v1/customers/{customer}", headers=self._headers()).json

    def post(self, path: str, **said: Any) -> TestResponse:
        said = {"key": self.key()} | said
        return self.client.post(f"/staff/v1/customers/{path}", json=said, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {id_token(self.settings, self.domain, sub=self.account)}"}

    def done(self, path: str, **said: Any) -> Any:
        answer = self.post(path, **said)
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def till(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Till:
    """An owner at the till; customer 7 has 150 points."""
    make_open(engine, settings, shop)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, FULL, "test", "", NOW)
    member_with(engine, shop, 150)
    return Till(app, settings, shop.domain)


def rows(engine: Engine, shop: ShopRow, sql: str) -> list[tuple[Any, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def colleague(till: Till, engine: Engine, shop: ShopRow, role: str) -> Till:
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account("77", role, "", "", None, NOW))  # type: ignore[arg-type]
    return Till(till.client.application, till.settings, shop.domain, "77")


def born(engine: Engine, shop: ShopRow, days: int) -> None:
    """The member's birthday is so many days from today."""
    day = (datetime.now(UTC) + timedelta(hours=8, days=days)).date()  # Manila
    with shop_transaction(engine, shop.id) as conn:
        found = shops.get(conn, shop.id)
        keep_profile.set_birthday(conn, found, 1, (day.month, day.day), "staff:1", NOW)


def test_points_are_given_and_taken_once_for_a_key_and_noted(till: Till, engine: Engine, shop: ShopRow) -> None:
    one = till.key()
    for _ in range(2):
        done = till.done("7/adjust", key=one, points=25, reason="Late delivery")
        assert (done["points"]["points"], done["available"]["points"]) == (25, 175)
    assert till.done("7/adjust", points=-75, reason="Mistake")["available"]["points"] == 100
    noted = rows(engine, shop, "SELECT note, shown FROM entry_notes ORDER BY 1")
    assert noted == [("Late delivery", True), ("Mistake", True)]
    log = rows(engine, shop, "SELECT what, subject FROM access_log WHERE kind = 'change' ORDER BY id")
    assert log == [("staff_adjust", "")] * 3
    assert len(rows(engine, shop, "SELECT FROM staff_log WHERE action = 'adjust_points'")) == 2


def test_what_a_redemption_does_is_said_of_the_member_not_to_them(till: Till) -> None:
    (tour,) = till.view()["rewards"]
    assert tour["happens"] == (
        "It goes on the list of what to prepare. They get an email when it's ready. It can be undone within 60 minutes."
    )
    done = till.done("7/redeem", reward="rtour", price=10, offer=tour["offer"])
    assert done["text"] == "A tour is on the list of what to prepare. They get an email when it's ready."


@pytest.mark.parametrize(
    "said",
    [{"points": 0, "reason": "x"}, {"points": 5}, {"points": 5, "reason": " "}, {"points": 10**10, "reason": "x"},
     {"points": "5x", "reason": "x"}, {"points": 5, "reason": "x" * 201}],
)  # fmt: skip
def test_what_is_wrong_with_an_adjustment_is_refused(till: Till, engine: Engine, shop: ShopRow, said: Any) -> None:
    assert refusal(till.post("7/adjust", **said))[:2] == (422, "invalid")
    assert rows(engine, shop, "SELECT balance FROM members") == [(150,)]


def test_the_same_key_with_another_number_answers_what_was_booked_by_it(
    till: Till, engine: Engine, shop: ShopRow
) -> None:
    key = till.key()
    for points in (5, 50):
        answer = till.post("7/adjust", key=key, points=points, reason="x")
        assert (answer.status_code, answer.json["points"]["points"]) == (200, 5)
    assert rows(engine, shop, "SELECT balance FROM members") == [(155,)]


def test_an_adjustment_by_nothing_says_what_to_enter(till: Till) -> None:
    answer = till.post("7/adjust", key=till.key(), points=0, reason="x")
    assert answer.json["fields"] == {"points": "Enter a number other than 0."}


def test_a_manager_keeps_to_the_sum_of_a_day(till: Till, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"corrections_a_day": 100})
    manager = colleague(till, engine, shop, "manager")
    assert manager.post("7/adjust", key=manager.key(), points=90, reason="x").status_code == 200
    over = manager.post("7/adjust", key=manager.key(), points=20, reason="x")
    assert refusal(over)[0] == 403
    assert rows(engine, shop, "SELECT balance FROM members") == [(240,)]


BY_FLAG = {"may_adjust": "7/adjust", "may_redeem": "7/redeem", "may_return": "7/held/1/release",
           "may_give_birthday": "7/birthday", "may_join": "7/join"}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_what_is_offered_to_a_role_is_allowed_and_nothing_else(
    till: Till, engine: Engine, shop: ShopRow, role: str
) -> None:
    one = colleague(till, engine, shop, role)
    view, general = one.view(), one.client.get("/staff/v1/me", headers=one._headers()).json
    assert {each: view[each] for each in BY_FLAG} == general
    paths = {rule.rule for rule in till.client.application.url_map.iter_rules() if "POST" in (rule.methods or ())}
    acts = {path for path in paths if path.startswith("/staff/") and not path.endswith("/cart")}
    assert len(acts) == len(BY_FLAG)
    for flag, path in BY_FLAG.items():
        refused = one.post(path, key=one.key(), nonsense=1).status_code == 403
        assert view[flag] is not refused, flag


@pytest.mark.parametrize("path", ["7/adjust", "7/redeem", "7/held/1/release", "7/birthday", "7/join"])
def test_viewers_and_strangers_may_do_nothing(till: Till, engine: Engine, shop: ShopRow, path: str) -> None:
    said = {"points": 5, "reason": "x"} if path.endswith("adjust") else {}
    viewer = colleague(till, engine, shop, "viewer")
    assert refusal(viewer.post(path, key=viewer.key(), **said))[0] == 403
    unknown = Till(till.client.application, till.settings, till.domain, "99")
    assert refusal(unknown.post(path, key=unknown.key(), **said))[0] == 403
    shopper = Surface(till.client.application, till.settings, till.domain, 7)._headers()
    assert till.client.post(f"/staff/v1/customers/{path}", json={}, headers=shopper).status_code == 401
    assert rows(engine, shop, "SELECT balance FROM members") == [(150,)]


@pytest.mark.parametrize("path", ["7/adjust", "7/redeem", "7/held/1/release", "7/birthday", "7/join"])
def test_a_key_is_for_one_of_the_staff_and_one_customer(till: Till, engine: Engine, shop: ShopRow, path: str) -> None:
    said = {"points": 5, "reason": "x"} if path.endswith("adjust") else {}
    said |= agreed.body(TOUR) if path.endswith("redeem") else {}
    other = colleague(till, engine, shop, "owner")
    for wrong in (other.key(), till.key(8), "", "0" * 48):
        assert refusal(till.post(path, key=wrong, **said))[:2] == (409, "expired_page")
    assert rows(engine, shop, "SELECT balance FROM members") == [(150,)]


def test_a_reward_is_redeemed_for_a_member_and_taken_back(till: Till, engine: Engine, shop: ShopRow) -> None:
    one = till.key()
    for _ in range(2):
        made = till.done("7/redeem", key=one, **agreed.body(TOUR))
        assert made["available"]["points"] == 140
    back = till.key()
    for _ in range(2):
        undone = till.done(f"7/held/{made['held']['id']}/release", key=back)
        assert (undone["held"]["state"], undone["available"]["points"]) == ("returned", 150)
        assert undone["text"] == f"{made['held']['title']} is undone, and the points are back."
    acts = rows(engine, shop, "SELECT action FROM staff_log WHERE action LIKE '%%rede%%' ORDER BY id")
    assert acts == [("redeem_for_member",), ("undo_redemption",)]


def test_what_the_till_did_not_take_is_given_back_with_that_reason(till: Till, engine: Engine, shop: ShopRow) -> None:
    held = till.done("7/redeem", **agreed.body(TOUR))["held"]["id"]
    done = till.done(f"7/held/{held}/release", why="not_taken")
    assert (done["held"]["state"], done["available"]["points"]) == ("returned", 150)
    assert rows(engine, shop, "SELECT ended_why FROM redemptions") == [("not_taken",)]
    assert till.post(f"7/held/{held}/release", why="else").status_code == 422


def test_staff_spend_what_they_were_shown_or_nothing(till: Till, engine: Engine, shop: ShopRow) -> None:
    for wrong in ({"price": 9}, {"price": 11}, {"offer": "another"}):
        status, code, text = refusal(till.post("7/redeem", **agreed.body(TOUR) | wrong))
        assert (status, code) == (409, "price_changed")
        assert text.startswith("The reward has changed since you saw it. Nothing was spent")
    for lacking in ("price", "offer"):
        said = {name: value for name, value in agreed.body(TOUR).items() if name != lacking}
        assert refusal(till.post("7/redeem", **said))[:2] == (422, "invalid")
    assert rows(engine, shop, "SELECT balance FROM members") == [(150,)]


def test_somebody_elses_redemption_and_customers_we_do_not_know(till: Till) -> None:
    assert till.post("7/held/999/release").status_code == 404
    for customer in (8, 2**63, 10**25):
        said = {"key": till.key(customer), "points": 5, "reason": "x"}
        assert till.post(f"{customer}/adjust", **said).status_code == 404


@pytest.mark.parametrize(
    ("days", "code"), [(0, ""), (7, ""), (-7, ""), (8, "birthday_not_near"), (-8, "birthday_not_near")]
)
def test_birthday_points_are_given_around_the_day(
    till: Till, engine: Engine, shop: ShopRow, days: int, code: str
) -> None:
    born(engine, shop, days)
    answer = till.post("7/birthday")
    if code:
        assert refusal(answer)[:2] == (422, code)
        return
    assert answer.json is not None
    assert (answer.json["points"]["points"], answer.json["available"]["points"]) == (50, 200)
    assert refusal(till.post("7/birthday"))[:2] == (422, "birthday_given")
    assert rows(engine, shop, "SELECT balance FROM members") == [(200,)]


def test_birthday_points_for_one_key_come_once_and_not_without_a_birthday(
    till: Till, engine: Engine, shop: ShopRow
) -> None:
    assert refusal(till.post("7/birthday"))[:2] == (422, "birthday_unknown")
    born(engine, shop, 0)
    one = till.key()
    answers = [till.done("7/birthday", key=one) for _ in range(2)]
    assert [one["available"]["points"] for one in answers] == [200, 200]


def test_a_customer_becomes_a_member_once_and_who_left_is_not_brought_back(
    till: Till, engine: Engine, shop: ShopRow
) -> None:
    one = till.key(8)
    for _ in range(2):
        assert till.done("8/join", key=one)["available"]["points"] == 0
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE members SET state = 'left' WHERE customer_id = 8")
    assert refusal(till.post("8/join", key=till.key(8)))[0] == 422
    assert rows(engine, shop, "SELECT customer_id, state FROM members ORDER BY id") == [(7, "member"), (8, "left")]
