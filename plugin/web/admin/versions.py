"""The programme's versions: what each one changed, by whom and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, Response

from plugin.actions.save_programme import ON_THE_FORM, form_of
from plugin.rules.programme import Programme
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
    old, new = _fields(before.programme), _fields(version.programme)
    changed = [name for name in sorted(old.keys() | new.keys()) if old.get(name, "") != new.get(name, "")]
    return [Change(_label(name), _short(old.get(name, "")), _short(new.get(name, ""))) for name in changed]


def _fields(programme: Programme) -> dict[str, str]:
    """Every field by its dotted name: those of the form, and those of the pages beside it."""
    others = programme.model_dump(mode="json", exclude=ON_THE_FORM)
    return {**form_of(programme), **{name: text for part, value in others.items() for name, text in _flat(part, value)}}


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}", inner)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, inner in enumerate(value, 1):
            yield from _flat(f"{name}.{place}", inner)
    else:
        yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _label(name: str) -> str:
    group, _, field = name.rpartition(".")
    words = field.replace("_", " ")
    place = {"next_order_code": "next-order code, ", "basis": "what counts, ", "earning": "earning, "}
    return place.get(group.split(".")[0], group.replace(".", " ") + ", ") + words if group else words


def _short(value: str) -> str:
    one_line = ", ".join(value.split("\n"))
    return (one_line[: LONGEST - 1] + "…" if len(one_line) > LONGEST else one_line) or "–"
