"""What a merchant makes of one kind of email: an ordered list of blocks, or a source of their own.

Values only; `stored.py` reads and writes them as JSON. What stands in no override follows the catalogue in the
reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from plugin.rules.emails.block_types import Align, BlockType, Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A text that stands instead of a default. `was`: the fingerprint of the default that it replaced, empty where
    there was none."""

    text: str
    was: str = ""


Texts = Mapping[str, Mapping[str, Override]]
"""By language, then by field: `title`, or `note.pending` for one case of a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Whom a block is shown to; what is None, or no tier, shows it to all."""

    tiers: frozenset[str] = frozenset()
    first_order: bool | None = None
    guest: bool | None = None
    has_balance: bool | None = None


ALWAYS = Conditions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block. `id` is that of the default design, or "b" and eight letters or digits for one that was added."""

    id: str
    type: BlockType
    hidden: bool = False
    when: Conditions = ALWAYS
    align: Align = ""
    ground: Ground = ""
    texts: Texts = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Blocks in order. `texts` are the email's subject and preheader, in fields as a block has them."""

    texts: Texts = field(default_factory=dict)
    blocks: tuple[Block, ...]

    def block(self, block_id: str) -> Block | None:
        """The block with this id."""
        return next((block for block in self.blocks if block.id == block_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A merchant's own Liquid and MJML, one for all languages (by the filter `t`)."""

    subject: str
    preheader: str
    mjml: str
    text: str


Content = Design | Source


def fingerprint(text: str) -> str:
    """A short hash of a default text, by which the editor sees that it has changed since.

    >>> fingerprint("Hello")
    '185f8db32271'
    """
    return sha256(text.encode()).hexdigest()[:12]
