"""The form of the email editor: the design that it began with, the texts of one language, and the order of blocks.

The form carries the whole design, so that it stands for itself whatever others have saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from werkzeug.datastructures import MultiDict

from plugin.errors import BadInput
from plugin.rules.emails.design import Design, fingerprint
from plugin.rules.emails.edits import HEAD_ID, Defaults
from plugin.rules.emails.stored import read_stored, to_stored
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.texts import Said

Fields = MultiDict[str, str]
FLAGS: Final = ("first_order", "guest", "has_balance")
_FLAG: Final[Mapping[str, bool | None]] = {"": None, "yes": True, "no": False}


def language_of(form: Mapping[str, str]) -> str:
    """The language whose texts the form holds. Raises BadInput for one that emails are not written in."""
    if (language := form.get("language", "")) not in LANGUAGES:
        raise BadInput(Said("emails.wrong.language"), {"language": Said("emails.wrong.language")})
    return language


def base_of(form: Mapping[str, str]) -> Design:
    """The design that the form began with. Raises BadInput where it is none."""
    try:
        stored = orjson.loads(form.get("design", ""))
    except orjson.JSONDecodeError:
        raise BadInput(Said("emails.wrong.shape")) from None
    base = read_stored(stored)
    if not isinstance(base, Design):
        raise BadInput(Said("emails.wrong.shape"))
    return base


def read(form: Fields, defaults: Defaults) -> Design:
    """The design that the form describes; `defaults` are the texts of its language.

    Raises BadInput: `fields` names what is wrong as the form does (`t.points.title`).
    """
    language, base = language_of(form), base_of(form)
    stored: dict[str, Any] = to_stored(base)
    own = {each["id"]: each for each in stored["blocks"]}
    order = form.getlist("block")
    if sorted(order) != sorted(own):
        raise BadInput(Said("messages.editor.other_blocks"))
    stored["blocks"] = [_block(own[name], form, language, defaults.get(name, {})) for name in order]
    stored["texts"] = _texts(stored["texts"], form, HEAD_ID, language, defaults.get(HEAD_ID, {}))
    try:
        design = read_stored(stored)
    except BadInput as error:
        raise BadInput(error.message, {_named(place, order): words for place, words in error.fields.items()}) from error
    assert isinstance(design, Design)
    return design


def _block(block: dict[str, Any], form: Fields, language: str, defaults: Mapping[str, str]) -> dict[str, Any]:
    name = block["id"]
    if form.get(f"open.{name}") is None:
        return block  # a form that left the block's own fields out
    options = {key: form[f"o.{name}.{key}"].strip() for key in _keys(form, f"o.{name}.")}
    return {
        "id": name,
        "type": block["type"],
        "hidden": form.get(f"hidden.{name}") == "yes",
        "align": form.get(f"align.{name}", ""),
        "ground": form.get(f"ground.{name}", ""),
        "when": _when(form, name),
        "texts": _texts(block.get("texts", {}), form, name, language, defaults),
        "options": {key: value for key, value in options.items() if value},
    }


def _when(form: Fields, name: str) -> dict[str, object]:
    flags = {flag: _FLAG.get(form.get(f"{flag}.{name}", ""), "?") for flag in FLAGS}
    return {"tiers": form.getlist(f"tiers.{name}"), **flags}


def _texts(
    stored: dict[str, Any], form: Fields, name: str, language: str, defaults: Mapping[str, str]
) -> dict[str, Any]:
    before = stored.get(language, {})
    own = dict(before)
    for key in _keys(form, f"t.{name}."):
        text = form[f"t.{name}.{key}"].replace("\r\n", "\n").strip()
        default = defaults.get(key, "")
        if text == default.strip():
            own.pop(key, None)
        elif before.get(key, {}).get("text") != text:
            own[key] = {"text": text, "was": fingerprint(default) if key in defaults else ""}
    return {**{each: texts for each, texts in stored.items() if each != language}, **({language: own} if own else {})}


def _keys(form: Fields, prefix: str) -> list[str]:
    return [key.removeprefix(prefix) for key in form if key.startswith(prefix)]


def _named(place: str, order: list[str]) -> str:
    """`blocks.2.texts.en.title` as the form calls it: `t.points.title`."""
    first, *rest = place.split(".")
    if first == "texts":
        return ".".join(("t", HEAD_ID, *rest[1:]))
    if first != "blocks" or not rest or not rest[0].isdigit():
        return place
    name, part, *more = (order[int(rest[0])], *(rest[1:] or [""]))
    if part == "texts":
        return ".".join(("t", name, *more[1:]))
    return ".".join(("o", name, *more)) if part == "options" else f"{more[0] if more else part}.{name}"
