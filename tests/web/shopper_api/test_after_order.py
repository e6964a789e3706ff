"""The survey and a guest's claim: by the order's own buyer alone, each once, and an email to its own address alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.shops import save_survey
from plugin.rules.activities.activity_rules import Survey as Activity
from plugin.rules.retention.survey import Survey
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests import payloads
from tests.conftest import ShopRow
from tests.web.shopper_api.surface import Surface, refusal
from tests.web.shopper_api.test_orders import RULES, TOKEN, launched, tell

__all__ = ["launched"]


@pytest.fixture
def orders(engine: Engine, launched: ShopRow) -> ShopRow:
    """Order 5 of customer 7, and order 6 of a guest."""
    tell(engine, launched, 5, customer=payloads.customer(7, email="ana@example.com"), email="ana@example.com")
    tell(engine, launched, 6, customer=None, email="bea@example.com", checkout_token=TOKEN[::-1])
    return launched


def rows(engine: Engine, shop: ShopRow, sql: str) -> list[tuple[Any, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def key(who: Surface) -> str:
    return str(who.json("/me")["key"])


def say(who: Surface, **said: Any) -> Any:
    return who.post("/survey", {"key": said.pop("key", None) or key(who), "survey": "nps", "score": 9} | said)


def test_a_member_answers_about_their_order_once(surface: Surface, engine: Engine, orders: ShopRow) -> None:
    assert surface.json("/orders/5")["survey"]["survey"] == "nps"
    one = key(surface)
    for _ in range(2):
        done = say(surface, key=one, order=5, comment="Good")
        assert done.status_code == 200 and done.json is not None
        assert (done.json["text"], done.json["points"]) == ("Thank you for your answer.", None)
        assert done.json["available"]["points"] == 150
    assert refusal(say(surface, order=5))[:2] == (422, "survey_answered")
    assert rows(engine, orders, "SELECT score, comment FROM survey_answers") == [(9, "Good")]
    assert surface.json("/orders/5")["survey"] is None


def test_a_guest_answers_by_the_checkouts_own_token(guest: Surface, engine: Engine, orders: ShopRow) -> None:
    assert guest.json("/orders/6", checkout_token=TOKEN[::-1])["survey"]["most"] == 10
    for wrong in ({"order": 6}, {"order": 6, "checkout_token": TOKEN}, {"order": 99, "checkout_token": TOKEN}, {}):
        assert refusal(say(guest, **wrong))[:2] == (403, "no_member")
    done = say(guest, order=6, checkout_token=TOKEN[::-1], score=0)
    assert done.status_code == 200 and done.json is not None and done.json["available"] is None
    assert rows(engine, orders, "SELECT order_id, score FROM survey_answers") == [(6, 0)]


def test_a_guests_answer_adds_to_what_they_can_claim_and_a_members_is_theirs(
    guest: Surface, surface: Surface, engine: Engine, orders: ShopRow
) -> None:
    at = datetime.now(UTC)
    paying = RULES.model_copy(update={"activities": (Activity(id="aask", name="Ask", points=20, word="question"),)})
    with shop_transaction(engine, orders.id) as conn:
        programmes.add(conn, orders.id, paying, "test", "", at)
        save_survey.save_survey(conn, orders.id, Survey(asked="nps", activity="aask"), "staff:1", at)
    assert guest.json("/orders/6", checkout_token=TOKEN[::-1])["survey"]["gives"]["points"] == 20
    assert surface.json("/orders/5")["survey"]["gives"]["points"] == 20
    by_guest = say(guest, order=6, checkout_token=TOKEN[::-1]).json
    by_member = say(surface, order=5).json
    assert (by_guest["text"], by_guest["points"]["points"]) == (
        "Thank you for your answer. It adds 20 points to what you can claim.", 20,
    )  # fmt: skip
    assert by_member["text"] == "Thank you for your answer. You got 20 points."
    assert by_member["claim"] is None


@pytest.mark.parametrize(("earns", "before", "after"), [
    (True, "Get {earned} points for this order: we'll email you a link.",
     "Get {both} points for this order and your answer: we'll email you a link."),
    (False, None, "Get 20 points for your answer: we'll email you a link."),
])  # fmt: skip
def test_a_guest_reads_all_that_waits_of_the_order_and_of_nothing_else(
    guest: Surface, surface: Surface, engine: Engine, orders: ShopRow, earns: bool, before: str | None, after: str
) -> None:
    at = datetime.now(UTC)
    paying = RULES.model_copy(update={"activities": (Activity(id="aask", name="Ask", points=20, word="question"),)})
    with shop_transaction(engine, orders.id) as conn:
        programmes.add(conn, orders.id, paying, "test", "", at)
        save_survey.save_survey(conn, orders.id, Survey(asked="nps", activity="aask"), "staff:1", at)
        if not earns:
            conn.exec_driver_sql("UPDATE order_views SET deserved = 0 WHERE order_id = 6")
    earned = rows(engine, orders, "SELECT deserved FROM order_views WHERE order_id = 6")[0][0]
    told = guest.json("/orders/6", checkout_token=TOKEN[::-1])
    assert told["claim"] == (before.format(earned=earned) if before else None)
    done = say(guest, order=6, checkout_token=TOKEN[::-1]).json
    assert done["claim"] == after.format(both=earned + 20)
    assert guest.json("/orders/6", checkout_token=TOKEN[::-1])["claim"] == done["claim"]
    assert surface.json("/orders/5")["claim"] is None


def test_nobody_answers_for_another(surface: Surface, app: Flask, engine: Engine, orders: ShopRow) -> None:
    surface.json("/orders/5")
    stranger = Surface(app, surface.settings, orders.domain, 88)
    assert refusal(say(stranger, order=5))[:2] == (403, "no_member")
    assert refusal(say(surface, order=6))[:2] == (422, "survey_not_asked")
    assert rows(engine, orders, "SELECT score FROM survey_answers") == [(None,)]


@pytest.mark.parametrize(
    "wrong",
    [{"score": 11}, {"score": -1}, {"score": "nine"}, {"score": 9.5}, {"survey": "stars"}, {"order": 0},
     {"order": 2**63}, {"comment": "x" * 2001}, {"member": 7}],
)  # fmt: skip
def test_an_answer_that_is_not_right_is_refused(
    surface: Surface, engine: Engine, orders: ShopRow, wrong: dict[str, Any]
) -> None:
    surface.json("/orders/5")
    assert refusal(say(surface, **({"order": 5} | wrong)))[0] == 422
    assert rows(engine, orders, "SELECT score FROM survey_answers") == [(None,)]


def claim(who: Surface, **said: Any) -> Any:
    return who.post("/claim", {"key": key(who), "order": 6, "checkout_token": TOKEN[::-1]} | said)


def test_a_guest_claims_and_the_orders_own_address_is_written_to_once(
    guest: Surface, engine: Engine, orders: ShopRow
) -> None:
    for _ in range(2):
        done = claim(guest)
        assert done.status_code == 200 and done.json is not None
        assert done.json == done.json | {"text": "We've sent an email to the address of your order.", "points": None}
        assert "bea@" not in done.text
    asked = (
        "SELECT m.kind, m.subject, p.email FROM messages m JOIN members p ON p.id = m.member_id WHERE kind = 'claim'"
    )
    assert rows(engine, orders, asked) == [("claim", "order:6", "bea@example.com")]


def test_nobody_claims_without_the_checkouts_token_and_no_address_is_taken(
    guest: Surface, surface: Surface, engine: Engine, orders: ShopRow
) -> None:
    for wrong in ({"checkout_token": TOKEN}, {"order": 5, "checkout_token": "x"}, {"order": 99}):
        assert refusal(claim(guest, **wrong))[:2] == (403, "no_member")
    assert refusal(claim(guest, email="eve@example.com"))[:2] == (422, "invalid")
    assert refusal(guest.post("/claim", {"key": key(surface), "order": 6, "checkout_token": TOKEN[::-1]}))[0] == 409
    assert claim(guest, order=5, checkout_token=TOKEN).status_code == 200  # a member's: nothing to claim
    assert rows(engine, orders, "SELECT FROM messages WHERE kind = 'claim'") == []
