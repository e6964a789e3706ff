"""The admin frame that hosts the embedded app, and the stand-ins for Shopify's two scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request

from sandbox.local import Sandbox
from sandbox.signing import load_query, query_hmac

STATIC = Path(__file__).parent / "static"
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
            "frame.html", shop=shop.settings, domain=domain, options=options,
            base=f"/shops/{domain}/admin/apps/{options.app_handle}",
            origin=_origin(options.app_url), start=_load(box, domain, wanted + (f"?{query}" if query else "")),
        )  # fmt: skip

    @routes.get("/shops/<domain>/admin/load")
    def load(domain: str) -> Any:
        if domain not in box.world.shops:
            abort(404)
        return jsonify({"url": _load(box, domain, request.args.get("path", options.app_path))})

    return routes


def _script(text: str) -> Response:
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "max-age=5"
    return answer


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _load(box: Sandbox, domain: str, path: str) -> str:
    """The address of a page of the app, with fresh parameters signed together with its own."""
    options, shop = box.options, box.shop(domain)
    parts = urlsplit(path if path.startswith("/") else f"/{path}")
    host = f"{_origin(options.url).split('://')[1]}/shops/{domain}/admin"
    fresh = load_query(
        options.api_key, options.api_secret, domain, host, shop.settings["locale"], options.id_token_seconds
    )
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **fresh}
    query["hmac"] = query_hmac(options.api_secret, query)
    return f"{options.app_url.rstrip('/')}{parts.path}?{urlencode(query)}"
