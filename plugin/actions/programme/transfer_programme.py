"""A programme leaves as a file and comes back as a version: checked as a whole, changed as a whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Connection

from plugin.actions.programme import publish_programme
from plugin.errors import BadInput
from plugin.rules.fields import of_shop
from plugin.rules.mistakes import in_words
from plugin.rules.programme import Programme
from plugin.rules.versions import programme_file
from plugin.rules.versions.programme_changes import Change, changes
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changes, and the version that it made (0: none)."""

    changes: list[Change]
    number: int


def version(conn: Connection, shop: Shop, number: int | None, now: datetime) -> Version:
    """One version, or the one in force; BadInput when there is none of this number."""
    known = programmes.versions(conn, shop.id)
    if number is None:
        return programmes.at(known, now)
    if not 0 < number <= len(known):
        raise BadInput(f"We couldn't find version {number}. The newest is {len(known)}.", {"version": "does not exist"})
    return known[number - 1]


def export(conn: Connection, shop: Shop, number: int | None, now: datetime) -> str:
    """The file of one version, or of the one in force."""
    one = version(conn, shop, number, now)
    return programme_file.to_yaml(one.programme, f"Suki: version {one.number} of the programme of {shop.domain}")


def checked(text: str, currency: str) -> Programme:
    """The programme that a file describes; BadInput names each field that is wrong, and why."""
    raw = programme_file.from_yaml(text)
    try:
        return Programme.model_validate(raw, context=of_shop(currency))
    except ValidationError as error:
        raise BadInput("Some values can't be used.", in_words(error)) from error


def bring_in(
    conn: Connection,
    shop: Shop,
    text: str,
    *,
    at: datetime | None,
    note: str,
    actor: str,
    now: datetime,
    dry_run: bool = False,
) -> Imported:
    """Publish the file's programme, now or at a moment; a dry run only says what would change."""
    programme = checked(text, shop.currency)
    in_force = programmes.current(conn, shop.id, now)
    found = changes(in_force.programme, programme)
    if dry_run or not found:
        return Imported(found, 0)
    if at is not None and at <= now:
        raise BadInput("That time has passed.", {"at": "Enter a later time."})
    editing = publish_programme.begin(conn, shop.id, in_force.number, now)
    return Imported(found, publish_programme.publish_at(conn, editing, programme, note, at or now, actor, now))
