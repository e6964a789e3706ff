"""Programme, Codes: many codes for one discount, for a campaign; how far they are, and the file with them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.codes import code_batches
from plugin.errors import BadInput
from plugin.rules.codes.code_sets import MOST_CODES
from plugin.rules.points.member_file import as_csv
from plugin.store.codes import code_sets
from plugin.store.codes.code_sets import CodeSet, Progress
from plugin.store.database import db
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, staff, transaction
from plugin.web.forms import code_batch
from plugin.web.shown import step
from plugin.web.words import t

ONE = "/app/programme/codes/<int:set_id>"
CODES_A_PAGE = 5_000
TONES = {
    "filling": "info",
    "ready": "success",
    "ending": "info",
    "ended": "neutral",
    "lost": "critical",
    "expired": "neutral",
}
"""By state; the words are `programme.codes.state.<name>`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/codes", "code_batches", shown)
    app.add_url_rule("/app/programme/codes", "make_codes", make, methods=["POST"])
    app.add_url_rule(ONE, "code_batch", one)
    app.add_url_rule(f"{ONE}/end", "end_codes", end, methods=["POST"])
    app.add_url_rule(f"{ONE}/codes.csv", "codes_csv", download)


@caller("session", reads="nothing")
def shown() -> Response:
    """The batches there are, and the form for one more."""
    return _page(Form(code_batch.AT_FIRST, {}), secrets.token_hex(8))


@caller("session", role="manager")
def make() -> AnyResponse:
    """Have a batch made, or show what is wrong at its fields."""
    form = request.form.to_dict()
    try:
        with transaction() as conn:
            made = code_batches.make(
                conn, shop().id, code_batch.read(form, shop().currency), form.get("key", ""), staff().actor, now()
            )
    except BadInput as error:
        return _page(Form(form, error.fields, error.message), form.get("key", ""), error.status)
    return go("code_batch", set_id=made)


def _page(form: Form, key: str, status: int = 200) -> Response:
    with transaction() as conn:
        batches = code_sets.campaigns(conn, shop().id)
        progress = code_sets.progress(conn, shop().id, [each.id for each in batches])
    rows = [_row(each, progress) for each in batches]
    return page(
        "admin/programme/redeem/codes.html", status, form=form, key=key, rows=rows, most=MOST_CODES, step=step()
    )


def _row(each: CodeSet, progress: Mapping[int, Progress]) -> dict[str, Any]:
    expired = each.state == "ready" and each.ends_at <= now()
    state = "expired" if expired else each.state
    return {
        "set": each,
        "so_far": progress.get(each.id, Progress()),
        "state": t(f"programme.codes.state.{state}"),
        "tone": TONES[state],
        "last": each.ends_at - timedelta(seconds=1),
    }


@caller("session", reads="nothing")
def one(set_id: int) -> Response:
    """How far a batch is, what it takes off, and its codes."""
    with transaction() as conn:
        batch = _batch(code_sets.get(conn, shop().id, row_id(set_id)))
        progress = code_sets.progress(conn, shop().id, [batch.id])
        job = jobs.one(conn, shop().id, JobKind.MAKE_CODES, str(batch.id))
    return page("admin/programme/redeem/code_batch.html", **_row(batch, progress), job=job)


@caller("session", role="manager")
def end(set_id: int) -> AnyResponse:
    """End a batch, if the box is ticked: its codes are good for nothing from then on."""
    if request.form.get("sure") != "yes":
        return go("code_batch", set_id=row_id(set_id), unsure="yes")
    with transaction() as conn:
        code_batches.end(conn, shop().id, row_id(set_id), staff().actor, now())
    return go("code_batch", set_id=set_id, done="ending")


@caller("session", role="manager", reads="codes_file")
def download(set_id: int) -> Response:
    """The codes that are there, one a line."""
    with transaction() as conn:
        batch = _batch(code_sets.get(conn, shop().id, row_id(set_id)))
        progress = code_sets.progress(conn, shop().id, [batch.id])
        reading("codes_file", progress[batch.id].there if batch.id in progress else 0)
    return Response(
        _lines(parts().engine, shop().id, batch.id),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="codes-{batch.id}.csv"'},
    )


def _lines(engine: Engine, shop_id: int, set_id: int) -> Iterator[str]:
    yield "\ufeff" + as_csv([["code", "used"]])
    after = -1
    while True:
        with db.shop_transaction(engine, shop_id) as conn:
            rows = code_sets.all_codes(conn, shop_id, set_id, after, CODES_A_PAGE)
        if not rows:
            return
        yield as_csv([[code, used] for _, code, used in rows])
        after = rows[-1][0]


def _batch(batch: CodeSet | None) -> CodeSet:
    return found(batch if batch is not None and batch.purpose == "campaign" else None)
