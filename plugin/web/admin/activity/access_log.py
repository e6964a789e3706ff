"""Activity › Access log: who read personal data or changed something; filtered, page by page, and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from babel import Locale
from flask import Flask, Response, request
from sqlalchemy import Engine

from plugin.rules.points.member_file import as_csv
from plugin.rules.words.access import words
from plugin.store.database import db
from plugin.store.shops import access_log as store
from plugin.store.shops.access_log import Wanted
from plugin.web.admin.frame.layout import number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, transaction
from plugin.web.shown import utc, who, zone
from plugin.web.words import language, t

KINDS = {"": "activity.access_log.all", "read": "activity.access_log.reads", "change": "activity.access_log.changes"}
HEADING = "number,at,who,kind,what,about,how many,filters,search (hashed)".split(",")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/activity/access", "access_log", shown)
    app.add_url_rule("/app/activity/access.csv", "access_csv", export)


@caller("session", role="manager", reads="access_log")
def shown() -> Response:
    """One page of what the filters leave, newest first."""
    filters = _filters()
    with transaction() as conn:
        found = store.page(conn, shop().id, _wanted(filters), number_from("before"))
        people = store.actors(conn, shop().id)
        rows = found[: store.PAGE]
        reading("access_log", len(rows), fields=filters)
    older = rows[-1].id if len(found) > len(rows) else None
    choices = [
        ("", t("activity.access_log.everyone")),
        *sorted(((each, who(each)) for each in people), key=lambda pair: pair[1]),
    ]
    return page(
        "admin/activity/access_log.html",
        rows=rows,
        older=older,
        filters=filters,
        kinds={each: t(key) for each, key in KINDS.items()},
        people=choices,
        words=partial(words, locale=language()),
    )


def _filters() -> dict[str, str]:
    """What the address asks for; nonsense counts as nothing."""
    asked = request.args
    kind = asked.get("kind", "")
    return {
        "who": asked.get("who", "").replace("\0", "")[:100],
        "kind": kind if kind in KINDS else "",
        "since": _day(asked.get("since", "")),
        "until": _day(asked.get("until", "")),
    }


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""


def _wanted(filters: Mapping[str, str]) -> Wanted:
    return Wanted(filters["who"], filters["kind"], _midnight(filters["since"], 0), _midnight(filters["until"], 1))


def _midnight(day: str, after_days: int) -> datetime | None:
    """When a day of the shop begins, or ends."""
    if not day or date.fromisoformat(day).year in (date.min.year, date.max.year):
        return None
    begins = date.fromisoformat(day) + timedelta(days=after_days)
    return datetime(begins.year, begins.month, begins.day, tzinfo=zone())


@caller("session", role="manager", reads="access_file")
def export() -> Response:
    """What the filters leave, as a CSV file. Times are UTC."""
    filters = _filters()
    with transaction() as conn:
        wanted = _wanted(filters)
        reading("access_file", store.count(conn, shop().id, wanted), fields=filters)
    name = f"access-{now().date().isoformat()}.csv"
    return Response(
        _lines(parts().engine, shop().id, wanted, language()),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(engine: Engine, shop_id: int, wanted: Wanted, locale: Locale) -> Iterator[str]:
    yield "\ufeff" + as_csv([list(HEADING)])
    before: int | None = None
    while True:
        with db.shop_transaction(engine, shop_id) as conn:
            rows = store.page(conn, shop_id, wanted, before, store.FILE_PAGE)
        if not rows:
            return
        before = rows[-1].id
        yield as_csv([
            [one.id, utc(one.at), one.actor, one.kind, words(one.kind, one.what, locale), one.subject,
             one.how_many, " ".join(one.fields), one.search] for one in rows
        ])  # fmt: skip
