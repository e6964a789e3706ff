"""Texts as Liquid: a merchant's own and those of the catalogues, for the HTML and for the text part.

Nothing that somebody wrote can become Liquid or HTML: letters that could are written as what they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from plugin.rules.emails import rich_text
from plugin.rules.emails.default_texts import ALWAYS_KNOWN, Case, Default, Text, Words
from plugin.rules.emails.rich_text import Break, Link, Marked, Node, Plain, Variable
from plugin.rules.words import catalogues
from plugin.rules.words.texts import labelled

Part = Literal["html", "words"]
_PLACE: Final = re.compile(r"\{([a-z_]+)\}")
_TAGS: Final = {"bold": "b", "italic": "i"}


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of Liquid. `steady`: it always says something."""

    liquid: str
    steady: bool


ANY: Final = ""
"""No language in particular: texts are asked for by their keys when an email is rendered."""


def of_default(default: Default, language: str, part: Part) -> Fragment:
    """A default text, in the first of its cases that is true."""
    if not isinstance(default, tuple):
        return _of_words(default, language, part)
    return of_cases([(case, _of_case(case, language, part)) for case in default])


def of_cases(cases: Sequence[tuple[Case, Fragment]]) -> Fragment:
    """The text of the first case that is true."""
    liquid = ""
    for place, (case, said) in enumerate(cases):
        tag = "else" if not case.when else f"{'els' if place else ''}if {case.when}"
        liquid += f"{{% {tag} %}}{said.liquid}"
    whole = not cases[-1][0].when and all(said.steady for _, said in cases)
    return Fragment(liquid + "{% endif %}", whole)


def _of_case(case: Case, language: str, part: Part) -> Fragment:
    return _of_words(case.text, language, part) if case.text is not None else Fragment("", False)


def _of_words(words: Words, language: str, part: Part) -> Fragment:
    if isinstance(words, Text):
        return _of_text(words, language, part)
    return of_nodes(rich_text.parse(words.source), part)


def _of_text(text: Text, language: str, part: Part) -> Fragment:
    if language == ANY or catalogues.is_counted(text.key):
        said, other = _of_key(text.key, text), _of_key(text.nameless, text)
    else:
        said = _of_pattern(text.key, text, language, part)
        other = _of_pattern(text.nameless, text, language, part) if text.nameless else ""
    if not text.nameless:
        return Fragment(said, True)
    name = next(iter(text.values.values()))
    return Fragment(f"{{% if {name} != blank %}}{said}{{% else %}}{other}{{% endif %}}", True)


def _of_key(key: str, text: Text) -> str:
    places = ", ".join(f"{place}: {path}" for place, path in text.values.items() if key != text.nameless)
    return f"{{{{ '{key}' | t{': ' if places else ''}{places} }}}}"


def _of_pattern(key: str, text: Text, language: str, part: Part) -> str:
    known = {**ALWAYS_KNOWN, **text.values}
    pieces = _PLACE.split(catalogues.pattern(language, key))
    return "".join(
        f"{{{{ {known[piece]} | isolated }}}}" if place % 2 else literal(piece, part)
        for place, piece in enumerate(pieces)
    )


def colon(language: str) -> str:
    """What stands in the text part between a label and its value."""
    if language == ANY:
        return "{{ 'words.labelled' | t: label: '', value: '' }}"
    return literal(labelled(language, "", ""), "words")


def of_nodes(nodes: Sequence[Node], part: Part, link_colour: str = "inherit") -> Fragment:
    """A merchant's text."""
    liquid = "".join(_of_node(node, part, link_colour) for node in nodes)
    return Fragment(liquid, any(_steady(node) for node in nodes))


def _steady(node: Node) -> bool:
    if isinstance(node, Plain):
        return bool(node.text.strip())
    if isinstance(node, Variable):
        return bool(node.fallback)
    return any(_steady(each) for each in node.inside) if isinstance(node, Marked | Link) else False


def _of_node(node: Node, part: Part, link_colour: str) -> str:
    if isinstance(node, Plain):
        return literal(node.text, part)
    if isinstance(node, Variable):
        return _variable(node, part)
    if isinstance(node, Break):
        return "<br />" if part == "html" else "\n"
    inside = "".join(_of_node(each, part, link_colour) for each in node.inside)
    if isinstance(node, Marked):
        return f"<{_TAGS[node.how]}>{inside}</{_TAGS[node.how]}>" if part == "html" else inside
    return _link(node, inside, part, link_colour)


def _variable(node: Variable, part: Part) -> str:
    fallback = node.fallback or ""
    said = escape(fallback) if part == "html" else fallback
    quote = '"' if "'" in said else "'"
    return f"{{{{ {node.path} | default: {quote}{said}{quote} | isolated }}}}"


def _link(node: Link, inside: str, part: Part, colour: str) -> str:
    address = link_address(node.to, part)
    if part == "html":
        return f'<a href="{address}" style="color:{colour};">{inside}</a>'
    own = isinstance(node.to, Variable) and node.inside == (node.to,)
    return address if own or inside == address else f"{inside} ({address})"


def link_address(to: str | Variable, part: Part) -> str:
    """Where a link leads, as Liquid."""
    return f"{{{{ {to.path} | default: '' }}}}" if isinstance(to, Variable) else literal(to, part)


def literal(text: str, part: Part) -> str:
    """Text that is printed as it is, whatever letters it has."""
    if part == "html":
        return escape(text).replace("{", "&#123;").replace("}", "&#125;").replace("[[", "&#91;&#91;")
    return text.replace("{", "{{ '{' }}") if "{" in text else text
