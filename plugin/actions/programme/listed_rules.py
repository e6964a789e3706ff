"""What the lists of a programme share, be it rewards, activities or rules: one of them saved, changed or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import Connection

from plugin.actions.programme.edits import Edit
from plugin.actions.programme.save_programme import save_part
from plugin.errors import NotFound
from plugin.rules.words.texts import Said
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import activity_pages

Part = Literal["rewards", "activities"]
_ONE = {"rewards": "reward", "activities": "activity"}


def with_saved(known: Sequence[BaseModel], raw: Mapping[str, Any], key: str = "id") -> list[Any]:
    """The list with `raw` instead of the one that has its key, or behind the others. Whether it is paused stays."""
    place = next((n for n, one in enumerate(known) if getattr(one, key) == raw[key]), len(known))
    everything: list[Any] = list(known)
    stays = {"active": everything[place].active} if place < len(known) else {}
    everything[place : place + 1] = [{**raw, **stays}]
    return everything


def as_stored(part: BaseModel) -> dict[str, Any]:
    """The fields of a part, to be saved with some of them replaced: what is stored is not judged again."""
    return {name: getattr(part, name) for name in type(part).model_fields}


def with_changed(known: Sequence[BaseModel], name: str, change: Mapping[str, Any] | None, key: str = "id") -> list[Any]:
    """The list with one of it changed; None leaves it out."""
    return [
        one.model_dump() | dict(change or {}) if getattr(one, key) == name else one
        for one in known
        if change is not None or getattr(one, key) != name
    ]


def change_one(
    conn: Connection,
    shop: Shop,
    part: Part,
    one_id: str,
    verb: str,
    change: Mapping[str, Any] | None,
    edit: Edit,
) -> int:
    """Store the next version with one of a part changed, or without it (None). What was given with it stays."""
    known = getattr(programmes.edited(conn, shop.id, edit.based_on, edit.now).programme, part)
    found = next((one for one in known if one.id == one_id), None)
    if found is None:
        raise NotFound(Said("frame.error.not_found"))
    number = save_part(conn, shop.id, part, with_changed(known, one_id, change), edit)
    return noted(conn, shop, number, edit.based_on, f"{verb}_{_ONE[part]}", found.name)


def noted(conn: Connection, shop: Shop, number: int, based_on: int, action: str, name: str) -> int:
    """The number again; the staff log names what was saved, if it is a new one: else nothing was done."""
    if number != based_on:
        activity_pages.name_saving(conn, shop.id, action, name, number)
    return number


def switched(what: str) -> dict[str, Any] | None:
    """What `pause`, `resume` and `remove` change of one of a list."""
    return None if what == "remove" else {"active": what == "resume"}
