"""Who is in front of the surfaces, and the page that leads to each of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import shop_or_404


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of signing in."""
    routes = Blueprint("surface_people", __name__)

    @routes.route("/shops/<domain>/surfaces/sign-in", methods=["GET", "POST"])
    def sign_in(domain: str) -> Any:
        """As a customer, or as nobody; then on to where it was asked for within the shop."""
        shop = shop_or_404(box, domain)
        wanted = request.values.get("back", "")
        home = f"/shops/{shop.domain}/"
        answer = make_response(redirect(wanted if wanted.startswith(home) else f"{home}surfaces", 303))
        answer.set_cookie("customer", request.values.get("customer", ""), path=home, samesite="Lax")
        return answer

    return routes
