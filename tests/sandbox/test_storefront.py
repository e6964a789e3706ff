"""The online store of the sandbox: goods, a cart with codes, signing in, and the blocks of an app's extension."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox import run
from sandbox.state import Record, Shop
from tests.sandbox.conftest import DOMAIN, Listener, variants

BLOCKS = {
    "product_points": """<p class="of-app">{{ 'block.earn' | t: count: 2 }} {{ product.title | escape }}
{{ product.selected_or_first_available_variant.price | money }} {{ block.settings.word }}
<a href="/apps/suki/rewards">x</a> {{ customer.first_name | default: "guest" }}</p>
{% schema %}{"name": "P", "target": "section", "settings": [{"type": "text", "id": "word", "default": "hello"}]}
{% endschema %}""",
    "launcher": """<b class="of-app">{{ request.locale.iso_code }}</b>
{% schema %}{"name": "L", "target": "body", "stylesheet": "a.css", "javascript": "a.js",
"available_if": "{{ app.metafields.suki.available }}"}{% endschema %}""",
}
LOCALE = {"block": {"earn": {"one": "{{ count }} star", "other": "{{ count }} stars"}}}


class Visitor:
    """Somebody with a browser that keeps cookies."""

    def __init__(self, local: run.Running) -> None:
        self.session, self.root = requests.Session(), f"{local.url}/shops/{DOMAIN}"

    def get(self, path: str) -> str:
        """A page that must be there."""
        answer = self.session.get(self.root + path, timeout=5)
        assert answer.status_code == 200
        return answer.text

    def post(self, path: str, **asked: Any) -> requests.Response:
        """A form."""
        return self.session.post(self.root + path, data=asked, timeout=5)

    def script(self, path: str, **asked: Any) -> Any:
        """What a script sends, and the answer."""
        return self.session.post(self.root + path, json=asked, timeout=5).json()

    def fill(self, shop: Shop, quantity: int = 2) -> int:
        """Mugs in the cart; answers the variant."""
        mug: int = variants(shop, "Stoneware mug")[0]["id"]
        assert self.script("/cart/add.js", id=mug, quantity=quantity)["item_count"] == quantity
        return mug


@pytest.fixture
def extension(tmp_path: Path) -> Path:
    folder = tmp_path / "extension"
    for name in ("blocks", "snippets", "locales", "assets"):
        (folder / name).mkdir(parents=True)
    for name, text in BLOCKS.items():
        (folder / "blocks" / f"{name}.liquid").write_text(text)
    (folder / "locales" / "en.default.json").write_text(json.dumps(LOCALE))
    (folder / "assets" / "a.css").write_text("b { color: red }")
    return folder


@pytest.fixture
def local(app: Listener, tmp_path: Path, extension: Path) -> Iterator[run.Running]:
    running = run.start(app_url=app.url, data_dir=tmp_path / "sandbox", theme_extension=extension)
    yield running
    running.stop()


@pytest.fixture
def visitor(local: run.Running, shop: Shop) -> Iterator[Visitor]:
    found = Visitor(local)
    yield found
    found.session.close()


def discount(shop: Shop, code: str, **said: Any) -> Record:
    record: Record = {
        "id": shop.next_id(), "title": code, "kind": "basic", "class": "ORDER", "percentage": 0.1, "amount": None,
        "starts_at": "2020-01-01T00:00:00Z", "ends_at": None, "usage_limit": None, "customers": [], "products": [],
        "collections": [], "once_per_customer": False, "used_by": [], "minimum_subtotal": None,
        "minimum_quantity": None, "codes": [{"id": shop.next_id(), "code": code, "uses": 0}],
        "combines": {"orderDiscounts": True, "productDiscounts": True, "shippingDiscounts": True}, **said,
    }  # fmt: skip
    return shop.save("discount", record)


def test_every_page_of_the_store_is_there(visitor: Visitor) -> None:
    for path in ("/home", "/products/stoneware-mug", "/cart", "/pages/rewards", "/customer_authentication/login"):
        assert 'name="viewport"' in visitor.get(path)
    assert visitor.session.get(visitor.root + "/products/nothing", timeout=5).status_code == 404


def test_a_block_is_rendered_where_its_template_has_it(visitor: Visitor) -> None:
    page = visitor.get("/products/stoneware-mug")
    assert "2 stars Stoneware mug\n₱806.00 hello" in page
    assert f'<a href="/shops/{DOMAIN}/apps/suki/rewards">' in page
    assert "guest</p>" in page
    assert "of-app" not in visitor.get("/home")
    assert "of-app" not in visitor.get("/products/stoneware-mug?app=off")


def test_an_embed_shows_when_app_data_says_so_and_nobody_switched_it_off(visitor: Visitor, shop: Shop) -> None:
    assert "<b class" not in visitor.get("/home")
    owner = f"gid://shopify/AppInstallation/{shop.settings['shop_id']}"
    kept = {"owner": owner, "namespace": "suki", "key": "available", "value": "true", "type": "boolean"}
    shop.save("metafield", {"id": f"{owner}|suki|available", "number": 1, "created_at": "", "updated_at": "", **kept})
    page = visitor.get("/home?locale=ar")
    assert '<b class="of-app">ar</b>' in page
    assert '<html lang="ar" dir="rtl">' in page
    assert page.count(f'<script async src="/shops/{DOMAIN}/cdn/extension/a.js"></script>') == 1
    assert visitor.get("/cdn/extension/a.css") == "b { color: red }"
    assert "<b class" not in visitor.get("/home?embed=off")
    assert "App embed on" in visitor.post("/storefront/look", off="launcher", back="/home").text
    assert "<b class" not in visitor.get("/home")
    assert '<b class="of-app">en</b>' in visitor.post("/storefront/look", off="", back="/home").text


def test_a_cart_counts_and_says_why_a_code_is_not_taken(visitor: Visitor, shop: Shop) -> None:
    mug = visitor.fill(shop)
    discount(shop, "TEN")
    discount(shop, "MUCH", minimum_subtotal=10_000_000)
    cart = visitor.script("/cart/update.js", discount="TEN,MUCH,NOPE")
    taken = {one["code"]: one["applicable"] for one in cart["discount_codes"]}
    assert taken == {"TEN": True, "MUCH": False, "NOPE": False}
    assert (cart["original_total_price"], cart["total_discount"], cart["total_price"]) == (161200, 16120, 145080)
    page = visitor.get("/cart")
    assert "NOPE is not a valid code" in page
    assert "MUCH needs goods for PHP 100,000.00" in page
    assert visitor.script("/cart/update.js", discount="")["discount_codes"] == []
    assert visitor.script("/cart/update.js", updates={str(mug): 0})["item_count"] == 0


def test_forms_do_what_scripts_do(visitor: Visitor, shop: Shop) -> None:
    mug = variants(shop, "Stoneware mug")[1]["id"]
    assert "Indigo" in visitor.post("/cart/add", id=mug, quantity=3).text
    discount(shop, "TEN")
    assert "TEN" in visitor.post("/cart/codes", more="TEN").text
    visitor.post("/cart/codes", less="ten")
    cart = visitor.session.get(visitor.root + "/cart.js", timeout=5).json()
    assert (cart["item_count"], cart["discount_codes"]) == (3, [])
    visitor.post("/cart/update", **{f"updates[{mug}]": "1"})
    assert visitor.session.get(visitor.root + "/cart.js", timeout=5).json()["item_count"] == 1
    assert visitor.script("/cart/add.js", id="1")["status"] == 422


def test_the_checkout_goes_on_with_the_cart_and_its_codes(visitor: Visitor, shop: Shop) -> None:
    visitor.fill(shop)
    discount(shop, "TEN")
    visitor.script("/cart/update.js", discount="TEN")
    page = visitor.get("/cart")
    assert f'href="/shops/{DOMAIN}/checkout"' in page
    checkout = visitor.session.get(f"{visitor.root}/checkout", timeout=5)
    assert f"/shops/{DOMAIN}/checkouts/" in checkout.url
    assert "Stoneware mug" in checkout.text
    assert "TEN" in checkout.text


def test_two_visitors_have_two_carts(local: run.Running, visitor: Visitor, shop: Shop) -> None:
    visitor.fill(shop)
    other = Visitor(local)
    assert "Your cart is empty" in other.get("/cart")
    other.session.close()


def test_a_link_with_a_code_puts_it_into_the_cart(visitor: Visitor, shop: Shop) -> None:
    visitor.fill(shop)
    discount(shop, "TEN")
    page = visitor.session.get(f"{visitor.root}/discount/TEN?redirect=/cart", timeout=5)
    assert page.url == f"{visitor.root}/cart"
    assert 'data-code="TEN" data-applicable="true"' in page.text
    away = visitor.session.get(f"{visitor.root}/discount/TEN?redirect=//evil.example/", timeout=5)
    assert away.url == f"{visitor.root}/home"


def test_a_customer_signs_in_comes_back_and_signs_out(local: run.Running, visitor: Visitor, shop: Shop) -> None:
    ana = local.box.enrol(shop, first_name="Ana", last_name="Cruz", email="ana@example.com", locale="en")
    path = f"/customer_authentication/login?return_to=/shops/{DOMAIN}/products/stoneware-mug"
    page = visitor.post(path, customer=str(ana["id"]))
    assert page.url == f"{visitor.root}/products/stoneware-mug"
    assert "Ana</p>" in page.text
    assert "guest</p>" in visitor.session.get(f"{visitor.root}/logout", timeout=5).text + visitor.get(
        "/products/stoneware-mug"
    )


def test_an_email_signs_in_whoever_has_it_and_a_new_one_gets_an_account(
    local: run.Running, visitor: Visitor, shop: Shop
) -> None:
    ana = local.box.enrol(shop, first_name="Ana", last_name="Cruz", email="ana@example.com", locale="en")
    path = f"/customer_authentication/login?return_to=/shops/{DOMAIN}/products/stoneware-mug"
    assert "Ana</p>" in visitor.post(path, email="Ana@Example.com").text
    visitor.post(path, email="grace@example.com")
    customers = {one["email"]: one["id"] for one in shop.customer.values()}
    assert customers.keys() == {"ana@example.com", "grace@example.com"}
    assert visitor.session.cookies.get("customer") == str(customers["grace@example.com"])
    visitor.post(path, email="no address")
    assert list(shop.customer) == [ana["id"], customers["grace@example.com"]]
