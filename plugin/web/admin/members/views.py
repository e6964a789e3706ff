"""Saved views: the filters that are open get a name, and everybody of the shop's staff finds it beside the list."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.rules.words.texts import Said
from plugin.store.members import member_views
from plugin.store.work import activity_pages
from plugin.web.admin.frame.layout import go, row_id
from plugin.web.admin.members import members
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.forms.members import filters as member_filters

NO_NAME = Said("members.views.error.name", most=member_views.LONGEST_NAME)
TOO_MANY = Said("members.views.error.many", most=member_views.MOST)


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/members/views", "save_view", save, methods=["POST"])
    app.add_url_rule("/app/members/views/<int:view_id>/remove", "remove_view", remove, methods=["POST"])


@caller("session", role="manager", reads="members")
def save() -> AnyResponse:
    """Keep the filters of the form under a name; one that is called so gets these."""
    filters = member_filters.read(request.form, shop().day(now()))
    name = " ".join(request.form.get("name", "").replace("\0", "").split())
    if not 0 < len(name) <= member_views.LONGEST_NAME:
        return members.shown("", filters, NO_NAME, 422)
    with transaction() as conn:
        number = member_views.save(conn, shop().id, name, filters.kept, staff().actor, now())
        if number is not None:
            activity_pages.note_staff_act(conn, shop().id, staff().actor, "save_view", name, {"id": number}, now())
    if number is None:
        return members.shown("", filters, TOO_MANY, 422)
    return go("members", done="saved", view=number, **filters.kept)


@caller("session", role="manager")
def remove(view_id: int) -> AnyResponse:
    """Take a view away; the members stay as they are."""
    with transaction() as conn:
        view = member_views.get(conn, shop().id, row_id(view_id))
        if view is not None and member_views.remove(conn, shop().id, view.id):
            activity_pages.note_staff_act(conn, shop().id, staff().actor, "remove_view", view.name, {}, now())
    return go("members", done="removed" if view is not None else "nothing")
