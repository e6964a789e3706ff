"""The frames that extensions run in, their bundles and tokens, and the scripts that stand in for Shopify's hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import back, shop_or_404
from sandbox.pages.surfaces.seats import as_json, direction, language, settings_of, signed_in
from sandbox.shop.staff import current
from sandbox.state import Record, Shop
from sandbox.surfaces.extensions import Extension, every
from sandbox.surfaces.tokens import shopper_token, staff_token

STATIC = Path(__file__).parents[2] / "static" / "surfaces"
LOOKS = {"purchase": "checkout", "customer-account": "checkout boxed", "pos": "till", "admin": "admin"}
KINDS = {".js": "text/javascript", ".css": "text/css"}


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of frames, bundles, tokens and settings."""
    routes = Blueprint("surface_frames", __name__)

    @routes.get("/cdn/surfaces/<path:name>")
    def script(name: str) -> Response:
        path = (STATIC / name).resolve()
        if not path.is_relative_to(STATIC) or path.suffix not in KINDS or not path.is_file():
            abort(404)
        return _shared(Response(path.read_text("utf-8"), mimetype=KINDS[path.suffix]))

    @routes.get("/shops/<domain>/surfaces/frame/<handle>/<target>")
    def frame(domain: str, handle: str, target: str) -> Any:
        shop, extension = shop_or_404(box, domain), _extension(box, handle)
        if not extension.serves(target):
            abort(404)
        locale = language(shop)
        told = _told(box, shop, extension, target, locale)
        return render_template("surfaces/frame.html", told=as_json(told), locale=locale, direction=direction(locale),
                               look=LOOKS[target.split(".")[0]], title=f"{handle}: {target}")  # fmt: skip

    @routes.get("/shops/<domain>/surfaces/bundle/<handle>/<target>.js")
    def bundle(domain: str, handle: str, target: str) -> Response:
        shop_or_404(box, domain)
        text = _extension(box, handle).script(target, box.options.app_url) or abort(404)
        return _shared(Response(text, mimetype="text/javascript"))

    @routes.get("/shops/<domain>/surfaces/token.json")
    def token(domain: str) -> Response:
        return jsonify({"token": _token(box, shop_or_404(box, domain))})

    @routes.post("/shops/<domain>/surfaces/settings/<handle>")
    def set_fields(domain: str, handle: str) -> Any:
        shop, extension = shop_or_404(box, domain), _extension(box, handle)
        kept = shop.settings.setdefault("extension_settings", {})
        kept[handle] = {one["key"]: value for one in extension.fields if (value := _typed(one)) not in ("", None)}
        shop.save_settings()
        return back(request.form.get("back") or f"/shops/{domain}/surfaces")

    return routes


def _shared(answer: Response) -> Response:
    """For frames without an origin, as scripts from Shopify's own servers are."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _extension(box: Sandbox, handle: str) -> Extension:
    found = [one for one in every(box.options.extensions_dir) if one.handle == handle]
    return found[0] if found else abort(404)


def _told(box: Sandbox, shop: Shop, extension: Extension, target: str, locale: str) -> Record:
    condition = extension.condition(target)
    start = f"{box.options.url}/shops/{shop.domain}/surfaces/bundle/{extension.handle}"
    return {
        "handle": extension.handle, "target": target, "script": f"{start}/{target}.js",
        "condition": {"target": condition, "script": f"{start}/{condition}.js"} if condition else None,
        "locale": locale, "shopLocale": shop.settings["locale"], "locales": extension.locales,
        "appUrl": box.options.app_url.rstrip("/"), "settings": settings_of(shop, extension.handle),
        "networkAccess": bool(extension.capabilities.get("network_access")), "editor": bool(request.args.get("editor")),
        "slowSeconds": box.trouble.settings.surface_slow_seconds, "currency": shop.currency,
        "timezone": shop.settings["timezone"], "url": "extension:" + request.args.get("path", "/"),
        "asks": bool(request.args.get("asks")),
    }  # fmt: skip


def _token(box: Sandbox, shop: Shop) -> str | None:
    """Of staff, or of a shopper: of nobody where the page was opened from a mail."""
    expired = box.trouble.strikes("surface_token_expired")
    if request.args.get("for") == "till" and box.trouble.strikes("till_no_access"):
        return None
    if request.args.get("for") in ("till", "admin"):
        return staff_token(box.options, shop, current(shop), expired=expired)
    customer = None if request.args.get("for") == "nobody" else signed_in(shop)
    return shopper_token(box.options, shop.domain, customer, expired=expired)


def _typed(field: Record) -> str | int | float | bool | None:
    """The value of a setting as its type wants it."""
    text = request.form.get(field["key"], "")
    if field["type"] == "boolean":
        return bool(text)
    if not text:
        return None
    if field["type"] == "number_integer":
        return int(text)
    return float(text) if field["type"] == "number_decimal" else text
