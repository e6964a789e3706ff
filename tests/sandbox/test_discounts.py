"""Which codes the checkout takes: where Shopify refuses one, so does the sandbox, and the code stays unused."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.admin_api import code_discounts
from sandbox.run import Running
from sandbox.shop import discounts
from sandbox.shop.discounts import CodeRefused
from sandbox.shop.orders import Wish
from sandbox.state import Record, Shop
from tests.sandbox.conftest import variants

MUG, BAG = "Stoneware mug", "Abaca tote bag"


def code(shop: Shop, name: str, kind: str = "basic", **more: Any) -> Record:
    """A discount with one code, as the API makes it."""
    asked = {"title": name, "code": name, "startsAt": "2026-01-01T00:00:00Z", "context": {"all": "ALL"}, **more}
    if kind == "basic":
        asked.setdefault("customerGets", {"value": {"percentage": 0.5}, "items": {"all": True}})
    made = code_discounts.create(shop, asked, kind, "discount")
    assert made["userErrors"] == []
    return next(one for one in shop.discount.values() if one["title"] == name)


def only(shop: Shop, title: str) -> dict[str, Any]:
    """All of one product's price off, of that product only."""
    product = next(key for key, one in shop.product.items() if one["title"] == title)
    items = {"products": {"productsToAdd": [f"gid://shopify/Product/{product}"]}}
    return {"value": {"percentage": 1.0}, "items": items}


def buy(local: Running, shop: Shop, *codes: str, goods: str = MUG, quantity: int = 1, shipping: int = 0) -> Record:
    lines = [(variants(shop, goods)[0]["id"], quantity)]
    wish = Wish(lines=lines, email="ana@example.com", codes=list(codes), shipping=shipping)
    return local.box.place(shop, wish, first_name="Ana", last_name="Cruz")


def test_a_code_for_a_product_is_refused_without_it_and_stays_unused(local: Running, shop: Shop):
    free = code(shop, "FREEBAG", customerGets=only(shop, BAG), usageLimit=1)
    with pytest.raises(CodeRefused, match="FREEBAG is not valid for the items in your cart"):
        buy(local, shop, "FREEBAG")
    assert (free["codes"][0]["uses"], free["used_by"], len(shop.order)) == (0, [], 0)
    order = buy(local, shop, "FREEBAG", goods=BAG)
    assert order["codes"][0]["amount"] == variants(shop, BAG)[0]["price"]
    assert free["codes"][0]["uses"] == 1


def test_the_checkout_says_why_a_code_is_refused(local: Running, shop: Shop):
    code(shop, "FREEBAG", customerGets=only(shop, BAG))
    form = {f"q{variants(shop, MUG)[0]['id']}": "1", "email": "ana@example.com", "codes": "freebag"}
    answer = requests.post(f"{local.url}/shops/{shop.domain}/checkout", data=form, timeout=5)
    assert answer.status_code == 400
    assert "freebag is not valid for the items in your cart" in answer.text
    assert not shop.order


def test_a_minimum_counts_only_what_the_code_is_for(local: Running, shop: Shop):
    price = variants(shop, BAG)[0]["price"]
    least = {"subtotal": {"greaterThanOrEqualToSubtotal": str((2 * price) / 100)}}
    code(shop, "BAGS", customerGets=only(shop, BAG), minimumRequirement=least)
    mug, bag = variants(shop, MUG)[0]["id"], variants(shop, BAG)[0]["id"]
    with pytest.raises(CodeRefused, match="BAGS needs goods for"):
        local.box.place(shop, Wish(lines=[(bag, 1), (mug, 20)], email="ana@example.com", codes=["BAGS"]))
    assert buy(local, shop, "BAGS", goods=BAG, quantity=2)["codes"][0]["amount"] == 2 * price


def test_a_minimum_of_items(local: Running, shop: Shop):
    code(shop, "THREE", minimumRequirement={"quantity": {"greaterThanOrEqualToQuantity": "3"}})
    with pytest.raises(CodeRefused, match="THREE needs 3 items"):
        buy(local, shop, "THREE", quantity=2)
    assert buy(local, shop, "THREE", quantity=3)["codes"]


@pytest.mark.parametrize(
    "dates",
    [
        {"startsAt": "2999-01-01T00:00:00Z"},
        {"startsAt": "2025-01-01T00:00:00Z", "endsAt": "2026-01-01T00:00:00Z"},
    ],
)
def test_a_code_is_taken_only_between_its_dates(local: Running, shop: Shop, dates: dict[str, str]):
    code(shop, "SOON", **dates)
    with pytest.raises(CodeRefused, match="SOON is not a valid code"):
        buy(local, shop, "SOON")


def test_once_per_customer_is_once(local: Running, shop: Shop):
    code(shop, "HELLO", appliesOncePerCustomer=True)
    buy(local, shop, "HELLO")
    with pytest.raises(CodeRefused, match="HELLO can be used once by each customer"):
        buy(local, shop, "HELLO")


def test_free_shipping_is_for_cheap_shipping_to_its_countries(local: Running, shop: Shop):
    cheap = code(shop, "CHEAP", "free_shipping", maximumShippingPrice="100")
    assert code_discounts.discount_view(shop, cheap)["maximumShippingPrice"] == {
        "amount": "100.0", "currencyCode": "PHP",
    }  # fmt: skip
    code(shop, "ABROAD", "free_shipping", destination={"countries": {"add": ["JP"]}})
    with pytest.raises(CodeRefused, match="CHEAP is for shipping of at most"):
        buy(local, shop, "CHEAP", shipping=10_001)
    with pytest.raises(CodeRefused, match="ABROAD is not valid for your shipping address"):
        buy(local, shop, "ABROAD", shipping=5_000)
    assert buy(local, shop, "CHEAP", shipping=10_000)["shipping"]["discount"] == 10_000


def test_a_code_given_twice_counts_once_and_two_codes_of_a_discount_do_not_add_up(local: Running, shop: Shop):
    twin = code(shop, "ONE", combinesWith={"orderDiscounts": True})
    twin["codes"].append({"id": shop.next_id(), "code": "TWO", "uses": 0})
    shop.codes["two"] = twin["id"]
    with pytest.raises(CodeRefused, match="cannot be combined"):
        buy(local, shop, "ONE", "TWO")
    assert len(buy(local, shop, "ONE", "one ")["codes"]) == 1
    assert [one["uses"] for one in discounts.find(shop, "two")["codes"]] == [1, 0]
