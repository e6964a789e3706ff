"""Webhooks are signed, repeated, and go wrong when they are told to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

import requests

from sandbox import run
from sandbox.run import Running
from sandbox.shop.orders import Wish
from sandbox.state import Shop
from tests.sandbox.conftest import DOMAIN, Client, Listener, variants


def buy(local: Running, shop: Shop, **more: object) -> None:
    mug = variants(shop, "Stoneware mug")[0]
    local.box.place(shop, Wish(lines=[(mug["id"], 1)], email="a@example.com", paid=False, **more))  # type: ignore[arg-type]


def signature(local: Running, body: bytes) -> str:
    made = hmac.new(local.options.api_secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def settled(local: Running) -> None:
    assert local.box.dispatcher.wait_idle(15)


def test_a_webhook_has_all_headers_and_a_signature_over_the_body(
    local: Running, shop: Shop, api: Client, app: Listener
):
    buy(local, shop)
    settled(local)
    one = app.of("orders/create")[0]
    assert one.headers["x-shopify-hmac-sha256"] == signature(local, one.body)
    assert one.headers["x-shopify-shop-domain"] == DOMAIN
    assert one.headers["x-shopify-api-version"] == "2026-10"
    assert one.headers["x-shopify-triggered-at"].endswith("Z")
    assert 5_000 < len(one.body) < 14_000


def test_nothing_is_sent_before_the_app_is_installed(local: Running, shop: Shop, app: Listener):
    buy(local, shop)
    settled(local)
    assert app.received == []


def test_a_refused_webhook_is_repeated_with_the_same_id(local: Running, shop: Shop, api: Client, app: Listener):
    app.answers = [503, 302, 200]
    local.box.enrol(shop, first_name="A", last_name="B", email="a@example.com", locale="en")
    settled(local)
    assert len({one.headers["x-shopify-webhook-id"] for one in app.received}) == 1
    assert len({one.body for one in app.received}) == 1
    assert len(app.received) == 3
    row = requests.get(f"{local.url}/deliveries.json", timeout=5).json()[0]
    assert (row["state"], row["attempts"]) == ("accepted", 3)


def test_after_eight_repeats_it_is_given_up(local: Running, shop: Shop, api: Client, app: Listener):
    app.answers = [500] * 9
    local.box.enrol(shop, first_name="A", last_name="B", email="a@example.com", locale="en")
    settled(local)
    assert len(app.received) == 9
    assert requests.get(f"{local.url}/deliveries.json", timeout=5).json()[0]["state"] == "given up"


def test_duplicates_keep_the_id_and_losses_are_logged(local: Running, shop: Shop, api: Client, app: Listener):
    local.trouble.set(webhook_duplicate=1)
    buy(local, shop)
    settled(local)
    ids = [one.headers["x-shopify-webhook-id"] for one in app.of("orders/create")]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    app.received.clear()
    local.trouble.set(webhook_duplicate=0, webhook_loss=1)
    buy(local, shop)
    settled(local)
    assert app.received == []
    assert requests.get(f"{local.url}/deliveries.json", timeout=5).json()[0]["state"] == "lost"


def test_malformed_and_wrongly_signed_deliveries_come_on_top(local: Running, shop: Shop, api: Client, app: Listener):
    local.trouble.set(webhook_malformed=1, webhook_wrong_hmac=1)
    local.box.enrol(shop, first_name="A", last_name="B", email="a@example.com", locale="en")
    settled(local)
    signed = [one for one in app.received if one.headers["x-shopify-hmac-sha256"] == signature(local, one.body)]
    assert len(app.received) == 3
    assert len(signed) == 2
    assert sorted(_parses(one.body) for one in signed) == [False, True]


def _parses(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def test_switches_are_set_over_http_and_unknown_ones_refused(local: Running):
    url = f"{local.url}/trouble.json"
    assert requests.post(url, json={"graphql_5xx": 0.5}, timeout=5).json()["graphql_5xx"] == 0.5
    refused = requests.post(url, json={"earthquake": 1}, timeout=5)
    assert (refused.status_code, refused.json()) == (400, {"error": "no such switch: earthquake"})
    assert requests.post(url, json={"calm": True}, timeout=5).json()["graphql_5xx"] == 0


def test_what_was_not_delivered_is_sent_after_a_restart(app: Listener, tmp_path: Path):
    app.answers = [503]
    first = run.start(app_url=app.url, data_dir=tmp_path, retry_seconds=(3600,), time_factor=1)
    shop = first.shop(DOMAIN)
    shop.settings["installed"] = True
    first.box.enrol(shop, first_name="A", last_name="B", email="a@example.com", locale="en")
    assert first.box.dispatcher.wait_sent(1, 5)
    first.stop()
    second = run.start(app_url=app.url, data_dir=tmp_path)
    try:
        assert len(second.shop(DOMAIN).customer) == 1
        assert second.box.dispatcher.wait_idle(10)
        rows = requests.get(f"{second.url}/deliveries.json", timeout=5).json()
        assert [(row["topic"], row["state"]) for row in rows] == [("customers/create", "accepted")]
        assert len({one.headers["x-shopify-webhook-id"] for one in app.received}) == 1
        assert len(app.received) == 2
    finally:
        second.stop()


def test_privacy_and_lifecycle_bodies(local: Running, shop: Shop, api: Client, app: Listener):
    buy(local, shop)
    customer = next(iter(shop.customer.values()))
    order = next(iter(shop.order.values()))
    local.box.ask_for_data(shop, customer)
    local.box.redact(shop, customer)
    local.box.set_scopes(shop, ["read_orders"])
    local.box.uninstall(shop)
    local.box.redact_shop(shop)
    settled(local)
    assert app.of("customers/data_request")[0].json["orders_requested"] == [order["id"]]
    redact = app.of("customers/redact")[0].json
    assert (redact["customer"]["email"], redact["orders_to_redact"]) == ("a@example.com", [order["id"]])
    assert app.of("app/scopes_update")[0].json["current"] == ["read_orders"]
    assert app.of("app/uninstalled")[0].json["myshopify_domain"] == DOMAIN
    assert app.of("shop/redact")[0].json == {"shop_id": shop.settings["shop_id"], "shop_domain": DOMAIN}
    assert api.raw("{ shop { id } }").status_code == 401


def test_a_merge_moves_orders_and_names_both(local: Running, shop: Shop, api: Client, app: Listener):
    buy(local, shop)
    gone = next(iter(shop.customer.values()))
    kept = local.box.enrol(shop, first_name="B", last_name="C", email="b@example.com", locale="en")
    local.box.merge(shop, kept, gone)
    settled(local)
    told = app.of("customers/merge")[0].json
    assert told["admin_graphql_api_customer_kept_id"].endswith(f"/{kept['id']}")
    assert told["admin_graphql_api_customer_deleted_id"].endswith(f"/{gone['id']}")
    assert next(iter(shop.order.values()))["customer_id"] == kept["id"]


def test_hundreds_of_webhooks_a_second(local: Running, shop: Shop, api: Client, app: Listener):
    started = time.monotonic()
    for _ in range(200):
        buy(local, shop)
    settled(local)
    assert len(app.of("orders/create")) == 200
    assert time.monotonic() - started < 10
