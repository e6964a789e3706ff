"""Each regular expression of the app reads a text in steps that grow with its length, and no faster.

Counted by a matcher that backtracks as Python's does, on texts made of what the expression itself is made of: one that
reads a text of 200 signs again from every place takes 100 steps for each of them. What pydantic checks (`pattern=`) is
matched without backtracking.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

from tests.regex_steps import Matcher, steps
from tests.test_house_rules import module_of, shown, sources

ANYWHERE = {"sub", "subn", "search", "findall", "finditer", "split"}
CALLS = {*ANYWHERE, "match", "fullmatch"}
MADE_UP = {
    "plugin/web/forms/order_rules.py": [r"part\.rules\.\d+\.(\w+).*"],
    "plugin/web/forms/goods.py": [r"(?:.*/products?/|gid://shopify/Product/)?(\d{1,18})"],
    "plugin/rules/emails/unsubscribe_link.py": [r"https://shop\.example/email/off\?t=a1(?![\w/?&=#%-])"],
}
"""Expressions that are put together when they are used, as they look then."""
NOT_FROM_OUTSIDE = {
    "plugin/rules/words/default_names.py": "texts of our own catalogue, matched whole against a name of bounded length",
    "plugin/rules/fields.py": "`shaped`: the patterns are given where it is called, and matched whole",
    "plugin/store/privacy/erasure.py": "literal ids and addresses",
}
LENGTH, MOST_STEPS, MOST_ATOMS = 200, 30, 7


@dataclass(frozen=True)
class Expression:
    """One of the app's: where it stands, and whether it is looked for anywhere in a text."""

    file: str
    pattern: str
    flags: int
    everywhere: bool


@cache
def expressions() -> tuple[Expression, ...]:
    """All of them."""
    found = [one for path in sources("plugin", "webhooks") for one in _of(path)]
    made_up = [Expression(file, text, re.IGNORECASE, False) for file, texts in MADE_UP.items() for text in texts]
    return tuple(dict.fromkeys([*found, *made_up]))


def _of(path: object) -> Iterator[Expression]:
    file, tree = shown(path), ast.parse(path.read_text())  # type: ignore[arg-type, attr-defined]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    if not any(isinstance(node.func.value, ast.Name) and node.func.value.id == "re" for node in calls):  # type: ignore[attr-defined]
        return
    for name, value in vars(import_module(module_of(path))).items():  # type: ignore[arg-type]
        if isinstance(value, re.Pattern):
            how = {
                node.func.attr for node in calls if isinstance(node.func.value, ast.Name) and node.func.value.id == name
            }  # type: ignore[attr-defined]
            text = value.pattern.decode("latin-1") if isinstance(value.pattern, bytes) else value.pattern
            yield Expression(file, text, value.flags & ~re.UNICODE, not how or bool(how & ANYWHERE))
    for node in calls:
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in CALLS:  # type: ignore[attr-defined]
            said = node.args[0]
            text = said.value if isinstance(said, ast.Constant) else None
            assert text is not None or file in MADE_UP, f"{file}:{node.lineno}: name what it looks like in MADE_UP"
            if text is not None:
                text = text.decode("latin-1") if isinstance(text, bytes) else str(text)
                flags = re.IGNORECASE if any("IGNORECASE" in ast.dump(each) for each in node.args[1:]) else 0
                yield Expression(file, text, flags, node.func.attr in ANYWHERE)  # type: ignore[attr-defined]


def atoms(pattern: str, flags: int) -> list[str]:
    """What a text could be made of to give the expression work: its own words, and a sign of each of its sets."""
    found: dict[str, None] = {}

    def look(ops: object) -> None:
        word = ""
        for kind, said in ops:  # type: ignore[attr-defined]
            if kind is c.LITERAL:
                word += chr(said)
                continue
            found[word] = None
            word = ""
            if kind is c.IN:
                for sign in ("a", "1", " ", "\n", "-", ".", "@"):
                    if Matcher("x", 0, sign)._within(said, sign):
                        found[sign] = None
            for part in said if isinstance(said, tuple | list) else ():
                for tree in part if isinstance(part, list) else [part]:
                    if isinstance(tree, parser.SubPattern):
                        look(tree)
        found[word] = None

    look(parser.parse(pattern, flags))
    return [*dict.fromkeys([word for word in found if word][:MOST_ATOMS] + ["a"])]


def attacks(parts: list[str], length: int) -> Iterator[str]:
    """Texts of about this length: one thing again and again, two by turns, one after many of another."""

    def many(word: str) -> str:
        return word * max(2, length // len(word))

    for one, other in product(parts, [*parts, "", "!"]):
        yield many(one + other)
        yield one + many(other or one) + "!"
        yield many(one) + other


def test_an_expression_that_is_made_while_the_app_runs_is_listed() -> None:
    making = [
        shown(path)
        for path in sources("plugin", "webhooks")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and "Name(id='re', ctx=Load()), attr='compile'" in ast.dump(function)
    ]
    assert sorted(set(making) - set(NOT_FROM_OUTSIDE)) == []


@pytest.mark.parametrize("one", expressions(), ids=lambda one: f"{one.file}: {one.pattern[:30]}")
def test_a_text_takes_a_few_steps_for_each_of_its_signs(one: Expression) -> None:
    parts = atoms(one.pattern, one.flags)
    for text in attacks(parts, LENGTH):
        took = steps(one.pattern, one.flags, text, everywhere=one.everywhere)
        assert took <= MOST_STEPS * len(text), (took, len(text), text[:80])


@pytest.mark.parametrize(
    "pattern", [r"[^\s@]+@[^\s@]+\.[^\s@]+", r"\S*@\S*", r"\beyJ[\w-]+\.[\w-]+\.[\w-]*", r"^\s*\s*$"]
)
def test_an_expression_that_reads_again_and_again_is_found_out(pattern: str) -> None:
    with pytest.raises(AssertionError):
        test_a_text_takes_a_few_steps_for_each_of_its_signs(Expression("", pattern, 0, True))


def test_an_expression_that_tries_every_way_is_found_out() -> None:
    for pattern in (r"(a+)+!", r"(?:a|a)*!"):
        took = [steps(pattern, 0, "a" * length, everywhere=True) for length in (6, 12)]
        assert took[1] > 10 * took[0]


@pytest.mark.parametrize("one", expressions(), ids=lambda one: f"{one.file}: {one.pattern[:30]}")
def test_the_counting_matcher_finds_what_python_finds(one: Expression) -> None:
    for text in {*attacks(atoms(one.pattern, one.flags), 12), "", "ana@example.com, shpat_1a eyJa.b.c"}:
        found = [found.span() for found in re.compile(one.pattern, one.flags).finditer(text)]
        matcher = Matcher(one.pattern, one.flags, text)
        assert [span for span in matcher.matches() if span[0] != span[1]] == [
            span for span in found if span[0] != span[1]
        ]
