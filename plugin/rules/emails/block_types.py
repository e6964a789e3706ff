"""Every type of block that an email can be made of: its texts, and what can be chosen for it.

A new type is an entry here, a folder of its name in `plugin/messages/blocks/`, and words (docs/extending/emails.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, Self

Writing = Literal["line", "rich"]
"""A line has variables and nothing else; rich text has bold, italic, links and line breaks, too."""
OptionKind = Literal["choice", "link", "image"]
Ground = Literal["", "card", "primary", "plain"]
Align = Literal["", "start", "center", "end"]
GROUNDS: Final = ("", "card", "primary", "plain")
ALIGNS: Final = ("", "start", "center", "end")
"""Empty: as the type has it."""
LINE: Final = 300
RICH: Final = 5_000
"""The most characters of a text, by how it is written."""


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a block. `usual`: worth showing in the editor even where there is no default for it."""

    name: str
    writing: Writing = "line"
    usual: bool = True

    @property
    def label(self) -> str:
        """The key of what staff call it."""
        return f"emails.field.{self.name}"

    @property
    def limit(self) -> int:
        """The most characters that it may have."""
        return LINE if self.writing == "line" else RICH


@dataclass(frozen=True, slots=True)
class Option:
    """Something that is chosen for a block: one of `choices` (the first unless chosen), a link, or a picture."""

    name: str
    kind: OptionKind
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def label(self) -> str:
        """The key of what staff call it."""
        return f"emails.option.{self.name}"

    def choice_label(self, choice: str) -> str:
        """The key of what staff call one of its choices."""
        return f"emails.choice.{self.name}.{choice}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a type of block consists of. `slot`: it says nothing until something else of the app fills it."""

    fields: tuple[Field, ...] = ()
    options: tuple[Option, ...] = ()
    ground: Literal["card", "primary", "plain"] = "card"
    align: Literal["start", "center"] = "start"
    addable: bool = True
    removable: bool = True
    once: bool = False
    slot: bool = False


def _line(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


def _unusual(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, usual=False) for name in names)


_BODY: Final = Field("body", "rich")
_NOTE: Final = Field("note", "rich")
_LINK: Final = Option("link", "link")
_WIDTH: Final = Option("width", "choice", ("full", "half", "third"))


class BlockType(StrEnum):
    """The types, by the names under which they are stored."""

    shape: Shape

    def __new__(cls, name: str, shape: Shape) -> Self:
        """A member is its name, and carries its shape."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.shape = shape
        return kind

    TEXT = (
        "text",
        Shape(
            fields=(
                *_unusual("lead"),
                *_line("title"),
                *_unusual("greeting"),
                _BODY,
                Field("detail", "rich", usual=False),
                Field("more", "rich", usual=False),
                Field("last", "rich", usual=False),
                *_line("button"),
                _NOTE,
                Field("after", "rich", usual=False),
            ),
            options=(_LINK,),
        ),
    )
    POINTS = (
        "points",
        Shape(
            fields=(
                *_line("title"),
                *_unusual("greeting"),
                _BODY,
                *_line("above", "figure", "below"),
                *_unusual("why"),
            ),
            ground="primary",
            align="center",
        ),
    )
    BALANCE = "balance", Shape(fields=_line("title", "figure", "pending", "ready", "missing"))
    CODE = (
        "code",
        Shape(
            fields=(
                *_line("title", "saving"),
                *_unusual("extra"),
                *_line("button"),
                Field("explain", "rich"),
                *_line("minimum", "until"),
                Field("more", "rich", usual=False),
            ),
            align="center",
        ),
    )
    ORDER_LINES = (
        "order_lines",
        Shape(
            fields=_line(
                "title",
                "quantity",
                "more_lines",
                "subtotal",
                "discount",
                "shipping",
                "tax",
                "tax_included",
                "total",
                "view",
            ),
            addable=False,
            once=True,
        ),
    )
    EXPLAIN = "explain", Shape(fields=_line("title"), addable=False, once=True)
    TIER = (
        "tier",
        Shape(
            fields=(*_line("title"), _BODY, *_line("brings", "multiplier", "until", "next", "button")),
            options=(_LINK,),
        ),
    )
    NEXT_REWARD = (
        "next_reward",
        Shape(fields=_line("title", "ready", "missing", "button"), options=(_LINK,)),
    )
    REWARDS_IN_REACH = (
        "rewards_in_reach",
        Shape(fields=(*_line("title"), _BODY, *_line("button")), options=(_LINK,)),
    )
    WAYS_TO_EARN = (
        "ways_to_earn",
        Shape(fields=(*_line("title"), _BODY, *_line("button")), options=(_LINK,)),
    )
    INVITATION = "invitation", Shape(fields=(*_line("title"), _BODY, *_line("button")), align="center")
    PRODUCTS = "products", Shape(fields=(*_line("title"), _BODY, *_line("button")), slot=True)
    SURVEY = "survey", Shape(fields=(*_line("title"), _BODY, *_line("button")), align="center", slot=True)
    BUTTON = (
        "button",
        Shape(fields=_line("button"), options=(Option("link", "link", required=True),), ground="plain", align="center"),
    )
    IMAGE = (
        "image",
        Shape(
            fields=_line("alt"),
            options=(Option("image", "image", required=True), _LINK, _WIDTH),
            ground="plain",
            align="center",
        ),
    )
    DIVIDER = "divider", Shape(options=(Option("space", "choice", ("normal", "small", "large")),), ground="plain")
    SOCIAL = "social", Shape(ground="plain", align="center")
    FOOTER = (
        "footer",
        Shape(
            fields=(Field("body", "rich"), *_line("visit", "rewards", "preferences", "unsubscribe")),
            ground="plain",
            align="center",
            addable=False,
            removable=False,
            once=True,
        ),
    )

    @property
    def label(self) -> str:
        """The key of what staff call it."""
        return f"emails.block.{self.value}"

    def field(self, name: str) -> Field | None:
        """The field of a text, `note.pending` being a case of `note`; None where the type has no such text."""
        stem = name.partition(".")[0]
        return next((field for field in self.shape.fields if field.name == stem), None)

    def option(self, name: str) -> Option | None:
        """The option of this name; None where the type has none."""
        return next((option for option in self.shape.options if option.name == name), None)


HEAD: Final = (Field("subject"), Field("preheader"))
"""The texts of the email as a whole."""
TYPES: Final[Mapping[str, BlockType]] = {kind.value: kind for kind in BlockType}


def ground_label(ground: str) -> str:
    """The key of what staff call a ground; the empty one is the type's own."""
    return f"emails.ground.{ground or 'default'}"


def align_label(align: str) -> str:
    """The key of what staff call an alignment; the empty one is the type's own."""
    return f"emails.align.{align or 'default'}"
