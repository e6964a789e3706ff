"""An order fetched by GraphQL reads exactly like its webhook, proved against the sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from plugin.clients.shopify import orders, queries, tokens
from plugin.clients.shopify.admin import Admin, user_errors
from plugin.errors import TokenRejected
from plugin.rules.payloads.order_payload import as_webhook_payload
from plugin.rules.payloads.payload_parts import number_of
from plugin.settings import Settings
from sandbox.local import Sandbox
from sandbox.options import Options
from sandbox.pages.server import WebServer, make_app
from sandbox.shop.orders import Wish
from sandbox.signing import id_token
from sandbox.state import Record, Shop
from sandbox.webhooks.payloads import order_body
from tests.clients.scripted import Server
from webhooks.orders import order_view

DOMAIN = "amihan.myshopify.com"
SECRET = "sandbox-secret-of-at-least-32-bytes"


@dataclass
class Stage:
    """A sandbox with one shop, and our client to it."""

    box: Sandbox
    settings: Settings
    admin: Admin
    pair: tokens.TokenPair

    @property
    def shop(self) -> Shop:
        return self.box.shop(DOMAIN)

    def execute(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        return self.admin.execute(DOMAIN, self.pair.access_token, document, variables)

    def fetch(self, order: Record) -> dict[str, Any]:
        fetched = orders.fetch(self.execute, order["id"])
        assert fetched
        return as_webhook_payload(fetched)

    def place(self, lines: int = 3, **wishes: Any) -> Record:
        variants = [v["id"] for p in self.shop.product.values() for v in p["variants"]]
        wanted = [(variants[place % len(variants)], 1 + place % 3) for place in range(lines)]
        return self.box.place(self.shop, Wish(lines=wanted, **wishes))


@pytest.fixture(params=["USD", "PHP", "JPY", "KWD"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    box = Sandbox(Options(data_dir=tmp_path, api_key="key", api_secret=SECRET))
    box.open_shop(DOMAIN, currency=request.param)
    server = WebServer("127.0.0.1", 0, make_app(box))
    server.start()
    settings = Server(f"http://127.0.0.1:{server.port}").settings(shopify_api_secret=SECRET, http_timeout_seconds=10)
    admin = Admin(settings)
    proof = id_token("key", SECRET, DOMAIN, 60)
    yield Stage(box, settings, admin, tokens.exchange(settings, admin.session, DOMAIN, proof))
    server.stop()


def test_the_sandbox_takes_our_way_to_install_and_to_refresh(stage: Stage) -> None:
    said = stage.execute(queries.INSTALL, {})
    assert said["shop"]["myshopifyDomain"] == DOMAIN
    assert {scope["handle"] for scope in said["currentAppInstallation"]["accessScopes"]} >= set(stage.pair.scopes)
    fresh = tokens.refresh(stage.settings, stage.admin.session, DOMAIN, stage.pair.refresh_token)
    assert fresh.access_token != stage.pair.access_token
    with pytest.raises(TokenRejected):
        tokens.refresh(stage.settings, stage.admin.session, DOMAIN, "shprt_of_somebody_else")
    with pytest.raises(TokenRejected):
        stage.admin.execute(DOMAIN, "shpat_of_somebody_else", queries.INSTALL)


def test_orders_of_every_kind_read_like_their_deliveries(stage: Stage) -> None:
    plain = stage.place(email="jo@example.com", shipping=700, tip=150, locale="fil-PH")
    guest = stage.place(email="guest@example.com", paid=False, test=True, source="pos")
    large = stage.place(lines=47, email="jo@example.com")
    split = stage.place(lines=4, email="mia@example.com", shipping=900)
    first, second = split["lines"][0]["id"], split["lines"][1]["id"]
    stage.box.refund(stage.shop, split, lines={first: 1})
    stage.box.refund(stage.shop, split, lines={second: 1}, shipping=400, restock="cancel")
    stage.box.refund(stage.shop, split, amount=125)
    edited = stage.place(lines=3, email="mia@example.com")
    stage.box.edit(stage.shop, edited, {edited["lines"][0]["id"]: 0})
    cancelled = stage.place(email="mia@example.com")
    stage.box.cancel(stage.shop, cancelled)
    for order in (plain, guest, large, split, edited, cancelled):
        assert_reads_the_same(stage, order)


def assert_reads_the_same(stage: Stage, order: Record) -> None:
    delivered, fetched = order_body(stage.shop, order), stage.fetch(order)
    assert fetched["transactions"] is not None
    known = replace(order_view({**fetched, "transactions": None}), subscription=None)  # deliveries do not say
    told = replace(order_view(delivered), whereto=None, checkout_token="")  # neither is asked for
    assert known == told
    assert codes(fetched) == codes(delivered)
    for name in ("tags", "cancel_reason", "fulfillment_status", "payment_gateway_names", "customer_locale"):
        assert fetched[name] == delivered[name], name


def codes(payload: dict[str, Any]) -> list[tuple[str, Decimal, str]]:
    return [(each["code"], Decimal(each["amount"]), each["type"]) for each in payload["discount_codes"]]


def test_a_code_that_we_made_is_found_again_and_its_use_is_seen(stage: Stage) -> None:
    discount = {
        "title": "Suki r_1",
        "code": "SUKI-8F3K",
        "startsAt": "2026-01-01T00:00:00Z",
        "usageLimit": 1,
        "context": {"all": "ALL"},
        "customerGets": {"value": {"percentage": 0.1}, "items": {"all": True}},
        "tags": ["suki"],
    }
    made = stage.execute(queries.CREATE_BASIC_CODE, {"discount": discount})["discountCodeBasicCreate"]
    again = stage.execute(queries.CREATE_BASIC_CODE, {"discount": discount})["discountCodeBasicCreate"]
    assert user_errors(made) == ()
    assert [error.code for error in user_errors(again)] == ["TAKEN"]
    found = stage.execute(queries.CODE_BY_VALUE, {"code": "suki-8f3k"})["codeDiscountNodeByCode"]
    assert found["id"] == made["codeDiscountNode"]["id"]
    assert (found["codeDiscount"]["title"], found["codeDiscount"]["tags"]) == ("Suki r_1", ["suki"])
    order = stage.place(email="jo@example.com", codes=["SUKI-8F3K"])
    assert_reads_the_same(stage, order)
    stopped = stage.execute(queries.DEACTIVATE_CODE, {"id": found["id"]})["discountCodeDeactivate"]
    assert user_errors(stopped) == ()
    gone = stage.execute(queries.CODE_BY_VALUE, {"code": "SUKI-8F3K"})["codeDiscountNodeByCode"]
    assert gone["codeDiscount"]["status"] == "EXPIRED"


def test_the_sweep_finds_what_changed(stage: Stage) -> None:
    placed = [stage.place(email="jo@example.com") for _ in range(3)]
    found = list(orders.changed_since(stage.execute, "2020-01-01T00:00:00Z"))
    assert [number_of(each["id"]) for each in found] == [order["id"] for order in placed]
    assert list(orders.changed_since(stage.execute, "2099-01-01T00:00:00Z")) == []


def test_an_order_that_is_not_there_is_none(stage: Stage) -> None:
    assert orders.fetch(stage.execute, 1) is None


def test_products_customers_metafields_and_tags_answer(stage: Stage) -> None:
    order = stage.place(email="jo@example.com")
    customer = f"gid://shopify/Customer/{order['customer_id']}"
    product = f"gid://shopify/Product/{next(iter(stage.shop.product.values()))['id']}"
    (facts,) = stage.execute(queries.PRODUCT_FACTS, {"ids": [product]})["nodes"]
    assert facts["tags"] and facts["collections"]["nodes"]
    field = {
        "ownerId": customer,
        "namespace": "suki",
        "key": "balance",
        "type": "number_integer",
        "value": "7",
    }
    assert user_errors(stage.execute(queries.SET_METAFIELDS, {"metafields": [field]})["metafieldsSet"]) == ()
    assert user_errors(stage.execute(queries.TAGS_ADD, {"id": customer, "tags": ["vip"]})["tagsAdd"]) == ()
    (person,) = stage.execute(queries.CUSTOMER_FACTS, {"ids": [customer]})["nodes"]
    assert (person["tags"], person["numberOfOrders"]) == (["vip"], "1")
    assert user_errors(stage.execute(queries.TAGS_REMOVE, {"id": customer, "tags": ["vip"]})["tagsRemove"]) == ()
