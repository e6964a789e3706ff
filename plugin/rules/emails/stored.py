"""A design or a source as JSON: written as it is, read with every doubt.

What is wrong is named by its place: `blocks.2.texts.en.title`, `blocks.0.options.link`, `texts.fil.subject`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

from plugin.errors import BadInput
from plugin.rules.emails import rich_text
from plugin.rules.emails.block_types import ALIGNS, GROUNDS, HEAD, TYPES, Align, BlockType, Field, Ground, Option
from plugin.rules.emails.design import Block, Conditions, Content, Design, Override, Source, Texts
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.texts import Said

MAX_BLOCKS: Final = 40
MAX_SOURCE_BYTES: Final = 200_000
SOURCE_FIELDS: Final = {"subject": 1_000, "preheader": 1_000, "mjml": MAX_SOURCE_BYTES, "text": MAX_SOURCE_BYTES}
"""The parts of a source, and the most bytes of each."""
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIELD: Final = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40})?")
_TIER: Final = re.compile(r"[a-z0-9-]{1,40}")
_HASH: Final = re.compile(r"[0-9a-f]{0,12}")
_FLAGS: Final = ("first_order", "guest", "has_balance")
Wrong = dict[str, str]


def to_stored(content: Content) -> dict[str, object]:
    """The content as JSON can hold it; what is as it was by default is left out."""
    if isinstance(content, Source):
        return {"source": {name: getattr(content, name) for name in SOURCE_FIELDS}}
    return {"texts": _texts_stored(content.texts), "blocks": [_block_stored(block) for block in content.blocks]}


def _block_stored(block: Block) -> dict[str, object]:
    when = {name: getattr(block.when, name) for name in _FLAGS if getattr(block.when, name) is not None}
    tiers = {"tiers": sorted(block.when.tiers)} if block.when.tiers else {}
    every = {
        "hidden": block.hidden,
        "when": {**tiers, **when},
        "align": block.align,
        "ground": block.ground,
        "texts": _texts_stored(block.texts),
        "options": dict(block.options),
    }
    return {"id": block.id, "type": block.type.value, **{name: value for name, value in every.items() if value}}


def _texts_stored(texts: Texts) -> dict[str, object]:
    return {
        language: {name: {"text": each.text, **({"was": each.was} if each.was else {})} for name, each in own.items()}
        for language, own in texts.items()
        if own
    }


def read_stored(stored: object) -> Content:
    """The content that JSON holds. BadInput naming each place that is wrong."""
    wrong: Wrong = {}
    if not isinstance(stored, Mapping):
        raise BadInput(Said("emails.wrong.shape"))
    content = _source(stored["source"], wrong) if "source" in stored else _design(stored, wrong)
    if wrong:
        raise BadInput(Said("emails.wrong.content"), wrong)
    return content


def _source(stored: object, wrong: Wrong) -> Source:
    parts = _mapping(stored, "source", wrong)
    read = {}
    for name, limit in SOURCE_FIELDS.items():
        text = parts.get(name, "")
        if not isinstance(text, str):
            wrong[f"source.{name}"] = Said("emails.wrong.shape")
        elif len(text.encode("utf-8", "replace")) > limit:
            wrong[f"source.{name}"] = Said("emails.wrong.source_long", limit=limit)
        elif re.search("[\x00\ud800-\udfff]", text):
            wrong[f"source.{name}"] = Said("emails.wrong.control")
        read[name] = text if isinstance(text, str) else ""
    return Source(**read)


def _design(stored: Mapping[str, object], wrong: Wrong) -> Design:
    blocks = stored.get("blocks")
    if not isinstance(blocks, list) or not 0 < len(blocks) <= MAX_BLOCKS:
        wrong["blocks"] = Said("emails.wrong.blocks", limit=MAX_BLOCKS)
        blocks = []
    read = [_block(each, f"blocks.{place}", wrong) for place, each in enumerate(blocks)]
    found = tuple(block for block in read if block is not None)
    _once(found, wrong)
    texts = _texts(stored.get("texts", {}), {field.name: field for field in HEAD}, "texts", wrong)
    return Design(texts=texts, blocks=found)


def _once(blocks: Sequence[Block], wrong: Wrong) -> None:
    """No id twice, no second one of a type that stands once, and what cannot be removed is there and shown."""
    for place, block in enumerate(blocks):
        before = blocks[:place]
        if any(other.id == block.id for other in before):
            wrong[f"blocks.{place}.id"] = Said("emails.wrong.twice")
        if block.type.shape.once and any(other.type == block.type for other in before):
            wrong[f"blocks.{place}.type"] = Said("emails.wrong.once")
    for kind in (each for each in BlockType if not each.shape.removable):
        if not any(block.type == kind and not block.hidden for block in blocks):
            wrong.setdefault("blocks", Said("emails.wrong.needed"))


def _block(stored: object, at: str, wrong: Wrong) -> Block | None:
    parts = _mapping(stored, at, wrong)
    block_id, kind = parts.get("id"), TYPES.get(str(parts.get("type")))
    if not isinstance(block_id, str) or not _ID.fullmatch(block_id):
        wrong[f"{at}.id"] = Said("emails.wrong.shape")
        block_id = ""
    if kind is None:
        wrong[f"{at}.type"] = Said("emails.wrong.type")
        return None
    return Block(
        id=block_id,
        type=kind,
        hidden=parts.get("hidden") is True and kind.shape.removable,
        when=_when(parts.get("when", {}), f"{at}.when", wrong) if kind.shape.removable else Conditions(),
        align=cast(Align, _one_of(parts.get("align", ""), ALIGNS, f"{at}.align", wrong)),
        ground=cast(Ground, _one_of(parts.get("ground", ""), GROUNDS, f"{at}.ground", wrong)),
        texts=_texts(parts.get("texts", {}), {field.name: field for field in kind.shape.fields}, f"{at}.texts", wrong),
        options=_options(parts.get("options", {}), kind, f"{at}.options", wrong),
    )


def _when(stored: object, at: str, wrong: Wrong) -> Conditions:
    parts = _mapping(stored, at, wrong)
    tiers = parts.get("tiers", [])
    known = [str(tier) for tier in tiers if _TIER.fullmatch(str(tier))] if isinstance(tiers, list) else []
    if not isinstance(tiers, list) or len(known) != len(tiers) or len(tiers) > MAX_BLOCKS:
        wrong[f"{at}.tiers"] = Said("emails.wrong.tier")
    flags: dict[str, bool | None] = {}
    for name in _FLAGS:
        value = parts.get(name)
        if value is not None and not isinstance(value, bool):
            wrong[f"{at}.{name}"] = Said("emails.wrong.choice")
        flags[name] = value if isinstance(value, bool) else None
    return Conditions(tiers=frozenset(known), **flags)


def _texts(stored: object, fields: Mapping[str, Field], at: str, wrong: Wrong) -> Texts:
    read: dict[str, dict[str, Override]] = {}
    for language, own in _mapping(stored, at, wrong).items():
        if language not in LANGUAGES:
            wrong[f"{at}.{str(language)[:20]}"] = Said("emails.wrong.language")
            continue
        for name, override in _mapping(own, f"{at}.{language}", wrong).items():
            place = f"{at}.{language}.{str(name)[:60]}"
            field = fields.get(str(name).partition(".")[0])
            if field is None or not _FIELD.fullmatch(str(name)):
                wrong[place] = Said("emails.wrong.field")
                continue
            found = _override(override, field, place, wrong)
            if found is not None:
                read.setdefault(language, {})[str(name)] = found
    return read


def _override(stored: object, field: Field, at: str, wrong: Wrong) -> Override | None:
    parts = _mapping(stored, at, wrong)
    text, was = parts.get("text"), parts.get("was", "")
    if not isinstance(text, str) or not isinstance(was, str) or not _HASH.fullmatch(was):
        wrong[at] = Said("emails.wrong.shape")
        return None
    try:
        return Override(text=checked_text(text, field), was=was)
    except BadInput as error:
        wrong[at] = error.message
        return None


def checked_text(text: str, field: Field) -> str:
    """A text as it is stored. BadInput: too long, not one line where it must be, or not what merchants may write."""
    if len(text) > field.limit:
        raise BadInput(Said("emails.wrong.long", limit=field.limit))
    plain = rich_text.clean(text, lines=field.writing == "rich")
    if field.writing == "rich":
        rich_text.parse(plain)
    else:
        rich_text.parse_line(plain)
    return plain.strip()


def _options(stored: object, kind: BlockType, at: str, wrong: Wrong) -> dict[str, str]:
    read: dict[str, str] = {}
    for name, value in _mapping(stored, at, wrong).items():
        option = kind.option(str(name))
        if option is None or not isinstance(value, str):
            wrong[f"{at}.{str(name)[:40]}"] = Said("emails.wrong.field")
            continue
        try:
            chosen = checked_option(value, option)
        except BadInput as error:
            wrong[f"{at}.{name}"] = error.message
            continue
        if chosen or option.kind == "link":  # a link that was taken away stands against the default
            read[option.name] = chosen
    return read


def checked_option(value: str, option: Option) -> str:
    """A chosen value as it is stored; empty stands for none. BadInput where it is not one of the option's."""
    if not value:
        return ""
    if option.kind == "choice":
        if value not in option.choices:
            raise BadInput(Said("emails.wrong.choice"))
        return value
    if option.kind == "image":
        if not rich_text.is_https(value.strip()) and not _of_this_machine(value.strip()):
            raise BadInput(Said("emails.wrong.link", link=value[:60]))
    else:
        rich_text.check_link(value.strip())
    return value.strip()


def _of_this_machine(address: str) -> bool:
    """Whether it is a picture of the sandbox, which nobody else can open."""
    local = re.fullmatch(r"http://(localhost|127\.0\.0\.1)(:\d{1,5})?(/[\w./~%-]*)?(\?[\w=&.-]*)?", address)
    return local is not None and len(address) <= 2000


def _mapping(stored: object, at: str, wrong: Wrong) -> Mapping[str, object]:
    if isinstance(stored, Mapping):
        return stored
    wrong[at] = Said("emails.wrong.shape")
    return {}


def _one_of(value: object, choices: Sequence[str], at: str, wrong: Wrong) -> str:
    if value in choices:
        return str(value)
    wrong[at] = Said("emails.wrong.choice")
    return ""
