"""For shops that keep Shopify's own confirmation: the Liquid to paste into its template."""

from __future__ import annotations

from flask import Flask, Response

from plugin.messages.shopify_snippet.snippet import SnippetShop, is_exact, snippet
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import page
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/messages/shopify", view_func=shopify_mail)


@caller("session", reads="nothing")
def shopify_mail() -> Response:
    """The snippet for the programme as it is now, with the steps."""
    with transaction() as conn:
        version = programmes.current(conn, shop().id, now())
    rules = version.programme
    facts = SnippetShop(shop().currency, shop().locale, bool(shop().settings.get("taxes_included")))
    return page(
        "admin/messages/shopify_mail.html",
        version=version,
        exact=is_exact(rules.basis, facts),
        snippet=snippet(rules, facts, version.number),
    )
