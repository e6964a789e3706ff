"""The point of sale: its home with tiles, customers, the cart beside them, and what comes after a purchase."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import shop_or_404
from sandbox.pages.surfaces.seats import LANGUAGES, as_json, language, seats
from sandbox.shop import money, people
from sandbox.shop.staff import STAFF, current
from sandbox.state import Record, Shop
from sandbox.surfaces import tills

TILE = "pos.home.tile.render"
CUSTOMER = "pos.customer-details.block.render"
PAID = "pos.purchase.post.block.render"
MODALS = ("pos.home.modal.render", "pos.customer-details.action.render", "pos.purchase.post.action.render")


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the till."""
    routes = Blueprint("surface_till", __name__)

    @routes.get("/shops/<domain>/till")
    def home(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        goods = [
            {"id": one["variants"][0]["id"], "title": one["title"], "price": one["variants"][0]["price"]}
            for one in shop.product.values()
        ]
        return _page(box, shop, "home", TILE, goods=goods)

    @routes.get("/shops/<domain>/till/customers")
    def customers(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        found = sorted(shop.customer.values(), key=lambda one: -one["id"])[:60]
        return _page(box, shop, "customers", "", people=found)

    @routes.get("/shops/<domain>/till/customers/<int:number>")
    def customer(domain: str, number: int) -> Any:
        shop = shop_or_404(box, domain)
        found = shop.customer.get(number) or abort(404)
        return _page(box, shop, "customer", CUSTOMER, {"customer": {"id": number}}, customer=found)

    _sales(box, routes)
    return routes


def _sales(box: Sandbox, routes: Blueprint) -> None:
    @routes.get("/shops/<domain>/till/orders/<int:number>")
    def paid(domain: str, number: int) -> Any:
        shop = shop_or_404(box, domain)
        order = shop.order.get(number) or abort(404)
        told: Record = {"id": order["id"], "name": order["name"]}
        if order["customer_id"]:
            told["customerId"] = order["customer_id"]
        return _page(box, shop, "paid", PAID, {"order": told}, order=order)

    @routes.post("/shops/<domain>/till/cart/<name>.json")
    def change(domain: str, name: str) -> Any:
        shop = shop_or_404(box, domain)
        given = (request.get_json(silent=True) or {}).get("given") or []
        try:
            go = ""
            if name == "pay":
                go = _pay(box, shop)
            else:
                tills.change(shop, tills.cart_of(shop), name, given)
        except (ValueError, KeyError, TypeError) as error:
            return jsonify({"error": f"{name}: {error}"})
        html, state = _cart(box, shop)
        return jsonify({"cart": html, "state": state, "go": go})


def _pay(box: Sandbox, shop: Shop) -> str:
    """The sale; codes that do not fit are left out, as staff have read."""
    cart = tills.cart_of(shop)
    if not cart["lines"]:
        raise ValueError("Nothing is in the cart")
    wish, refused = tills.wish(shop, cart), tills.priced(shop, cart)[1]
    wish.codes = [code for code in wish.codes if code not in refused]
    order = box.place(shop, wish, as_customer=cart["customer_id"] is not None)
    tills.clear(shop)
    return f"/shops/{shop.domain}/till/orders/{order['id']}"


def _cart(box: Sandbox, shop: Shop) -> tuple[str, Record]:
    cart = tills.cart_of(shop)
    order, refused = tills.priced(shop, cart)
    html = render_template(
        "surfaces/till/cart.html", shop=shop, order=order, placed=order["placed"], codes=cart["codes"],
        refused=refused, taken={one["code"]: one["amount"] for one in order["codes"]},
        customer=shop.customer.get(cart["customer_id"]), show=lambda minor: money.show(minor, shop.currency),
    )  # fmt: skip
    return html, {"cart.current": tills.signal(order, cart)}


def _state(box: Sandbox, shop: Shop, values: Record) -> Record:
    offline = box.trouble.strikes("till_offline")
    account = current(shop)
    session = {
        "shopId": shop.settings["shop_id"], "userId": account, "shopDomain": shop.domain, "locationId": 1,
        "staffMemberId": account, "currency": shop.currency, "posVersion": "10.20.0",
    }  # fmt: skip
    return {
        "connectivity.current": {"internetConnected": "Disconnected" if offline else "Connected"},
        "locale.current": language(shop), "session.staffMember": {"id": account},
        "scanner.scannerData.current": {}, "scanner.sources.current": ["camera"],
        "values": {**values, "till": {"currentSession": session, "deviceId": 1}},
    }  # fmt: skip


def _page(
    box: Sandbox, shop: Shop, name: str, target: str, values: Record | None = None, **rest: Any
) -> str:  # fmt: skip
    html, cart = _cart(box, shop)
    state = {**_state(box, shop, values or {}), **cart}
    modals = [seat for one in MODALS for seat in seats(box, shop, one)]
    rest.setdefault("customer", None)
    return render_template(
        f"surfaces/till/{name}.html", shop=shop, options=box.options, state=as_json(state), cart=html, modals=modals,
        seats=seats(box, shop, target) if target else [], staff=STAFF, me=current(shop), languages=LANGUAGES,
        locale=language(shop), more={"token": "till"}, full_name=people.full_name,
        offline=state["connectivity.current"]["internetConnected"] == "Disconnected",
        show=lambda minor: money.show(minor, shop.currency), **rest,
    )  # fmt: skip
