"""Products and collections, as people paste them into a field."""

from __future__ import annotations

import re
from collections.abc import Mapping

from plugin.rules.formats import one_line
from plugin.rules.words.texts import Said

_MOST_LISTED = 2000
_NO_ID = {"Product": "frame.wrong.product_id", "Collection": "frame.wrong.collection_id"}


def ids_in(text: str, kind: str, name: str, wrong: dict[str, str]) -> list[int]:
    """Ids as people paste them: bare, as a gid, or the admin's address of a product."""
    found = []
    for word in re.split(r"[\s,;]+", text.strip()):
        match = re.fullmatch(rf"(?:.*/{kind.lower()}s?/|gid://shopify/{kind}/)?(\d{{1,18}})", word, re.IGNORECASE)
        if match:
            found.append(int(match[1]))
        elif word:
            wrong[name] = Said(_NO_ID[kind], text=one_line(word, 40))
    if len(found) > _MOST_LISTED:
        wrong[name] = Said("frame.wrong.many_listed", most=_MOST_LISTED)
    return found


def named(form: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, list[int]]:
    """The ids in each of these fields, of which `fields` say what kind they name; what is none is left out."""
    return {name: ids_in(form.get(name, ""), kind, name, {}) for name, kind in fields.items()}
