"""Restricted Markdown, as merchants write it: bold, italic, links, line breaks and variables, and nothing else.

HTML is text like any other. What could be misread, or leads nowhere, is refused with what is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from plugin.errors import BadInput
from plugin.rules.words.texts import Said

_VARIABLE: Final = re.compile(
    r"""\{\{-?\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\s*(?:\|\s*default:\s*("[^"{}<>\n]*"|'[^'{}<>\n]*')\s*)?-?\}\}"""
)
_LIQUID: Final = re.compile(r"\{\{|\}\}|\{%|%\}")
_BEGINS, _ENDS = "\ue000", "\ue001"
"""Stand around the number of a variable while Markdown is read; no text may have them itself."""
_HELD: Final = re.compile(f"{_BEGINS}(\\d+){_ENDS}")
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ufff9-\uffff\ud800-\udfff]"
)
_PRIVATE: Final = ("arpa", "internal", "local", "localhost")
"""The last part of names that lead somewhere else, or nowhere, from another network."""
_OPENED: Final = {"strong_open": "bold", "em_open": "italic"}


@dataclass(frozen=True, slots=True)
class Plain:
    """Text as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A value of the email, by its path; `fallback` where it is blank."""

    path: str
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A new line."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Bold or italic."""

    how: str
    inside: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an https address, or to one that a variable holds."""

    to: str | Variable
    inside: tuple[Node, ...]


Node = Plain | Variable | Break | Marked | Link


def parse(text: str) -> tuple[Node, ...]:
    """Rich text in its parts. BadInput: control characters, Liquid that is not a variable, or a link that is no good.

    >>> parse("Hello **{{ first_name | default: 'there' }}**")
    (Plain(text='Hello '), Marked(how='bold', inside=(Variable(path='first_name', fallback='there'),)))
    """
    held: list[Variable] = []
    source = _hold(clean(text, lines=True), held)
    tokens = _markdown().parseInline(source)[0].children or []
    nodes, _ = _collect(tokens, 0, held)
    return nodes


def parse_line(text: str) -> tuple[Node, ...]:
    """A line with variables, in its parts. Raises BadInput as `parse` does.

    >>> parse_line("*Hello* {{ first_name }}")
    (Plain(text='*Hello* '), Variable(path='first_name', fallback=None))
    """
    held: list[Variable] = []
    return tuple(_with_variables(_hold(clean(text, lines=False), held), held))


def clean(text: str, *, lines: bool) -> str:
    """The text with one kind of line end, or none. BadInput for characters that nobody sees and programs obey."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if _FORBIDDEN.search(plain):
        raise BadInput(Said("emails.wrong.control"))
    if "\n" in plain and not lines:
        raise BadInput(Said("emails.wrong.one_line"))
    return plain


def check_link(address: str) -> str | Variable:
    """An https address, or the variable that holds one. BadInput for anything else."""
    found = _VARIABLE.fullmatch(address.strip())
    if found:
        return Variable(found[1])
    if not is_https(address):
        raise BadInput(Said("emails.wrong.link", link=address[:60]))
    return address


def is_https(address: str) -> bool:
    """Whether it is a whole https address that leads to a named host.

    >>> is_https("https://example.com/a?b=c"), is_https("http://example.com"), is_https("https://127.0.0.1/")
    (True, False, False)
    """
    if len(address) > 2000 or re.search(r"[\s\"'<>\\^`{|}\x00-\x1f\x7f]", address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and _named(host) and parts.username is None


def _named(host: str) -> bool:
    """Whether it is a name that everybody can look up: no number of a machine, no name of one network (RFC 6761)."""
    labels = unicodedata.normalize("NFKC", host).replace("\u3002", ".").removesuffix(".").split(".")
    if len(labels) < 2 or not all(labels) or any(each in host for each in ":%"):
        return False
    return labels[-1] not in _PRIVATE and re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]) is None


def paths(nodes: Sequence[Node]) -> Iterator[Variable]:
    """Every variable that a text asks for, those of its links, too."""
    for node in nodes:
        if isinstance(node, Variable):
            yield node
        elif isinstance(node, Link):
            yield from (node.to,) if isinstance(node.to, Variable) else ()
            yield from paths(node.inside)
        elif isinstance(node, Marked):
            yield from paths(node.inside)


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero").enable(["newline", "escape", "emphasis", "link"])
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return markdown


def _hold(text: str, held: list[Variable]) -> str:
    """The text with each variable replaced by its number; BadInput for any other Liquid."""

    def number(found: re.Match[str]) -> str:
        held.append(Variable(found[1], found[2][1:-1] if found[2] else None))
        return f"{_BEGINS}{len(held) - 1}{_ENDS}"

    rest = _VARIABLE.sub(number, text)
    wrong = _LIQUID.search(rest)
    if wrong:
        raise BadInput(Said("emails.wrong.liquid", part=rest[wrong.start() : wrong.start() + 40].split("\n")[0]))
    return rest


def _with_variables(text: str, held: Sequence[Variable]) -> Iterator[Node]:
    at = 0
    for found in _HELD.finditer(text):
        if found.start() > at:
            yield Plain(text[at : found.start()])
        yield held[int(found[1])]
        at = found.end()
    if at < len(text):
        yield Plain(text[at:])


def _collect(tokens: Sequence[Token], at: int, held: Sequence[Variable]) -> tuple[tuple[Node, ...], int]:
    """The nodes from one token on, up to the end of what is open, and where that is."""
    nodes: list[Node] = []
    while at < len(tokens):
        token = tokens[at]
        if token.type.endswith("_close"):
            return tuple(nodes), at
        if token.type in ("softbreak", "hardbreak"):
            nodes.append(Break())
        elif token.nesting == 1:
            inside, at = _collect(tokens, at + 1, held)
            nodes.append(_opened(token, inside, held))
        else:
            nodes += _with_variables(token.content, held)
        at += 1
    return tuple(nodes), at


def _opened(token: Token, inside: tuple[Node, ...], held: Sequence[Variable]) -> Node:
    if token.type in _OPENED:
        return Marked(_OPENED[token.type], inside)
    address = str(token.attrs.get("href", ""))
    one = _HELD.fullmatch(address)
    if one:
        return Link(held[int(one[1])], inside)
    return Link(check_link(_HELD.sub("{{", address)), inside)
