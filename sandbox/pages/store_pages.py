"""The shop as a buyer sees it: goods and a checkout."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request

from sandbox.local import Sandbox
from sandbox.shop import money, orders, people
from sandbox.shop.catalogue import currencies, presentment, usual_shipping
from sandbox.shop.discounts import CodeRefused
from sandbox.state import Record, Shop

RENEWAL = "subscription_contract_checkout_one"
"""The `source_name` of a subscription's later orders."""
CHANNELS = {
    "web": "Online shop", "pos": "Point of sale", "shopify_draft_order": "Draft order",
    RENEWAL: "A subscription's later order",
}  # fmt: skip
SUBSCRIPTION = "Every month"
COLOURS = (("#7a2e1f", "#c77b4a"), ("#2f5d50", "#8fb996"), ("#4a3f6b", "#a58fc9"), ("#7b5e2a", "#d9b36a"))


def shop_or_404(box: Sandbox, domain: str) -> Shop:
    """The shop of an address."""
    return box.world.shops.get(domain) or abort(404)


def back(path: str, said: str = "", error: str = "") -> Any:
    """To another page, with a word about what happened."""
    query = urlencode({key: value for key, value in (("said", said), ("error", error)) if value})
    return redirect(f"{path}?{query}" if query else path, 303)


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the storefront."""
    routes = Blueprint("store_pages", __name__)

    def page(shop: Shop, error: str = "") -> Any:
        form = request.values
        wanted = {key[1:]: value for key, value in form.items() if key.startswith("q") and value}
        fresh = people.to_choose(shop, 200, form.get("customer", ""))
        text = render_template(
            "store.html", shop=shop, options=box.options, form=form, wanted=wanted, customers=fresh,
            colours=COLOURS, usual_shipping=money.rest(usual_shipping(shop), shop.currency),
            show=lambda minor: money.show(minor, shop.currency), problem=error, currencies=currencies(shop),
            channels=CHANNELS,
        )  # fmt: skip
        return (text, 400) if error else text

    @routes.get("/shops/<domain>/")
    def store(domain: str) -> Any:
        return page(shop_or_404(box, domain))

    @routes.post("/shops/<domain>/checkout")
    def checkout(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        try:
            order = box.place(
                shop, wish_of(shop, request.form), first_name=request.form.get("first_name", ""),
                last_name=request.form.get("last_name", ""), as_customer=not request.form.get("guest"),
            )  # fmt: skip
        except (CodeRefused, ValueError, KeyError) as error:
            return page(shop, f"{error}")
        said = f"Order {order['name']} is placed. Webhooks are on their way."
        return back(f"/shops/{domain}/orders/{order['id']}", said)

    return routes


def wish_of(shop: Shop, form: Any) -> orders.Wish:
    """The order that a checkout form asks for; ValueError says what is missing."""
    lines = [(int(key[1:]), int(form[key])) for key in form if key[0] == "q" and form[key].isdigit() and int(form[key])]
    if not lines:
        raise ValueError("Nothing is in the cart: give a quantity first")
    chosen: Record | None = shop.customer.get(int(form["customer"])) if form.get("customer") else None
    if form.get("guest"):
        chosen = None
    elif not chosen and form.get("email"):
        chosen = people.by_email(shop, form["email"])
    name, _, value = form.get("attribute", "").partition("=")
    later = form.get("payment") == "later"
    return orders.Wish(
        lines=lines, email=form.get("email") or (chosen or {}).get("email", ""),
        customer_id=chosen["id"] if chosen else None,
        codes=[code.strip() for code in form.get("codes", "").split(",") if code.strip()],
        shipping=orders.from_form(shop, form.get("shipping")), tip=orders.from_form(shop, form.get("tip")),
        tip_as_line=bool(form.get("tip_line")), duties=orders.from_form(shop, form.get("duties")),
        fees=orders.from_form(shop, form.get("fees")),
        paid=not later, gateway="manual" if later else form.get("payment") or "shopify_payments",
        gift_card=form.get("gift_card", "").strip(),
        test=bool(form.get("test")), locale=form.get("locale") or "en", source=form.get("source") or "web",
        presentment=presentment(shop, form.get("currency", "")),
        selling_plan=SUBSCRIPTION if form.get("subscribe") or form.get("source") == RENEWAL else "",
        note_attributes=[{"name": name.strip(), "value": value.strip()}] if name.strip() else [],
    )  # fmt: skip
