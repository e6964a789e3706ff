"""What the resource picker of the admin lists, as it answers: products with their pictures, or collections."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.local import Sandbox
from sandbox.shop import files
from sandbox.state import Record, Shop

MOST = 50


def blueprint(box: Sandbox) -> Blueprint:
    """The one route."""
    routes = Blueprint("picker", __name__)

    @routes.get("/shops/<domain>/admin/picker.json")
    def picker(domain: str) -> Response:
        shop = box.world.shops.get(domain) or abort(404)
        kind, words = request.args.get("type", ""), request.args.get("query", "").lower().split()
        listed = {"product": shop.product, "collection": shop.collection}.get(kind)
        if listed is None:
            abort(404)
        hits = [one for one in listed.values() if all(word in one["title"].lower() for word in words)]
        return jsonify([_resource(shop, kind, one, box.options.url) for one in hits[:MOST]])

    return routes


def _resource(shop: Shop, kind: str, one: Record, base: str) -> Record:
    """A product or collection in the shape of the picker's selection."""
    gid = f"gid://shopify/{kind.title()}/{one['id']}"
    if kind == "collection":
        return {"id": gid, "title": one["title"], "handle": one["handle"], "image": None}
    picture = files.address(shop, {"name": files.of_product(one["id"])}, base)
    return {
        "id": gid, "title": one["title"], "handle": one["handle"], "vendor": one["vendor"], "status": "ACTIVE",
        "images": [{"id": f"gid://shopify/ProductImage/{one['id']}", "originalSrc": picture}], "variants": [],
    }  # fmt: skip
