"""What members say of themselves reaches the merchant in Shopify, is exported, and is forgotten."""

from __future__ import annotations

from plugin.actions.activities import answer_survey, ask_survey, record_activity
from plugin.actions.activities.answer_survey import Answer
from plugin.actions.members import keep_profile
from plugin.actions.shops import save_survey
from plugin.rules.activities.activity_rules import Custom, Profile
from plugin.rules.retention.survey import Survey
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from sandbox.state import Record
from tests.actions.members.test_privacy import exported
from tests.actions.stage import Stage

RULES = [
    Profile(id="aprof", name="About you", points=15, questions=("Coffee or tea?",)).model_dump(),
    Custom(id="areview", name="Review", points=50, word="review").model_dump(),
]


def ana(stage: Stage) -> Record:
    """A member with a birthday, an answer and a review."""
    stage.programme(activities=RULES)
    order = stage.buy()
    stage.settle()
    now = stage.clock()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        keep_profile.set_birthday(conn, shop, 1, (2, 29), "shopper", now)
        keep_profile.answer(conn, shop, 1, {0: "Tea with Anastacia"}, now)
        record_activity.record(conn, shop, 1, "review", "review by ana@example.com", now, "api:1", now)
    stage.settle(seconds=5)
    return dict(stage.shop.customer[order["customer_id"]])


def written(stage: Stage, customer: Record) -> dict[str, tuple[str, str]]:
    start = f"gid://shopify/Customer/{customer['id']}|suki|"
    found = {key.removeprefix(start): one for key, one in stage.shop.metafield.items() if key.startswith(start)}
    return {key: (one["type"], one["value"]) for key, one in found.items() if key.startswith(("birthday", "profile"))}


def test_birthday_and_answers_stand_with_the_customer_in_shopify(stage: Stage) -> None:
    customer = ana(stage)
    text = "single_line_text_field"
    assert written(stage, customer) == {
        "birthday": (text, "02-29"),
        "profile_coffee_or_tea": (text, "Tea with Anastacia"),
    }
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        keep_profile.set_birthday(conn, shops.get(conn, stage.shop_id), 1, None, "staff:1", stage.clock())
    stage.settle(seconds=5)
    assert written(stage, customer)["birthday"] == (text, "-")
    assert [job for job in stage.waiting() if job[0] != "send_message"] == []


def test_the_newest_score_of_the_survey_stands_with_the_customer(stage: Stage) -> None:
    customer = ana(stage)
    stage.buy()
    stage.settle()
    orders = [row[0] for row in stage.rows("SELECT order_id FROM order_facts ORDER BY order_id")]
    for survey, order_id, score in (("nps", orders[0], 4), ("csat", orders[1], 5)):
        with shop_transaction(stage.engine, stage.shop_id) as conn:
            save_survey.save_survey(conn, stage.shop_id, Survey(asked=survey), "staff:1", stage.clock())
            shop = shops.get(conn, stage.shop_id)
            assert ask_survey.question_about(conn, shop, order_id, stage.clock()) is not None
            said = Answer(survey, score, "by Anastacia", order_id, str(order_id))
            answer_survey.answer(conn, shop, 1, said, stage.clock())
    stage.settle(seconds=5)
    told = stage.metafields(customer["id"])
    assert (told["survey_nps"], told["survey_csat"], told["birthday"]) == ("4", "5", "02-29")
    assert "by Anastacia" not in told.values()
    stage.town.box.ask_for_data(stage.shop, customer)
    stage.settle()
    assert [one["comment"] for one in exported(stage)["survey_answers"]] == ["by Anastacia"] * 2


def test_of_a_customer_whom_shopify_no_longer_has_nothing_is_left_to_write(stage: Stage) -> None:
    customer = ana(stage)
    stage.shop.customer.pop(customer["id"])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        keep_profile.set_birthday(conn, shops.get(conn, stage.shop_id), 1, (3, 1), "staff:1", stage.clock())
    stage.settle(seconds=5)
    assert stage.waiting("push_profile") == []


def test_it_is_exported_and_forgotten(stage: Stage) -> None:
    customer = ana(stage)
    stage.town.box.ask_for_data(stage.shop, customer)
    stage.settle()
    told = exported(stage)
    (profile,) = told["profiles"]
    assert (profile["birth_month"], profile["birth_day"]) == (2, 29)
    assert profile["answers"] == {"Coffee or tea?": "Tea with Anastacia"}
    given = [(each["activity"], each["points"], each["key"]) for each in told["activities"]]
    assert given == [("areview", 50, "review by ana@example.com")]
    balance = stage.rows("SELECT balance FROM members WHERE id = 1")
    stage.town.box.redact(stage.shop, customer)
    stage.settle(seconds=5)
    assert stage.rows("SELECT count(*)::int FROM member_profiles") == [(0,)]
    assert stage.rows("SELECT count(*)::int FROM activity_records") == [(0,)]
    assert stage.rows("SELECT balance FROM members WHERE id = 1") == balance
