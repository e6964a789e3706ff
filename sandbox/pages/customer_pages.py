"""Customers of a shop, and the shop's settings and app."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import back, shop_or_404
from sandbox.shop import people
from sandbox.state import Record, Shop


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of customers and of the app."""
    routes = Blueprint("customer_pages", __name__)

    @routes.get("/shops/<domain>/customers")
    def listing(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        found = _search(shop, request.args.get("q", ""))
        rows = [(one, len(people.orders_of(shop, one["id"])), _fields(shop, one)) for one in found[:100]]
        return render_template("customers.html", shop=shop, options=box.options, customers=rows)

    @routes.post("/shops/<domain>/customers")
    def create(domain: str) -> Any:
        shop, form = shop_or_404(box, domain), request.form
        if people.by_email(shop, form["email"]):
            return back(f"/shops/{domain}/customers", error="There is a customer with this address")
        box.enrol(shop, **{key: form.get(key, "") for key in ("first_name", "last_name", "email", "locale")})
        return back(f"/shops/{domain}/customers", "Customer created.")

    @routes.post("/shops/<domain>/customers/<int:number>/<action>")
    def act(domain: str, number: int, action: str) -> Any:
        shop = shop_or_404(box, domain)
        customer = shop.customer.get(number) or abort(404)
        try:
            said = _act(box, shop, customer, action)
        except ValueError as error:
            return back(f"/shops/{domain}/customers", error=str(error))
        return back(f"/shops/{domain}/customers", said)

    @routes.get("/shops/<domain>/app")
    def app_page(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        triggers = list(shop.flow_trigger.values())[-20:][::-1]
        return render_template("shop_app.html", shop=shop, options=box.options, triggers=triggers)

    @routes.post("/shops/<domain>/app/<action>")
    def app_act(domain: str, action: str) -> Any:
        shop = shop_or_404(box, domain)
        return back(f"/shops/{domain}/app", _app_act(box, shop, action))

    return routes


def _search(shop: Shop, text: str) -> list[Record]:
    wanted = text.strip().lower()
    newest = sorted(shop.customer.values(), key=lambda one: one["created_at"], reverse=True)
    return [one for one in newest if wanted in f"{people.full_name(one)} {one['email']}".lower()]


def _fields(shop: Shop, customer: Record) -> list[Record]:
    start = f"gid://shopify/Customer/{customer['id']}|"
    return [one for key, one in shop.metafield.items() if key.startswith(start)]


def _act(box: Sandbox, shop: Shop, customer: Record, action: str) -> str:
    if action == "update":
        fields = {key: request.form[key] for key in ("email", "first_name", "last_name") if key in request.form}
        box.change_customer(shop, customer, **fields)
        return "Customer updated."
    if action == "tags":
        wanted = {tag.strip() for tag in request.form.get("tags", "").split(",") if tag.strip()}
        box.tag_customer(shop, customer, add=wanted, remove=set(customer["tags"]) - wanted)
        return "Tags changed."
    if action == "consent":
        box.set_consent(shop, customer, "SUBSCRIBED" if request.form.get("subscribed") else "UNSUBSCRIBED")
        return "Consent changed."
    if action == "merge":
        kept = shop.customer.get(int(request.form.get("into") or 0))
        if not kept or kept is customer:
            raise ValueError("There is no such other customer")
        box.merge(shop, kept, customer)
        return "Customers merged."
    steps: dict[str, tuple[Any, str]] = {
        "data-request": (box.ask_for_data, "Data request sent."),
        "redact": (box.redact, "Redaction sent; Shopify has forgotten the customer."),
        "delete": (box.delete_customer, "Customer deleted."),
    }
    if action not in steps:
        abort(404)
    steps[action][0](shop, customer)
    return steps[action][1]


def _app_act(box: Sandbox, shop: Shop, action: str) -> str:
    if action == "uninstall":
        box.uninstall(shop)
        return "The app is removed."
    if action == "redact":
        box.redact_shop(shop)
        return "shop/redact is sent."
    if action == "scopes":
        box.set_scopes(shop, request.form.get("scopes", "").split())
        return "Scopes changed."
    if action == "shop":
        box.change_shop(shop, {key: value for key, value in request.form.items() if value or key == "tax_shipping"})
        return "Saved."
    return abort(404)
