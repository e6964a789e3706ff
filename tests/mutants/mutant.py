"""The mutants of a file: each is one edit at one place of its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.operators import edits

ROOT = Path(__file__).resolve().parents[2]
Step = tuple[str, int | None]
_LEFT_ALONE = {"annotation", "returns", "decorator_list", "type_params", "ctx", "exc", "msg"}
"""Fields of nodes in which nothing is mutated."""
_CALLS_LEFT_ALONE = {"cast", "TypeVar", "NewType"}
_OPTIONS_LEFT_ALONE = {"strict", "encoding", "frozen", "slots", "maxsize"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Mutant:
    """One fault. `lines` are those that a test has to run to meet it; none where importing the file is enough."""

    file: str
    function: str
    line: int
    operator: str
    before: str
    after: str
    lines: frozenset[int]
    steps: tuple[Step, ...]
    number: int

    @property
    def name(self) -> str:
        """How people speak of it."""
        return f"{self.file}:{self.line} {self.function} [{self.operator}] {self.before}  →  {self.after}"


def mutants(file: str) -> list[Mutant]:
    """Every mutant of a file (a path below the project's root), from top to bottom."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return list(_walk(file, tree, _Place()))


def mutated(mutant: Mutant) -> ast.Module:
    """The file's tree with the fault in it."""
    tree = ast.parse((ROOT / mutant.file).read_text(encoding="utf-8"))
    if not mutant.steps:
        raise ValueError("a module is not mutated as a whole")
    *way, (field, place) = mutant.steps
    parent: ast.AST = tree
    for name, index in way:
        value = getattr(parent, name)
        parent = value if index is None else value[index]
    held = getattr(parent, field)
    old = held if place is None else held[place]
    new = ast.copy_location(list(edits(old))[mutant.number][1], old)
    if place is None:
        setattr(parent, field, new)
    else:
        held[place] = new
    return ast.fix_missing_locations(tree)


@dataclass(frozen=True)
class _Place:
    """Where the walk is: the steps from the root, the names around it, the statement's first line."""

    steps: tuple[Step, ...] = ()
    names: tuple[str, ...] = ()
    statement: int = 0
    inside: bool = False


def _walk(file: str, node: ast.AST, at: _Place) -> Iterator[Mutant]:
    yield from _here(file, node, at)
    inside = at.inside or isinstance(node, _FUNCTIONS)
    names = (*at.names, node.name) if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else at.names
    for field, value in ast.iter_fields(node):
        if field in _LEFT_ALONE or (field == "args" and isinstance(node, _FUNCTIONS)):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.AST) and not _is_left_alone(node, field, child):
                statement = child.lineno if isinstance(child, ast.stmt) else at.statement
                yield from _walk(file, child, _Place((*at.steps, (field, index)), names, statement, inside))


def _here(file: str, node: ast.AST, at: _Place) -> Iterator[Mutant]:
    for number, (operator, new) in enumerate(edits(node)):
        first = getattr(node, "lineno", at.statement)
        last = (node.test if isinstance(node, ast.If) else node).end_lineno if hasattr(node, "end_lineno") else first
        lines = frozenset({at.statement, *range(first, (last or first) + 1)}) if at.inside else frozenset()
        before, after = (_shown(each) for each in (node, new))
        yield Mutant(file, ".".join(at.names), first, operator, before, after, lines, at.steps, number)


def _shown(node: ast.AST) -> str:
    """One line of code; of an `if` only its condition."""
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    if isinstance(node, ast.comprehension):
        return " ".join(f"if {ast.unparse(each)}" for each in node.ifs) or "no filter"
    text = ast.unparse(node).replace("\n", " ")
    return text if len(text) <= 160 else text[:159] + "…"


def _is_left_alone(parent: ast.AST, field: str, child: ast.AST) -> bool:
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True  # a docstring
    if isinstance(child, ast.Assign) and ast.unparse(child.targets[0]) == "__all__":
        return True  # for type checkers: nothing is imported with a star
    if isinstance(parent, ast.Subscript):
        return isinstance(parent.value, ast.Name) and parent.value.id in ("Literal", "Final", "cast")
    if isinstance(child, ast.Call):
        called = ast.unparse(child.func)
        return called in _CALLS_LEFT_ALONE or called.startswith(("log.", "_log."))
    return isinstance(child, ast.keyword) and child.arg in _OPTIONS_LEFT_ALONE
