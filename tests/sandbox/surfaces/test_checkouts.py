"""A checkout's sums and codes, as the page and as extensions see them."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.run import Running
from sandbox.state import Record, Shop
from tests.sandbox.conftest import variants
from tests.sandbox.test_discounts import BAG, MUG, code, only


@pytest.fixture
def web(hosting: Running) -> Any:
    with requests.Session() as session:
        yield session


def begin(web: requests.Session, hosting: Running, shop: Shop, **query: str) -> str:
    """A checkout with two mugs in it; its address."""
    asked = {"lines": f"{variants(shop, MUG)[0]['id']}:2", **query}
    answer = web.get(f"{hosting.url}/shops/{shop.domain}/checkout", params=asked, timeout=5)
    assert answer.status_code == 200
    return answer.url.partition("?")[0]


def change(web: requests.Session, here: str, kind: str, **asked: str) -> tuple[Record, Record]:
    """What came of it, and the state after it."""
    said = web.post(f"{here}/{kind}.json", json=asked, timeout=5).json()
    return said["result"], said["state"]


def add(web: requests.Session, here: str, name: str) -> tuple[Record, Record]:
    return change(web, here, "code", type="addDiscountCode", code=name)


def test_the_sums_are_those_of_the_order_that_is_placed(web: requests.Session, hosting: Running, store: Shop):
    code(store, "SAVE10", customerGets={"value": {"percentage": 0.1}, "items": {"all": True}})
    here = begin(web, hosting, store)
    result, state = add(web, here, "save10")
    price = variants(store, MUG)[0]["price"]
    cut = round(price * 2 / 10)
    assert result == {"type": "success"}
    assert state["discountCodes"] == [{"code": "save10"}]
    [allocation] = state["discountAllocations"]
    assert allocation == {
        "type": "code", "code": "save10", "discountedAmount": {"amount": cut / 100, "currencyCode": "PHP"},
    }  # fmt: skip
    assert state["cost.totalAmount"] == {"amount": (price * 2 - cut + 8500) / 100, "currencyCode": "PHP"}
    answer = web.post(here, data={"email": "ana@example.com", "guest": "1"}, timeout=5)
    assert answer.url == f"{here}/thank-you"
    [order] = store.order.values()
    assert order["placed"]["total"] == price * 2 - cut + 8500
    assert [one["code"] for one in order["codes"]] == ["save10"]
    assert order["customer_id"] is None
    assert order["checkout_token"] == here.rpartition("/")[2]
    web.post(here, data={"email": "ana@example.com"}, timeout=5)
    assert len(store.order) == 1


def test_a_code_that_this_cart_cannot_use_is_a_success_that_takes_nothing_off(
    web: requests.Session, hosting: Running, store: Shop
):
    code(store, "FREEBAG", customerGets=only(store, BAG), usageLimit=1)
    here = begin(web, hosting, store)
    before = web.get(f"{here}/state.json", timeout=5).json()["state"]
    result, state = add(web, here, "FREEBAG")
    assert result == {"type": "success"}
    assert state["discountCodes"] == [{"code": "FREEBAG"}]
    assert state["discountAllocations"] == []
    assert state["cost.totalAmount"] == before["cost.totalAmount"]
    web.post(here, data={"email": "ana@example.com"}, timeout=5)
    [order] = store.order.values()
    assert order["codes"] == []


def test_a_code_for_a_product_stands_at_its_line_and_free_shipping_at_the_delivery(
    web: requests.Session, hosting: Running, store: Shop
):
    both = {"productDiscounts": True, "shippingDiscounts": True}
    code(store, "MUGS", customerGets=only(store, MUG), combinesWith=both)
    code(store, "SHIP", "free_shipping", combinesWith=both)
    here = begin(web, hosting, store)
    add(web, here, "MUGS")
    state = add(web, here, "SHIP")[1]
    assert state["discountAllocations"] == []
    assert [one["code"] for one in state["lines"][0]["discountAllocations"]] == ["MUGS"]
    option = state["deliveryGroups"][0]["deliveryOptions"][0]
    assert (option["cost"]["amount"], option["costAfterDiscounts"]["amount"]) == (85.0, 0.0)
    assert state["cost.totalAmount"]["amount"] == 0.0


def test_an_unknown_code_is_an_error_and_trouble_makes_a_good_one_fail_in_both_ways(
    web: requests.Session, hosting: Running, store: Shop
):
    code(store, "SAVE")
    here = begin(web, hosting, store)
    assert add(web, here, "NOPE")[0]["type"] == "error"
    hosting.trouble.set(checkout_code_error=1)
    result, state = add(web, here, "SAVE")
    assert (result["type"], state["discountCodes"]) == ("error", [])
    hosting.trouble.calm()
    hosting.trouble.set(checkout_code_ignored=1)
    result, state = add(web, here, "SAVE")
    assert (result["type"], state["discountCodes"], state["discountAllocations"]) == ("success", [{"code": "SAVE"}], [])


@pytest.mark.parametrize("kind", ["draft", "accelerated"])
def test_nothing_is_changed_from_an_extension_where_the_buyer_pays_by_draft_order_or_wallet(
    web: requests.Session, hosting: Running, store: Shop, kind: str
):
    code(store, "SAVE")
    here = begin(web, hosting, store, kind=kind)
    state = web.get(f"{here}/state.json", timeout=5).json()["state"]
    assert state["instructions"]["discounts"]["canUpdateDiscountCodes"] is (kind == "accelerated")
    result, state = add(web, here, "SAVE")
    assert (result["type"], state["discountCodes"]) == ("error", [])


def test_instructions_can_forbid_it_in_any_checkout(web: requests.Session, hosting: Running, store: Shop):
    code(store, "SAVE")
    here = begin(web, hosting, store)
    hosting.trouble.set(checkout_instructions_forbid=1)
    result, state = add(web, here, "SAVE")
    assert (result["type"], state["discountCodes"]) == ("error", [])
    assert state["instructions"]["discounts"] == {"canUpdateDiscountCodes": False}


def test_amounts_are_numbers_in_the_currency_that_the_buyer_pays_in(
    web: requests.Session, hosting: Running, store: Shop
):
    here = begin(web, hosting, store, currency="JPY")
    state = web.get(f"{here}/state.json", timeout=5).json()["state"]
    assert state["cost.totalAmount"]["currencyCode"] == "JPY"
    assert state["cost.totalAmount"]["amount"] == int(state["cost.totalAmount"]["amount"])
    assert state["localization.currency"] == {"isoCode": "JPY"}


def test_an_empty_cart_leads_back_to_the_shop(web: requests.Session, hosting: Running, store: Shop):
    for lines in ("", "1:1", "x:1"):
        answer = web.get(f"{hosting.url}/shops/{store.domain}/checkout", params={"lines": lines}, timeout=5)
        assert "Nothing is in the cart" in answer.text
    assert len(store.checkout) == 0


def test_the_cart_of_the_storefront_comes_with_its_codes_and_is_empty_once_it_is_bought(
    web: requests.Session, hosting: Running, store: Shop
):
    code(store, "SAVE")
    mug, root = variants(store, MUG)[0]["id"], f"{hosting.url}/shops/{store.domain}"
    web.post(f"{root}/cart/add", data={"id": mug, "quantity": 3}, timeout=5)
    web.post(f"{root}/cart/codes", data={"more": "SAVE"}, timeout=5)
    here = web.get(f"{root}/checkout", timeout=5).url.partition("?")[0]
    [checkout] = store.checkout.values()
    assert (checkout["lines"], checkout["codes"]) == ([[mug, 3]], ["SAVE"])
    web.post(here, data={"email": "ana@example.com"}, timeout=5)
    [order] = store.order.values()
    assert [one["code"] for one in order["codes"]] == ["SAVE"]
    assert order["cart_token"] == checkout["cart"]
    assert web.get(f"{root}/cart.js", timeout=5).json()["items"] == []
