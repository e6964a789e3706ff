"""The tree of the project as the house rules read it: its files, what they import, and circles among them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the project: what git knows, and what it will."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = sorted({*subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()})
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def sources(*tops: str) -> list[Path]:
    """The Python files below some directories."""
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in tops]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The full names of what a file imports, wherever in it."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.extend(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            start = ".".join((*package, *([node.module] if node.module else [])))
            found.extend(f"{start}.{each.name}" for each in node.names)
    return tuple(found)


def public_definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def imports_of(*tops: str) -> dict[str, set[str]]:
    """Each module below some directories, and those among them that it imports, wherever in it."""
    known = {module_of(path): path for path in sources(*tops)}
    return {name: {_existing(each, known) for each in imported(path)} & known.keys() - {name}
            for name, path in known.items()}  # fmt: skip


def _existing(name: str, known: Mapping[str, object]) -> str:
    """The module that an imported name is, or is in: `from a.b import c` may mean a.b.c, or what a.b calls c."""
    return name if name in known else name.rpartition(".")[0]


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """A way from something that is imported back to itself; empty where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def among_folders(imports: Mapping[str, set[str]], family: str) -> dict[str, set[str]]:
    """The imports within a family, told of its folders; a file directly in it counts as a folder of its own."""

    def folder(name: str) -> str:
        return name.removeprefix(family + ".").partition(".")[0]

    found: dict[str, set[str]] = {}
    for name, others in imports.items():
        if name.startswith(family + "."):
            inside = {folder(each) for each in others if each.startswith(family + ".")}
            found.setdefault(folder(name), set()).update(inside - {folder(name)})
    return found
