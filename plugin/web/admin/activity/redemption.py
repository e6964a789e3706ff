"""One redemption as staff see it, and the way back for what was not used."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.rewards import redeem_points
from plugin.store.members import members
from plugin.store.orders import orders
from plugin.store.rewards import redemptions
from plugin.store.versions import programmes
from plugin.store.work import activity_pages
from plugin.web.admin.frame.layout import found, go, page, row_id
from plugin.web.admin.programme.redeem.rewards import KINDS
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.words import t

_KINDS = ("percent", "amount", *KINDS)
"""The words are `programme.rewards.kind.<name>`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/redemptions/<int:redemption_id>", view_func=redemption)
    app.add_url_rule("/app/redemptions/<int:redemption_id>/undo", "undo_redemption", undo, methods=["POST"])


@caller("session", reads="redemption")
def redemption(redemption_id: int) -> Response:
    """One redemption: what it is, where it stands, and the way back."""
    with transaction() as conn:
        made = found(redemptions.get(conn, shop().id, row_id(redemption_id)))
        member = found(members.get(conn, shop().id, made.member_id))
        name = programmes.current(conn, shop().id, now()).programme.points_name
        undoable = redeem_points.undoable(conn, shop().id, made, staff().actor, now())
        used_by = orders.names(conn, shop().id, [made.captured_by_order or 0]).get(made.captured_by_order or 0)
        reading("redemption")
    kind = made.kind if made.kind in _KINDS else "code"
    return page("admin/activity/redemption.html", made=made, member=member, points_name=name, undoable=undoable,
                used_by=used_by or made.captured_by_order, kind=t(f"programme.rewards.kind.{kind}"))  # fmt: skip


@caller("session", role="manager")
def undo(redemption_id: int) -> AnyResponse:
    """Take it back, if Shopify says that it was not used."""
    with transaction() as conn:
        made = redeem_points.undo(conn, shop(), redemption_id, "undone", staff().actor, now())
        note = {"member": made.member_id, "redemption": made.id}
        activity_pages.note_staff_act(conn, shop().id, staff().actor, "undo_redemption", made.title, note, now())
    return go("redemption", redemption_id=redemption_id, done="undone" if made.state == "released" else "undoing")
