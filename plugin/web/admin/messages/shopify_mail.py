"""For shops that keep Shopify's own emails: the Liquid to paste into their templates, and a check of what is there."""

from __future__ import annotations

from flask import Flask, Response, request

from plugin.actions.shops import pasted_snippets
from plugin.errors import BadInput
from plugin.messages.shopify_snippet import current, pasted
from plugin.messages.shopify_snippet.inexact import reasons
from plugin.messages.shopify_snippet.pasted import Found, Standing
from plugin.messages.shopify_snippet.snippet import SnippetKind, snippet
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.words import t

ROOM_FOR_THE_REST = 10_000
_NAMES = {kind: f"messages.shopify_mail.kind.{kind}" for kind in SnippetKind}
_TONES = {
    Standing.CURRENT: "success",
    Standing.MISSING: "info",
    Standing.OUT_OF_DATE: "warning",
    Standing.CHANGED: "warning",
}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages/shopify", view_func=shopify_mail)
    app.add_url_rule("/app/messages/shopify/check", "check_snippet", check, methods=["POST"])


@caller("session", reads="nothing")
def shopify_mail() -> Response:
    """The snippet for the programme as it is now, with the steps."""
    return _shown(_kind(request.args.get("email", "")))


@caller("session", role="manager")
def check() -> Response:
    """Say how our snippet stands in the template that was pasted, and remember it for Home."""
    request.max_content_length = 3 * pasted.MOST_BYTES + ROOM_FOR_THE_REST  # as a form writes them
    request.max_form_memory_size = request.max_content_length
    kind, template = _kind(request.form.get("email", "")), request.form.get("template", "")
    if not template.strip():
        return _shown(kind, Form({}, {"template": t("messages.shopify_mail.check.empty")}), status=422)
    try:
        with transaction() as conn:
            version = programmes.current(conn, shop().id, now())
            made = snippet(version.programme, current.snippet_shop(shop()), version.number, kind)
            found = pasted.look(template, kind, made)
            pasted_snippets.note(conn, shop(), kind, current.mark_in(template, kind), now())
    except BadInput as error:
        return _shown(kind, Form({}, error.fields, error.message), status=error.status)
    return _shown(kind, Form({"template": template}, {}), found)


def _kind(name: str) -> SnippetKind:
    return SnippetKind(name) if name in set(SnippetKind) else SnippetKind.ORDER


def _shown(
    kind: SnippetKind, form: Form | None = None, found: tuple[Found, ...] | None = None, status: int = 200
) -> Response:
    with transaction() as conn:
        version = programmes.current(conn, shop().id, now())
    facts = current.snippet_shop(shop())
    return page(
        "admin/messages/shopify_mail.html",
        status,
        version=version,
        kind=kind,
        kinds={one: t(key) for one, key in _NAMES.items()},
        because=reasons(version.programme, facts) if kind == SnippetKind.ORDER else (),
        snippet=snippet(version.programme, facts, version.number, kind),
        form=form or Form({}, {}),
        found=found,
        tones=_TONES,
    )
