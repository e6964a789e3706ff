"""The admin's own pages of a customer and of an order, with the app's blocks and actions on them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import shop_or_404
from sandbox.pages.surfaces.seats import LANGUAGES, as_json, language, seats
from sandbox.shop import money, people, sums
from sandbox.shop.staff import STAFF, current
from sandbox.state import Shop
from sandbox.surfaces.activations import OFF, activations

CUSTOMER = "admin.customer-details.block.render"
ORDER = "admin.order-details.block.render"


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of customer and order pages, and what App Bridge says of the app's extensions."""
    routes = Blueprint("surface_admin", __name__)

    @routes.get("/shops/<domain>/admin/customers/<int:number>")
    def customer(domain: str, number: int) -> Any:
        shop = shop_or_404(box, domain)
        found = shop.customer.get(number) or abort(404)
        orders = sorted(people.orders_of(shop, number), key=lambda one: -one["id"])[:10]
        return _page(box, shop, "customer", number, people.full_name(found) or found["email"], customer=found,
                     orders=orders, spent=people.spent(shop, number), where=people.address_of(found))  # fmt: skip

    @routes.get("/shops/<domain>/admin/orders/<int:number>")
    def order(domain: str, number: int) -> Any:
        shop = shop_or_404(box, domain)
        found = shop.order.get(number) or abort(404)
        return _page(box, shop, "order", number, found["name"], order=found, placed=found["placed"],
                     customer=shop.customer.get(found["customer_id"]), status=sums.financial_status(found))  # fmt: skip

    @routes.get("/shops/<domain>/admin/extensions.json")
    def extensions(domain: str) -> Any:
        answer = jsonify(activations(box.options, shop_or_404(box, domain)))
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    @routes.post("/shops/<domain>/admin/extensions.json")
    def place(domain: str) -> Any:
        """As a merchant adds or removes an extension: `off` names the targets and blocks that stand nowhere."""
        shop = shop_or_404(box, domain)
        shop.settings[OFF] = [str(one) for one in (request.get_json(silent=True) or {}).get("off", [])]
        shop.save_settings()
        return extensions(domain)

    return routes


def _page(box: Sandbox, shop: Shop, kind: str, number: int, title: str, **rest: Any) -> str:
    gid = f"gid://shopify/{kind.title()}/{number}"
    state = {"values": {"data": {"selected": [{"id": gid}]}}}
    target = f"admin.{kind}-details"
    return render_template(
        f"surfaces/admin/{kind}.html", shop=shop, options=box.options, title=title, state=as_json(state),
        seats=seats(box, shop, f"{target}.block.render"), actions=seats(box, shop, f"{target}.action.render"),
        asking=[one for one in seats(box, shop, f"{target}.action.render", asks="1") if one.conditional],
        staff=STAFF, me=current(shop), languages=LANGUAGES, locale=language(shop),
        more={"token": "admin", "app": box.options.app_handle},
        show=lambda minor: money.show(minor, shop.currency), **rest,
    )  # fmt: skip
