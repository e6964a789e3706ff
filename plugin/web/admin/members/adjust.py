"""Staff correct a member's points: first they see what will happen, then it happens, once."""

from __future__ import annotations

import secrets
from datetime import date

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.points import adjust_points
from plugin.actions.shops import staff_roles
from plugin.errors import BadInput
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.auth import caller
from plugin.web.current import account, now, reading, shop, staff, transaction
from plugin.web.forms.members import correction
from plugin.web.forms.members.telling import kinds_told
from plugin.web.shown import zone

ADJUST = "/app/members/<int:member_id>/adjust"
UNDO = "/app/members/<int:member_id>/undo/<int:entry_id>"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(ADJUST, "adjust", adjust)
    app.add_url_rule(ADJUST, "check_adjustment", check, methods=["POST"])
    app.add_url_rule(f"{ADJUST}/carry-out", "carry_out_adjustment", carry_out, methods=["POST"])
    app.add_url_rule(UNDO, "undo_adjustment", undo)
    app.add_url_rule(UNDO, "carry_out_undo", carry_out_undo, methods=["POST"])


@caller("session", reads="member")
def adjust(member_id: int) -> Response:
    """How many points, why, and whether the member may read it."""
    return _form(member_id, Form({"kind": "adjusted", "shown": "yes", **kinds_told(shop(), "points")}, {}))


@caller("session", role="manager", reads="member")
def check(member_id: int) -> Response:
    """What the form would do, and a button that does it; the button's form carries a key of its own."""
    form = request.form.to_dict()
    try:
        asked = correction.read(member_id, secrets.token_hex(16), form)
        with transaction() as conn:
            member = _member(conn, member_id)
            effect = adjust_points.foresee(conn, shop().id, member, asked.points, now())
            _refuse_too_many(effect.points)
            name = _points_name(conn)
            reading("member")
    except BadInput as error:
        return _form(member_id, Form(form, error.fields, error.message), error.status)
    return page("admin/members/adjust_check.html", member=member, asked=asked, effect=effect, points_name=name)


@caller("session", role="manager")
def carry_out(member_id: int) -> AnyResponse:
    """Do what was shown. A second click finds it done."""
    form = request.form.to_dict()
    asked = correction.read(member_id, form.get("key", ""), form)
    with transaction() as conn:
        _member(conn, member_id)
        done = adjust_points.adjust(conn, shop().id, asked, staff().actor, now())
        if done is not None:
            staff_roles.count_correction(conn, shop(), account().id, done.points, _today())
    return go("member", member_id=member_id, done="adjusted")


@caller("session", reads="member")
def undo(member_id: int, entry_id: int) -> Response:
    """What undoing a correction would do."""
    with transaction() as conn:
        member = _member(conn, member_id)
        correction, effect = adjust_points.foresee_undo(conn, shop().id, member_id, row_id(entry_id), now())
        reading("member")
        name = _points_name(conn)
    return page("admin/members/undo_check.html", member=member, correction=correction, effect=effect, points_name=name)


@caller("session", role="manager")
def carry_out_undo(member_id: int, entry_id: int) -> AnyResponse:
    """Undo it. A second click finds it undone."""
    with transaction() as conn:
        _member(conn, member_id)
        done = adjust_points.undo(conn, shop().id, member_id, row_id(entry_id), staff().actor, now())
        if done is not None:
            staff_roles.count_correction(conn, shop(), account().id, done.points, _today())
    return go("member", member_id=member_id, done="undone")


def _today() -> date:
    """The day in the shop, by which corrections are counted."""
    return now().astimezone(zone()).date()


def _refuse_too_many(points: int) -> None:
    left = staff_roles.left_today(account(), shop(), _today())
    if left is not None and abs(points) > left:
        raise BadInput(
            staff_roles.too_many(staff_roles.most_a_day(shop())), {"points": Said("members.error.today", left=left)}
        )


def _form(member_id: int, form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        member = _member(conn, member_id)
        name = _points_name(conn)
        reading("member")
    return page(
        "admin/members/adjust.html",
        status,
        member=member,
        form=form,
        points_name=name,
        goes=kinds_told(shop(), "points"),
    )


def _member(conn: Connection, member_id: int) -> Member:
    return found(members.get(conn, shop().id, row_id(member_id)))


def _points_name(conn: Connection) -> str:
    return programmes.current(conn, shop().id, now()).programme.points_name
