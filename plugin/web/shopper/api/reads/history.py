"""What was posted to the member, explained: page by page, and as a file by a link that ends after five minutes."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from babel import Locale
from flask import Flask, Response, g, request

from plugin.actions.languages import own_names
from plugin.rules import explain, formats, reach
from plugin.rules.points.member_file import as_csv
from plugin.rules.reach import Surface
from plugin.store.database import db
from plugin.store.members import member_pages, members
from plugin.store.members.member_pages import ShownEntry
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, transaction
from plugin.web.shopper.api.asking import answer, body, insist_on, member, number
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.shapes import Entries, Entry, KeyIn
from plugin.web.shopper.api.told import Told, to_shopper
from plugin.web.shopper.api.values import FileLink
from plugin.web.shopper.page import language_of

PAGE: Final = 30
IN_FILE: Final = 500
VALID_FOR: Final = timedelta(minutes=5)
FILE: Final = "/shopper/history.csv"


def register(app: Flask) -> None:
    """Add the calls."""
    for_shoppers(app, "/entries", entries)
    for_shoppers(app, "/history-link", history_link, "POST")
    app.add_url_rule(FILE, "shopper_history_file", history_file)


def entries() -> Response:
    """The history, newest first."""
    before = number("before")
    with transaction() as conn:
        shopper = member(conn)
        found = member_pages.entries(conn, shop().id, shopper.member.id, before, PAGE + 1)
    told = to_shopper(shopper)
    rows = [entry(one, told) for one in found[:PAGE]]
    return answer(Entries(entries=rows, before=rows[-1].id if len(found) > PAGE else None))


def entry(one: ShownEntry, told: Told) -> Entry:
    """One entry with what it is and why."""
    return Entry(
        id=one.id,
        kind=one.kind,
        points=told.points(one.points),
        on=told.day(one.effective_at),
        at=one.effective_at,
        headline=explain.headline(one.kind, one.reason, told.locale, told.points_name),
        reasons=[told.because(reason) for reason in explain.reasons_of(one.reason)],
    )


def history_link() -> Response:
    """An address that gives the member's whole history as a file, to whoever has it, for five minutes."""
    insist_on(body(KeyIn).key)
    with transaction() as conn:
        shopper = member(conn)
    ends = int((now() + VALID_FOR).timestamp())
    said = f"{shop().id}.{shopper.member.id}.{ends}.{language_of(shopper.member.locale)}"
    given = f"{said}.{_mark(said, parts().settings.own_keys('history file')[0])}"
    return answer(FileLink(url=f"{parts().settings.app_url}{FILE}?pass={given}"))


def _mark(said: str, key: bytes) -> str:
    return hmac.digest(key, said.encode(), "sha256").hex()


@dataclass(frozen=True)
class Pass:
    """What a link says: whose history, until when (Unix seconds), and in which language its headings are."""

    shop_id: int
    member_id: int
    ends: int
    locale: Locale


def _proved(given: str) -> Pass | None:
    """What the pass says, if we made it and however old it is; None for one that is none of ours."""
    said, _, mark = given.rpartition(".")
    keys = parts().settings.own_keys("history file")
    if not any(hmac.compare_digest(_mark(said, key).encode(), mark.encode()) for key in keys):
        return None
    shop_id, member_id, ends, locale = said.split(".")
    return Pass(int(shop_id), int(member_id), int(ends), formats.reader_locale(locale))


def _over(found: Pass | None) -> Response:
    """The same for every link that opens nothing, whatever the reason, in its reader's language."""
    text = Told(found.locale if found else formats.reader_locale()).say("shopper.api.file.over")
    return Response(text, 401, {"Cache-Control": "no-store"}, mimetype="text/plain")


@caller("public")
def history_file() -> Response:
    """The file: every entry, newest first, a row each."""
    found = _proved(request.args.get("pass", "")[:300])
    told = _opened(found) if found is not None and found.ends > now().timestamp() else None
    if found is None or told is None:
        return _over(found)
    headers = {"Content-Disposition": 'attachment; filename="history.csv"', "Cache-Control": "no-store"}
    rows = list(_rows(found, told))
    return Response("\ufeff" + "".join(rows), mimetype="text/csv", headers=headers)


def _opened(found: Pass) -> Told | None:
    """How the member is told; None where there is nobody to tell anymore, or nothing yet."""
    with db.shop_transaction(parts().engine, found.shop_id) as conn:
        g.shop = shops.find(conn, found.shop_id)
        if g.shop is None or g.shop.state != "installed":
            return None
        one = members.get(conn, found.shop_id, found.member_id)
        if one is None or one.state != "member" or not reach.ask(g.shop.launch, one.person, Surface.PAGE).reaches:
            return None
        programme = programmes.current(conn, found.shop_id, now()).programme
        return Told(found.locale, own_names.words(conn, g.shop, programme, found.locale))


def _rows(found: Pass, told: Told) -> Iterator[str]:
    yield as_csv([[told.say(f"shopper.api.file.{name}") for name in ("day", "what", "points", "why")]])
    before: int | None = None
    while True:
        with db.shop_transaction(parts().engine, found.shop_id) as conn:
            page = member_pages.entries(conn, found.shop_id, found.member_id, before, IN_FILE)
        yield as_csv([_cells(entry(one, told)) for one in page])
        if len(page) < IN_FILE:
            return
        before = page[-1].id


def _cells(one: Entry) -> list[object]:
    return [one.on.date.isoformat(), one.headline, one.points.points, " ".join(one.reasons)]
