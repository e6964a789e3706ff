"""How a subject is written and read: a word, then its parts, with colons between (`lot:7:1767225600:30`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, ClassVar, NamedTuple, Self, TypeAlias

Word: TypeAlias = str
"""A part that is a word: not empty, without colons and spaces."""
Rest: TypeAlias = str
"""The last part, whatever it is."""
MOST = 2**63 - 1
_WORD = re.compile(r"[^:\s]+")


class BadSubject(ValueError):
    """A text that is no such subject, or a value that none can be written of: somebody has made a mistake."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Any subject: `WORD` begins it, where it has one, and `GAP` stands between its parts."""

    WORD: ClassVar[str] = ""
    GAP: ClassVar[str] = ":"

    def __str__(self) -> str:
        """As it is stored."""
        texts = [self.WORD] if self.WORD else []
        for part in _form(type(self)):
            value = getattr(self, part.name)
            if value is not None or not part.optional:
                texts.append(part.write(value))
        return self.GAP.join(texts)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The subject that the text is. BadSubject: it is none of this form."""
        form, begin = _form(cls), cls.prefix()
        rest = text[len(begin) :]
        pieces = rest.split(cls.GAP, len(form) - 1 if form[-1].rest else -1) if form else [rest] if rest else []
        least = sum(not part.optional for part in form)
        if not text.startswith(begin) or not least <= len(pieces) <= len(form):
            raise BadSubject(f"not the subject of {cls.__name__}: {text!r}")
        try:
            return cls(*(part.read(piece) for part, piece in zip(form, pieces, strict=False)))
        except (ValueError, OverflowError, OSError) as error:
            raise BadSubject(f"not the subject of {cls.__name__}: {text!r}") from error

    @classmethod
    def prefix(cls) -> str:
        """How texts of this form begin; nothing where they have no word of their own."""
        return cls.WORD + cls.GAP if cls.WORD and _form(cls) else cls.WORD

    @classmethod
    def begins(cls, text: str) -> bool:
        """Whether a text begins as these do, whatever follows."""
        return text.startswith(cls.prefix())


class Part(NamedTuple):
    """One part of a form: its field, and how it is written and read."""

    name: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    optional: bool
    rest: bool


def _whole(value: int) -> str:
    if not 0 <= value <= MOST:
        raise BadSubject(f"not a number that a subject can have: {value}")
    return str(value)


def _read_whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or str(int(text)) != text or int(text) > MOST:
        raise BadSubject(f"not a number: {text!r}")
    return int(text)


def _word(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise BadSubject(f"not a word: {text!r}")
    return text


def _read_day(text: str) -> date:
    day = date.fromisoformat(text)
    return day if day.isoformat() == text else date.fromisoformat("")


def _moment(at: datetime) -> str:
    if at.tzinfo is None:
        raise BadSubject("a moment without a zone")
    return _whole(int(at.timestamp()))


def _read_moment(text: str) -> datetime:
    return datetime.fromtimestamp(_read_whole(text), UTC)


_WAYS: dict[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "int": (_whole, _read_whole),
    "Word": (_word, _word),
    "Rest": (str, str),
    "date": (date.isoformat, _read_day),
    "datetime": (_moment, _read_moment),
}


_known: dict[type[Subject], tuple[Part, ...]] = {}


def _form(kind: type[Subject]) -> tuple[Part, ...]:
    """The parts of a form, by its fields."""
    if kind not in _known:
        _known[kind] = tuple(_part(field.name, str(field.type)) for field in fields(kind))
    return _known[kind]


def _part(name: str, written_as: str) -> Part:
    what, _, other = written_as.partition(" | ")
    return Part(name, *_WAYS[what], optional=other == "None", rest=what == "Rest")
