"""Shopify sends a shop's checkouts while it reminds of those left behind, and only then."""

from __future__ import annotations

from plugin.actions.emails import watch_checkouts
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from sandbox.webhooks.checkout_bodies import checkout_body
from tests.actions.emails.happenings import agreed, bought, checkout_begun, reminders_on, scheduled
from tests.actions.emails.test_carts_left import kept, ready, reminders
from tests.actions.stage import Stage


def topics(stage: Stage) -> list[str]:
    """What the shop subscribed to by itself."""
    return sorted(one["shown"]["topic"] for one in stage.shop.subscription.values())


def test_switching_it_on_subscribes_and_off_unsubscribes_and_twice_changes_nothing(stage: Stage) -> None:
    ready(stage)
    assert topics(stage) == ["CHECKOUTS_CREATE", "CHECKOUTS_DELETE", "CHECKOUTS_UPDATE"]
    before = set(stage.shop.subscription.by_key)
    scheduled(stage, "watch_checkouts", days=1)
    reminders_on(stage)
    assert set(stage.shop.subscription.by_key) == before
    [asked] = [one["shown"] for one in stage.shop.subscription.values() if one["shown"]["topic"] == "CHECKOUTS_CREATE"]
    assert asked["includeFields"] == list(watch_checkouts.FIELDS)
    checkout_begun(stage)
    reminders_on(stage, on=False)
    assert topics(stage) == []
    assert kept(stage) == []


def test_subscriptions_that_shopify_deleted_or_that_lead_elsewhere_are_made_anew(stage: Stage) -> None:
    ready(stage)
    gone, moved, _ = sorted(stage.shop.subscription.by_key)
    stage.shop.drop("subscription", gone)
    stage.shop.subscription[moved]["shown"]["uri"] = "https://old.example.com/webhooks"
    scheduled(stage, "watch_checkouts", days=1)
    assert topics(stage) == ["CHECKOUTS_CREATE", "CHECKOUTS_DELETE", "CHECKOUTS_UPDATE"]
    assert {one["shown"]["uri"] for one in stage.shop.subscription.values()} == {
        stage.work.clients.settings.app_url + "/webhooks"
    }


def test_the_deliveries_say_no_more_than_is_read(stage: Stage) -> None:
    ready(stage)
    left = checkout_begun(stage)
    [found] = stage.town.box.world.rows.read(
        "SELECT webhook_id FROM deliveries WHERE shop = ? AND topic = 'checkouts/create'", (stage.shop.domain,)
    )
    body = stage.town.box.dispatcher.stored(found[0])
    assert body is not None
    assert left["id"].encode() in body.body
    assert all(word not in body.body for word in (b"Anastacia", b"Reyes-Cruz", b"address", b"phone"))


def test_a_shop_that_comes_back_with_it_on_subscribes_again(stage: Stage) -> None:
    ready(stage)
    stage.town.box.uninstall(stage.shop)
    stage.settle()
    assert topics(stage) == []
    stage.shop.settings["installed"] = True
    stage.open_app()
    stage.settle()
    assert topics(stage) == ["CHECKOUTS_CREATE", "CHECKOUTS_DELETE", "CHECKOUTS_UPDATE"]


def test_what_comes_after_it_was_switched_off_is_dropped_and_its_body_emptied(stage: Stage) -> None:
    ready(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shops.merge_setting(conn, stage.shop_id, "emails", {"cart_left": {"on": False}})
    checkout_begun(stage)
    assert stage.rows("SELECT body_state FROM deliveries WHERE topic = 'checkouts/create'") == [("empty",)]
    assert stage.rows("SELECT FROM inbox") == []
    assert kept(stage) == []


def test_nobody_is_sent_checkouts_who_did_not_ask_and_nothing_is_kept(stage: Stage) -> None:
    bought(stage)
    agreed(stage)
    assert topics(stage) == []
    left = checkout_begun(stage)
    body = checkout_body(stage.shop, stage.shop.checkout[left["id"]], stage.clock())
    reminders_on(stage)
    stage.town.box.dispatcher.publish(stage.shop, "checkouts/update", body, stage.clock())
    reminders_on(stage, on=False)
    stage.town.box.dispatcher.publish(stage.shop, "checkouts/update", body, stage.clock())
    stage.settle()
    scheduled(stage, "remind_of_carts", hours=5)
    assert reminders(stage) == []
    assert kept(stage) == []
