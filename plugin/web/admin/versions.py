"""The programme's versions: what each one changed, by whom and why."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response

from plugin.actions.save_programme import form_of
from plugin.store import programmes
from plugin.store.programmes import Version
from plugin.web.admin.layout import page
from plugin.web.auth import caller
from plugin.web.current import shop, transaction

SHOWN = 100
LONGEST = 60


@dataclass(frozen=True)
class Change:
    """One field that a version changed."""

    field: str
    old: str
    new: str


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/programme/versions", view_func=versions)


@caller("session")
def versions() -> Response:
    """Newest first."""
    with transaction() as conn:
        known = programmes.versions(conn, shop().id)
    rows = [(version, _changes(before, version)) for before, version in zip([None, *known], known, strict=False)]
    return page("versions.html", rows=rows[::-1][:SHOWN], newest=known[-1].number)


def _changes(before: Version | None, version: Version) -> list[Change]:
    if before is None:
        return []
    old, new = form_of(before.programme), form_of(version.programme)
    changed = [name for name in sorted(old.keys() | new.keys()) if old.get(name, "") != new.get(name, "")]
    return [Change(_label(name), _short(old.get(name, "")), _short(new.get(name, ""))) for name in changed]


def _label(name: str) -> str:
    group, _, field = name.rpartition(".")
    words = field.replace("_", " ")
    place = {"next_order_code": "next-order code, ", "basis": "what counts, ", "earning": "earning, "}
    return place.get(group.split(".")[0], "") + words if group else words


def _short(value: str) -> str:
    one_line = ", ".join(value.split("\n"))
    return (one_line[: LONGEST - 1] + "…" if len(one_line) > LONGEST else one_line) or "–"
