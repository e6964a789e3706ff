"""The customer account: orders, one order (also for who came from its mail), profile, and full pages of extensions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import shop_or_404
from sandbox.pages.surfaces.seats import LANGUAGES, as_json, language, seats, signed_in
from sandbox.pages.surfaces.thank_you import order_signals
from sandbox.shop import money, people, sums
from sandbox.state import Record, Shop
from sandbox.surfaces import cart_signals as shown
from sandbox.webhooks.payloads import token_of

FULL_PAGE = "customer-account.page.render"
LIST = "customer-account.order-index.block.render"
ORDER = "customer-account.order-status.block.render"
PROFILE = "customer-account.profile.block.render"


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the account."""
    routes = Blueprint("surface_account", __name__)
    _lists(box, routes)
    _orders(box, routes)
    return routes


def _lists(box: Sandbox, routes: Blueprint) -> None:
    @routes.get("/shops/<domain>/account")
    def home(domain: str) -> Any:
        return redirect(f"/shops/{shop_or_404(box, domain).domain}/account/orders", 303)

    @routes.get("/shops/<domain>/account/orders")
    def orders(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        customer = signed_in(shop)
        if customer is None:
            return _to_login(shop)
        found = sorted(people.orders_of(shop, customer), key=lambda one: -one["id"])
        return _page(box, shop, "orders", "Orders", LIST, account_signals(box, shop), orders=found,
                     show=lambda minor: money.show(minor, shop.currency))  # fmt: skip

    @routes.get("/shops/<domain>/account/profile")
    def profile(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        customer = signed_in(shop)
        if customer is None:
            return _to_login(shop)
        where = people.address_of(shop.customer[customer])
        return _page(box, shop, "profile", "Profile", PROFILE, account_signals(box, shop), address=where)

    @routes.get("/shops/<domain>/account/pages/<handle>")
    def full(domain: str, handle: str) -> Any:
        shop = shop_or_404(box, domain)
        if signed_in(shop) is None:
            return _to_login(shop)
        path = request.args.get("path", "/")
        mine = [seat for seat in seats(box, shop, FULL_PAGE, path=path) if seat.extension.handle == handle]
        if not mine:
            abort(404)
        title = mine[0].extension.label(language(shop))
        return _page(box, shop, handle, title, "", account_signals(box, shop), seats=mine, more={"handle": handle})


def _orders(box: Sandbox, routes: Blueprint) -> None:
    @routes.get("/shops/<domain>/account/orders/<int:number>")
    def order(domain: str, number: int) -> Any:
        shop = shop_or_404(box, domain)
        found = shop.order.get(number) or abort(404)
        customer = signed_in(shop)
        full = customer is not None and customer == found["customer_id"]
        if not full and request.args.get("key") != token_of(found):
            return _to_login(shop) if customer is None else abort(404)
        state = {**account_signals(box, shop, full), **status_signals(box, shop, found, full)}
        return _page(
            box, shop, "order", f"Order {found['name']}", ORDER, state, order=found, full=full, placed=found["placed"],
            show=lambda minor: money.show(*sums.presented(found, minor)),
            more={"token": "shopper" if full else "nobody"},
        )  # fmt: skip

    @routes.get("/shops/<domain>/<int:shop_id>/orders/<token>/authenticate")
    def from_mail(domain: str, shop_id: int, token: str) -> Any:
        """The address that an order's mails carry."""
        shop = shop_or_404(box, domain)
        found = [one for one in shop.order.values() if token_of(one) == token]
        if not found or shop.settings["shop_id"] != shop_id or request.args.get("key") != token:
            abort(404)
        return redirect(f"/shops/{domain}/account/orders/{found[-1]['id']}?key={token}", 303)


def account_signals(box: Sandbox, shop: Shop, full: bool = True) -> Record:
    """What every page of the account tells extensions."""
    customer = signed_in(shop) if full else None
    return {
        **shown.localization(shop, language(shop), shop.currency),
        "authenticatedAccount.customer": {"id": f"gid://shopify/Customer/{customer}"} if customer else None,
        "authenticatedAccount.purchasingCompany": None, "customerPrivacy": {},
        "values": {"shop": shown.shop_view(shop, f"{box.options.url}/shops/{shop.domain}/")},
    }  # fmt: skip


def status_signals(box: Sandbox, shop: Shop, order: Record, full: bool) -> Record:
    """What the order status page adds: nothing of the buyer to who only has the link from a mail."""
    known = {
        "id": f"gid://shopify/Order/{order['id']}", "name": order["name"], "confirmationNumber": f"C{order['number']}",
        "processedAt": order["processed_at"],
    }  # fmt: skip
    if order["cancelled_at"]:
        known["cancelledAt"] = order["cancelled_at"]
    signals = order_signals(box, shop, order, language(shop))
    if not full:
        signals |= shown.buyer(shop, None, "")
    state = "fully_authenticated" if full else "pre_authenticated"
    return {**signals, "order": known, "authenticationState": state}


def _to_login(shop: Shop) -> Any:
    here = quote(request.full_path.rstrip("?"), safe="")
    return redirect(f"/shops/{shop.domain}/customer_authentication/login?return_to={here}", 303)


def _page(
    box: Sandbox, shop: Shop, here: str, title: str, target: str, state: Record, more: Record | None = None,
    **rest: Any,
) -> str:  # fmt: skip
    customer = signed_in(shop)
    template = {"orders": "orders", "profile": "profile", "order": "order"}.get(here, "page")
    rest.setdefault("seats", seats(box, shop, target) if target else [])
    return render_template(
        f"surfaces/account/{template}.html", shop=shop, options=box.options, here=here, title=title,
        customer=shop.customer[customer] if customer else None, state=as_json(state), languages=LANGUAGES,
        locale=language(shop), full_pages=seats(box, shop, FULL_PAGE), more=more or {},
        people=people.to_choose(shop, 100, customer), **rest,
    )  # fmt: skip
