"""What the style sheets of an email may do to one of its elements, as far as it concerns whether it can be seen.

In doubt a rule applies, and hides: conditions (media queries, pseudo-classes, attributes) count as fulfilled, and of
properties only those are harmless that are known to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
_SIGN: Final = re.compile(r"([{};])")
_STATE: Final = re.compile(r":(?:hover|active|focus|visited|focus-visible|focus-within)\b")
_BETWEEN: Final = re.compile(r"[\s>+~]+")
_CONDITIONS: Final = re.compile(r"\[[^\]]*\]?|::?[\w-]+(?:\([^)]*\)?)?")
_NAME: Final = re.compile(r"([.#]?)([\w-]+|\*)")
_NEGATIVE: Final = re.compile(r"(?:^|[\s(,])-\s*[\d.]")
_APART: Final = re.compile(r"[\s(),]+")
_NOTHING: Final = re.compile(r"(?:0+(?:\.0*)?|\.0+)[a-z%]*")
_HARMLESS: Final = frozenset(
    """align-items border border-bottom border-collapse border-color border-left border-radius border-right
    border-spacing border-style border-top border-top-color border-width box-shadow box-sizing color-scheme cursor
    direction
    font-family font-style font-weight hyphens letter-spacing margin margin-bottom margin-left margin-right margin-top
    min-height min-width outline overflow-wrap padding padding-bottom padding-left padding-right padding-top
    supported-color-schemes table-layout text-align text-decoration text-decoration-color text-transform
    text-underline-offset vertical-align white-space word-break word-spacing word-wrap -ms-interpolation-mode
    -ms-text-size-adjust -webkit-text-size-adjust""".split()
)
_SIZES: Final = frozenset({"height", "line-height", "max-height", "max-width", "width"})
"""Harmless unless they leave no room."""
_KNOWN: Final[Mapping[str, re.Pattern[str]]] = {
    "display": re.compile(r"block|inline|inline-block|table|inline-table|table-row|table-cell|flex|inherit"),
    "visibility": re.compile("visible|inherit"),
    "opacity": re.compile(r"1|1\.0+|100%"),
    "overflow": re.compile("visible|auto|inherit"),
    "position": re.compile("static|relative"),
    "float": re.compile("none|left|right"),
    "clip": re.compile("auto"),
    "clip-path": re.compile("none"),
    "filter": re.compile("none"),
    "transform": re.compile("none"),
    "text-indent": re.compile("0(?:px)?"),
    "font-size": re.compile(r"(?:[5-9]|[1-9]\d{1,2})(?:\.\d+)?p[xt]|inherit|100%|1em"),
}
"""What of these is harmless."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag, its names, and the properties that its own style keeps from the sheets."""

    tag: str
    classes: frozenset[str] = frozenset()
    id: str = ""
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """One rule of a sheet, as written: what it is about, within which conditions, and what it sets."""

    about: str
    within: tuple[str, ...]
    sets: tuple[tuple[str, str], ...]

    @cached_property
    def selectors(self) -> tuple[tuple[str, ...], ...]:
        """Each of its selectors, as the compounds that follow each other; those of a mere state are none."""
        each = (one.strip() for one in _without_brackets(self.about).split(","))
        return tuple(tuple(part for part in _BETWEEN.split(one) if part) for one in each if not _STATE.search(one))

    def concerns(self, path: Sequence[Element]) -> bool:
        """Whether it may apply to the last element of a path from the root."""
        return any(_matches(selector, path) for selector in self.selectors)

    def hides(self, element: Element) -> bool:
        """Whether it may keep that element's words from being seen."""
        return any(name not in element.kept and may_hide(name, value) for name, value in self.sets)


def rules(sheet: str) -> Iterator[Rule]:
    """Every rule of a sheet, those within others, too."""
    begun: list[tuple[str, list[str]]] = [("", [])]
    parts = _SIGN.split(_COMMENT.sub("", sheet).lower() + "}")
    for words, sign in zip(parts[::2], parts[1::2], strict=False):
        inside = words.strip()
        if sign == "{":
            begun.append((inside, []))
            continue
        if inside and not inside.startswith("@"):
            begun[-1][1].append(inside)
        if sign == "}":
            about, sets = begun.pop()
            if sets:
                yield Rule(about, tuple(name for name, _ in begun[1:]), tuple(declared(";".join(sets))))
            begun = begun or [("", [])]


def declared(style: str) -> Iterator[tuple[str, str]]:
    """The properties that a style sets, with their values; what is important is not told apart."""
    for each in style.lower().split(";"):
        name, colon, value = each.partition(":")
        if colon:
            yield name.strip(), value.replace("!important", "").strip()


def may_hide(name: str, value: str) -> bool:
    """Whether this property may keep words from being seen.

    >>> may_hide("display", "none"), may_hide("padding", "0 10px"), may_hide("margin-left", "-999px")
    (True, False, True)
    """
    if name in _KNOWN:
        return _KNOWN[name].fullmatch(value) is None
    if name in _SIZES:
        return _NEGATIVE.search(value) is not None or _leaves_no_room(value)
    if name in _HARMLESS:
        return _NEGATIVE.search(value) is not None
    return not name.startswith("mso-") or name == "mso-hide"


def _leaves_no_room(value: str) -> bool:
    return not value or any(_NOTHING.fullmatch(each) for each in _APART.split(value))


def _without_brackets(selector: str) -> str:
    """A selector whose conditions hold no comma: they count as fulfilled anyway."""
    return re.sub(r"\([^()]*\)|\[[^\]]*\]", "", selector)


def _matches(selector: Sequence[str], path: Sequence[Element]) -> bool:
    if not selector:
        return True
    around = path[:-1]
    return _is(selector[-1], path[-1]) and all(any(_is(part, one) for one in around) for part in selector[:-1])


def _is(compound: str, element: Element) -> bool:
    if "\\" in compound or "&" in compound:
        return True
    for sign, name in _NAME.findall(_CONDITIONS.sub("", compound)):
        if sign == "." and name not in element.classes:
            return False
        if sign == "#" and name != element.id:
            return False
        if not sign and name not in ("*", element.tag):
            return False
    return True
