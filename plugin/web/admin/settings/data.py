"""What customers asked for under privacy law: exports to hand on, and erasures with their proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import Flask, Response
from sqlalchemy import Connection, Engine
from werkzeug.wrappers import Response as AnyResponse

from plugin.errors import NotFound
from plugin.rules.words.texts import Said
from plugin.store.database import db
from plugin.store.privacy import export_parts, privacy
from plugin.store.privacy.privacy import PrivacyRequest
from plugin.web.admin.frame.layout import found, go, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, staff, transaction
from plugin.web.words import counted, t

OPEN_HOURS = 24
ERASED = ("members", "orders", "deliveries")
"""What an erasure counts; the words are `settings.data.erased.<name>`."""
KINDS = {
    "customers/data_request": "data",
    "shopper/data_request": "own_data",
    "customers/redact": "erase",
    "shop/redact": "erase_shop",
}
"""What was asked for; the words are `settings.data.kind.<name>`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/data", view_func=data)
    app.add_url_rule("/app/settings/data/<int:request_id>", view_func=data_export)
    app.add_url_rule("/app/settings/data/<int:request_id>/open", view_func=open_export, methods=["POST"])
    app.add_url_rule("/app/settings/data/<int:request_id>/file.json", view_func=export_file)


def outcome(asked: PrivacyRequest) -> str:
    """What an erasure did, in words."""
    done = asked.result
    if done.get("unclear"):
        return counted("settings.data.unclear", int(done["unclear"]))
    if done.get("known") is False:
        return t("settings.data.unknown")
    if done.get("came_back"):
        return t("settings.data.came_back")
    erased = [counted(f"settings.data.erased.{name}", int(done[name])) for name in ERASED if name in done]
    return t("settings.data.erased_all", what=", ".join(erased)) if erased else t("settings.data.done")


@caller("session", reads="data_requests")
def data() -> Response:
    """The requests that Shopify passed on, newest first."""
    with transaction() as conn:
        requests = privacy.latest(conn, shop().id)
        reading("data_requests", len(requests))
    return page("admin/settings/data.html", requests=requests, kinds=KINDS, outcome=outcome)


@caller("session", role="manager", reads="nothing")
def data_export(request_id: int) -> Response:
    """What an export holds, and how to open it; once it is open, its one file."""
    with transaction() as conn:
        request = _export(conn, request_id)
        sections = export_parts.sections(conn, shop().id, request.id)
    mine = _is_open(request)
    return page("admin/settings/data_export.html", asked=request, sections=sections, mine=mine, hours=OPEN_HOURS)


@caller("session", role="manager")
def open_export(request_id: int) -> AnyResponse:
    """Open it: once, by somebody who is named in the access log."""
    with transaction() as conn:
        export_parts.open_once(conn, shop().id, row_id(request_id), staff().actor, now())
    return go("data_export", request_id=request_id)


@caller("session", role="manager", reads="data_request")
def export_file(request_id: int) -> Response:
    """All parts as one JSON file, sent as they are read. For whoever opened the export, for a day."""
    with transaction() as conn:
        request = _export(conn, request_id)
        if not _is_open(request):
            raise NotFound(Said("settings.data.not_open"))
        reading("data_request", int(request.result.get("rows") or 0))
    return Response(
        _parts(parts().engine, shop().id, request.id),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="customer-data-{request.id}.json"'},
    )


def _export(conn: Connection, request_id: int) -> PrivacyRequest:
    """An export that is gathered. NotFound: there is none with this number."""
    request = found(privacy.get(conn, shop().id, row_id(request_id)))
    if request.kind != "customers/data_request" or request.done_at is None:
        raise NotFound(Said("frame.error.not_found"))
    return request


def _is_open(request: PrivacyRequest) -> bool:
    """Whether it was opened within a day, by the person who asks."""
    if request.opened_at is None or request.opened_by != staff().actor:
        return False
    return now() - request.opened_at < timedelta(hours=OPEN_HOURS)


def _parts(engine: Engine, shop_id: int, request_id: int) -> Iterator[bytes]:
    number, before = 1, b"["
    while True:
        with db.shop_transaction(engine, shop_id) as conn:
            part = export_parts.one(conn, shop_id, request_id, number)
        if part is None:
            break
        yield before + b"\n" + part
        number, before = number + 1, b","
    yield b"\n]\n" if number > 1 else b"[]\n"
