"""Settings, Automation: the keys with which other programs call the API."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import api_keys
from plugin.errors import BadInput
from plugin.rules.access.roles import SCOPES
from plugin.store.shops import api_keys as store
from plugin.web import once
from plugin.web.admin.frame.layout import Form, found, go, link, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction

AT_FIRST = {"read": "yes", "report": "yes"}
"""What is ticked for a new key: what the programs need that we know of."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/automation", view_func=automation)
    app.add_url_rule("/app/settings/automation", "make_api_key", make, methods=["POST"])
    app.add_url_rule("/app/settings/automation/<int:key_id>", "api_key", confirm)
    app.add_url_rule("/app/settings/automation/<int:key_id>", "revoke_api_key", revoke, methods=["POST"])


@caller("session", reads="nothing")
def automation() -> Response:
    """The keys there are, and a form for a new one."""
    return _page(Form(AT_FIRST, {}))


def _page(form: Form, status: int = 200, made: str = "") -> Response:
    with transaction() as conn:
        keys = store.all_of(conn, shop().id)
    old = {key.id for key in keys if api_keys.is_old(key, now())}
    return page(
        "admin/settings/automation.html",
        status,
        form=form,
        keys=keys,
        made=made,
        calls=api_keys.CALLS_A_MINUTE,
        old=old,
        scopes=SCOPES,
    )


@caller("session", role="manager")
def make() -> Response:
    """A new key, shown on this answer and never again."""
    name, scopes = request.form.get("name", ""), request.form.getlist("scope")
    try:
        with transaction() as conn:
            made = api_keys.make(conn, shop().id, name, staff().actor, now(), scopes)
    except BadInput as error:
        values = {"name": name, **dict.fromkeys(scopes, "yes")}
        return _page(Form(values, error.fields, error.message), error.status)
    once.leads(link("automation"))
    return _page(Form(AT_FIRST, {}), made=made)


@caller("session", reads="nothing")
def confirm(key_id: int) -> Response:
    """Ask before a key is revoked: whatever uses it stops working."""
    with transaction() as conn:
        key = found(store.get(conn, shop().id, row_id(key_id)))
    return page("admin/settings/api_key.html", key=key)


@caller("session", role="manager")
def revoke(key_id: int) -> AnyResponse:
    """The key opens nothing any more."""
    with transaction() as conn:
        found(store.get(conn, shop().id, row_id(key_id)))
        api_keys.revoke(conn, shop().id, key_id, staff().actor, now())
    return go("automation", done="saved")
