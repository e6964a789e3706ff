"""The mail about a gift: with the code when it is there, once, and only while the gift stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from plugin.jobs import queue_automatic
from tests.actions.stage import Stage

FIVE = {"kind": "amount_off", "id": "rfive", "name": "5 off", "points": 100, "value": "5"}
FIRST = {"id": "mfirst", "name": "First", "points": 50, "reward": "rfive"}
QUIET: dict[str, Any] = {"next_order_code": {"enabled": False}, "rewards": [FIVE], "earning": {"points": 0}}


def gift_mails(stage: Stage) -> list[Any]:
    """Those that bring the gift: with the order's confirmation, or alone."""
    return [mail for mail in stage.mails() if "* 5 off *" in mail.part("plain")]


def states(stage: Stage) -> list[tuple[Any, ...]]:
    """What became of each; `together`: it went in the confirmation of the order that brought it about."""
    state = "CASE WHEN part_of IS NULL THEN state ELSE 'together' END"
    return stage.rows(f"SELECT {state} FROM messages WHERE kind = 'reward_given' ORDER BY id")


def test_the_first_order_brings_points_a_code_and_one_mail_with_both(stage: Stage) -> None:
    stage.programme(milestones=[FIRST], **QUIET)
    stage.buy()
    stage.settle()
    stage.settle(hours=2)
    [(code,)] = stage.rows("SELECT code FROM redemptions WHERE reward = 'rfive' AND points = 0")
    [mail] = gift_mails(stage)
    for part in ("plain", "html"):
        assert code in mail.part(part)
        assert "50 points" in mail.part(part)
        assert "Thank you for your first order." in mail.part(part)
    assert states(stage) == [("together",)]
    assert stage.waiting() == []


def test_the_mail_says_what_the_code_is_worth_and_for_which_orders_in_the_members_language(stage: Stage) -> None:
    rewards = {"rewards": [FIVE | {"minimum_order": "20", "collections": [4]}]}
    stage.programme(milestones=[FIRST], **QUIET | rewards)
    stage.buy(locale="fil")
    stage.settle()
    stage.settle(hours=2)
    [mail] = gift_mails(stage)
    for part in ("plain", "html"):
        assert "$5.00 off. Para sa mga order na $20.00 pataas. Para lang sa piling mga koleksiyon." in mail.part(part)


def test_the_mail_waits_for_its_code_and_goes_without_after_half_an_hour(stage: Stage) -> None:
    stage.programme(milestones=[FIRST], **QUIET)
    stage.buy()
    stage.hear()
    stage.town.trouble.set(graphql_5xx=1)
    stage.settle()
    stage.settle(minutes=20)
    assert gift_mails(stage) == []
    stage.settle(minutes=11)
    [mail] = gift_mails(stage)
    [(code,)] = stage.rows("SELECT code FROM redemptions WHERE reward = 'rfive'")
    assert code not in mail.part("plain")
    assert "/apps/suki/rewards" in mail.part("plain")


def why_not(stage: Stage) -> str:
    [(words,)] = stage.rows("SELECT last_error FROM messages WHERE kind = 'reward_given' AND state = 'skipped'")
    return str(words)


def test_a_gift_that_is_taken_back_first_brings_no_mail(stage: Stage) -> None:
    stage.programme(milestones=[FIRST], **QUIET)
    order = stage.buy()
    stage.hear()
    stage.town.box.cancel(stage.shop, order, datetime.now().astimezone())
    stage.settle()
    stage.settle(minutes=6)
    assert states(stage) == [("skipped",)]
    assert why_not(stage) == "the gift was taken back"
    assert stage.rows("SELECT sum(points)::int FROM entries") == [(0,)]
    assert stage.rows("SELECT state, code_state FROM redemptions WHERE reward = 'rfive'") == [("released", "disabled")]


def test_only_those_who_agreed_are_asked_back(stage: Stage) -> None:
    begins = (stage.clock() - timedelta(days=1)).isoformat()
    lapsed = {"trigger": "lapsed", "id": "alapsed", "name": "Back", "days": 7, "reward": "rfive", "begins_at": begins}
    stage.programme(automatic=[lapsed], confirmation="ours", **QUIET)
    stage.buy("ana@example.com")
    stage.buy("juan@example.com")
    stage.settle()
    for customer in list(stage.shop.customer.values()):
        if customer["email"] == "ana@example.com":
            stage.town.box.set_consent(stage.shop, customer, "SUBSCRIBED")
    stage.settle(days=9)
    queue_automatic(stage.work)
    stage.settle()
    stage.settle(minutes=31)
    assert len(stage.rows("SELECT 1 FROM gifts")) == 2
    assert sorted(states(stage)) == [("sent",), ("skipped",)]
    assert why_not(stage) == "the customer did not agree to marketing mails"
    assert [mail.recipients for mail in gift_mails(stage)] == [["ana@example.com"]]


def test_a_mark_in_money_reads_as_money(stage: Stage) -> None:
    spent = {"id": "mspent", "name": "Spent", "metric": "spend", "at": str(Decimal(20)), "reward": "rfive"}
    stage.programme(milestones=[spent], **QUIET)
    stage.buy()
    stage.settle()
    [mail] = gift_mails(stage)
    assert "Thank you for spending $20.00 with us." in mail.part("plain")
