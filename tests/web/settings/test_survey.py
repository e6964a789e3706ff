"""Staff set what shoppers are asked; what is wrong is said at its field, and nothing is saved."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.rules.activities.activity_rules import Custom, Survey
from plugin.rules.programme import Programme
from plugin.rules.retention import survey as rules
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.reports import survey_answers
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.web.admin.settings import survey_form
from tests.conftest import ShopRow
from tests.web.figures import NOW, add_members, people
from tests.web.session import Browser

PAGE = "/app/settings/survey"
ACTIVITIES = (
    Survey(id="aask", name="Our <question>", points=1200, word="question"),
    Custom(id="aother", name="Something else", points=9, word="other"),
)


def kept(engine: Engine, shop: ShopRow) -> rules.Survey:
    with system_transaction(engine) as conn:
        return rules.stored(shops.get(conn, shop.id).settings)


def offer(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(activities=ACTIVITIES), "test", "", NOW)


def test_at_first_nothing_is_asked_and_the_page_leads_to_the_activities(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    html = browser.page(PAGE)
    assert '<s-option value="off" selected>Nothing</s-option>' in html
    assert "first add an activity of the kind" in html
    assert "How likely are you to recommend" in html and "Gaano ka malamang" in html
    assert kept(engine, shop) == rules.OFF


def test_what_is_saved_is_shown_again_and_written_into_the_log(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    offer(engine, shop)
    form = {
        "asked": "csat",
        "when": "spaced",
        "every_days": "30",
        "activity": "aask",
        "questions.en": "  Happy <b>now</b>?  ",
        "questions.fil": "",
    }
    assert browser.post(PAGE, **form).status_code == 303
    assert kept(engine, shop) == rules.Survey(
        asked="csat", when="spaced", every_days=30, questions={"en": "Happy <b>now</b>?"}, activity="aask"
    )
    html = browser.page(PAGE)
    assert 'value="Happy &lt;b&gt;now&lt;/b&gt;?"' in html
    assert '<s-option value="aask" selected>Our &lt;question&gt;, 1,200</s-option>' in html
    assert "Something else" not in html
    assert "Updated the survey" in browser.page("/app/activity/staff")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"every_days": "0"}, "every_days"),
        ({"every_days": "731"}, "every_days"),
        ({"every_days": "often"}, "every_days"),
        ({"asked": "stars"}, "asked"),
        ({"when": "never"}, "when"),
        ({"questions.en": "x" * 201}, "questions.en"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow, wrong: dict[str, Any], field: str
) -> None:
    answer = browser.post(PAGE, **{"asked": "nps", "when": "every", "every_days": "90"} | wrong)
    assert answer.status_code == 422
    assert f'name="{field}"' in answer.text and answer.text.count('error="') == 1
    assert kept(engine, shop) == rules.OFF


def test_an_activity_that_brings_no_points_for_answers_cannot_be_chosen(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    offer(engine, shop)
    for activity in ("aother", "agone"):
        browser.post(PAGE, asked="nps", when="every", every_days="90", activity=activity)
        assert kept(engine, shop).activity == ""


def test_questions_in_languages_that_the_form_does_not_show_are_kept() -> None:
    before = rules.Survey(questions={"ja": "?", "en": "Old"})
    read = survey_form.read({"asked": "nps", "when": "every", "questions.en": "New"}, ["en", "fil"], before, [])
    assert read.questions == {"ja": "?", "en": "New"}


def test_the_members_page_shows_what_they_answered(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    assert "Would recommend" not in browser.page(f"/app/members/{ana.id}")
    with shop_transaction(engine, shop.id) as conn:
        survey_answers.ask(conn, shop.id, ana.id, "nps", 5, NOW)
        asked = survey_answers.of_order(conn, shop.id, 5)
        assert asked is not None
        assert survey_answers.answer(conn, shop.id, asked.id, 7, "Fine <b>", "k", "", NOW)
        assert not survey_answers.answer(conn, shop.id, asked.id, 1, "", "k2", "", NOW)
    html = browser.page(f"/app/members/{ana.id}")
    assert "Would recommend: 7 of 10" in html and "Fine &lt;b&gt;" in html
