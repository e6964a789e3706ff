"""An email's blocks as the editor shows them: each text beside its default, and what of it was changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from plugin.messages.designs import (
    EditorField,
    block_fields,
    default_conditions,
    default_of,
    default_options,
    head_fields,
    options_of,
)
from plugin.rules.emails.block_types import Option
from plugin.rules.emails.design import Block, Design, Override, Texts, fingerprint
from plugin.rules.emails.edits import HEAD_ID, Defaults
from plugin.rules.emails.findings import Finding
from plugin.rules.formats import one_line
from plugin.rules.message_kinds import MessageKind
from plugin.web.words import t

EXCERPT = 60
CONDITIONS: Final = {
    "guest": "guest",
    "guest == false": "member",
    "earned > 0": "earned",
    "code": "code",
    "code.value != blank": "own_code",
    "how != ''": "estimate",
    "explain.size > 0": "explain",
    "reward": "reward",
    "rewards_in_reach != blank": "in_reach",
    "rewards_in_reach != gift": "others_in_reach",
    "rewards_url != blank": "rewards_page",
    "ways_to_earn.size > 0": "ways",
    "tier != blank": "tier",
    "products.size > 0": "products",
    "survey_url != blank": "survey",
    "invitation_url != blank": "invitation",
    "brand.social.size > 0": "social",
}
"""The words for what blocks ask for by themselves: `messages.editor.only.<name>`."""


@dataclass(frozen=True, slots=True)
class ShownText:
    """One text: as it is now, and whether it was changed, or its default has changed since."""

    name: str
    label: str
    rich: bool
    text: str
    default: str
    changed: bool
    outdated: bool


@dataclass(frozen=True, slots=True)
class ShownOption:
    """What is chosen for a block, and what is by default."""

    option: Option
    value: str
    default: str

    @property
    def changed(self) -> bool:
        """Whether something else was chosen."""
        return self.value != self.default


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """One block with its texts in one language, and what the checker found in it, in that language or in all."""

    block: Block
    texts: tuple[ShownText, ...]
    own: bool
    findings: tuple[Finding, ...]
    conditions: tuple[str, ...] = ()
    options: tuple[ShownOption, ...] = ()

    @property
    def label(self) -> str:
        """What staff call it."""
        return t(self.block.type.label)

    @property
    def says(self) -> str:
        """How it begins, to tell blocks of the same type apart."""
        return one_line(next((one.text for one in self.texts if one.text), ""), EXCERPT)

    @property
    def only(self) -> str:
        """Whom it is shown to by itself, whatever was chosen for it; empty where it is everybody."""
        return " ".join(t(f"messages.editor.only.{CONDITIONS[each]}") for each in self.conditions)

    @property
    def changed(self) -> bool:
        """Whether one of its texts was changed in this language, or something else was chosen for it."""
        chosen = self.block.align or self.block.ground or any(one.changed for one in self.options)
        return bool(chosen) or any(one.changed for one in self.texts)

    @property
    def outdated(self) -> bool:
        """Whether the default of a changed text has changed since."""
        return any(one.outdated for one in self.texts)


def defaults(kind: MessageKind, design: Design, language: str) -> Defaults:
    """The texts by default in one language, of the email as a whole and of each of its blocks."""
    known = {HEAD_ID: _defaults(head_fields(kind), language)}
    return known | {block.id: _defaults(block_fields(kind, block), language) for block in design.blocks}


def usual(kind: MessageKind, design: Design) -> Defaults:
    """What is chosen by default for each block."""
    return {block.id: default_options(kind, block) for block in design.blocks}


def head(kind: MessageKind, design: Design, language: str) -> tuple[ShownText, ...]:
    """Subject and preheader."""
    return _texts(head_fields(kind), design.texts, language)


def blocks(kind: MessageKind, design: Design, language: str, found: Iterable[Finding]) -> list[ShownBlock]:
    """Every block, in order."""
    known, listed = {block.id for block in default_of(kind).blocks}, tuple(found)
    return [
        ShownBlock(
            block,
            _texts(block_fields(kind, block), block.texts, language),
            block.id not in known,
            _findings(block.id, language, listed),
            default_conditions(kind, block),
            _options(kind, block),
        )
        for block in design.blocks
    ]


def _findings(block_id: str, language: str, found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(one for one in found if one.block == block_id and one.language in ("", language))


def _options(kind: MessageKind, block: Block) -> tuple[ShownOption, ...]:
    chosen, known = options_of(kind, block), default_options(kind, block)
    options = block.type.shape.options
    return tuple(ShownOption(one, chosen.get(one.name, ""), known.get(one.name, "")) for one in options)


def _defaults(fields: Sequence[EditorField], language: str) -> dict[str, str]:
    return {one.name: text for one in fields if (text := one.default(language))}


def _texts(fields: Sequence[EditorField], texts: Texts, language: str) -> tuple[ShownText, ...]:
    own = texts.get(language, {})
    return tuple(_text(one, own.get(one.name), one.default(language)) for one in fields)


def _text(one: EditorField, own: Override | None, default: str) -> ShownText:
    label = t(one.field.label)
    if one.case_label:
        label = t("messages.editor.case", text=label, case=t(one.case_label))
    outdated = own is not None and bool(own.was) and own.was != fingerprint(default)
    shown = own.text if own is not None else default
    return ShownText(one.name, label, one.field.writing == "rich", shown, default, own is not None, outdated)
