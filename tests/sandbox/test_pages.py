"""The pages that people click through, without a browser."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
import requests

from plugin.clients.shopify import queries
from plugin.rules.payloads.order_payload import as_webhook_payload
from sandbox.pages.server import Handler
from sandbox.run import Running
from sandbox.shop import sums
from sandbox.state import Record, Shop
from tests.sandbox.conftest import DOMAIN, Client, Listener, variants
from webhooks.orders import order_view


def checkout(local: Running, shop: Shop, **form: str) -> requests.Response:
    mug = variants(shop, "Stoneware mug")[0]
    fields = {f"q{mug['id']}": "2", "email": "ana@example.com", "first_name": "Ana", "last_name": "Cruz", **form}
    return requests.post(f"{local.url}/shops/{DOMAIN}/checkout", data=fields, timeout=5)


def only_order(shop: Shop) -> Record:
    (order,) = shop.order.values()
    return order


def act(local: Running, shop: Shop, action: str, **form: str) -> requests.Response:
    url = f"{local.url}/shops/{DOMAIN}/orders/{only_order(shop)['id']}/{action}"
    return requests.post(url, data=form, timeout=5)


def test_a_shop_is_opened_on_the_index_page(local: Running):
    form = {"name": "Nena <b>", "domain": "nena", "currency": "JPY", "plan": "plus", "taxes_included": "1"}
    page = requests.post(f"{local.url}/shops", data=form, timeout=5)
    assert page.url == f"{local.url}/shops/nena.myshopify.com/"
    assert "Nena &lt;b&gt;" in page.text
    assert local.shop("nena.myshopify.com").currency == "JPY"
    refused = requests.post(f"{local.url}/shops", data={**form, "domain": "Nena!"}, timeout=5)
    assert "small letters, digits and hyphens" in refused.text


@pytest.mark.parametrize(
    "path", ["/", "/mailbox", "/deliveries", "/trouble", "/shops/{}/", "/shops/{}/orders", "/shops/{}/customers",
             "/shops/{}/discounts", "/shops/{}/app", "/shops/{}/admin/apps/suki/app/members?page=2"],
)  # fmt: skip
def test_every_page_is_there(local: Running, shop: Shop, path: str):
    page = requests.get(local.url + path.format(DOMAIN), timeout=5)
    assert page.status_code == 200
    assert 'name="viewport"' in page.text


def test_an_order_is_placed_refunded_edited_cancelled_and_deleted(
    local: Running, shop: Shop, api: Client, app: Listener
):
    page = checkout(local, shop, shipping="85", payment="later", attribute="ref=friend")
    order = only_order(shop)
    assert page.url.startswith(f"{local.url}/shops/{DOMAIN}/orders/{order['id']}")
    assert order["note_attributes"] == [{"name": "ref", "value": "friend"}]
    act(local, shop, "pay")
    line = order["lines"][0]["id"]
    assert "Refunded." in act(local, shop, "lines", do="refund", **{f"r{line}": "1"}).text
    assert "PHP 10.50 refunded" in act(local, shop, "refund-amount", amount="10.50").text
    act(local, shop, "lines", do="edit", **{f"q{line}": "4"})
    assert sums.current(order["lines"][0]) == 4
    assert "Cancelled and refunded." in act(local, shop, "cancel").text
    assert "is deleted" in act(local, shop, "delete").text
    assert local.box.dispatcher.wait_idle(10)
    wanted = "orders/create orders/paid refunds/create orders/edited orders/cancelled orders/delete".split()
    assert set(wanted) <= set(app.topics())


def test_what_cannot_be_is_said_and_changes_nothing(local: Running, shop: Shop):
    assert "NOPE is not a valid code" in checkout(local, shop, codes="NOPE").text
    empty = requests.post(f"{local.url}/shops/{DOMAIN}/checkout", data={"email": "a@example.com"}, timeout=5)
    assert (empty.status_code, "Nothing is in the cart" in empty.text) == (400, True)
    checkout(local, shop)
    assert "Give an amount above zero" in act(local, shop, "refund-amount", amount="-3").text
    assert "not an amount" in act(local, shop, "refund-amount", amount="a lot").text
    assert act(local, shop, "explode").status_code == 404
    assert only_order(shop)["refunds"] == []


def test_a_failed_code_leaves_no_order_and_no_gap(local: Running, shop: Shop):
    checkout(local, shop, codes="NOPE")
    assert not shop.order
    assert not shop.customer
    checkout(local, shop)
    assert only_order(shop)["name"] == "#1001"


def test_a_link_with_a_code_fills_it_in(local: Running, shop: Shop):
    page = requests.get(f"{local.url}/shops/{DOMAIN}/discount/SUKI-1", timeout=5)
    assert 'name="codes" value="SUKI-1"' in page.text


def test_a_guest_order_gets_its_customer_later(local: Running, shop: Shop, api: Client, app: Listener):
    checkout(local, shop, guest="on")
    ben = local.box.enrol(shop, first_name="Ben", last_name="Reyes", email="ben@example.com", locale="fil")
    act(local, shop, "attach", customer=str(ben["id"]))
    assert local.box.dispatcher.wait_idle(10)
    ids = [(one.json["customer"] or {}).get("id") for one in app.of("orders/updated")]
    assert sorted(ids, key=str) == sorted([None, ben["id"]], key=str)


def test_a_document_load_has_fresh_signed_parameters(local: Running, shop: Shop, app: Listener):
    answer = requests.get(f"{local.url}/shops/{DOMAIN}/admin/load?path=/app/members?page=2", timeout=5).json()
    assert answer["url"].startswith(f"{app.url}/app/members?")
    names = set(re.findall(r"[?&](\w+)=", answer["url"]))
    assert names == {"page", "embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp"}


def test_the_stand_ins_are_served_to_the_app(local: Running):
    for name, word in (("app-bridge", "window.shopify"), ("polaris", "customElements.define")):
        script = requests.get(f"{local.url}/cdn/{name}.js", timeout=5)
        assert script.headers["Content-Type"].startswith("text/javascript")
        assert word in script.text


def test_a_buyer_pays_in_another_currency_and_subscribes(local: Running, shop: Shop, api: Client, app: Listener):
    checkout(local, shop, currency="JPY", subscribe="on", shipping="85")
    order = only_order(shop)
    assert local.box.dispatcher.wait_idle(10)
    body = app.of("orders/create")[0].json
    fetched = api.call(queries.ONE_ORDER, id=body["admin_graphql_api_id"])["order"]
    mine = as_webhook_payload({**fetched, "refunds": []})
    assert (body["currency"], body["presentment_currency"]) == ("PHP", "JPY")
    seen, known = {"amount": "4546", "currency_code": "JPY"}, {"amount": "1697.00", "currency_code": "PHP"}
    assert body["total_price_set"] == {"shop_money": known, "presentment_money": seen}
    assert body["total_price"] == "1697.00"
    told, asked = order_view(body), order_view(mine)
    assert told.presented_minor[order["lines"][0]["id"]] == 2 * 2159
    assert replace(told, whereto=None, checkout_token="") == replace(
        asked, subscription=None, tenders_minor=None, received_minor=None
    )
    assert asked.subscription is True
    assert "Every month" in act(local, shop, "pay").text


def test_nobody_pays_in_a_currency_that_the_shop_does_not_take(local: Running, shop: Shop):
    assert "Nobody can pay in KWD here" in checkout(local, shop, currency="KWD").text
    assert not shop.order


def test_a_later_order_of_a_subscription_says_so(local: Running, shop: Shop, api: Client, app: Listener):
    checkout(local, shop, source="subscription_contract_checkout_one")
    assert local.box.dispatcher.wait_idle(10)
    assert order_view(app.of("orders/create")[0].json).subscription is True


def test_reduced_goods_have_a_price_to_compare_with(local: Running, shop: Shop, api: Client):
    (jam,), (soap,) = variants(shop, "Mango jam, end of season"), variants(shop, "Coconut oil soap")
    ids = [f"gid://shopify/ProductVariant/{one['id']}" for one in (jam, soap)]
    found = api.call(queries.VARIANT_FACTS, ids=ids)["nodes"]
    assert [one["compareAtPrice"] for one in found] == ["381.00", None]
    assert "<s>PHP 381.00</s>" in requests.get(f"{local.url}/shops/{DOMAIN}/", timeout=5).text


def test_a_client_that_goes_away_is_no_news(local: Running):
    class Gone(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            raise BrokenPipeError

    handler = Handler.__new__(Handler)
    handler.rfile, handler.wfile = io.BytesIO(), io.BufferedWriter(Gone())
    handler.wfile.write(b"an answer")
    handler.finish()
    assert handler.rfile.closed
