"""What a buyer sees when the order is placed: once the thank-you page, later the order status page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template

from sandbox.local import Sandbox
from sandbox.pages.store_pages import shop_or_404
from sandbox.pages.surfaces.seats import LANGUAGES, as_json, language, seats
from sandbox.shop import money, people, sums
from sandbox.state import Record, Shop
from sandbox.surfaces import cart_signals as shown
from sandbox.webhooks.payloads import checkout_token_of

TARGET = "purchase.thank-you.block.render"


def blueprint(box: Sandbox) -> Blueprint:
    """The route of the thank-you page."""
    routes = Blueprint("surface_thank_you", __name__)

    @routes.get("/shops/<domain>/checkouts/<token>/thank-you")
    def page(domain: str, token: str) -> Any:
        shop = shop_or_404(box, domain)
        checkout = shop.checkout.get(token) or abort(404)
        order = shop.order.get(checkout["order_id"])
        if order is None:
            return redirect(f"/shops/{domain}/checkouts/{token}", 303)
        return render_template(
            "surfaces/thank_you.html", shop=shop, options=box.options, order=order, placed=order["placed"],
            state=as_json(_state(box, shop, order)), seats=seats(box, shop, TARGET), languages=LANGUAGES,
            locale=language(shop), show=lambda minor: money.show(*sums.presented(order, minor)),
        )  # fmt: skip

    return routes


def order_signals(box: Sandbox, shop: Shop, order: Record, locale: str) -> Record:
    """An order to extensions, on the thank-you page and on the order status page."""
    return {
        **shown.cart_signals(shop, order), **shown.buyer(shop, order["customer_id"], order["email"]),
        **shown.localization(shop, locale, (order["presentment"] or [""])[0]),
        "appliedGiftCards": [], "checkoutToken": checkout_token_of(order), "note": None, "attributes": [],
        "appMetafields": [], "selectedPaymentOptions": [], "availablePaymentOptions": [], "customerPrivacy": {},
        "checkoutSettings": {"orderSubmission": "ORDER", "shippingAddress": {"isEditable": False}},
        "values": {"shop": shown.shop_view(shop, f"{box.options.url}/shops/{shop.domain}/")},
    }  # fmt: skip


def _state(box: Sandbox, shop: Shop, order: Record) -> Record:
    first = order["customer_id"] is None or len(people.orders_of(shop, order["customer_id"])) == 1
    confirmation = {
        "order": {"id": f"gid://shopify/Order/{order['id']}"}, "number": f"C{order['number']}", "isFirstOrder": first,
    }  # fmt: skip
    return {**order_signals(box, shop, order, language(shop)), "orderConfirmation": confirmation}
