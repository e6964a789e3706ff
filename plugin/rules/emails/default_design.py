"""The design that a kind of email comes with: its blocks in order, with texts from the catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plugin.rules.emails.block_types import Align, BlockType, Ground
from plugin.rules.emails.default_texts import Default
from plugin.rules.emails.design import Block, Design
from plugin.rules.emails.variables import Variable


@dataclass(frozen=True, slots=True)
class DefaultBlock:
    """One block. `texts` by field, None where it has none though its type has; each of `shown` (Liquid, of the raw
    values) must be true for it to be there, instead of what its type asks for."""

    id: str
    type: BlockType
    texts: Mapping[str, Default | None] = field(default_factory=dict)
    ground: Ground = ""
    align: Align = ""
    shown: tuple[str, ...] | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def block(self) -> Block:
        """The block with nothing changed."""
        return Block(id=self.id, type=self.type)


SOCIAL = DefaultBlock("social", BlockType.SOCIAL)
FOOTER = DefaultBlock("footer", BlockType.FOOTER)
"""The last blocks of every kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultDesign:
    """What one kind says by default. `variables` are those that it has beside the common ones.

    The shop's social links stand before the footer in every kind, without being named.
    """

    subject: Default
    preheader: Default | None = None
    blocks: tuple[DefaultBlock, ...]
    variables: tuple[Variable, ...] = ()

    def __post_init__(self) -> None:
        *others, footer = self.blocks
        object.__setattr__(self, "blocks", (*others, SOCIAL, footer))

    def block(self, block_id: str) -> DefaultBlock | None:
        """The block with this id."""
        return next((block for block in self.blocks if block.id == block_id), None)

    def design(self) -> Design:
        """The design with nothing changed."""
        return Design(blocks=tuple(one.block() for one in self.blocks))


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDefaults:
    """What every block of a type says and asks for where the kind's own design says nothing else."""

    texts: Mapping[str, Default] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
