"""The default design of every kind, and what an editor shows of it: fields, their cases and their default texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Final

from plugin.rules.emails import variables
from plugin.rules.emails.block_types import HEAD, BlockType, Field
from plugin.rules.emails.default_design import DefaultBlock, DefaultDesign, TypeDefaults
from plugin.rules.emails.default_texts import Default, Words, fields_of
from plugin.rules.emails.design import Block, Design
from plugin.rules.emails.variables import Variable
from plugin.rules.message_kinds import MessageKind


def _design_of(kind: MessageKind) -> DefaultDesign:
    found = import_module(f"{__package__}.{kind}.design").DESIGN
    if not isinstance(found, DefaultDesign):
        raise TypeError(f"DESIGN of {kind} is not a DefaultDesign")
    return found


def _type_of(kind: BlockType) -> TypeDefaults:
    found = import_module(f"{__package__}.blocks.{kind}.block").BLOCK
    if not isinstance(found, TypeDefaults):
        raise TypeError(f"BLOCK of {kind} is not a TypeDefaults")
    return found


DESIGNS: Final[Mapping[MessageKind, DefaultDesign]] = {kind: _design_of(kind) for kind in MessageKind}
TYPE_DEFAULTS: Final[Mapping[BlockType, TypeDefaults]] = {kind: _type_of(kind) for kind in BlockType}
_UNCHANGED: Final = {kind: design.design() for kind, design in DESIGNS.items()}


@dataclass(frozen=True, slots=True)
class EditorField:
    """A text that can be changed: `name` as it is stored, its field, its case (empty: it has none), its default."""

    name: str
    field: Field
    case: str
    words: Words | None

    @property
    def case_label(self) -> str:
        """The key of what staff call the case; empty where there is none."""
        return f"emails.case.{self.case}" if self.case else ""

    def default(self, language: str) -> str:
        """The default as a merchant would write it; empty where there is none."""
        return self.words.shown(language) if self.words is not None else ""


def default_of(kind: MessageKind) -> Design:
    """The design that the kind comes with."""
    return _UNCHANGED[kind]


def variables_of(kind: MessageKind) -> tuple[Variable, ...]:
    """What can be printed in this kind of email: its own values first, then the common ones."""
    own = DESIGNS[kind].variables
    known = variables.named(own)
    return (*own, *(each for each in variables.COMMON if each.path not in known))


def head_defaults(kind: MessageKind) -> Mapping[str, Default | None]:
    """The default subject and preheader."""
    return {"subject": DESIGNS[kind].subject, "preheader": DESIGNS[kind].preheader}


def default_block(kind: MessageKind, block: Block) -> DefaultBlock | None:
    """The block of the kind's own design that this one comes from; None for one that was added."""
    found = DESIGNS[kind].block(block.id)
    return found if found is not None and found.type == block.type else None


def block_defaults(kind: MessageKind, block: Block) -> Mapping[str, Default | None]:
    """The default texts of a block by field: its own, else those of its type."""
    own = default_block(kind, block)
    standing = TYPE_DEFAULTS[block.type].texts
    return {**standing, **(own.texts if own is not None else {})}


def default_options(kind: MessageKind, block: Block) -> Mapping[str, str]:
    """What is chosen for a block where a merchant chose nothing: by its own default, else by its type's."""
    own = default_block(kind, block)
    return {**TYPE_DEFAULTS[block.type].options, **(own.options if own is not None else {})}


def options_of(kind: MessageKind, block: Block) -> Mapping[str, str]:
    """What is chosen for a block; what a merchant left empty is empty."""
    return {**default_options(kind, block), **block.options}


def with_options(kind: MessageKind, design: Design) -> Design:
    """The design with everything that is chosen in it, also by default."""
    return replace(design, blocks=tuple(replace(one, options=options_of(kind, one)) for one in design.blocks))


def default_conditions(kind: MessageKind, block: Block) -> tuple[str, ...]:
    """What must be true for a block to be there, whatever a merchant chose: Liquid of the raw values, its own or its
    type's."""
    own = default_block(kind, block)
    return own.shown if own is not None and own.shown is not None else TYPE_DEFAULTS[block.type].shown


def head_fields(kind: MessageKind) -> tuple[EditorField, ...]:
    """The texts of the email as a whole."""
    defaults = head_defaults(kind)
    return tuple(each for field in HEAD for each in _fields(field, defaults.get(field.name)))


def block_fields(kind: MessageKind, block: Block) -> tuple[EditorField, ...]:
    """The texts of a block, in the order in which they are read."""
    defaults = block_defaults(kind, block)
    fields = (field for field in block.type.shape.fields if field.usual or defaults.get(field.name) is not None)
    return tuple(each for field in fields for each in _fields(field, defaults.get(field.name)))


def _fields(field: Field, default: Default | None) -> tuple[EditorField, ...]:
    found = fields_of(field.name, default)
    if not found:
        return (EditorField(field.name, field, "", None),)
    return tuple(EditorField(name, field, name.partition(".")[2], words) for name, words in found.items())


def default_text(kind: MessageKind, block: Block | None, name: str, language: str) -> str:
    """The default text of one field of a block, or of the email (None), as a merchant would write it."""
    fields = head_fields(kind) if block is None else block_fields(kind, block)
    return next((each.default(language) for each in fields if each.name == name), "")
