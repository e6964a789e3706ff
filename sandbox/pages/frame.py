"""The admin frame that hosts the embedded app, and the stand-ins for Shopify's two scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request

from sandbox.local import Sandbox
from sandbox.shop import staff
from sandbox.signing import load_url, origin_of

STATIC = Path(__file__).parents[1] / "static"
POLARIS = ("start", "layout", "text", "actions", "fields", "choices", "table")


def polaris() -> str:
    """The parts of the Polaris stand-in as one script."""
    return "\n".join((STATIC / "polaris" / f"{name}.js").read_text("utf-8") for name in POLARIS)


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the admin."""
    routes = Blueprint("frame", __name__)
    options = box.options
    home = f"/shops/<domain>/admin/apps/{options.app_handle}"

    @routes.get("/cdn/app-bridge.js")
    def app_bridge() -> Response:
        return _script((STATIC / "app-bridge.js").read_text("utf-8"))

    @routes.get("/cdn/polaris.js")
    def polaris_script() -> Response:
        return _script(polaris())

    @routes.get("/shops/<domain>/admin")
    @routes.get("/shops/<domain>/admin/")
    def admin(domain: str) -> Any:
        return redirect(f"/shops/{domain}/admin/apps/{options.app_handle}")

    @routes.get(home)
    @routes.get(f"{home}/")
    @routes.get(f"{home}/<path:path>")
    def framed(domain: str, path: str = "") -> Any:
        shop = box.world.shops.get(domain) or abort(404)
        query = request.query_string.decode()
        wanted = f"/{path}" if path else options.app_path
        return render_template(
            "frame.html", shop=shop.settings, domain=domain, staff=staff.STAFF, me=staff.current(shop), options=options,
            base=f"/shops/{domain}/admin/apps/{options.app_handle}",
            origin=origin_of(options.app_url), start=load_url(options, shop, wanted + (f"?{query}" if query else "")),
        )  # fmt: skip

    @routes.post("/shops/<domain>/admin/staff")
    def be_somebody(domain: str) -> Any:
        staff.choose(box.world.shops.get(domain) or abort(404), request.form.get("account", ""))
        wanted = request.form.get("back", "")
        here = f"/shops/{domain}/"
        return redirect(wanted if wanted.startswith(here) else f"{here}admin/apps/{options.app_handle}", 303)

    @routes.get("/shops/<domain>/admin/load")
    def load(domain: str) -> Any:
        shop = box.world.shops.get(domain) or abort(404)
        return jsonify({"url": load_url(options, shop, request.args.get("path", options.app_path))})

    return routes


def _script(text: str) -> Response:
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "max-age=5"
    return answer
