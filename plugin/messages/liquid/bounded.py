"""Liquid of merchants, which always ends: every step of it costs, and what it may cost is limited.

A step is about a fifth of a microsecond. Nodes, values, loops, filters by the size of what goes in and comes out, and
every written character are counted; when the count is used up, the rendering is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from liquid import BoundTemplate, Environment, Mode, StrictUndefined
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.token import Token
from liquid.undefined import UNDEFINED
from markupsafe import Markup

from plugin.errors import BadInput
from plugin.messages.liquid.environment import Values, prepared
from plugin.rules.words.texts import Said

MAX_STEPS: Final = 200_000
MAX_OUTPUT_BYTES: Final = 300_000
MAX_TAGS: Final = 1_500
MAX_TAG_LENGTH: Final = 1_000
MAX_TEXT: Final = 100_000
MAX_BITS: Final = 256
TAGS: Final = frozenset(
    {"if", "unless", "case", "for", "break", "continue", "capture", "assign", "cycle", "comment", "#", "echo"}
)
_TEXT: Final = frozenset({"content", "output", "illegal"})
"""What Liquid calls text, values and mistakes."""
FILTERS: Final = frozenset(
    """abs append at_least at_most capitalize ceil compact concat default divided_by downcase first floor isolated join
    last lstrip map minus modulo number plus points prepend remove remove_first replace replace_first reverse round
    rstrip size slice sort split strip t times truncate truncatewords uniq upcase url_encode where""".split()
)
"""What there is: nothing that reads files or the clock, marks text as HTML, or takes longer than its size says."""
_OPENS: Final = re.compile(r"\{\{|\{%")
_TAG_NAME: Final = re.compile(r"#|\w+")
_SPACES: Final = re.compile(r"\s{51}")
_PARTS: Final = frozenset(
    {"endif", "else", "elsif", "endunless", "endcase", "when", "endfor", "endcapture", "endcomment"}
)
_NODE, _VALUE, _TURN, _FILTER = 10, 3, 10, 10


class TooMuch(ResourceLimitError):
    """The rendering has cost all that it may."""

    def __init__(self) -> None:
        super().__init__("the template does too much work", token=None)


class Counted(Values):
    """A rendering that counts what it costs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.steps = 0
        self._disabled: list[str] = []
        self._held: dict[str, int] = {}
        super().__init__(*args, **kwargs)

    def spend(self, steps: int) -> None:
        """Count so many steps. Raises TooMuch at the limit."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise TooMuch

    @property
    def disabled_tags(self) -> list[str]:
        """Asked by every node before it is rendered: so each one is counted."""
        self.spend(_NODE)
        return self._disabled

    @disabled_tags.setter
    def disabled_tags(self, names: list[str]) -> None:
        self._disabled = names

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        found = super().get(path, token=token, default=default)
        self.spend(_VALUE * len(path) + _size(found) // 50)
        return found

    def assign(self, key: str, val: Any) -> None:
        self.locals[key] = val
        self._held[key] = _size(val)
        self.spend(_NODE + len(self._held))
        if sum(self._held.values()) > 2 * MAX_TEXT:
            raise TooMuch

    def raise_for_loop_limit(self, length: int = 1) -> None:
        super().raise_for_loop_limit(length)
        self.spend(_TURN * length)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        found = super().filter(name, token=token)

        def counted(left: object, *args: object, **named: object) -> object:
            given = [_plain(each) for each in (left, *args)]
            known = {key: _plain(value) for key, value in named.items()}
            self.spend(_FILTER + sum(map(_size, (*given, *known.values()))) // 10 + _expected(name, given) // 10)
            made = _plain(found(*given, **known))
            self.spend(_size(made) // 10)
            return made

        return counted


def _plain(value: object) -> object:
    """Text without the mark that it is HTML: what a filter makes is text, and is escaped."""
    if isinstance(value, Markup):
        return str.__str__(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _size(value: object) -> int:
    """About how much there is of a value."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, range):
        return 20 * len(value)
    if isinstance(value, list | tuple):
        return 20 * len(value) + sum(len(each) for each in value if isinstance(each, str))
    return 20 * len(value) if isinstance(value, dict) else 10


def _whole(value: int) -> int:
    if value.bit_length() > MAX_BITS:
        raise TooMuch
    return 1


def _expected(name: str, given: Sequence[object]) -> int:
    """How much a filter makes that can make more than goes in. TooMuch: more than a text may have."""
    made = 0
    if name in ("replace", "remove") and len(given) > 1:
        text, old = str(given[0]), str(given[1])
        made = len(str(given[2])) * (len(text) // max(1, len(old)) + 1) if len(given) > 2 else len(text)
    elif name == "join" and isinstance(given[0], list | tuple | range):
        made = len(given[0]) * (len(str(given[1])) if len(given) > 1 else 1)
    elif name in ("split", "sort", "uniq", "where", "map", "truncatewords"):
        made = 10 * _size(given[0])
    if made > 10 * MAX_TEXT:
        raise TooMuch
    return made


class _Template(BoundTemplate):
    context_class = Counted


class _Bounded(Environment):
    template_class = _Template
    block_nesting_limit = 20
    context_depth_limit = 20
    loop_iteration_limit = 5_000
    output_stream_limit = MAX_OUTPUT_BYTES


@cache
def bounded_liquid(*, html: bool) -> Environment:
    """Liquid for merchants' own sources."""
    environment = prepared(_Bounded(autoescape=html, undefined=StrictUndefined, tolerance=Mode.STRICT))
    environment.tags = {name: tag for name, tag in environment.tags.items() if name in TAGS | _TEXT}
    environment.filters = {name: each for name, each in environment.filters.items() if name in FILTERS}
    return environment


def parsed(source: str, part: str, *, html: bool) -> BoundTemplate:
    """A merchant's Liquid. BadInput naming the part of the source that is wrong."""
    scan(source, part)
    try:
        return bounded_liquid(html=html).from_string(source)
    except LiquidError as error:
        raise wrong(part, first_line(error)) from error


@dataclass(frozen=True, slots=True)
class Tag:
    """A piece of Liquid in a source: what stands inside, and whether it is printed."""

    start: int
    end: int
    inside: str
    printed: bool


def tags_in(source: str, part: str) -> Iterator[Tag]:
    """Every tag, in one reading. BadInput for one that is not closed soon."""
    at = 0
    while (opened := _OPENS.search(source, at)) is not None:
        printed = opened[0] == "{{"
        closed = source.find("}}" if printed else "%}", opened.end(), opened.end() + MAX_TAG_LENGTH)
        if closed < 0:
            raise wrong(part, f"“{source[opened.start() : opened.start() + 40]}” isn't closed")
        at = closed + 2
        yield Tag(opened.start(), at, source[opened.end() : closed].strip("-").strip(), printed)


def scan(source: str, part: str) -> None:
    """Look at the tags before anything reads them: BadInput for too many, too long, unclosed, or not ours."""
    for count, tag in enumerate(tags_in(source, part), 1):
        if count > MAX_TAGS or _SPACES.search(source[tag.start : tag.end]):
            raise wrong(part, "there are too many tags or spaces")
        name = _TAG_NAME.match(tag.inside)
        if not tag.printed and name is not None and name[0] not in TAGS and name[0] not in _PARTS:
            raise wrong(part, f"the tag “{name[0][:40]}” can't be used in emails")


def rendered(template: BoundTemplate, values: dict[Any, object], part: str) -> str:
    """What a merchant's template says with these values. BadInput: it failed, or did too much."""
    try:
        return template.render(values)
    except LiquidError as error:
        raise wrong(part, first_line(error)) from error
    except (ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        raise wrong(part, type(error).__name__) from error


def wrong(part: str, why: str) -> BadInput:
    """What is wrong with one part of a source, at its field."""
    said = Said("emails.wrong.source", why=why[:300].rstrip("."))
    return BadInput(said, {f"source.{part}": said})


def first_line(error: Exception) -> str:
    """What went wrong, without the piece of the template that the library quotes after it."""
    return " ".join(str(error).split("\n", 1)[0].split())[:200]
