"""What members do from the surfaces: each act once for its key, by the rules of the pages, and nothing half done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.activities.activity_rules import Birthday, Profile, Social, Visit
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.shopper_api.surface import Surface, Theme, refusal

FULL = Programme(
    points_name="stars",
    activities=(
        Birthday(id="abirth", name="Your birthday", points=50),
        Social(id="afollow", name="Follow us", points=5, network="instagram", url="https://instagram.com/x"),
        Visit(id="avisit", name="Look around", points=7, word="secret-word", per_day=1),
        Profile(id="aprof", name="About you", points=15),
    ),
)


@pytest.fixture(autouse=True)
def full(engine: Engine, opened: ShopRow) -> None:
    with shop_transaction(engine, opened.id) as conn:
        programmes.add(conn, opened.id, FULL, "test", "", datetime.now(UTC))


def key(surface: Surface) -> str:
    return str(surface.json("/me")["key"])


def act(surface: Surface, path: str, **said: Any) -> Any:
    answer = surface.post(path, {"key": said.pop("key", None) or key(surface), **said})
    assert answer.status_code == 200, answer.text
    return answer.json


def rows(engine: Engine, shop: ShopRow, sql: str) -> list[tuple[Any, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def test_an_activity_brings_its_points_once_for_a_key_and_once_at_all(surface: Surface) -> None:
    one = key(surface)
    for _ in range(2):
        done = act(surface, "/activities/afollow", key=one)
        assert (done["points"]["points"], done["available"]["points"]) == (5, 155)
        assert done["text"] == "Thank you. You earned 5 stars."
    again = surface.post("/activities/afollow", {"key": key(surface)})
    assert refusal(again)[:2] == (422, "activity_once")


@pytest.mark.parametrize("name", ["avisit", "abirth", "aprof", "nowhere", "x" * 300])
def test_what_is_not_done_here_one_by_one_is_not_found(surface: Surface, name: str) -> None:
    assert surface.post(f"/activities/{name}", {"key": key(surface)}).status_code == 404
    assert surface.json("/me")["member"]["available"]["points"] == 150


def test_a_visit_counts_by_the_word_of_its_link(surface: Surface) -> None:
    assert act(surface, "/activities/secret-word")["points"]["points"] == 7


def test_a_birthday_is_kept_once_a_year_and_completes_the_profile(surface: Surface) -> None:
    one = key(surface)
    done = act(surface, "/profile", key=one, birthday={"month": 2, "day": 29})
    assert (done["points"]["points"], done["available"]["points"]) == (15, 165)
    again = act(surface, "/profile", key=one, birthday={"month": 2, "day": 29})
    assert (again["points"], again["available"]["points"]) == (None, 165)
    assert surface.json("/me")["member"]["birthday"]["text"] == "February 29"
    other = surface.post("/profile", {"key": key(surface), "birthday": {"month": 3, "day": 1}})
    assert refusal(other)[:2] == (422, "birthday_changed")


@pytest.mark.parametrize("born", [{"month": 2, "day": 30}, {"month": 13, "day": 1}, {"month": 1}, "1 May", 5])
def test_a_day_that_there_is_not_is_refused(surface: Surface, born: object) -> None:
    status, code, _ = refusal(surface.post("/profile", {"key": key(surface), "birthday": born}))
    assert (status, code, surface.json("/me")["member"]["birthday"]) == (422, "invalid", None)


def test_who_wants_no_emails_gets_none_of_the_programmes(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    assert surface.json("/me")["member"]["emails"] is True
    act(surface, "/profile", emails=False)
    found = surface.json("/me")["member"]
    assert (found["emails"], found["birthday"]) == (False, None)
    assert rows(engine, opened, "SELECT no_emails FROM members") == [(True,)]
    act(surface, "/profile", emails=True)
    assert rows(engine, opened, "SELECT no_emails FROM members") == [(False,)]


def test_to_leave_takes_a_link_by_email_sent_once_for_a_key(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    one = key(surface)
    for _ in range(2):
        assert "email with a link" in act(surface, "/leave", key=one)["text"]
    assert rows(engine, opened, "SELECT purpose, prefix, customer_id FROM second_steps") == [("leave", "/apps/suki", 7)]
    assert surface.json("/me")["state"] == "member"
    for _ in range(2):
        act(surface, "/leave")
    assert refusal(surface.post("/leave", {"key": key(surface)}))[:2] == (429, "too_many_calls")
    assert len(rows(engine, opened, "SELECT FROM messages WHERE kind = 'second_step'")) == 3


def test_who_has_left_and_who_is_unknown_join_and_members_stay(
    surface: Surface, app: Flask, engine: Engine, opened: ShopRow
) -> None:
    act(surface, "/join")
    with shop_transaction(engine, opened.id) as conn:
        conn.exec_driver_sql("UPDATE members SET state = 'left'")
    assert refusal(surface.post("/redeem", {"key": key(surface), "reward": "rfive", "price": 100, "offer": "any"}))[
        :2
    ] == (403, "no_member")
    assert act(surface, "/join")["available"]["points"] == 150
    unknown = Surface(app, surface.settings, opened.domain, 88)
    assert unknown.json("/me")["state"] == "unknown"
    one = key(unknown)
    for _ in range(2):
        assert act(unknown, "/join", key=one)["available"]["points"] == 0
    assert unknown.json("/me")["state"] == "member"
    assert rows(engine, opened, "SELECT customer_id, state FROM members ORDER BY id") == [(7, "member"), (88, "member")]


def test_a_guest_joins_nothing(guest: Surface) -> None:
    for path in ("/join", "/leave", "/activities/afollow", "/profile", "/held/1/show"):
        assert refusal(guest.post(path, {"key": key(guest)}))[:2] == (403, "no_member")


def test_a_code_that_is_not_hidden_or_not_theirs_has_no_link(surface: Surface) -> None:
    for number in (1, 2**63, 10**25):
        assert surface.post(f"/held/{number}/show", {"key": key(surface)}).status_code == 404


@pytest.mark.parametrize("path", ["/join", "/leave", "/activities/afollow", "/profile"])
def test_every_act_needs_a_key_of_whoever_acts(
    surface: Surface, app: Flask, engine: Engine, opened: ShopRow, other_shop: ShopRow, path: str
) -> None:
    make_open(engine, surface.settings, other_shop)
    ben = Surface(app, surface.settings, opened.domain, 8)
    elsewhere = Surface(app, surface.settings, other_shop.domain, 7)
    before = rows(engine, opened, "SELECT id, balance, state, no_emails FROM members ORDER BY id")
    for wrong in (key(ben), key(elsewhere), "", "f" * 48):
        said = {"key": wrong} | ({"emails": False} if path == "/profile" else {})
        assert refusal(surface.post(path, said))[:2] == (409, "expired_page")
    assert refusal(surface.post(path, {}))[0] == 422
    assert rows(engine, opened, "SELECT id, balance, state, no_emails FROM members ORDER BY id") == before


def test_the_storefront_acts_by_the_same_calls(theme: Theme) -> None:
    asked = theme.ask("/me").json
    assert asked is not None
    done = theme.send("/activities/afollow", {"key": asked["key"]})
    assert done.status_code == 200 and done.json is not None and done.json["points"]["points"] == 5


def test_acts_have_a_pace(surface: Surface) -> None:
    one = key(surface)
    answers = [surface.post("/join", {"key": one}).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_the_page_without_scripts_stops_the_programmes_emails_as_well(
    theme: Theme, engine: Engine, opened: ShopRow
) -> None:
    for wants, shown in (("no", "Send me emails again"), ("yes", "Stop the programme&#39;s emails")):
        answer = theme.post("/proxy/own/emails", key=theme.key("/proxy/own"), wants=wants)
        assert shown in answer.text
        assert rows(engine, opened, "SELECT no_emails FROM members") == [(wants == "no",)]
    assert theme.post("/proxy/own/emails", key="0" * 48, wants="no").status_code == 422
    assert rows(engine, opened, "SELECT no_emails FROM members") == [(False,)]


def test_a_birthday_that_is_too_near_says_when_its_points_begin(surface: Surface) -> None:
    soon = datetime.now(UTC).date() + timedelta(days=10)
    told = act(surface, "/profile", birthday={"month": soon.month, "day": min(soon.day, 28)})
    assert "You told us less than 30 days before your birthday, so your points start next year." in told["text"]
    assert f"{soon.year + 1}" in told["text"] or f"{soon.year + 2}" in told["text"]
