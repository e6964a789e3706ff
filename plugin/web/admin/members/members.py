"""Members: found, filtered, sorted, page by page both ways, and chosen for an act on many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.codes import import_codes
from plugin.store.members import member_list, member_search, member_views
from plugin.store.members.member_list import BOUGHT, CONSENTS, COUNTED_UP_TO, NO_TIER, SOURCES, UNKNOWN, WHO, Place
from plugin.store.members.members import Member
from plugin.store.reports import buyers
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, link, number_from, page
from plugin.web.admin.members import member_tier
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, transaction
from plugin.web.forms.members import filters as member_filters
from plugin.web.forms.members.filters import EVERYBODY, Filters
from plugin.web.words import language, t

SORTS = ("activity", "points", "ordered", "joined")
"""As the list offers them: `members.index.sort.*`."""
VIEWS = (*WHO, EVERYBODY)
"""Views that every shop has: `members.index.who.*`."""
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """What the table shows, how many fit (one more than COUNTED_UP_TO: more than that), and the pages beside it."""

    rows: list[Member]
    count: int
    older: str = ""
    newer: str = ""
    more: bool = False


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/members", view_func=members)


@caller("session", reads="members")
def members() -> Response:
    """What the filters leave, or what a search found."""
    text = " ".join(request.args.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
    return shown(text, member_filters.read(request.args, shop().day(now())))


def shown(text: str, filters: Filters, message: str = "", status: int = 200) -> Response:
    """The page: a search looks among everybody, whatever the filters say."""
    with transaction() as conn:
        programme = programmes.current(conn, shop().id, now()).programme
        view = _view(conn, filters)
        listed = _found(conn, text) if text else _page(conn, filters)
        ids = [member.id for member in listed.rows]
        beside = {
            "tiers": member_tier.of_members(conn, ids),
            "buyers": buyers.of_members(conn, shop().id, ids),
            "views": member_views.of_shop(conn, shop().id),
            "complete": member_list.is_complete(conn, shop().id),
            "languages": _languages(conn),
            "newest": member_list.newest(conn, shop().id),
        }
        reading("members", len(listed.rows), fields={"q": text, **filters.values}, search=text)
    choices = [(tier.key, tier.name) for tier in programme.tiers.levels]
    return page(
        "admin/members/members.html",
        status,
        q=text,
        filters=filters,
        form=Form(filters.values, {}),
        listed=listed,
        bound=COUNTED_UP_TO,
        view=view,
        at=lambda asked, **more: _at(view, {**asked, **more}),
        message=message,
        sorts=SORTS,
        whos=VIEWS,
        choices=_choices(choices),
        points_name=programme.points_name,
        **beside,
    )


def _at(view: member_views.View | None, asked: Mapping[str, str]) -> str:
    """The list with other filters, order or page, still in the view that is open."""
    known = {name: value for name, value in asked.items() if value}
    return link("members", **known, **({"view": view.id} if view else {}))


def _view(conn: Connection, filters: Filters) -> member_views.View | None:
    """The saved view that is open: its filters are in the address, with its number."""
    number = number_from("view")
    return member_views.get(conn, shop().id, number) if number is not None else None


def _choices(tiers: list[tuple[str, str]]) -> Mapping[str, list[tuple[str, str]]]:
    """What each filter offers, its first choice leaving nobody out."""
    any_one = [("", t("members.index.any"))]
    named = {"bought": tuple(BOUGHT), "source": (*SOURCES, UNKNOWN), "consent": (*CONSENTS, UNKNOWN)}
    known = {name: [(key, t(f"members.index.{name}.{key}")) for key in keys] for name, keys in named.items()}
    known["tier"] = [*tiers, (NO_TIER, t("members.tier.none"))] if tiers else []
    return {name: any_one + found for name, found in known.items()}


def _languages(conn: Connection) -> list[tuple[str, str]]:
    found = member_list.languages(conn, shop().id)
    named = sorted(((tag, _language(tag)) for tag in found), key=lambda one: one[1])
    return [("", t("members.index.any")), *named, (UNKNOWN, t("members.index.language.unknown"))]


def _language(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(language()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def _found(conn: Connection, text: str) -> Listed:
    found = member_search.search(conn, shop().id, text, import_codes.given_to(conn, shop(), text))
    rows = found[: member_search.LIMIT]
    return Listed(rows, len(rows), more=len(found) > len(rows))


def _page(conn: Connection, filters: Filters) -> Listed:
    after, before = _place(filters.sort, "after"), _place(filters.sort, "before")
    back = before is not None and after is None
    count = member_list.count(conn, shop().id, filters.wanted)
    found = member_list.page(
        conn, shop().id, filters.wanted, filters.sort, before if back else after,
        rising=filters.rising, back=back, few=count <= COUNTED_UP_TO,
    )  # fmt: skip
    more = len(found) > member_list.PAGE
    rows = found[: member_list.PAGE]
    if back:
        rows.reverse()
    has_older, has_newer = (True, more) if back else (more, after is not None)
    return Listed(
        [one for _, one in rows],
        count,
        _mark(rows[-1][0]) if rows and has_older else "",
        _mark(rows[0][0]) if rows and has_newer else "",
    )


def _mark(place: Place) -> str:
    value = place.value
    return f"{value.isoformat() if isinstance(value, date) else value}~{place.member_id}"


def _place(sort: str, name: str) -> Place | None:
    """Where a page begins; nonsense in the address begins at the top."""
    value, _, member_id = request.args.get(name, "").rpartition("~")
    read: dict[str, Any] = {"activity": datetime.fromisoformat, "ordered": date.fromisoformat}
    try:
        number = int(member_id)
        found = read.get(sort, int)(value)
    except ValueError:
        return None
    return Place(found, number) if abs(number) < 2**63 and (not isinstance(found, int) or abs(found) < 2**63) else None
