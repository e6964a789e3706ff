"""A guest's points wait for an account: the email that says so goes to their own order's address, once."""

from __future__ import annotations

from plugin.actions.members import claim_points
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from tests.actions.stage import Stage

ASKED = "SELECT state, last_error FROM messages WHERE kind = 'claim'"


def ask(stage: Stage, order_id: int) -> bool:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        guest = members.get(conn, stage.shop_id, 1)
        assert guest is not None
        return claim_points.ask(conn, shops.get(conn, stage.shop_id), guest, order_id, "fil", stage.clock())


def test_it_is_sent_once_for_an_order_in_the_readers_language(stage: Stage) -> None:
    stage.programme(confirmation="none")
    order = stage.buy("bea@example.com", as_customer=False)
    stage.settle()
    assert [ask(stage, order["id"]), ask(stage, order["id"])] == [True, False]
    stage.settle(seconds=5)
    (mail,) = stage.mails("bea@example.com")
    assert "Naghihintay ang" in str(mail.message["Subject"])
    assert f"{stage.shop.domain}/account" in mail.message.as_string().replace("=\n", "")
    assert stage.rows(ASKED) == [("sent", "")]


def test_who_has_an_account_is_not_written_to(stage: Stage) -> None:
    order = stage.buy()
    stage.settle()
    assert ask(stage, order["id"]) is False
    assert stage.rows(ASKED) == []


def test_a_few_an_hour_and_no_more(stage: Stage) -> None:
    stage.buy("bea@example.com", as_customer=False)
    stage.settle()
    assert [ask(stage, number) for number in range(1, 6)] == [True] * 3 + [False] * 2
