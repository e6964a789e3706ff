"""Who is in front of the surfaces, and the page that leads to each of them."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import shop_or_404
from sandbox.pages.surfaces import account, admin, checkout, thank_you, till
from sandbox.shop import people
from sandbox.state import Record, Shop
from sandbox.surfaces.extensions import every
from sandbox.webhooks.payloads import token_of

Group = tuple[str, str, list[Record]]


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of signing in, and of the page with a link to each surface."""
    routes = Blueprint("surface_people", __name__)

    @routes.route("/shops/<domain>/surfaces/sign-in", methods=["GET", "POST"])
    def sign_in(domain: str) -> Any:
        """As a customer, or as nobody; then on to where it was asked for within the shop."""
        shop = shop_or_404(box, domain)
        wanted = request.values.get("back", "")
        home = f"/shops/{shop.domain}/"
        answer = make_response(redirect(wanted if wanted.startswith(home) else f"{home}surfaces", 303))
        answer.set_cookie("customer", request.values.get("customer", ""), path=home, samesite="Lax")
        return answer

    @routes.get("/shops/<domain>/surfaces")
    def index(domain: str) -> str:
        shop = shop_or_404(box, domain)
        extensions = every(box.options.extensions_dir)
        built = {one["target"] for extension in extensions for one in extension.targets}
        missing = "" if extensions else "No extension is built, so these pages show Shopify's own part only."
        return render_template("surfaces/index.html", shop=shop, options=box.options, built=built, missing=missing,
                               groups=_groups(shop))  # fmt: skip

    return routes


def _groups(shop: Shop) -> list[Group]:
    root = f"/shops/{shop.domain}"
    shopper, order = _example(shop)
    name = people.full_name(shopper) if shopper else ""
    goods = [one["variants"][0]["id"] for one in shop.product.values()][:3]
    cart = "checkout?" + urlencode({"lines": ",".join(f"{variant}:1" for variant in goods)})
    key = shopper["id"] if shopper else ""
    return [
        ("The store", "By the theme extension's own Liquid.", _store(root, key)),
        (f"A shopper who is signed in{': ' + name if name else ''}", "The tokens of these pages name the customer.",
         _shopper(root, key, cart, order)),
        ("A guest", "The tokens name nobody.", _guest(root, cart, order)),
        ("Staff", "At the till and in the admin; who they are is chosen on each page.", _staff(shop, root, key, order)),
    ]  # fmt: skip


def _example(shop: Shop) -> tuple[Record | None, Record | None]:
    """Who has bought most often, and what they bought last beside gift cards; else the last that anybody bought."""
    bought = Counter(one["customer_id"] for one in shop.order.values() if one["customer_id"] in shop.customer)
    number = bought.most_common(1)[0][0] if bought else None
    theirs = [one for one in shop.order.values() if one["customer_id"] == number]
    goods = [one for one in theirs if not all(line["gift_card"] for line in one["lines"])]
    shopper = shop.customer.get(number) or next(iter(shop.customer.values()), None)
    return shopper, max(goods or theirs or shop.order.values(), key=lambda one: int(one["id"]), default=None)


def _as(root: str, customer: object, path: str) -> str:
    return f"{root}/surfaces/sign-in?" + urlencode({"customer": customer, "back": f"{root}/{path}"})


def _link(name: str, href: str, about: str = "", target: str = "") -> Record:
    return {"name": name, "href": href, "about": about, "target": target}


def _store(root: str, key: object) -> list[Record]:
    return [
        _link("Home", _as(root, key, "home"), "with the launcher"),
        _link("Rewards page", _as(root, key, "pages/rewards")),
        _link("Home of a guest", _as(root, "", "home")),
    ]


def _shopper(root: str, key: object, cart: str, order: Record | None) -> list[Record]:
    links = [_link("Checkout", _as(root, key, cart), "", checkout.TARGET)]
    if order and order["customer_id"]:
        links.append(_link("Order status", _as(root, key, f"account/orders/{order['id']}"), "", account.ORDER))
    return [
        *links, _link("Account: orders", _as(root, key, "account/orders"), "", account.LIST),
        _link("Account: profile", _as(root, key, "account/profile"), "", account.PROFILE),
        _link("Account: rewards", _as(root, key, "account/pages/account-rewards"), "", account.FULL_PAGE),
    ]  # fmt: skip


def _guest(root: str, cart: str, order: Record | None) -> list[Record]:
    links = [_link("Checkout", _as(root, "", cart), "then thank-you, with the claim", thank_you.TARGET)]
    if order:
        path = f"account/orders/{order['id']}?key={token_of(order)}"
        links.append(_link("Order status from a mail link", _as(root, "", path), "pre-authenticated", account.ORDER))
    return links


def _staff(shop: Shop, root: str, key: object, order: Record | None) -> list[Record]:
    links = [_link("Point of sale", f"{root}/till", "tile and modal", till.TILE)]
    if key:
        links += [
            _link("Customer at the till", f"{root}/till/customers/{key}", "", till.CUSTOMER),
            _link("Customer page of the admin", f"{root}/admin/customers/{key}", "with the action", admin.CUSTOMER),
        ]
    if order:
        links += [
            _link("After a purchase at the till", f"{root}/till/orders/{order['id']}", "", till.PAID),
            _link("Order page of the admin", f"{root}/admin/orders/{order['id']}", "", admin.ORDER),
        ]
    return [*links, _link("The app in the admin", f"{root}/admin")]
