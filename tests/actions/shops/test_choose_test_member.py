"""Staff try the programme as a customer whom Suki has never seen: asked of Shopify by email, enrolled, and tried."""

from __future__ import annotations

import pytest

from plugin.actions.members import leave_programme
from plugin.actions.shops import choose_test_member
from plugin.errors import BadInput
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.shops import launches, shops
from tests.actions.shops.test_launch import ANA, act, customer_of, draft, member_id, outside
from tests.actions.stage import Stage

__all__ = ["draft"]


def ask(stage: Stage, email: str) -> Buyer:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
    return choose_test_member.ask_shopify(stage.work, shop, email)


def tried(stage: Stage) -> list[str]:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return [one.email for one in launches.test_members(conn, stage.shop_id)]


def test_a_customer_of_shopify_s_becomes_a_member_and_a_test_member_whom_the_draft_reaches(draft: Stage) -> None:
    draft.buy()  # makes the customer in Shopify
    assert draft.town.box.dispatcher.wait_idle()
    buyer = ask(draft, "ANA@Example.com")
    assert (buyer.customer_id, buyer.email, buyer.first_name) == (customer_of(draft, ANA), ANA, "Anastacia")
    act(draft, choose_test_member.enrol_and_try, buyer, "staff:1", draft.clock())
    assert tried(draft) == [ANA]
    draft.settle()
    draft.buy()
    draft.settle()
    assert set(outside(draft)["mails"]) == {ANA}


def test_whoever_is_no_customer_or_has_left_is_refused_in_words(draft: Stage) -> None:
    with pytest.raises(BadInput) as nobody:
        ask(draft, "nobody@example.com")
    assert list(nobody.value.fields) == ["who"]
    draft.buy()
    draft.settle()
    act(draft, leave_programme.leave, member_id(draft, ANA), draft.clock())
    with pytest.raises(BadInput) as left:
        act(draft, choose_test_member.enrol_and_try, ask(draft, ANA), "staff:1", draft.clock())
    assert list(left.value.fields) == ["who"]
    assert tried(draft) == []
