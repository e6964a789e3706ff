"""One mutant against the tests that meet it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from tests.mutants import forked
from tests.mutants.coverage import Seen
from tests.mutants.mutant import Mutant, mutated
from tests.mutants.places import mirrored

TESTS_SECONDS = 60
"""So long the tests of one mutant may take with nothing mutated; the shortest are taken first."""
SPARE_SECONDS = 120
Fate = Literal["killed", "timed out", "survived", "no test"]


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant, and by which test."""

    mutant: Mutant
    fate: Fate
    by: str = ""
    left_out: int = 0
    """Tests that run its line and were not run for want of time."""


@dataclass(eq=False)  # pytest puts its plugins into sets
class FirstFailure:
    """pytest's plugin that remembers which test failed."""

    report: dict[str, Any] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.report.setdefault("by", report.nodeid)


def tried(mutant: Mutant, seen: Seen, environment: dict[str, str]) -> Outcome:
    """Run the tests that meet it until one fails."""
    tests, left_out = chosen(mutant, seen)
    if not tests:
        return Outcome(mutant, "no test")
    tree = mutated(mutant)

    def prepare() -> list[object]:
        import sys

        sys.meta_path.insert(0, forked.MutatedFinder(mutant.file, tree))
        return [FirstFailure()]

    seconds = 10 * sum(seen.seconds[test] for test in tests) + SPARE_SECONDS
    ended = forked.run(["-x", *tests], seconds, prepare, environment)
    if ended.code is None:
        return Outcome(mutant, "timed out")
    if ended.code == forked.BROKEN:
        raise SystemExit(f"the tests cannot be run: {ended.said}")
    if ended.code == 0:
        return Outcome(mutant, "survived", left_out=left_out)
    return Outcome(mutant, "killed", ended.report.get("by") or f"nothing could be run ({ended.code})")


def chosen(mutant: Mutant, seen: Seen) -> tuple[list[str], int]:
    """The tests that run one of its lines, its own subject's first; and how many there was no time for.

    What runs while the file is imported may change anything: there all tests are asked, the quickest first.
    """
    here = f"{mirrored(mutant.file)}/"

    def rank(test: str) -> tuple[bool, float]:
        return bool(mutant.lines) and not test.startswith(here), seen.seconds[test]

    meeting = sorted((test for test in seen.lines if _meets(mutant, seen, test)), key=rank)
    tests: list[str] = []
    seconds = 0.0
    for test in meeting:
        seconds += seen.seconds[test]
        if seconds > TESTS_SECONDS:
            break
        tests.append(test)
    return tests, len(meeting) - len(tests)


def _meets(mutant: Mutant, seen: Seen, test: str) -> bool:
    return not mutant.lines or bool(mutant.lines & seen.lines[test].get(mutant.file, frozenset()))
