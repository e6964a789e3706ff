"""An email's blocks as the editor shows them: each text beside its default, and what of it was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugin.rules.emails.block_types import HEAD, BlockType, Field
from plugin.rules.emails.design import Block, Design, Override, Texts, fingerprint
from plugin.rules.emails.edits import HEAD_ID, Defaults
from plugin.rules.emails.findings import Finding
from plugin.rules.formats import one_line
from plugin.web.words import t

EXCERPT = 60


@dataclass(frozen=True, slots=True)
class ShownText:
    """One text: as it is now, and whether it was changed, or its default has changed since."""

    name: str
    label: str
    rich: bool
    limit: int
    text: str
    default: str
    changed: bool
    outdated: bool


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """One block with its texts in one language, and what the checker found in it."""

    block: Block
    texts: tuple[ShownText, ...]
    own: bool
    findings: tuple[Finding, ...]

    @property
    def label(self) -> str:
        """What staff call it."""
        return t(self.block.type.label)

    @property
    def says(self) -> str:
        """How it begins, to tell blocks of the same type apart."""
        return one_line(next((one.text for one in self.texts if one.text), ""), EXCERPT)

    @property
    def changed(self) -> bool:
        """Whether one of its texts was changed in this language."""
        return any(one.changed for one in self.texts)

    @property
    def outdated(self) -> bool:
        """Whether the default of a changed text has changed since."""
        return any(one.outdated for one in self.texts)


def head(design: Design, defaults: Defaults, language: str) -> tuple[ShownText, ...]:
    """Subject and preheader."""
    return _texts({field.name: field for field in HEAD}, design.texts, defaults.get(HEAD_ID, {}), language)


def blocks(
    design: Design, defaults: Defaults, default: Design, language: str, found: tuple[Finding, ...]
) -> list[ShownBlock]:
    """Every block, in order."""
    known = {block.id for block in default.blocks}
    return [
        ShownBlock(
            block,
            _texts(_fields(block.type), block.texts, defaults.get(block.id, {}), language),
            block.id not in known,
            tuple(one for one in found if one.block == block.id),
        )
        for block in design.blocks
    ]


def _fields(kind: BlockType) -> dict[str, Field]:
    return {field.name: field for field in kind.shape.fields}


def _texts(
    fields: Mapping[str, Field], texts: Texts, defaults: Mapping[str, str], language: str
) -> tuple[ShownText, ...]:
    own = texts.get(language, {})
    shown = []
    for name, field in fields.items():
        cases = [key for key in {**defaults, **own} if key.partition(".")[0] == name]
        for key in cases or ([name] if field.usual else []):
            shown.append(_text(key, field, own.get(key), defaults.get(key)))
    return tuple(shown)


def _text(key: str, field: Field, own: Override | None, default: str | None) -> ShownText:
    case = key.partition(".")[2]
    label = t("messages.editor.case", text=t(field.label), case=t(f"emails.case.{case}")) if case else t(field.label)
    outdated = own is not None and bool(own.was) and own.was != fingerprint(default or "")
    return ShownText(
        key,
        label,
        field.writing == "rich",
        field.limit,
        own.text if own is not None else default or "",
        default or "",
        own is not None,
        outdated,
    )
