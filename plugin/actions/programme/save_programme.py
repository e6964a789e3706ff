"""Staff save the programme: a draft becomes a checked Programme, and that the next numbered version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from plugin.actions.programme import publish_programme
from plugin.actions.programme.edits import Draft, Edit
from plugin.errors import BadInput
from plugin.rules.fields import of_shop
from plugin.rules.mistakes import NOT_RIGHT, in_words
from plugin.rules.programme import Programme


def checked(raw: Mapping[str, Any], currency: str, wrong: Mapping[str, str]) -> Programme:
    """The programme, if nothing was `wrong` before and nothing is now; BadInput names all of it at once."""
    try:
        programme = Programme.model_validate(raw, context=of_shop(currency))
    except ValidationError as error:
        raise BadInput(NOT_RIGHT, {**in_words(error), **wrong}) from error
    if wrong:
        raise BadInput(NOT_RIGHT, dict(wrong))
    return programme


def save_programme(conn: Connection, shop_id: int, draft: Draft, edit: Edit) -> int:
    """Store the drafted parts in the next version and answer its number; the number there is if nothing changed.

    BadInput: a field is wrong, or somebody saved a newer version than the one this edit began with.
    """
    editing = publish_programme.begin(conn, shop_id, edit.based_on, edit.now)
    wrong = publish_programme.wrong_of(editing, edit) | dict(draft.wrong)
    edited = checked(draft.values, editing.shop.currency, wrong)
    others = {name: getattr(editing.base.programme, name) for name in Programme.model_fields.keys() - draft.values}
    programme = edited.model_copy(update=others)
    return publish_programme.publish(conn, editing, programme, edit)


def save_part(
    conn: Connection,
    shop_id: int,
    name: str,
    raw: object,
    edit: Edit,
    wrong: Mapping[str, str] | None = None,
    at: Callable[[str], str] = str,
) -> int:
    """Store the next version with one part replaced, and answer its number; BadInput as `save_programme`, together
    with what the caller found `wrong`. `at` says how the form calls a field of the programme."""
    editing = publish_programme.begin(conn, shop_id, edit.based_on, edit.now)
    found = publish_programme.wrong_of(editing, edit) | dict(wrong or {})
    try:
        part = getattr(checked({name: raw}, editing.shop.currency, found), name)
    except BadInput as error:
        raise BadInput(error.message, {at(field): words for field, words in error.fields.items()}) from error
    programme = editing.base.programme.model_copy(update={name: part})
    return publish_programme.publish(conn, editing, programme, edit)
