"""How a block's box looks: by its ground, its alignment, and the direction that its reader writes in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import DefaultBlock
from plugin.rules.emails.design import Block

COLOURS: Final = (
    "primary",
    "on_primary",
    "background",
    "on_background",
    "card",
    "ink",
    "quiet",
    "line",
    "tint",
    "accent",
)
LOOKS: Final = (*COLOURS, "corner", "font")
"""What a brand decides, put in after an email is rendered: so all brands share a compiled template."""


def token(name: str) -> str:
    """What stands for a part of the brand's look until it is known.

    >>> token("card")
    '@@card@@'
    """
    return f"@@{name}@@"


ROOM, BEGINS, ENDS, NEXT = token("room"), token("begins"), token("ends"), token("next")
"""Where other emails of the same cause stand in one; between which marks lies what stands in another, and what parts
its blocks."""
_STANDS: Final = "stands-"
STANDS: Final = re.compile(rf"@@{_STANDS}([a-z_]+)@@")
"""In the text part, at the beginning of a block that says how the member stands: an email says that once."""
BRAND: Final[Mapping[str, str]] = {name: token(name) for name in LOOKS}


def stands(block: BlockType) -> str:
    """The mark of such a block; none of others.

    >>> stands(BlockType.BALANCE), stands(BlockType.TEXT)
    ('@@stands-balance@@', '')
    """
    return token(f"{_STANDS}{block.value}") if block in _OF_MEMBER else ""


_OF_MEMBER: Final = frozenset(
    {
        BlockType.BALANCE,
        BlockType.NEXT_REWARD,
        BlockType.REWARDS_IN_REACH,
        BlockType.TIER,
        BlockType.WAYS_TO_EARN,
        BlockType.INVITATION,
    }
)
_GROUNDS: Final[Mapping[str, Mapping[str, str]]] = {
    "card": {
        "css": "card",
        "background": token("card"),
        "padding": "32px 0 32px",
        "ink": "ink wide",
        "colour": token("ink"),
        "quiet": "quiet wide",
        "quiet_colour": token("quiet"),
        "link": token("accent"),
        "button": token("primary"),
        "on_button": token("on_primary"),
        "bar": token("primary"),
        "track": token("line"),
        "track_line": token("line"),
        "title_size": "18px",
        "title_line": "26px",
    },
    "primary": {
        "css": "primary",
        "background": token("primary"),
        "padding": "36px 0 36px",
        "ink": "wide",
        "colour": token("on_primary"),
        "quiet": "wide",
        "quiet_colour": token("on_primary"),
        "link": token("on_primary"),
        "button": token("on_primary"),
        "on_button": token("primary"),
        "bar": token("on_primary"),
        "track": token("primary"),
        "track_line": token("on_primary"),
        "title_size": "28px",
        "title_line": "36px",
    },
    "plain": {
        "css": "plain",
        "background": "",
        "padding": "4px 0 4px",
        "ink": "open wide",
        "colour": token("on_background"),
        "quiet": "foot wide",
        "quiet_colour": token("on_background"),
        "link": token("on_background"),
        "button": token("primary"),
        "on_button": token("on_primary"),
        "bar": token("primary"),
        "track": token("line"),
        "track_line": token("line"),
        "title_size": "18px",
        "title_line": "26px",
    },
}
_SIDES: Final = {
    "ltr": {"start": "left", "end": "right", "center": "center"},
    "rtl": {"start": "right", "end": "left", "center": "center"},
    "{{ dir }}": {"start": "{{ start }}", "end": "{{ end }}", "center": "center"},
}
"""By the direction that the reader's language is written in; the last asks for it when an email is rendered."""
_CELLS: Final = {"cell_12": (12, 12), "cell_first": (14, 3), "cell_3": (3, 3), "cell_total": (14, 0)}
"""Padding above and below the first cell of a row; towards the second it is always 12."""
_WIDTHS: Final = {"full": "536px", "half": "268px", "third": "178px"}
_SPACES: Final = {"normal": "16px 32px", "small": "6px 32px", "large": "32px 32px"}


def box(block: Block, standing: DefaultBlock | None, direction: str, options: Mapping[str, str]) -> dict[str, str]:
    """Everything that a block's template asks of its box."""
    shape, sides = block.type.shape, _SIDES[direction]
    ground = block.ground or (standing.ground if standing else "") or shape.ground
    align = block.align or (standing.align if standing else "") or shape.align
    cells = {name: _cell(above, below, direction) for name, (above, below) in _CELLS.items()}
    return {
        **_GROUNDS[ground],
        **cells,
        "ground": ground,
        "direction": direction,
        "align": sides[align],
        "start": sides["start"],
        "end": sides["end"],
        "button_align": sides[block.align or "center"],
        "image_width": _WIDTHS[options.get("width") or "full"],
        "divider": _SPACES[options.get("space") or "normal"],
        "line": token("line"),
        "gap": "no" if block.type is BlockType.FOOTER else "yes",
    }


def _cell(above: int, below: int, direction: str) -> str:
    right, left = (0, 12) if direction == "rtl" else (12, 0)
    return f"{above}px {right}px {below}px {left}px"
