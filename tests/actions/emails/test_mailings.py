"""Mailings go once to the members they are for, at their time, to so many at most, and not when they are canceled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from plugin.actions.emails import mailings
from plugin.errors import BadInput
from plugin.store.database.db import shop_transaction
from plugin.store.emails import mailings as stored
from plugin.store.shops import shops
from tests.actions.emails.happenings import NEWS, bought
from tests.actions.stage import Stage


def planned(stage: Stage, **changes: Any) -> int:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        asked = replace(NEWS, **changes)
        return mailings.plan(conn, shops.get(conn, stage.shop_id), asked, "staff:1", stage.clock())


def two_customers(stage: Stage) -> None:
    """Ana and Ben have bought something, and agreed to marketing."""
    bought(stage)
    stage.buy("ben@example.org")
    stage.settle()
    for customer in stage.shop.customer.values():
        stage.town.box.set_consent(stage.shop, customer, "SUBSCRIBED")
    stage.settle()


def told(stage: Stage) -> list[tuple[str, str]]:
    return [(state, why) for state, why in stage.rows("SELECT state, last_error FROM messages ORDER BY id")]


def test_every_member_gets_it_once_with_its_words_and_its_code(stage: Stage) -> None:
    two_customers(stage)
    number = planned(stage)
    stage.settle()
    stage.settle(days=1)
    assert told(stage) == [("sent", ""), ("sent", "")]
    [mail] = stage.mails()
    assert mail.subject == "Fresh"
    assert all(words in mail.part("plain") for words in (NEWS.title, NEWS.body, "FRESH10", "/apps/suki/rewards"))
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        mailing = stored.by_ids(conn, stage.shop_id, [number])[number]
    assert (mailing.state, mailing.written) == ("written", 2)


def test_it_waits_for_its_time_and_goes_to_so_many_at_most(stage: Stage) -> None:
    two_customers(stage)
    planned(stage, send_at=stage.clock() + timedelta(hours=2), most=1)
    stage.settle(hours=1)
    assert told(stage) == []
    stage.settle(hours=2)
    assert told(stage) == [("sent", "")]


def test_it_goes_to_those_whom_the_filter_of_the_members_finds(stage: Stage) -> None:
    two_customers(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert stored.audience_size(conn, stage.shop_id, "") == 2
        assert stored.audience_size(conn, stage.shop_id, "again") == 0
    planned(stage, bought="again")
    stage.settle()
    assert told(stage) == []


def test_what_is_canceled_is_neither_written_down_nor_sent(stage: Stage) -> None:
    two_customers(stage)
    number = planned(stage, send_at=stage.clock() + timedelta(hours=2))
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        assert mailings.cancel(conn, shop, number, "staff:1", stage.clock())
        assert not mailings.cancel(conn, shop, number, "staff:1", stage.clock())
    stage.settle(hours=3)
    assert told(stage) == []


def test_who_did_not_agree_to_marketing_gets_none(stage: Stage) -> None:
    bought(stage)
    planned(stage)
    stage.settle()
    assert told(stage) == [("skipped", "the customer did not agree to marketing mails")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("body", "x" * 5_001),
        ("subject", "x" * 201),
        ("code", "TWO WORDS"),
        ("bought", "often"),
        ("most", -1),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_its_field(stage: Stage, field: str, value: object) -> None:
    with pytest.raises(BadInput) as caught:
        planned(stage, **{field: value})
    assert list(caught.value.fields) == [field]
    assert stage.rows("SELECT count(*) FROM mailings") == [(0,)]
