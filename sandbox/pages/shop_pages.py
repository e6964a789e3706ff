"""All shops of the sandbox: the page one begins at, and what programs ask of them."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import back, shop_or_404
from sandbox.shop.catalogue import RATES
from sandbox.shop.staff import current
from sandbox.signing import id_token


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the index, new shops, their ID tokens, and whether the sandbox is well."""
    routes = Blueprint("shops", __name__)

    @routes.get("/")
    def index() -> str:
        return render_template(
            "index.html", options=box.options, shops=list(box.world.shops.values()), mails=box.post.count(),
            currencies=["PHP", *(one for one in RATES if one != "PHP")],
        )  # fmt: skip

    @routes.post("/shops")
    def open_shop() -> Any:
        form = request.form.to_dict()
        domain = form.pop("domain", "")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", domain):
            return back("/", error="The address may have small letters, digits and hyphens")
        shop = box.open_shop(f"{domain}.myshopify.com", **{**form, "taxes_included": bool(form.get("taxes_included"))})
        return redirect(f"/shops/{shop.domain}/", 303)

    @routes.get("/shops.json")
    def shops() -> Response:
        return jsonify([{**shop.settings, "orders": len(shop.order)} for shop in box.world.shops.values()])

    @routes.get("/shops/<domain>/id-token")
    def fresh_token(domain: str) -> Response:
        options, shop = box.options, shop_or_404(box, domain)
        token = id_token(options.api_key, options.api_secret, shop.domain, options.id_token_seconds, current(shop))
        answer = jsonify({"id_token": token})
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    @routes.get("/healthz")
    def healthy() -> dict[str, Any]:
        return {"ok": True, "shops": len(box.world.shops), "pending": box.dispatcher.pending()}

    return routes
