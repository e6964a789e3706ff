"""Settings, Automation: the keys with which other programs call the API."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions import api_keys
from plugin.errors import BadInput
from plugin.store import api_keys as store
from plugin.web.admin.layout import Form, found, go, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/automation", view_func=automation)
    app.add_url_rule("/app/settings/automation", "make_api_key", make, methods=["POST"])
    app.add_url_rule("/app/settings/automation/<int:key_id>", "api_key", confirm)
    app.add_url_rule("/app/settings/automation/<int:key_id>", "revoke_api_key", revoke, methods=["POST"])


@caller("session", reads="nothing")
def automation() -> Response:
    """The keys there are, and a form for a new one."""
    return _page(Form({}, {}))


def _page(form: Form, status: int = 200, made: str = "") -> Response:
    with transaction() as conn:
        keys = store.all_of(conn, shop().id)
    return page("automation.html", status, form=form, keys=keys, made=made, calls=api_keys.CALLS_A_MINUTE)


@caller("session", role="manager")
def make() -> Response:
    """A new key, shown on this answer and never again."""
    form = request.form.to_dict()
    try:
        with transaction() as conn:
            made = api_keys.make(conn, shop().id, form.get("name", ""), staff().actor, now())
    except BadInput as error:
        return _page(Form(form, error.fields, error.message), error.status)
    return _page(Form({}, {}), made=made)


@caller("session", reads="nothing")
def confirm(key_id: int) -> Response:
    """Ask before a key is revoked: whatever uses it stops working."""
    with transaction() as conn:
        key = found(store.get(conn, shop().id, row_id(key_id)))
    return page("api_key.html", key=key)


@caller("session", role="manager")
def revoke(key_id: int) -> AnyResponse:
    """The key opens nothing any more."""
    with transaction() as conn:
        found(store.get(conn, shop().id, row_id(key_id)))
        api_keys.revoke(conn, shop().id, key_id, staff().actor, now())
    return go("automation", done="saved")
