"""A run of pytest in a process of its own, forked from one that has imported what is not ours: a second, not five.

Hypothesis draws the same examples each time (as in CI), and looks for no smallest one.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import hypothesis
import pytest

from tests.mutants.mutant import ROOT

BROKEN = 70
"""The exit code of a run that could not even begin."""
OURS = ("plugin", "webhooks", "sandbox", "demo", "tests")
ARGUMENTS = ("-q", "--no-header", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
Report = dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """How a run ended: pytest's exit code, None when time was up; what it reported; what it printed last."""

    code: int | None
    report: Report
    said: str


class MutatedLoader(SourceFileLoader):
    """Gives one module from a tree that is not the file's."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """The tree, compiled."""
        return compile(self.tree, self.path, "exec")


class MutatedFinder(MetaPathFinder):
    """Finds that one module, before anybody else does."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.path, self.tree = str(ROOT / file), tree
        self.module = ".".join(Path(file).with_suffix("").parts)

    def find_spec(self, fullname: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        """Only its own."""
        if fullname != self.module:
            return None
        return spec_from_file_location(fullname, loader=MutatedLoader(fullname, self.path, self.tree))


def is_ours(name: str, module: object) -> bool:
    """Whether the project has it, and it is not of this tool: it is imported in each run anew."""
    if name in ("tests", "__main__", "__mp_main__") or name.startswith("tests.mutants"):
        return False
    file = getattr(module, "__file__", None)
    return name.split(".")[0] in OURS or (file is not None and Path(file).is_relative_to(ROOT) and ".venv" not in file)


def warm(modules: Sequence[str]) -> None:
    """Import what a run was seen to import, but for what is ours."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def run(
    tests: Sequence[str],
    seconds: float,
    prepare: Callable[[], Sequence[object]],
    environment: dict[str, str] | None = None,
) -> Ended:
    """pytest on these tests. `prepare` runs in the new process, and gives pytest's plugins; each may have `report`."""
    with tempfile.TemporaryDirectory() as there:
        said, answer = Path(there) / "said", Path(there) / "report.json"
        child = os.fork()
        if child == 0:
            code = BROKEN
            with contextlib.suppress(BaseException):
                code = _in_child(tests, prepare, said, answer, environment or {})
            os._exit(code)
        code = _wait(child, time.monotonic() + seconds)
        report = json.loads(answer.read_text()) if answer.exists() else {}
        return Ended(code, report, said.read_text(errors="replace")[-2000:] if said.exists() else "")


def _in_child(
    tests: Sequence[str],
    prepare: Callable[[], Sequence[object]],
    said: Path,
    answer: Path,
    environment: dict[str, str],
) -> int:
    os.setsid()
    with said.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    already = [name for name, module in sys.modules.items() if is_ours(name, module)]
    if already:
        print(f"imported before the fork, so that no mutant would be seen: {already}", flush=True)
        return BROKEN
    os.chdir(ROOT)
    os.environ.update({"CI": "true", **environment})
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", derandomize=True, deadline=None, database=None, phases=phases)
    hypothesis.settings.load_profile("mutants")
    plugins = prepare()
    code = int(pytest.main([*ARGUMENTS, *tests], plugins=list(plugins)))
    report: Report = {}
    for plugin in plugins:
        report.update(getattr(plugin, "report", {}))
    answer.write_text(json.dumps(report))
    sys.stdout.flush()
    return code


def _wait(child: int, until: float) -> int | None:
    """The exit code; None when it took too long, and is no more."""
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None
