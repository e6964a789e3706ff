"""Members, Set tiers: a list of people put into a tier at once, after a look; and undone."""

from __future__ import annotations

import secrets

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails.told import told_at_first
from plugin.actions.tiers import set_tiers
from plugin.actions.tiers.set_tiers import Wish
from plugin.errors import BadInput
from plugin.store.tiers import tier_batches
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.admin.members.member_tier import tier_names
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.forms.members import tier_by_hand
from plugin.web.forms.members.telling import kinds_told

SHOWN = 20


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/members/tiers", "member_tiers", shown)
    app.add_url_rule("/app/members/tiers", "set_tiers", save, methods=["POST"])
    app.add_url_rule("/app/members/tiers/<int:number>/undo", "undo_tiers", undo, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """The form, and what was done so far."""
    return _page(Form(kinds_told(shop(), "tier"), {}))


@caller("session", role="manager")
def save() -> AnyResponse:
    """First a look at what would happen; with the look's key, carry it out."""
    form = request.form.to_dict()
    key = form.get("key", "")[:64]
    try:
        with transaction() as conn:
            wish = set_tiers.wish(conn, shop(), tier_by_hand.read(form), tier_by_hand.people(form), now())
            if key:
                set_tiers.set_tiers(conn, shop(), wish, key, staff().actor, now())
    except BadInput as error:
        return _page(Form(form, error.fields, error.message), status=error.status)
    return go("member_tiers", done="saved") if key else _page(Form(form, {}), wish)


@caller("session", role="manager")
def undo(number: int) -> AnyResponse:
    """Give back what was held before, after asking."""
    with transaction() as conn:
        if not request.form.get("sure"):
            batch = found(tier_batches.get(conn, shop().id, row_id(number)))
            return page("admin/members/tiers_undo_check.html", batch=batch, names=tier_names(conn))
        done = set_tiers.undo(conn, shop(), number, staff().actor, now()) if number < 2**63 else 0
    return go("member_tiers", done="undone" if done else "unchanged")


def _page(form: Form, wish: Wish | None = None, status: int = 200) -> Response:
    with transaction() as conn:
        levels = programmes.current(conn, shop().id, now()).programme.tiers.levels
        batches, names = tier_batches.latest(conn, shop().id), tier_names(conn)
    return page(
        "admin/members/member_tiers.html",
        status,
        form=form,
        wish=wish,
        levels=levels,
        batches=batches,
        names=names,
        goes=told_at_first(shop(), "tier"),
        key=secrets.token_urlsafe(12),
        most=SHOWN,
    )
