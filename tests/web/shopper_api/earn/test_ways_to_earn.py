"""Every way to earn that is offered anywhere can be done there, or says how; what would never give points is not
offered."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.shops import save_survey
from plugin.rules.activities.activity_rules import (
    KINDS,
    Activity,
    Anniversary,
    Birthday,
    Custom,
    Newsletter,
    Profile,
    Review,
    Social,
    Survey,
    Visit,
)
from plugin.rules.programme import Programme
from plugin.rules.retention import survey as rules
from plugin.rules.words.programme_page import Reader, programme_page
from plugin.rules.words.ways import HOW
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.shopper_api.surface import Surface, Theme, refusal

ALL: tuple[Activity, ...] = (
    Newsletter(id="anews", name="News", points=1),
    Birthday(id="abirth", name="Born", points=2),
    Anniversary(id="ajoin", name="Years", points=3),
    Social(id="afollow", name="Follow", points=4, network="tiktok", url="https://tiktok.example/x"),
    Social(id="ashare", name="Share", points=5, network="x", deed="share", url="https://x.example/x"),
    Visit(id="avisit", name="Look", points=6, word="look", per_day=1),
    Profile(id="aprof", name="About you", points=7, questions=("Tea?", "Cake?")),
    Review(id="areview", name="Review", points=8, word="review"),
    Survey(id="asurvey", name="Survey", points=9, word="survey"),
    Custom(id="aother", name="Other", points=10, word="other", in_total=1),
)
ASKING = rules.Survey(asked="nps", activity="asurvey")
MEMBER = "SELECT id FROM members WHERE customer_id = 7"


def publish(engine: Engine, shop: ShopRow, *activities: Activity, survey: rules.Survey = ASKING) -> None:
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(points_name="stars", activities=activities), "test", "", now)
        save_survey.save_survey(conn, shop.id, survey, "staff:1", now)


def run(engine: Engine, shop: ShopRow, sql: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(sql)


def row(engine: Engine, shop: ShopRow, sql: str) -> Any:
    with shop_transaction(engine, shop.id) as conn:
        return conn.exec_driver_sql(sql).scalar_one()


def found(surface: Surface) -> dict[str, Any]:
    return {one["id"]: one for one in surface.json("/activities")["activities"]}


def key(surface: Surface) -> str:
    return str(surface.json("/me")["key"])


NOTHING, BORN = "SELECT 1", (
    "INSERT INTO member_profiles (shop_id, member_id, birth_month, birth_day, birthday_set_at)"
    " SELECT shop_id, id, 5, 4, now() - interval '100 days' FROM members WHERE customer_id = 7"
)  # fmt: skip
ANSWERED = BORN.replace("birthday_set_at)", "birthday_set_at, answers)").replace(
    "days' FROM", """days', '{"Tea?": "No", "Cake?": "Yes"}' FROM"""
)
DONE = (
    "INSERT INTO activity_records (shop_id, member_id, activity, counted_as, key, points, happened_at)"
    " SELECT m.shop_id, m.id, c, c, 'k' || c, 1, now() FROM members m, unnest(ARRAY['newsletter', 'birthday',"
    " 'anniversary', 'social.tiktok.follow', 'social.x.share', 'avisit', 'profile', 'areview', 'asurvey', 'aother'])"
    " AS c WHERE m.customer_id = 7"
)


def test_every_kind_is_tried_here_and_has_its_sentence() -> None:
    assert {type(one) for one in ALL} == set(KINDS)
    assert set(HOW) == {kind.model_fields["kind"].default for kind in KINDS}


@pytest.mark.parametrize("known", [NOTHING, BORN, ANSWERED, DONE], ids=["nothing", "born", "answered", "done"])
def test_whatever_is_offered_to_a_member_can_be_done_or_says_how(
    surface: Surface, theme: Theme, engine: Engine, opened: ShopRow, known: str
) -> None:
    publish(engine, opened, *ALL)
    run(engine, opened, known)
    shown = found(surface)
    assert list(shown) == [one.id for one in ALL]
    page = theme.get("/proxy/earn").text
    for name, one in shown.items():
        assert one["text"] or one["state"] == "open", one
        assert bool(one["questions"] or one["asks_birthday"]) == (one["state"] == "asks"), one
        assert (one["link"] is not None) == (one["state"] == "asks" or one["kind"] == "social"), one
        status = surface.post(f"/activities/{name}", {"key": key(surface)}).status_code
        assert (status == 200) == (one["state"] == "open"), (one, status)
        [row_of] = [li for li in re.findall(r'<li class="suki-row">.*?</li>', page, re.S) if f">{one['name']}<" in li]
        said = html.unescape(re.sub(r"<strong>.*?</strong> <span.*?</span>|<[^>]+>|\s+", " ", row_of)).strip()
        assert said, one


def test_whatever_anybody_reads_of_the_programme_says_how(guest: Surface, engine: Engine, opened: ShopRow) -> None:
    publish(engine, opened, *ALL)
    listed = guest.json("/programme")["activities"]
    assert [one["id"] for one in listed] == [one.id for one in ALL]
    assert {one["state"] for one in listed} == {"automatic", "waits"}
    assert all(one["text"] for one in listed)
    with shop_transaction(engine, opened.id) as conn:
        programme = programmes.current(conn, opened.id, datetime.now(UTC)).programme
    for language in ("en", "fil"):
        reader = Reader(programme, "Demo", "USD", ZoneInfo("UTC"), Locale(language), datetime.now(UTC))
        assert all(one.text for one in programme_page(reader).activities)


def test_a_note_of_the_shops_own_stands_before_the_sentence(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    publish(engine, opened, Custom(id="aother", name="Come", points=1, word="come", note="Bring a bag."))
    assert found(surface)["aother"]["text"] == "Bring a bag. Added automatically when it's done."


def test_questions_are_answered_from_the_surface_and_the_last_answer_brings_the_points(
    surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    publish(engine, opened, Profile(id="aprof", name="You", points=7, questions=("Tea?", "Cake?")))
    one = found(surface)["aprof"]
    assert (one["state"], one["asks_birthday"]) == ("asks", True)
    assert one["questions"] == [{"question": "Tea?", "answer": ""}, {"question": "Cake?", "answer": ""}]
    assert one["link"] == "https://demo.myshopify.com/apps/suki/earn"
    first = surface.post("/profile", {"key": key(surface), "answers": [{"question": "Tea?", "answer": " No "}]})
    assert (first.json["text"], first.json["points"]) == ("Saved.", None)
    born = surface.post("/profile", {"key": key(surface), "birthday": {"month": 5, "day": 4}}).json
    assert born["points"] is None
    one = found(surface)["aprof"]
    assert (one["asks_birthday"], one["questions"][0]["answer"]) == (False, "No")
    last = surface.post("/profile", {"key": key(surface), "answers": [{"question": "Cake?", "answer": "Yes"}]}).json
    assert (last["text"], last["points"]["points"]) == ("Thank you. You earned 7 stars.", 7)
    assert found(surface)["aprof"]["state"] == "done"


@pytest.mark.parametrize("asked", [["Beer?"], ["Tea?", "Beer?"]])
def test_a_question_that_is_asked_no_more_keeps_nothing(
    surface: Surface, engine: Engine, opened: ShopRow, asked: list[str]
) -> None:
    publish(engine, opened, Profile(id="aprof", name="You", points=7, questions=("Tea?",)))
    said = [{"question": each, "answer": "Yes"} for each in asked]
    answer = refusal(surface.post("/profile", {"key": key(surface), "answers": said}))
    assert answer == (409, "expired_page", "This page has expired. Nothing was changed. Please try again.")
    assert row(engine, opened, "SELECT count(*) FROM member_profiles") == 0


def test_what_was_answered_before_there_were_points_brings_them_at_a_press_once(
    surface: Surface, theme: Theme, engine: Engine, opened: ShopRow
) -> None:
    publish(engine, opened, Profile(id="aprof", name="You", points=7))
    run(engine, opened, BORN)
    assert (found(surface)["aprof"]["state"], found(surface)["aprof"]["text"]) == (
        "open",
        "You've answered this already.",
    )
    assert "Get 7 stars" in theme.get("/proxy/earn").text
    one = key(surface)
    for _ in range(2):
        assert surface.post("/activities/aprof", {"key": one}).json["available"]["points"] == 157
    assert refusal(surface.post("/activities/aprof", {"key": key(surface)}))[:2] == (422, "activity_once")
    assert "Get 7 stars" not in theme.get("/proxy/earn").text
    assert surface.json("/me")["member"]["available"]["points"] == 157


def test_a_shop_that_moved_its_proxy_gives_tokens_links_that_work(
    app: Flask, settings: Settings, surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    publish(engine, opened, ALL[1])
    with shop_transaction(engine, opened.id) as conn:
        shops.merge_settings(conn, opened.id, {"proxy_prefix": "/tools/points"})
    assert found(surface)["abirth"]["link"] == "https://demo.myshopify.com/tools/points/earn"
    assert surface.post("/leave", {"key": key(surface)}).status_code == 200
    assert row(engine, opened, "SELECT prefix FROM second_steps") == "/tools/points"
