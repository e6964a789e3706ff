"""The form of the email editor: the design that it began with, the texts of one language, and the order of blocks.

The form carries the whole design, so that it stands for itself whatever others have saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
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


def in_typed_order(form: Fields) -> Design:
    """The design that the form began with, its blocks in the order of the form. Raises BadInput where it is none."""
    base = base_of(form)
    return replace(base, blocks=tuple(found for name in _order(form, base) if (found := base.block(name)) is not None))


def _order(form: Fields, base: Design) -> list[str]:
    order = form.getlist("block")
    if sorted(order) != sorted(block.id for block in base.blocks):
        raise BadInput(Said("messages.editor.other_blocks"))
    return order


def read(form: Fields, base: Design, defaults: Defaults, usual: Defaults) -> Design:
    """What the form makes of the design that it began with; `defaults` are the texts of its language, `usual` is what
    is chosen by default, by block and option.

    Raises BadInput: `fields` names what is wrong as the form does (`t.points.title`).
    """
    language, order = language_of(form), _order(form, base)
    stored: dict[str, Any] = to_stored(base)
    own = {each["id"]: each for each in stored["blocks"]}
    stored["blocks"] = [
        _block(own[name], form, language, defaults.get(name, {}), usual.get(name, {})) for name in order
    ]
    stored["texts"] = _texts(stored["texts"], form, HEAD_ID, language, defaults.get(HEAD_ID, {}))
    try:
        design = read_stored(stored)
    except BadInput as error:
        raise named(error, form) from error
    assert isinstance(design, Design)
    return design


def named(error: BadInput, form: Fields) -> BadInput:
    """The same, with what is wrong named as the form does."""
    order = form.getlist("block")
    return BadInput(error.message, {_named(place, order): words for place, words in error.fields.items()})


def without(form: Fields, wrong: Iterable[str]) -> Fields:
    """The form in which these fields are as they were when it began."""
    gone = frozenset(wrong)
    return MultiDict((name, value) for name, value in form.items(multi=True) if name not in gone)


def _block(
    block: dict[str, Any], form: Fields, language: str, defaults: Mapping[str, str], usual: Mapping[str, str]
) -> dict[str, Any]:
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
        "options": {key: value for key, value in options.items() if value != usual.get(key, "")},
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
    """What is wrong by its place in the form: `t.points.title` for `blocks.2.texts.en.title`."""
    match place.split("."):
        case ["texts", _, *field]:
            return ".".join(("t", HEAD_ID, *field))
        case ["blocks", at, "texts", _, *field] if _is_place(at, order):
            return ".".join(("t", order[int(at)], *field))
        case ["blocks", at, "options", *name] if _is_place(at, order):
            return ".".join(("o", order[int(at)], *name))
        case ["blocks", at, "when", name] if _is_place(at, order):
            return f"{name}.{order[int(at)]}"
        case ["blocks", at, name] if _is_place(at, order):
            return f"{name}.{order[int(at)]}"
        case _:
            return place


def _is_place(at: str, order: list[str]) -> bool:
    return at.isdigit() and int(at) < len(order)
