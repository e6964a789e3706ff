"""Staff say what the shop's names are in other languages: by hand, from a file, and back to what they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.shops import show_programme
from plugin.errors import BadInput
from plugin.rules.words.texts import Said
from plugin.rules.words.translations import MOST, Translation, changed
from plugin.store.shops.shops import Shop
from plugin.store.versions import own_names
from plugin.store.work import activity_pages


def save(
    conn: Connection,
    shop: Shop,
    language: str,
    said: Iterable[Translation],
    based_on: int,
    actor: str,
    now: datetime,
) -> int:
    """Keep these in place of what was said of the same names; answers how many of them are other than before.

    BadInput: somebody else saved the language since `based_on`, or there are too many.
    """
    saved = own_names.all_of(conn, shop.id).get(language)
    before = saved.names if saved else ()
    after = changed(before, said)
    if len(after) > MOST:
        raise BadInput(Said("settings.languages.too_many", most=MOST))
    different = _different(before, after)
    if not different:
        return 0
    if own_names.save(conn, shop.id, language, after, based_on, actor, now) is None:
        raise BadInput(Said("settings.languages.saved_since"))
    _noted(conn, shop, language, different, actor, now)
    return different


def _different(before: Iterable[Translation], after: Iterable[Translation]) -> int:
    old, new = _texts(before), _texts(after)
    return sum(old.get(key) != new.get(key) for key in old.keys() | new.keys())


def _texts(names: Iterable[Translation]) -> Mapping[tuple[str, str], str]:
    return {(one.kind, one.source): one.text for one in names}


def _noted(conn: Connection, shop: Shop, language: str, how_many: int, actor: str, now: datetime) -> None:
    activity_pages.note_staff_act(conn, shop.id, actor, "translate_names", language, {"names": how_many}, now)
    show_programme.want(conn, shop.id, now)


def bring(conn: Connection, shop: Shop, said: Mapping[str, Iterable[Translation]], actor: str, now: datetime) -> int:
    """Keep what a file says of several languages, on top of whatever there is by now."""
    known = own_names.all_of(conn, shop.id)
    done = 0
    for language, names in sorted(said.items()):
        revision = known[language].revision if language in known else 0
        done += save(conn, shop, language, names, revision, actor, now)
    return done


def undo(conn: Connection, shop: Shop, language: str, based_on: int, actor: str, now: datetime) -> int:
    """Put back what the last saving of a language took the place of; once more puts that back."""
    saved = own_names.all_of(conn, shop.id).get(language)
    if saved is None or saved.revision != based_on:
        raise BadInput(Said("settings.languages.saved_since"))
    different = _different(saved.names, saved.before)
    if different and own_names.save(conn, shop.id, language, saved.before, based_on, actor, now) is None:
        raise BadInput(Said("settings.languages.saved_since"))
    if different:
        _noted(conn, shop, language, different, actor, now)
    return different
