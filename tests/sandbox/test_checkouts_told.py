"""Who subscribed by the API is told of a shop's checkouts, with the fields that they asked for; nobody else is."""

from __future__ import annotations

import requests

from sandbox.run import Running
from sandbox.state import Shop
from tests.conformance import examples
from tests.sandbox.conftest import Client, Listener, variants

NEWEST = examples.versions()[-1]
SUBSCRIBE = """
mutation Subscribe($topic: WebhookSubscriptionTopic!, $fields: [String!], $uri: String!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: {uri: $uri, includeFields: $fields}) {
    webhookSubscription { id }
  }
}
"""


def subscribe(api: Client, topic: str, *fields: str) -> None:
    api.call(SUBSCRIBE, topic=topic, fields=list(fields), uri="https://app.example.com/webhooks")


def leave(local: Running, shop: Shop) -> requests.Session:
    """A visitor types an address at the checkout of two mugs, and goes away."""
    web, mug = requests.Session(), variants(shop, "Stoneware mug")[0]
    answer = web.get(f"{local.url}/shops/{shop.domain}/checkout", params={"lines": f"{mug['id']}:2"}, timeout=5)
    address = answer.url.partition("?")[0]
    web.post(f"{address}/typed.json", json={"email": "ana@example.com"}, timeout=5)
    assert local.box.dispatcher.wait_idle(15)
    return web


def test_nobody_is_told_who_did_not_ask(local: Running, shop: Shop, api: Client, app: Listener) -> None:
    leave(local, shop)
    assert app.topics() == []


def test_what_is_told_has_shopifys_fields(local: Running, shop: Shop, api: Client, app: Listener) -> None:
    subscribe(api, "CHECKOUTS_CREATE")
    leave(local, shop).close()
    [told] = app.of("checkouts/create")
    example = examples.about("checkouts/create", NEWEST)
    assert example
    assert sorted(told.json) == sorted(example["response"])
    assert told.json["email"] == "ana@example.com"
    lines = example["response"]["line_items"][0]
    assert set(told.json["line_items"][0]) <= set(lines)
    back = requests.get(
        told.json["abandoned_checkout_url"].replace(f"https://{shop.domain}", f"{local.url}/shops/{shop.domain}"),
        timeout=5,
    )
    assert back.status_code == 200
    assert told.json["token"] in back.url


def test_fields_that_were_not_asked_for_are_left_out(local: Running, shop: Shop, api: Client, app: Listener) -> None:
    subscribe(api, "CHECKOUTS_CREATE", "token", "updated_at")
    leave(local, shop).close()
    [told] = app.of("checkouts/create")
    assert told.json == {"token": told.json["token"], "updated_at": told.json["updated_at"]}


def test_paying_tells_that_it_is_complete_and_deleting_names_its_cart(
    local: Running, shop: Shop, api: Client, app: Listener
) -> None:
    subscribe(api, "CHECKOUTS_UPDATE")
    subscribe(api, "CHECKOUTS_DELETE")
    leave(local, shop).close()
    [checkout] = shop.checkout.values()
    requests.post(
        f"{local.url}/shops/{shop.domain}/checkouts/{checkout['id']}", data={"email": "ana@example.com"}, timeout=5
    ).close()
    local.box.drop_checkout(shop, checkout)
    assert local.box.dispatcher.wait_idle(15)
    [paid], [gone] = app.of("checkouts/update"), app.of("checkouts/delete")
    [order] = shop.order.values()
    assert paid.json["completed_at"] == order["created_at"]
    assert order["checkout_token"] == checkout["id"]
    example = examples.about("checkouts/delete", NEWEST)
    assert example
    assert sorted(gone.json) == sorted(example["response"])
    assert gone.json["cart_token"] == paid.json["cart_token"]


def test_whoever_loses_the_app_is_told_nothing_more(local: Running, shop: Shop, api: Client, app: Listener) -> None:
    subscribe(api, "CHECKOUTS_CREATE")
    local.box.uninstall(shop)
    leave(local, shop).close()
    assert app.of("checkouts/create") == []
    assert len(shop.subscription) == 0
