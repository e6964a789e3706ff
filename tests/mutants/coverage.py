"""Which test runs which line, and how long it takes: one run of a place's tests with nothing mutated."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest

from tests.mutants import forked
from tests.mutants.mutant import ROOT

LONGEST_SECONDS = 1800


@dataclass(frozen=True)
class Seen:
    """What one run showed."""

    lines: dict[str, dict[str, frozenset[int]]]
    """Of each test that passed: the lines that it ran, by file."""
    seconds: dict[str, float]
    """Of processor time, so that what else the machine does changes nothing."""
    failed: tuple[str, ...]
    modules: tuple[str, ...]


@dataclass(eq=False)  # pytest puts its plugins into sets
class Watch:
    """pytest's plugin that traces."""

    files: dict[str, str]
    """From the path on the disk to the path below the root."""
    report: dict[str, Any] = field(default_factory=dict)
    now: dict[str, set[int]] = field(default_factory=dict)

    def pytest_sessionstart(self) -> None:
        self.report.update(lines={}, seconds={}, failed=[], modules=[])
        threading.settrace(self._call)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now = {}
        began = time.process_time()
        sys.settrace(self._call)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.report["seconds"][item.nodeid] = time.process_time() - began
            self.report["lines"][item.nodeid] = {file: sorted(lines) for file, lines in self.now.items()}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.report["failed"].append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.report["modules"] = [name for name, module in sys.modules.items() if not forked.is_ours(name, module)]

    def _call(self, frame: FrameType, event: str, arg: object) -> Any:
        file = self.files.get(frame.f_code.co_filename)
        if file is None:
            return None
        ran = self.now.setdefault(file, set())
        ran.add(frame.f_lineno)

        def line(frame: FrameType, event: str, arg: object) -> Any:
            ran.add(frame.f_lineno)
            return line

        return line


def seen(tests: Sequence[str], files: Sequence[str], environment: dict[str, str]) -> Seen:
    """Run the tests once. SystemExit where pytest could not run at all."""
    watch = Watch({str(ROOT / file): file for file in files})
    ended = forked.run(tests, LONGEST_SECONDS, lambda: [watch], environment)
    if ended.code not in (0, 1):
        raise SystemExit(f"the tests cannot be run: {ended.said}")
    found = ended.report
    lines = {
        test: {file: frozenset(ran) for file, ran in by_file.items()}
        for test, by_file in found["lines"].items()
        if test not in found["failed"]
    }
    return Seen(lines, found["seconds"], tuple(found["failed"]), tuple(found["modules"]))
