"""The confirmation reaches its buyer once, with points, balance and code, whatever the mail server does."""

from __future__ import annotations

import pytest

from plugin.rules.message_kinds import SUPPRESSED
from plugin.store.database.db import shop_transaction
from plugin.store.work import messages
from plugin.store.work.messages import Beginning
from sandbox.mailbox import sort_of
from tests.actions.stage import Stage


def states(stage: Stage) -> list[tuple[str, str]]:
    """(state, error) of every message."""
    return [(state, error) for state, error in stage.rows("SELECT state, last_error FROM messages ORDER BY id")]


def test_the_confirmation_holds_points_balance_and_code_and_comes_once(stage: Stage) -> None:
    order = stage.buy("ana@example.com", "Rattan tray", "Stoneware mug")
    stage.settle()
    stage.settle(days=1)
    (mail,) = stage.mails()
    for part in ("plain", "html"):
        shown = mail.part(part)
        assert stage.code(order) in shown
        assert "38" in shown
        assert order["name"] in mail.subject + shown
    assert mail.recipients == ["ana@example.com"]
    assert states(stage) == [("sent", "")]
    assert stage.waiting() == []


def test_each_order_has_its_own_mail_code_and_balance(stage: Stage) -> None:
    first, second = stage.buy(), stage.buy()
    stage.settle()
    shown = {code: [code in mail.part("plain") for mail in stage.mails()] for code in map(stage.code, (first, second))}
    assert sorted(shown.values()) == [[False, True], [True, False]]
    assert stage.rows("SELECT balance FROM members") == [(48,)]


def test_repeated_and_shuffled_webhooks_bring_one_mail(stage: Stage) -> None:
    stage.town.trouble.set(
        webhook_duplicate=1, webhook_shuffle_seconds=0.2, webhook_malformed=0.5, webhook_wrong_hmac=0.5
    )
    order = stage.buy()
    stage.settle()
    stage.settle(hours=1)
    assert len(stage.mails()) == 1
    assert len(stage.shop.discount) == 1
    assert stage.sums() == {f"order:{order['id']}": 24}


def test_the_mail_waits_for_its_code_and_after_half_an_hour_goes_without(stage: Stage) -> None:
    order = stage.buy()
    stage.hear()
    stage.town.trouble.set(graphql_5xx=1)
    stage.settle()
    stage.settle(minutes=20)
    assert stage.mails() == []
    stage.settle(minutes=11)
    (mail,) = stage.mails()
    assert stage.code(order) not in mail.part("plain")
    assert "24" in mail.part("plain")


def test_an_address_that_is_refused_is_shown_as_failed_and_not_tried_again(stage: Stage) -> None:
    stage.buy()
    stage.hear()
    stage.town.trouble.set(smtp_refuse=1)
    stage.settle()
    stage.town.trouble.calm()
    stage.settle(days=1)
    ((state, error),) = states(stage)
    assert (state, "550" in error) == ("failed", True)
    assert stage.mails() == []
    assert stage.waiting("send_message") == []


def test_an_address_that_the_server_does_not_have_is_suppressed_and_no_other_email_tries_it(stage: Stage) -> None:
    stage.buy()
    stage.hear()
    stage.town.trouble.set(smtp_refuse=1)
    stage.settle()
    stage.town.trouble.calm()
    assert stage.rows("SELECT address, why, source, detail FROM suppressions") == [
        ("ana@example.com", "bounced", "returned", "5.1.1")
    ]
    stage.buy()
    stage.settle()
    assert [state for state, _ in states(stage)] == ["failed", "skipped"]
    assert states(stage)[1] == ("skipped", SUPPRESSED)
    assert stage.mails() == []


def test_a_mail_server_that_says_later_is_asked_later(stage: Stage) -> None:
    stage.buy()
    stage.hear()
    stage.town.trouble.set(smtp_temporary=1)
    stage.settle()
    stage.settle(minutes=1)
    assert states(stage) == [("queued", "")]
    ((_, state, _, error),) = stage.waiting("send_message")
    assert (state, "451" in error) == ("queued", True)
    stage.town.trouble.calm()
    stage.settle(hours=2)
    assert states(stage) == [("sent", "")]
    assert len(stage.mails()) == 1


def test_a_connection_lost_after_the_mail_was_given_leaves_it_unknown_and_it_is_not_repeated(stage: Stage) -> None:
    stage.buy()
    stage.hear()
    stage.town.trouble.set(smtp_drop=1)
    stage.settle()
    stage.town.trouble.calm()
    stage.settle(days=1)
    ((state, error),) = states(stage)
    assert (state, error != "") == ("unknown", True)
    assert len(stage.mails()) == 1
    assert stage.waiting("send_message") == []


def test_a_worker_killed_while_it_handed_a_mail_over_leaves_it_unknown(stage: Stage) -> None:
    stage.buy()
    stage.hear()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        number = conn.exec_driver_sql("SELECT id FROM messages").scalar_one()
        assert messages.begin(conn, stage.shop_id, [Beginning(number, "Your order")], stage.clock()) == {number}
    stage.settle(minutes=31)
    ((state, error),) = states(stage)
    assert (state, "stopped" in error) == ("unknown", True)
    assert stage.mails() == []


def test_an_order_cancelled_before_its_mail_went_gets_none(stage: Stage) -> None:
    order = stage.buy()
    stage.hear()
    stage.town.box.cancel(stage.shop, order)
    stage.settle()
    stage.settle(hours=1)
    assert states(stage)[0][0] == "skipped"
    assert "order_confirmation" not in {sort_of(mail.message) for mail in stage.mails()}


@pytest.mark.parametrize("confirmation", ["shopify", "none"])
def test_a_shop_that_does_not_want_our_mail_gets_none(stage: Stage, confirmation: str) -> None:
    stage.programme(confirmation=confirmation)
    order = stage.buy()
    stage.settle(days=1)
    assert (stage.mails(), states(stage)) == ([], [])
    assert stage.redemption(order)[1] == "created"


def test_an_order_that_is_paid_later_is_confirmed_when_it_is_paid(stage: Stage) -> None:
    order = stage.buy(paid=False)
    stage.settle()
    assert (stage.mails(), stage.sums(), len(stage.shop.discount)) == ([], {}, 0)
    stage.town.box.pay(stage.shop, order)
    stage.settle()
    assert (len(stage.mails()), stage.sums()) == (1, {f"order:{order['id']}": 24})
