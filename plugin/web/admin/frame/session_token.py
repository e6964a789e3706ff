"""The page that gets a fresh ID token: it loads App Bridge, which then loads the page that was asked for."""

from __future__ import annotations

from flask import Flask, Response, g, make_response, render_template, request

from plugin.web.auth import PATCH_PATH, caller, shop_of
from plugin.web.current import parts


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule(PATCH_PATH, view_func=session_token)


@caller("public")
def session_token() -> Response:
    """Nothing of the shop is shown, so anybody may see it; only Shopify's admin may frame it."""
    g.frame_domain = shop_of(request.args.get("shop", ""))
    target = request.args.get("shopify-reload", "")
    if not is_ours(target):
        g.frame_domain = None
        return Response("Nothing to load\n", 400, mimetype="text/plain")
    return make_response(render_template("admin/frame/session_token.html", settings=parts().settings))


def is_ours(target: str) -> bool:
    """Whether the address to load next is a page of this app (browsers read `\\` as `/`)."""
    own = target.removeprefix(parts().settings.app_url)
    return own.startswith("/") and not own.startswith(("//", "/\\")) and not any(c < " " for c in own)
