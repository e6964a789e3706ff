"""A survey is a way to earn where its answer really brings the points: by the shop's own question or another app."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.actions.activities import offered, record_activity
from plugin.rules.activities.activity_rules import Survey
from plugin.rules.retention import survey as rules
from plugin.store.database.db import shop_transaction
from plugin.store.reports import survey_answers
from plugin.store.shops import api_keys, shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.shopper_api.earn.test_ways_to_earn import ASKING, DONE, MEMBER, found, publish, run
from tests.web.shopper_api.surface import Surface, Theme

ONE = Survey(id="asurvey", name="Survey", points=9, word="survey")
REPORTS = ("report",)


def report_one(engine: Engine, shop: ShopRow, scopes: tuple[str, ...]) -> int:
    """Somebody else's answer, told by another app with a key."""
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO members (shop_id, customer_id, state, joined_at, last_activity_at) VALUES"
            f" ({shop.id}, 8, 'member', now(), now())"
        )
        other = conn.exec_driver_sql("SELECT id FROM members WHERE customer_id = 8").scalar_one()
        number = api_keys.add(conn, shop.id, "Surveys", b"x" * 32, "abcd", "staff:1", now, scopes)
        held = shops.get(conn, shop.id)
        assert held is not None
        record_activity.record(conn, held, other, "survey", "their-1", now, f"api:{number}", now)
    return int(number)


@pytest.mark.parametrize(
    ("survey", "is_offered"),
    [
        (ASKING, True),
        (rules.Survey(asked="csat", activity="asurvey"), True),
        (rules.Survey(asked="nps", activity=""), False),
        (rules.Survey(asked="nps", activity="aelse"), False),
        (rules.Survey(asked="off", activity="asurvey"), False),
        (rules.OFF, False),
    ],
    ids=["asked", "happy", "no points", "another", "off", "nothing set"],
)
def test_a_survey_is_offered_where_its_answer_brings_the_points(
    surface: Surface, guest: Surface, theme: Theme, engine: Engine, opened: ShopRow, survey: rules.Survey,
    is_offered: bool,
) -> None:  # fmt: skip
    publish(engine, opened, ONE, survey=survey)
    assert ("asurvey" in found(surface)) is is_offered
    assert [one["id"] for one in guest.json("/programme")["activities"]] == ["asurvey"] * is_offered
    assert guest.json("/me")["programme"]["has_activities"] is is_offered
    assert (">Survey<" in theme.get("/proxy/earn").text) is is_offered
    with shop_transaction(engine, opened.id) as conn:
        held = shops.get(conn, opened.id)
        assert held is not None
        programme = programmes.current(conn, opened.id, datetime.now(UTC)).programme
        assert [one.id for one in offered.offered(conn, held, programme)] == ["asurvey"] * is_offered


def test_another_apps_survey_is_offered_once_it_gave_points_and_no_more_when_its_key_is_revoked(
    surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    publish(engine, opened, ONE, survey=rules.OFF)
    with shop_transaction(engine, opened.id) as conn:
        api_keys.add(conn, opened.id, "Reviews", b"y" * 32, "efgh", "staff:1", datetime.now(UTC), REPORTS)
    assert found(surface) == {}  # a key alone may be for anything
    number = report_one(engine, opened, ())
    assert found(surface)["asurvey"]["text"] == "Added automatically when you answer a survey from us."
    run(engine, opened, f"UPDATE api_keys SET revoked_at = now() WHERE id <> {number}")
    assert found(surface) == {}  # the key that is left may not report


def test_an_answer_of_our_own_is_no_sign_of_another_app(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    publish(engine, opened, ONE, survey=rules.OFF)
    with shop_transaction(engine, opened.id) as conn:
        api_keys.add(conn, opened.id, "Reviews", b"y" * 32, "efgh", "staff:1", datetime.now(UTC), REPORTS)
    run(engine, opened, DONE.replace("'k' || c", "'answered:2026-01:' || m.id"))
    shown = found(surface)
    assert shown == {}


def test_a_question_that_is_put_after_the_first_order_is_not_offered_to_those_who_have_one(
    surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    publish(engine, opened, ONE, survey=ASKING.model_copy(update={"when": "first"}))
    assert list(found(surface)) == ["asurvey"]
    run(engine, opened, "INSERT INTO order_facts (shop_id, order_id, member_id, day, currency, counts)"
        " SELECT shop_id, 5, id, current_date, 'USD', true FROM members WHERE customer_id = 7")  # fmt: skip
    assert found(surface) == {}
    now = datetime.now(UTC)
    with shop_transaction(engine, opened.id) as conn:
        survey_answers.ask(conn, opened.id, conn.exec_driver_sql(MEMBER).scalar_one(), "nps", 5, now)
    assert list(found(surface)) == ["asurvey"]  # it is open
    run(engine, opened, "UPDATE survey_answers SET score = 9, answered_at = now(), answer_key = 'k'")
    assert found(surface) == {}


def test_within_the_month_of_an_answer_the_next_one_waits(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    publish(engine, opened, ONE)
    day = datetime.now(UTC)
    with shop_transaction(engine, opened.id) as conn:
        held = shops.get(conn, opened.id)
        assert held is not None
        month = rules.period(held.day(day))
    run(engine, opened, "INSERT INTO activity_records (shop_id, member_id, activity, counted_as, key, points,"
        f" happened_at) SELECT shop_id, id, 'asurvey', 'asurvey', 'answered:{month}:' || id, 9, now() FROM members"
        " WHERE customer_id = 7")  # fmt: skip
    one = found(surface)["asurvey"]
    assert (one["state"], one["text"][:19]) == ("waits", "Done for this month")
