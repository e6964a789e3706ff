"""The pages of the online store, its cart by form and by script, and signing in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, send_from_directory

from sandbox.local import Sandbox
from sandbox.pages.store_pages import COLOURS, shop_or_404
from sandbox.shop import people
from sandbox.shop.carts import COOKIE
from sandbox.state import Record, Shop
from sandbox.storefront import objects
from sandbox.storefront.liquid_filters import money_in
from sandbox.storefront.visits import LOOK, Visit

STATIC = Path(__file__).parents[1] / "static" / "storefront"
SHOP = "/shops/<domain>"


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the online store."""
    routes = Blueprint("storefront", __name__)
    _pages(box, routes)
    _cart(box, routes)
    _visitor(box, routes)
    return routes


def _pages(box: Sandbox, routes: Blueprint) -> None:
    @routes.get(f"{SHOP}/home")
    def home(domain: str) -> Any:
        return shown(Visit(box, shop_or_404(box, domain)))

    @routes.get(f"{SHOP}/products/<handle>")
    def product(domain: str, handle: str) -> Any:
        visit = Visit(box, shop_or_404(box, domain), "product")
        found = next((one for one in visit.shop.product.values() if one["handle"] == handle), None) or abort(404)
        wanted = request.args.get("variant", "")
        chosen = int(wanted) if wanted.isdigit() else None
        visit.extra["product"] = objects.product_object(visit.shop, found, visit.root, chosen)
        return shown(visit)

    @routes.get(f"{SHOP}/cart")
    def cart(domain: str) -> Any:
        return shown(Visit(box, shop_or_404(box, domain), "cart"))

    @routes.get(f"{SHOP}/pages/rewards")
    def rewards(domain: str) -> Any:
        return shown(Visit(box, shop_or_404(box, domain), "page"))

    @routes.get(f"{SHOP}/cdn/extension/<name>")
    def asset(domain: str, name: str) -> Any:
        extension = Visit(box, shop_or_404(box, domain)).extension or abort(404)
        return send_from_directory(extension.folder.resolve() / "assets", name, max_age=0)

    @routes.get("/cdn/storefront/<name>")
    def of_theme(name: str) -> Any:
        return send_from_directory(STATIC, name, max_age=0)


def _cart(box: Sandbox, routes: Blueprint) -> None:
    def answer(visit: Visit) -> Any:
        return kept(visit, jsonify(cart_body(visit)))

    @routes.get(f"{SHOP}/cart.js")
    def as_json(domain: str) -> Any:
        return answer(Visit(box, shop_or_404(box, domain)))

    @routes.post(f"{SHOP}/cart/add")
    @routes.post(f"{SHOP}/cart/add.js")
    def add(domain: str) -> Any:
        visit = Visit(box, shop_or_404(box, domain))
        asked: Any = request.get_json(silent=True) or request.form
        variant = _variant_of(visit.shop, str(asked.get("id", "")))
        quantity = str(asked.get("quantity") or 1)
        if variant is None or not quantity.isdigit():
            return {"status": 422, "message": "Cart Error", "description": "No such variant"}, 422
        visit.cart.put(variant, visit.cart.lines.get(variant, 0) + int(quantity))
        return answer(visit) if request.path.endswith(".js") else kept(visit, redirect(f"{visit.root}cart", 303))

    @routes.post(f"{SHOP}/cart/update")
    @routes.post(f"{SHOP}/cart/update.js")
    def update(domain: str) -> Any:
        visit = Visit(box, shop_or_404(box, domain))
        change(visit, request.get_json(silent=True) or _of_form(request.form))
        return answer(visit) if request.path.endswith(".js") else kept(visit, redirect(f"{visit.root}cart", 303))

    @routes.get(f"{SHOP}/discount/<code>")
    def with_code(domain: str, code: str) -> Any:
        """Shopify's own link to a shop: the code goes into the cart. Without an address to go on to, the buy form."""
        visit = Visit(box, shop_or_404(box, domain))
        visit.cart.carry([*visit.cart.codes, code])
        wanted = request.args.get("redirect")
        where = f"{visit.root}?{urlencode({'codes': code})}" if wanted is None else _inside(visit.shop, wanted)
        return kept(visit, redirect(where, 303))

    @routes.post(f"{SHOP}/cart/codes")
    def take_out(domain: str) -> Any:
        """The cart's own little forms: one code more, or one less."""
        visit = Visit(box, shop_or_404(box, domain), "cart")
        less, more = request.form.get("less", "").lower(), request.form.get("more", "")
        visit.cart.carry([*(one for one in visit.cart.codes if one.lower() != less), more])
        return kept(visit, redirect(f"{visit.root}cart", 303))


def _visitor(box: Sandbox, routes: Blueprint) -> None:
    @routes.get(f"{SHOP}/customer_authentication/login")
    def login(domain: str) -> Any:
        return shown(Visit(box, shop_or_404(box, domain), "login"))

    @routes.post(f"{SHOP}/customer_authentication/login")
    def sign_in(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        answer = redirect(_inside(shop, request.args.get("return_to", "")), 303)
        answer.set_cookie("customer", _who(box, shop), path=f"/shops/{shop.domain}/", samesite="Lax")
        return answer

    @routes.get(f"{SHOP}/logout")
    def sign_out(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        answer = redirect(f"/shops/{shop.domain}/home", 303)
        answer.delete_cookie("customer", path=f"/shops/{shop.domain}/")
        return answer

    @routes.post(f"{SHOP}/storefront/look")
    def look(domain: str) -> Any:
        """What a merchant does in the theme editor: an embed on or off, settings of the blocks, the language."""
        shop = shop_or_404(box, domain)
        asked: Record = request.get_json(silent=True) or {}
        known = {key: asked[key] for key in ("off", "settings", "language") if key in asked}
        if "off" in request.form:
            known["off"] = [one for one in request.form["off"].split(",") if one]
        shop.settings[LOOK] = {**shop.settings.get(LOOK, {}), **known}
        shop.save_settings()
        return redirect(_inside(shop, request.form.get("back", "")), 303)


def _who(box: Sandbox, shop: Shop) -> str:
    """The customer who was chosen, or who has the address that was typed: a new one gets an account, as in Shopify."""
    email = request.form.get("email", "").strip()
    if "@" not in email:
        return request.form.get("customer", "")
    found = people.by_email(shop, email) or box.enrol(shop, first_name="", last_name="", email=email)
    return str(found["id"])


def shown(visit: Visit) -> Any:
    """One page in the theme."""
    shop, language = visit.shop, visit.language
    customers = people.to_choose(shop, 200, "") if visit.template == "login" else ()
    html = render_template(
        f"storefront/{visit.template}.html", visit=visit, shop=shop, root=visit.root, on=visit.liquid, colours=COLOURS,
        money=money_in(shop.currency, language), customers=customers, language=language, dir=direction(language),
        products=[objects.product_object(shop, one, visit.root) for one in shop.product.values()],
    )  # fmt: skip
    return kept(visit, Response(html, mimetype="text/html"))


def direction(language: str) -> str:
    """`rtl` for a language that is written from right to left."""
    try:
        return Locale.parse(language, sep="-").text_direction
    except (ValueError, UnknownLocaleError):
        return "ltr"


def kept(visit: Visit, answer: Any) -> Any:
    """The answer, with the visitor's cart remembered."""
    if request.cookies.get(COOKIE) != visit.cart.token:
        answer.set_cookie(COOKIE, visit.cart.token, path=f"/shops/{visit.shop.domain}/", samesite="Lax")
    return answer


def change(visit: Visit, asked: Record) -> None:
    """`updates` sets quantities by variant; `discount` replaces every code by those of a list with commas."""
    for key, quantity in dict(asked.get("updates") or {}).items():
        variant = _variant_of(visit.shop, str(key).partition(":")[0])
        if variant is not None and str(quantity).isdigit():
            visit.cart.put(variant, int(quantity))
    if "discount" in asked:
        visit.cart.carry(str(asked["discount"]).split(","))


def cart_body(visit: Visit) -> Record:
    """The cart as `/cart.js` has it."""
    cart: Record = visit.liquid["cart"]
    rest = {key: value for key, value in cart.items() if key not in ("items", "currency", "refused", "empty?")}
    items = [{key: value for key, value in one.items() if key not in ("product", "variant")} for one in cart["items"]]
    return {**rest, "items": items, "currency": cart["currency"]["iso_code"], "refused": cart["refused"]}


def _of_form(form: Any) -> Record:
    found = {key: form.get(key, "") for key in form}
    updates = {key[8:-1]: value for key, value in found.items() if re.fullmatch(r"updates\[\d+\]", key)}
    return {"updates": updates, **({"discount": found["discount"]} if "discount" in found else {})}


def _variant_of(shop: Shop, text: str) -> int | None:
    ids = {variant["id"] for product in shop.product.values() for variant in product["variants"]}
    return int(text) if text.isdigit() and int(text) in ids else None


def _inside(shop: Shop, path: str) -> str:
    """A path of this shop, or its home: nobody is sent anywhere else."""
    start = f"/shops/{shop.domain}/"
    if path.startswith("//"):
        return f"{start}home"
    path = path if path.startswith(start) else start + path.lstrip("/") if path.startswith("/") else ""
    return path if path and "//" not in path and "\\" not in path else f"{start}home"
