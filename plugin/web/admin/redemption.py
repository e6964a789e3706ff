"""Staff redeem for a member, and take back what was not used."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.rewards import redeem_points
from plugin.errors import BadInput, Denied
from plugin.rules.rewards import kinds
from plugin.rules.rewards import redemption as rules
from plugin.rules.rewards.kinds import Reward
from plugin.store import activity_pages, members, programmes
from plugin.store.members import Member
from plugin.store.programmes import Version
from plugin.store.rewards import redemptions
from plugin.web.admin.layout import found, go, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/members/<int:member_id>/redeem", view_func=redeem_for)
    app.add_url_rule("/app/members/<int:member_id>/redeem", "redeem_for_member", redeem, methods=["POST"])
    app.add_url_rule("/app/redemptions/<int:redemption_id>", view_func=redemption)
    app.add_url_rule("/app/redemptions/<int:redemption_id>/undo", "undo_redemption", undo, methods=["POST"])


@caller("session")
def redeem_for(member_id: int) -> Response:
    """The rewards with what the member can have now, and why not the others."""
    return _choices(member_id)


def _choices(member_id: int, message: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        member = found(members.get(conn, shop().id, row_id(member_id)))
        version = programmes.at(programmes.versions(conn, shop().id), now())
        rows = [_choice(conn, member, version, one) for one in version.programme.rewards]
    name = version.programme.points_name
    return page("redeem_for.html", status, member=member, rows=rows, points_name=name, key=secrets.token_hex(8),
                message=message)  # fmt: skip


def _choice(conn: Connection, member: Member, version: Version, reward: Reward) -> dict[str, Any]:
    standing = redeem_points.standing(conn, shop(), member, version, reward, now())
    reward = kinds.offered(reward, standing.tier, standing.currency)
    most = rules.affordable(reward, standing.available)
    return {"reward": reward, "most": most, "why": rules.refusal(reward, most or reward.points, standing, now())}


@caller("session")
def redeem(member_id: int) -> AnyResponse:
    """Redeem one reward for the member; the form's key makes a second click the same redemption."""
    form = request.form
    text = form.get("points", "").strip()
    try:
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            raise BadInput("The points must be a whole number.")
        points = int(text) if text else None
        with transaction() as conn:
            made = redeem_points.redeem(
                conn, shop(), member_id, form.get("reward", ""), points, form.get("key", ""), staff().actor, now()
            )
            note = {"member": member_id, "points": made.points}
            activity_pages.note_staff_act(conn, shop().id, staff().actor, "redeem_for_member", made.title, note)
    except (BadInput, Denied) as error:
        return _choices(member_id, error.message, error.status)
    return go("redemption", redemption_id=made.id, done="redeemed")


@caller("session")
def redemption(redemption_id: int) -> Response:
    """One redemption: what it is, where it stands, and the way back."""
    with transaction() as conn:
        made = found(redemptions.get(conn, shop().id, row_id(redemption_id)))
        member = found(members.get(conn, shop().id, made.member_id))
        name = programmes.current(conn, shop().id, now()).programme.points_name
        undoable = redeem_points.undoable(conn, shop().id, made, staff().actor, now())
    return page("redemption.html", made=made, member=member, points_name=name, undoable=undoable)


@caller("session")
def undo(redemption_id: int) -> AnyResponse:
    """Take it back, if Shopify says that it was not used."""
    with transaction() as conn:
        made = redeem_points.undo(conn, shop(), redemption_id, "undone", staff().actor, now())
        note = {"member": made.member_id, "redemption": made.id}
        activity_pages.note_staff_act(conn, shop().id, staff().actor, "undo_redemption", made.title, note)
    return go("redemption", redemption_id=redemption_id, done="undone" if made.state == "released" else "undoing")
