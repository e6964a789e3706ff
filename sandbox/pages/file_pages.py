"""The files of the shops, as Shopify's CDN serves them."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from sandbox.local import Sandbox
from sandbox.shop import files


def blueprint(box: Sandbox) -> Blueprint:
    """The one route."""
    routes = Blueprint("files", __name__)

    @routes.get("/s/files/1/<int:shop_id>/files/<name>")
    def picture(shop_id: int, name: str) -> Response:
        shops = (one for one in box.world.shops.values() if one.settings["shop_id"] == shop_id)
        one = next(filter(None, (files.found(shop, name) for shop in shops)), None)
        answer = Response(files.png(one or abort(404)), mimetype="image/png")
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers["Cache-Control"] = "max-age=3600"
        return answer

    return routes
