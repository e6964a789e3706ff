"""The one question about an order: asked when it is due, answered once, with points that no score changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.activities import answer_survey, ask_survey
from plugin.actions.activities.answer_survey import Answer, Taken
from plugin.actions.shops import launch_programme, save_survey
from plugin.errors import BadInput, Denied, NotFound
from plugin.rules.activities.activity_rules import Custom, Survey
from plugin.rules.programme import Earning, Programme
from plugin.rules.retention import survey as rules
from plugin.store.database.db import shop_transaction
from tests.actions.reports.test_the_fixture import order
from tests.actions.reports.town import Town
from tests.actions.test_audit_and_replay import merge

A, B = 1, 2
ANSWERING = Survey(id="aask", name="Our question", points=20, word="question")
RULES = Programme(
    earning=Earning(points=0),
    activities=(ANSWERING, Custom(id="aother", name="Other", points=9, word="other")),
)


@pytest.fixture
def town(engine: Engine) -> Town:
    made = Town.new(engine, "Asia/Manila", "PHP", RULES)
    made.now = datetime(2026, 3, 12, 4, tzinfo=UTC)
    made.tell("orders/updated", order(1, A, "03-10T09:00", 100), order(2, B, "03-11T09:00", 100))
    return made


def asks(town: Town, **survey: Any) -> None:
    """Staff set what is asked."""
    with shop_transaction(town.engine, town.shop_id) as conn:
        wanted = rules.Survey.model_validate({"asked": "nps", "activity": "aask"} | survey)
        save_survey.save_survey(conn, town.shop_id, wanted, "staff:1", town.now)


def asked(town: Town, order_id: int) -> str | None:
    """What is asked about an order now."""
    with shop_transaction(town.engine, town.shop_id) as conn:
        found = ask_survey.question_about(conn, town.shop(), order_id, town.now)
    return found.survey if found else None


def say(town: Town, customer: int = A, score: int = 9, **said: Any) -> Taken:
    given = Answer(**{"survey": "nps", "score": score, "comment": "", "order_id": 1, "key": "k1"} | said)
    with shop_transaction(town.engine, town.shop_id) as conn:
        return answer_survey.answer(conn, town.shop(), town.member(customer), given, town.now)


def denied(call: Callable[[], object]) -> str:
    with pytest.raises(Denied) as refused:
        call()
    return refused.value.code


def points(town: Town) -> list[tuple[Any, ...]]:
    return town.rows("SELECT member_id, points, kind FROM entries WHERE kind <> 'earned' ORDER BY id")


def test_nothing_is_asked_as_long_as_staff_have_set_nothing(town: Town) -> None:
    assert asked(town, 1) is None
    assert town.rows("SELECT FROM survey_answers") == []
    assert denied(lambda: say(town)) == "survey_not_asked"


def test_an_answer_is_kept_with_its_comment_and_told_of_once(town: Town) -> None:
    asks(town)
    assert (asked(town, 1), asked(town, 1)) == ("nps", "nps")
    taken = say(town, score=3, comment="  Slow\nbut fine  ")
    assert (taken.points, taken.repeated) == (20, False)
    kept = "SELECT member_id, survey, order_id, score, comment, tier, segment FROM survey_answers"
    assert town.rows(kept) == [(town.member(A), "nps", 1, 3, "Slow\nbut fine", "", "")]
    told = town.rows("SELECT subject, payload FROM events WHERE kind = 'survey_answered'")
    assert told == [(f"answer:{taken.asked_id}", {"survey": "nps", "answer": taken.asked_id, "score": 3})]
    assert points(town) == [(town.member(A), 20, "activity")]
    assert asked(town, 1) is None
    assert town.rows("SELECT subject FROM jobs WHERE kind = 'push_profile'") == [(str(town.member(A)),)]


def test_the_same_key_is_the_same_answer_and_another_is_told_that_it_is_answered(town: Town) -> None:
    asks(town)
    asked(town, 1)
    first, again = say(town), say(town, score=0, comment="changed my mind")
    assert (again.asked_id, again.points, again.repeated) == (first.asked_id, 20, True)
    assert denied(lambda: say(town, key="k2")) == "survey_answered"
    assert town.rows("SELECT score, comment FROM survey_answers") == [(9, "")]
    assert len(points(town)) == 1
    assert len(town.rows("SELECT FROM events WHERE kind = 'survey_answered'")) == 1


@pytest.mark.parametrize("score", [0, 6, 10])
def test_points_are_the_same_whatever_the_score(town: Town, score: int) -> None:
    asks(town)
    asked(town, 1)
    assert say(town, score=score).points == 20


@pytest.mark.parametrize(("survey", "score"), [("nps", -1), ("nps", 11), ("csat", 0), ("csat", 6)])
def test_a_score_that_there_is_not_is_refused_and_nothing_is_kept(town: Town, survey: str, score: int) -> None:
    asks(town, asked=survey)
    asked(town, 1)
    with pytest.raises(BadInput) as refused:
        say(town, survey=survey, score=score)
    assert list(refused.value.fields) == ["score"]
    assert (town.rows("SELECT score FROM survey_answers"), points(town)) == ([(None,)], [])
    assert say(town, survey=survey, score=rules.SCALES[survey].most).points == 20


def test_only_whoever_was_asked_answers_and_only_what_was_asked(town: Town) -> None:
    asks(town)
    asked(town, 1)
    for wrong in ({"customer": B}, {"order_id": 2}, {"order_id": 99}, {"survey": "csat", "score": 4}):
        assert denied(lambda wrong=wrong: say(town, **wrong)) == "survey_not_asked"  # type: ignore[misc]
    with shop_transaction(town.engine, town.shop_id) as conn, pytest.raises(NotFound):
        answer_survey.answer(conn, town.shop(), 999, Answer("nps", 5, "", 1, "k"), town.now)
    assert town.rows("SELECT score FROM survey_answers") == [(None,)]


def test_points_come_once_a_person_and_month_and_every_answer_is_kept(town: Town) -> None:
    town.tell("orders/updated", order(3, A, "03-11T10:00", 100))
    asks(town)
    brought = []
    for order_id in (1, 3):
        asked(town, order_id)
        brought.append(say(town, order_id=order_id, key=f"k{order_id}").points)
    town.now = datetime(2026, 3, 31, 16, tzinfo=UTC)  # 1 April in Manila
    town.tell("orders/updated", order(4, A, "03-31T15:59", 100))
    asked(town, 4)
    brought.append(say(town, order_id=4, key="k4").points)
    assert brought == [20, None, 20]
    assert len(town.rows("SELECT FROM survey_answers WHERE score = 9")) == 3


@pytest.mark.parametrize("activity", ["", "aother", "agone"])
def test_without_a_survey_activity_an_answer_brings_no_points(town: Town, activity: str) -> None:
    asks(town, activity=activity)
    asked(town, 1)
    assert (say(town).points, points(town)) == (None, [])


def test_while_earning_is_paused_an_answer_is_kept_and_brings_nothing(town: Town) -> None:
    asks(town)
    with shop_transaction(town.engine, town.shop_id) as conn:
        launch_programme.pause(conn, town.shop(), "earning", "staff:1", town.now)
    asked(town, 1)
    assert (say(town).points, points(town)) == (None, [])
    assert town.rows("SELECT score FROM survey_answers") == [(9,)]


def test_after_the_first_order_only(town: Town) -> None:
    asks(town, when="first")
    town.tell("orders/updated", order(3, A, "03-11T10:00", 100))
    assert [asked(town, one) for one in (3, 1, 2)] == [None, "nps", "nps"]
    assert asked(town, 3) is None


def test_at_most_once_in_so_many_days_by_when_it_was_asked(town: Town) -> None:
    asks(town, when="spaced", every_days=10)
    town.tell("orders/updated", order(3, A, "03-11T10:00", 100))
    assert [asked(town, 1), asked(town, 3), asked(town, 1)] == ["nps", None, "nps"]
    town.now += timedelta(days=10)
    assert asked(town, 3) == "nps"


def test_an_order_that_does_not_count_or_is_nobodys_is_not_asked_about(town: Town) -> None:
    asks(town)
    town.tell(
        "orders/updated",
        order(3, A, "03-11T10:00", 100, financial_status="pending"),
        order(4, A, "03-11T11:00", 100, cancelled_at="2026-03-11T12:00:00Z"),
        order(5, None, "03-11T12:00", 100),
    )
    assert [asked(town, one) for one in (3, 4, 5, 999)] == [None] * 4
    assert town.rows("SELECT FROM survey_answers") == []


def test_an_order_is_asked_about_for_sixty_days(town: Town) -> None:
    asks(town)
    town.now += timedelta(days=57)
    assert asked(town, 1) == "nps"
    town.now += timedelta(days=1)
    assert asked(town, 1) is None
    assert say(town).points == 20  # asked the day before
    town.now -= timedelta(days=1)
    assert asked(town, 2) == "nps"
    town.now += timedelta(days=60)
    assert denied(lambda: say(town, customer=B, order_id=2, key="k2")) == "survey_over"


def test_what_was_asked_is_answered_also_after_staff_ask_something_else_and_nothing_is_asked_once_it_is_off(
    town: Town,
) -> None:
    asks(town)
    asked(town, 1)
    asks(town, asked="csat")
    assert (asked(town, 1), asked(town, 2)) == ("nps", "csat")
    asks(town, asked="off")
    assert (asked(town, 1), say(town).points) == (None, 20)


def test_without_an_order_the_newest_open_question_is_answered(town: Town) -> None:
    town.tell("orders/updated", order(3, A, "03-11T10:00", 100))
    asks(town)
    asked(town, 1)
    town.now += timedelta(minutes=1)
    asked(town, 3)
    say(town, order_id=None, key="k3", score=1)
    assert say(town, order_id=None, key="k1", score=2).repeated is False
    assert denied(lambda: say(town, order_id=None, key="k9")) == "survey_answered"
    assert town.rows("SELECT order_id, score FROM survey_answers ORDER BY order_id") == [(1, 2), (3, 1)]


def test_two_who_become_one_have_both_answers_and_the_points_of_one_month_once(town: Town) -> None:
    asks(town)
    for customer, order_id in ((A, 1), (B, 2)):
        asked(town, order_id)
        say(town, customer=customer, order_id=order_id, key=f"k{order_id}", score=order_id)
    town.tell("customers/merge", merge(kept=A, removed=B))
    assert town.rows("SELECT DISTINCT member_id FROM survey_answers") == [(town.member(A),)]
    assert town.rows(f"SELECT balance FROM members WHERE id = {town.member(A)}") == [(20,)]
    assert len(town.rows("SELECT FROM activity_records")) == 1


def test_what_somebody_said_is_forgotten_with_them_and_the_score_stays(town: Town) -> None:
    asks(town)
    asked(town, 1)
    say(town, comment="I live at 5 Mabini St.")
    town.erase(A)
    assert town.rows("SELECT score, comment, order_id, tier, segment FROM survey_answers") == [(9, "", None, "", "")]


def test_what_cannot_be_read_of_the_settings_asks_nothing(town: Town) -> None:
    asks(town)
    with shop_transaction(town.engine, town.shop_id) as conn:
        conn.exec_driver_sql("""UPDATE shops SET settings = settings || '{"survey": {"asked": "stars"}}'::jsonb""")
    assert asked(town, 1) is None
