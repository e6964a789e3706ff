"""What Shopify is told of a member, when there is no such customer any more."""

from __future__ import annotations

from tests.actions.stage import Stage


def test_of_a_customer_who_was_deleted_in_shopify_nothing_is_kept_current_and_nothing_fails(stage: Stage) -> None:
    stage.open_app()
    stage.buy()
    stage.buy("ben@example.com")
    stage.hear()
    gone = next(one for one in stage.shop.customer.values() if one["email"] == "ana@example.com")
    stage.town.box.delete_customer(stage.shop, gone)
    stage.settle(seconds=10)
    stage.settle(seconds=10)
    assert stage.waiting("push_member") == []
    kept = next(one for one in stage.shop.customer.values() if one["email"] == "ben@example.com")
    owners = {key.partition("|")[0] for key in stage.shop.metafield}
    assert f"gid://shopify/Customer/{kept['id']}" in owners
    assert f"gid://shopify/Customer/{gone['id']}" not in owners
