"""Acts on many members: for whom and on which terms, a look at what will happen, then a job, its progress, and undo."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date

from flask import Flask, Response, request
from sqlalchemy import Connection, Engine
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.bulk import for_many
from plugin.actions.shops import staff_roles
from plugin.errors import BadInput
from plugin.rules.points.member_file import as_csv
from plugin.rules.words.texts import Said
from plugin.store.database import db
from plugin.store.members import bulk_acts, member_list
from plugin.store.members.bulk_acts import BulkAct
from plugin.store.members.member_list import Wanted
from plugin.store.privacy import exports
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.admin.members import members
from plugin.web.admin.members.member_tier import tier_names
from plugin.web.auth import caller
from plugin.web.current import account, now, parts, reading, shop, staff, transaction
from plugin.web.forms.members import bulk as forms
from plugin.web.forms.members import filters as member_filters
from plugin.web.forms.members.bulk import Whom
from plugin.web.forms.members.telling import kinds_told
from plugin.web.shown import utc

BULK = "/app/members/many"
ONE = f"{BULK}/<int:act_id>"
CARRIED = ("kind", "points", "note", "shown", "tell", "tier", "until", "tag", "how", "reward")
"""What the look carries on to the button that does it."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(BULK, "bulk_acts", acts)
    app.add_url_rule(BULK, "begin_bulk_act", begin, methods=["POST"])
    app.add_url_rule(f"{BULK}/check", "check_bulk_act", check, methods=["POST"])
    app.add_url_rule(f"{BULK}/carry-out", "carry_out_bulk_act", carry_out, methods=["POST"])
    app.add_url_rule("/app/members/list.csv", "members_csv", export)
    app.add_url_rule(ONE, "bulk_act", bulk_act)
    app.add_url_rule(f"{ONE}/stop", "stop_bulk_act", stop, methods=["POST"])
    app.add_url_rule(f"{ONE}/undo", "undo_bulk_act", undo, methods=["POST"])


@caller("session", reads="nothing")
def acts() -> Response:
    """What was done so far, newest first."""
    with transaction() as conn:
        known, names = bulk_acts.latest(conn, shop().id), tier_names(conn)
        name = _points_name(conn)
    return page("admin/members/bulk/acts.html", acts=known, names=names, points_name=name)


@caller("session", role="manager", reads="members", asks=True)
def begin() -> AnyResponse:
    """The terms of what was chosen, for whom was chosen."""
    try:
        what, whom = forms.act(request.form), forms.whom(request.form, _today())
    except BadInput as error:
        return members.shown("", member_filters.read(request.form, _today()), error.message, error.status)
    told = {"shown": "yes", "kind": "adjusted", "how": "add"}
    return _terms(what, whom, Form(told | kinds_told(shop(), what), {}))


def _terms(what: str, whom: Whom, form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        programme = programmes.current(conn, shop().id, now()).programme
        count = _count(conn, whom)
        reading("members", count)
    return page(
        "admin/members/bulk/terms.html",
        status,
        what=what,
        whom=whom,
        count=count,
        form=form,
        levels=[(tier.key, tier.name) for tier in programme.tiers.levels],
        rewards=[(one.id, one.name) for one in programme.rewards],
        points_name=programme.points_name,
        goes=kinds_told(shop(), what),
    )


def _count(conn: Connection, whom: Whom) -> int:
    """Exactly how many: who ticks, or means all, is told before anything happens."""
    if whom.ids is not None:
        return len(whom.ids)
    return member_list.count_all(conn, shop().id, whom.filters.for_all(whom.up_to))


@caller("session", role="manager", reads="members", asks=True)
def check() -> AnyResponse:
    """What will happen and to how many, with a button that does it; its key makes a second click the same act."""
    form = request.form.to_dict()
    try:
        what, whom = forms.act(form), forms.whom(request.form, _today())
    except BadInput as error:
        return members.shown("", member_filters.read(form, _today()), error.message, error.status)
    try:
        with transaction() as conn:
            programme = programmes.current(conn, shop().id, now()).programme
            terms = forms.terms(what, form, programme, _today())
            count = _count(conn, whom)
            _refuse_too_many(what, terms, count)
            names = tier_names(conn)
            reading("members", count)
    except BadInput as error:
        return _terms(what, whom, Form(form, error.fields, error.message), error.status)
    return page(
        "admin/members/bulk/check.html",
        what=what,
        whom=whom,
        count=count,
        terms=terms,
        carried={name: form[name] for name in CARRIED if form.get(name)},
        names=names,
        points_name=programme.points_name,
        key=secrets.token_hex(16),
    )


def _refuse_too_many(what: str, terms: Mapping[str, object], count: int) -> None:
    left = staff_roles.left_today(account(), shop(), _today())
    if what == "points" and left is not None and abs(int(str(terms["points"]))) * count > left:
        raise BadInput(
            staff_roles.too_many(staff_roles.most_a_day(shop())), {"points": Said("members.error.today", left=left)}
        )


@caller("session", role="manager")
def carry_out() -> AnyResponse:
    """Begin it, once for each key; a job goes on from member to member."""
    form = request.form.to_dict()
    what, whom, key = forms.act(form), forms.whom(request.form, _today()), form.get("key", "")
    if what == "export" or len(key) != 32 or set(key) - set("0123456789abcdef"):
        raise BadInput(Said("members.error.begin_again"))
    with transaction() as conn:
        programme = programmes.current(conn, shop().id, now()).programme
        terms = forms.terms(what, form, programme, _today())
        count = _count(conn, whom)
        number, fresh = for_many.begin(
            conn, shop(), key, what, terms, whom.wanted, count, staff().actor, now()
        )  # fmt: skip
        if fresh and what == "points":
            points = abs(int(str(terms["points"]))) * count
            staff_roles.count_correction(conn, shop(), account().id, points, _today())
    return go("bulk_act", act_id=number)


@caller("session", reads="nothing")
def bulk_act(act_id: int) -> Response:
    """How far it is, whom it left out and why, and how it is stopped or undone."""
    return _shown(act_id)


def _shown(act_id: int, *, sure: bool = False) -> Response:
    with transaction() as conn:
        act = _act(conn, act_id)
        left_out, names = bulk_acts.left_out(conn, shop().id, act.id), tier_names(conn)
        name = _points_name(conn)
    return page("admin/members/bulk/act.html", act=act, sure=sure, points_name=name, left_out=left_out, names=names)


@caller("session", role="manager")
def stop(act_id: int) -> AnyResponse:
    """Leave it at what is done."""
    with transaction() as conn:
        done = for_many.stop(conn, shop(), _act(conn, act_id).id, staff().actor, now())
    return go("bulk_act", act_id=act_id, done="saved" if done else "unchanged")


@caller("session", role="manager")
def undo(act_id: int) -> AnyResponse:
    """Undo it as a whole, after asking."""
    if not request.form.get("sure"):
        return _shown(act_id, sure=True)
    with transaction() as conn:
        done = for_many.undo(conn, shop(), _act(conn, act_id).id, staff().actor, now())
    return go("bulk_act", act_id=act_id, done="undoing_act" if done else "unchanged")


@caller("session", role="manager", reads="export")
def export() -> Response:
    """The members whom the filters leave, or the numbers that are asked for, as a CSV file."""
    ids = sorted({int(text) for text in request.args.getlist("id")[: forms.MOST_TICKED] if text.isdigit()})
    wanted = member_filters.read(request.args, _today()).wanted
    with transaction() as conn:
        reading("export", len(ids) or member_list.count_all(conn, shop().id, wanted))
    name = f"members-{now().date().isoformat()}.csv"
    return Response(
        _lines(parts().engine, shop().id, wanted, ids),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(engine: Engine, shop_id: int, wanted: Wanted, ids: list[int]) -> Iterator[str]:
    yield "\ufeff" + as_csv([list(exports.HEADINGS["members"])])
    after, these = 0, ids
    while True:
        with db.shop_transaction(engine, shop_id) as conn:
            if not ids:
                these = member_list.numbers(conn, shop_id, wanted, after, exports.MEMBERS_A_PAGE)
            rows = exports.of_members(conn, shop_id, these)
        yield as_csv([[utc(cell) for cell in row] for row in rows])
        if ids or len(these) < exports.MEMBERS_A_PAGE:
            return
        after = these[-1]


def _act(conn: Connection, act_id: int) -> BulkAct:
    return found(bulk_acts.get(conn, shop().id, row_id(act_id)))


def _points_name(conn: Connection) -> str:
    return programmes.current(conn, shop().id, now()).programme.points_name


def _today() -> date:
    """The day in the shop."""
    return shop().day(now())
