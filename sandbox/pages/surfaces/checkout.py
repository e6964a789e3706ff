"""The checkout: what a buyer sees between the cart and the order, with the app's block in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import back, shop_or_404
from sandbox.pages.surfaces.seats import LANGUAGES, as_json, language, seats, signed_in
from sandbox.shop import kept_money, money, quotes, sums
from sandbox.shop.carts import COOKIE
from sandbox.shop.catalogue import currencies
from sandbox.shop.discounts import CodeRefused
from sandbox.shop.people import to_choose
from sandbox.state import Record, Shop, now
from sandbox.surfaces import cart_signals as shown
from sandbox.surfaces import checkouts

TARGET = "purchase.checkout.block.render"
TYPED = ("email", "first_name", "last_name", "currency", "kind")


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the checkout."""
    routes = Blueprint("surface_checkout", __name__)
    here = "/shops/<domain>/checkouts/<token>"

    @routes.get("/shops/<domain>/checkout")
    def begin(domain: str) -> Any:
        """From the visitor's cart with its codes, or from `lines=VARIANT:QUANTITY,…` and `discount=A,B`."""
        shop = shop_or_404(box, domain)
        try:
            checkout = _from_cart(box, shop)
        except (ValueError, KeyError):
            return back(f"/shops/{domain}/", error="Nothing is in the cart: choose something first")
        return redirect(f"/shops/{domain}/checkouts/{checkout['id']}?locale={checkout['locale']}", 303)

    @routes.get(here)
    def page(domain: str, token: str) -> Any:
        shop = shop_or_404(box, domain)
        checkout = shop.checkout.get(token) or abort(404)
        if checkout["order_id"]:
            return redirect(f"/shops/{domain}/checkouts/{token}/thank-you", 303)
        _is_now(box, shop, checkout)
        summary, state = _both(box, shop, checkout)
        return render_template(
            "surfaces/checkout.html", shop=shop, options=box.options, checkout=checkout, summary=summary,
            state=as_json(state), seats=seats(box, shop, TARGET), kinds=checkouts.KINDS, languages=LANGUAGES,
            currencies=currencies(shop), locale=checkout["locale"],
            buyers=to_choose(shop, 100, checkout["customer_id"]),
        )  # fmt: skip

    @routes.get("/shops/<domain>/<int:shop_id>/checkouts/<token>/recover")
    def recover(domain: str, shop_id: int, token: str) -> Any:
        """The address that an email about a checkout left behind carries."""
        shop = shop_or_404(box, domain)
        if token not in shop.checkout or shop.settings["shop_id"] != shop_id or request.args.get("key") != token[::-1]:
            abort(404)
        return redirect(f"/shops/{domain}/checkouts/{token}", 303)

    _changes(box, routes, here)
    return routes


def _changes(box: Sandbox, routes: Blueprint, here: str) -> None:
    @routes.get(f"{here}/state.json")
    def state(domain: str, token: str) -> Any:
        shop = shop_or_404(box, domain)
        return _answer(box, shop, shop.checkout.get(token) or abort(404), checkouts.DONE)

    @routes.post(f"{here}/<change>.json")
    def change(domain: str, token: str, change: str) -> Any:
        shop = shop_or_404(box, domain)
        checkout = shop.checkout.get(token) or abort(404)
        answer = _change(box, shop, checkout, change)
        if answer == checkouts.DONE:
            box.tell_checkout(shop, checkout)
        return _answer(box, shop, checkout, answer)

    @routes.post(here)
    def pay(domain: str, token: str) -> Any:
        shop = shop_or_404(box, domain)
        checkout = shop.checkout.get(token) or abort(404)
        try:
            _place(box, shop, checkout)
        except (CodeRefused, ValueError, KeyError) as error:
            return back(f"/shops/{domain}/checkouts/{token}", error=str(error))
        return redirect(f"/shops/{domain}/checkouts/{token}/thank-you", 303)


def _from_cart(box: Sandbox, shop: Shop) -> Record:
    pairs = [one.partition(":") for one in request.args.get("lines", "").split(",") if one]
    lines = [(int(variant), int(quantity or 1)) for variant, _, quantity in pairs]
    codes = request.args.get("discount", "").split(",")
    cart = None if lines else box.carts.of(request.cookies.get(COOKIE, ""))
    if cart:
        lines, codes = list(cart.lines.items()), [*cart.codes, *codes]
    codes = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    customer = signed_in(shop)
    who = shop.customer[customer] if customer else {}
    return box.begin_checkout(
        shop, lines, codes=codes, customer_id=customer, locale=language(shop),
        currency=request.args.get("currency", ""), cart=cart.token if cart else "",
        kind=request.args.get("kind") or "online", **{key: who.get(key, "") for key in TYPED[:3]},
    )  # fmt: skip


def _is_now(box: Sandbox, shop: Shop, checkout: Record) -> None:
    """Whoever is signed in, in the language that was chosen last."""
    customer = signed_in(shop)
    changed = {"customer_id": customer, "locale": language(shop)}
    if customer and not checkout["email"]:
        changed |= {key: shop.customer[customer][key] for key in TYPED[:3]}
    if any(checkout[name] != value for name, value in changed.items()):
        checkout.update(changed)
        shop.save("checkout", checkout)
        box.tell_checkout(shop, checkout)


def _change(box: Sandbox, shop: Shop, checkout: Record, change: str) -> checkouts.Change:
    asked = request.get_json(silent=True) or {}
    if change == "code":
        return checkouts.change_code(shop, box.trouble, checkout, asked, now())
    if change == "gift-card":
        return checkouts.change_gift_card(shop, checkout, asked, now())
    if change == "typed":
        checkout.update({name: str(asked[name]) for name in TYPED if name in asked})
        shop.save("checkout", checkout)
        return checkouts.DONE
    return abort(404)


def _answer(box: Sandbox, shop: Shop, checkout: Record, made: checkouts.Change) -> Any:
    summary, state = _both(box, shop, checkout)
    return jsonify({"result": made.answer, "summary": summary, "state": state})


def _both(box: Sandbox, shop: Shop, checkout: Record) -> tuple[str, Record]:
    """The order summary as the page shows it, and the signals that the extensions see."""
    order, refused = quotes.quote(shop, checkouts.wish(shop, checkout), now())
    refused |= dict.fromkeys(checkout["ignored"], "The checkout did not take this code")
    state = {
        **shown.cart_signals(shop, order), **shown.buyer(shop, checkout["customer_id"], checkout["email"]),
        **shown.localization(shop, checkout["locale"], checkout["currency"]),
        "discountCodes": [{"code": code} for code in checkout["codes"]],
        "appliedGiftCards": shown.gift_cards(shop, order, checkout["gift_card"]),
        "instructions": checkouts.instructions(checkout, box.trouble), "checkoutToken": checkout["id"],
        "note": None, "attributes": [], "appMetafields": [], "customerPrivacy": {},
        "selectedPaymentOptions": [_paid_by(checkout)],
        "availablePaymentOptions": [], "buyerJourney.completed": bool(checkout["order_id"]), "buyerJourney.steps": [],
        "buyerJourney.activeStep": {"handle": "checkout"},
        "checkoutSettings": {"orderSubmission": "ORDER", "shippingAddress": {"isEditable": True}},
        "values": {"shop": shown.shop_view(shop, f"{box.options.url}/shops/{shop.domain}/")},
    }  # fmt: skip
    card = kept_money.find_card(shop, checkout["gift_card"]) if checkout["gift_card"] else None
    text = render_template(
        "surfaces/summary.html", order=order, placed=order["placed"], refused=refused, checkout=checkout, card=card,
        show=lambda minor: money.show(*sums.presented(order, minor)),
    )  # fmt: skip
    return text, state


def _paid_by(checkout: Record) -> Record:
    """The payment option that is chosen: a wallet in an accelerated checkout."""
    kind = "wallet" if checkout["kind"] == "accelerated" else "creditCard"
    return {"type": kind, "handle": kind}


def _place(box: Sandbox, shop: Shop, checkout: Record) -> None:
    """Buy, with the codes that are taken; a second press finds the order that the first one made."""
    with shop.lock:
        checkout.update({name: request.form[name] for name in TYPED if name in request.form})
        if checkout["order_id"]:
            return
        if "@" not in checkout["email"]:
            raise ValueError("Enter an email address")
        wish = checkouts.wish(shop, checkout)
        refused = quotes.quote(shop, wish, now())[1]
        wish.codes = [code for code in wish.codes if code not in refused]
        order = box.place(
            shop, wish, first_name=checkout["first_name"], last_name=checkout["last_name"],
            as_customer=not request.form.get("guest") or bool(checkout["customer_id"]),
        )  # fmt: skip
        checkout.update(order_id=order["id"], completed_at=order["created_at"])
        box.carts.drop(checkout["cart"])
        shop.save("checkout", checkout)
        box.tell_checkout(shop, checkout)
