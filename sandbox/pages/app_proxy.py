"""The app's pages on the storefront: signed as Shopify signs them, rendered as Liquid within the theme."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import requests
from flask import Blueprint, abort, make_response, redirect, render_template, request
from liquid import Environment

from sandbox import clock
from sandbox.local import Sandbox
from sandbox.pages.store_pages import back, shop_or_404
from sandbox.shop.people import to_choose
from sandbox.signing import origin_of
from sandbox.state import Shop

PREFIX = "apps"
PASSED_ON = ("Accept", "Content-Type", "If-None-Match")
"""Of a visitor's headers, what the app is told beside who asks."""
GIVEN_BACK = ("ETag", "Cache-Control", "Retry-After", "Content-Disposition")
_LIQUID = Environment()


def proxy_signature(secret: str, query: Mapping[str, str | Sequence[str]]) -> str:
    """Hex HMAC over the sorted parameters, without a separator; several values of one name joined by commas."""
    said = {name: value if isinstance(value, str) else ",".join(value) for name, value in query.items()}
    text = "".join(sorted(f"{name}={value}" for name, value in said.items() if name != "signature"))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def blueprint(box: Sandbox) -> Blueprint:
    """Routes below /apps of each shop, and signing in."""
    routes = Blueprint("app_proxy", __name__)
    pages = f"{PREFIX}/{box.options.proxy_subpath}"

    @routes.post("/shops/<domain>/account/login")
    def login(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        answer = back(f"/shops/{shop.domain}/{pages}/rewards")
        answer.set_cookie("customer", request.form.get("customer", ""), path=f"/shops/{shop.domain}/", samesite="Lax")
        return answer

    @routes.route(f"/shops/<domain>/{pages}", methods=["GET", "POST"])
    @routes.route(f"/shops/<domain>/{pages}/<path:rest>", methods=["GET", "POST"])
    def passed_on(domain: str, rest: str = "") -> Any:
        return _page(box, shop_or_404(box, domain), rest)

    @routes.get(f"/{pages}/<path:rest>")
    def of_the_only_shop(rest: str) -> Any:
        """A link on the shop's own host, such as an invitation: here the host is shared, so one shop must be meant."""
        if len(box.world.shops) != 1:
            abort(404)
        [domain] = box.world.shops
        query = request.query_string.decode()
        return redirect(f"/shops/{domain}/{pages}/{rest}" + (f"?{query}" if query else ""))

    return routes


def _page(box: Sandbox, shop: Shop, rest: str) -> Any:
    try:
        seen = {"X-Forwarded-For": request.remote_addr or "", "User-Agent": request.headers.get("User-Agent", "")}
        seen |= {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        form = request.get_data() if request.is_json else request.form.to_dict()
        answer = ask(box, shop, signed_in(shop), request.method, rest, request.args.to_dict(flat=False), form, seen)
    except requests.RequestException:
        abort(502, "The app does not answer")
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind != "application/liquid":
        passed = make_response(answer.content, answer.status_code)
        passed.headers["Content-Type"] = answer.headers.get("Content-Type", "text/plain")
        for name in GIVEN_BACK:
            if name in answer.headers:
                passed.headers[name] = answer.headers[name]
        return passed
    chosen = signed_in(shop)
    html = at_home(box, shop, _LIQUID.from_string(answer.text).render(shop={"name": shop.settings["name"]}))
    text = render_template("app_proxy.html", shop=shop, options=box.options, page=html, chosen=chosen,
                           customers=to_choose(shop, 200, chosen))  # fmt: skip
    return text, answer.status_code


def at_home(box: Sandbox, shop: Shop, html: str) -> str:
    """A page whose links lead into this shop: here all shops share one host, and each has a path of its own."""
    host = origin_of(box.options.url)
    start = "|".join(("(?<=[\"'])", re.escape(host), re.escape(quote(host))))
    ours = rf"(?:{start})(?=/(?:{PREFIX}/{box.options.proxy_subpath}|discount|customer_authentication)[/\"'?])"
    return re.sub(ours, rf"\g<0>/shops/{shop.domain}", html)


def ask(box: Sandbox, shop: Shop, customer: str, method: str, rest: str, args: Mapping[str, str | Sequence[str]],
        form: dict[str, str] | bytes, seen: dict[str, str]) -> requests.Response:  # fmt: skip
    """Ask the app for a page as Shopify does: without cookies, the query signed, saying who was seen asking."""
    query = {
        **args, "shop": shop.domain, "logged_in_customer_id": customer,
        "path_prefix": f"/{PREFIX}/{box.options.proxy_subpath}", "timestamp": str(int(clock.now().timestamp())),
    }  # fmt: skip
    query["signature"] = proxy_signature(box.options.api_secret, query)
    url = f"{box.options.app_url.rstrip('/')}{box.options.proxy_path}/{rest}"
    return requests.request(method, url, params=query, data=form, headers=seen, timeout=10, allow_redirects=False)


def signed_in(shop: Shop) -> str:
    """Who is signed in; empty when nobody is."""
    chosen = request.cookies.get("customer", "")
    return chosen if chosen.isdigit() and int(chosen) in shop.customer else ""
