"""`make mutants`: put small faults into the code, one at a time, and see whether a test fails.

make mutants                                        60 of all places, drawn by seed 1
make mutants ARGS="orders tiers --sample 40 --seed 7"
make mutants ARGS="proxy --all"                     every mutant of a place
make mutants ARGS="tiers --like placing.py:12"      those whose name has the words
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.mutants import forked
from tests.mutants.coverage import seen
from tests.mutants.equivalent import SAME, reason_of
from tests.mutants.mutant import ROOT, Mutant, mutants
from tests.mutants.places import PLACES, tests_there
from tests.mutants.trial import Outcome, tried

_KEEPER = """
import sys
from plugin.store.database import embedded
embedded.join(sys.argv[1], sys.argv[2:])
print("ready", flush=True)
sys.stdin.read()
embedded.leave(sys.argv[1])
"""
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers='64MB'")


def main(arguments: Sequence[str]) -> int:
    """The number of mutants that no test found, but for those that change nothing."""
    asked = _asked(arguments)
    drawn = _drawn(asked)
    print(f"{sum(map(len, drawn.values()))} mutants of {sum(len(_all(place)) for place in drawn)}", flush=True)
    outcomes: list[Outcome] = []
    with _database() as environment:
        for place, chosen in drawn.items():
            outcomes += _tried(place, chosen, environment)
    print(_score(outcomes))
    _stale()
    return sum(outcome.fate in ("survived", "no test") and not reason_of(outcome.mutant) for outcome in outcomes)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.split("\n")[0])
    parser.add_argument("places", nargs="*", metavar="place", help=f"of: {' '.join(PLACES)}")
    parser.add_argument("--sample", type=int, default=60, help="how many, in proportion to each place's")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--like", action="append", default=[], help="only those whose name has these words")
    asked = parser.parse_args(arguments)
    if strangers := set(asked.places) - set(PLACES):
        parser.error(f"no place is called {', '.join(sorted(strangers))}")
    return asked


def _all(place: str) -> list[Mutant]:
    return [mutant for file in PLACES[place].paths() for mutant in mutants(file)]


def _drawn(asked: argparse.Namespace) -> dict[str, list[Mutant]]:
    """By place, in the order of their lines."""
    there = [(place, mutant) for place in asked.places or PLACES for mutant in _all(place)]
    if asked.like:
        there = [each for each in there if any(words in each[1].name for words in asked.like)]
    elif not asked.all:
        there = random.Random(asked.seed).sample(there, min(asked.sample, len(there)))
    drawn: dict[str, list[Mutant]] = {}
    for place, mutant in there:
        drawn.setdefault(place, []).append(mutant)
    return {place: sorted(found, key=lambda each: (each.file, each.line)) for place, found in drawn.items()}


def _tried(place: str, chosen: Sequence[Mutant], environment: dict[str, str]) -> Iterator[Outcome]:
    began = time.monotonic()
    watched = seen(
        tests_there(PLACES[place]), PLACES[place].paths(), {**environment, "PYTEST_XDIST_WORKER": f"{place}seen"}
    )
    forked.warm(watched.modules)
    if watched.failed:
        print(f"left out, as they fail with nothing mutated: {', '.join(watched.failed)}")
    print(f"{place}: {len(watched.lines)} tests in {time.monotonic() - began:.0f} s", flush=True)
    for number, mutant in enumerate(chosen):
        outcome = tried(mutant, watched, {**environment, "PYTEST_XDIST_WORKER": f"{place}{number}"})
        told = f" by {outcome.by}" if outcome.by else ""
        more = f" ({outcome.left_out} tests left out)" if outcome.left_out else ""
        print(f"{_word(outcome)}  {mutant.name}{told}{more}", flush=True)
        yield outcome


def _word(outcome: Outcome) -> str:
    """The fate; in capitals where something is to be done."""
    if outcome.fate in ("killed", "timed out"):
        return outcome.fate
    return f"same ({reason_of(outcome.mutant)})" if reason_of(outcome.mutant) else outcome.fate.upper()


def _score(outcomes: Sequence[Outcome]) -> str:
    """A table by file, then what is left."""
    killed, counted, lines = Counter[str](), Counter[str](), []
    for outcome in outcomes:
        if not reason_of(outcome.mutant) or outcome.fate == "killed":
            counted[outcome.mutant.file] += 1
            killed[outcome.mutant.file] += outcome.fate in ("killed", "timed out")
    for file, number in sorted(counted.items()):
        lines.append(f"{killed[file]:5} of {number:4}  {killed[file] / number:6.1%}  {file}")
    every, dead = sum(counted.values()), sum(killed.values())
    lines.append(f"{dead:5} of {every:4}  {dead / every if every else 1:6.1%}  in all")
    left = [each for each in outcomes if each.fate in ("survived", "no test") and not reason_of(each.mutant)]
    return "\n".join(["", *lines, "", *(f"{each.fate}: {each.mutant.name}" for each in left)])


def _stale() -> None:
    """Name what the list of equal ones has and the code has no more."""
    files = {one.file for one in SAME}
    there = {
        (each.file, each.function, each.before, each.after)
        for file in files
        if (ROOT / file).exists()
        for each in mutants(file)
    }
    for one in SAME:
        if one[:4] not in there:
            print(f"no longer there, take it from tests/mutants/equivalent.py: {one}")


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """A server for all runs, so that none has to start its own: tests/conftest.py joins it by this name."""
    run = f"mutants{os.getpid()}"[:12]
    there = Path(tempfile.gettempdir()) / f"suki-tests-{run}"
    command = [sys.executable, "-c", _KEEPER, str(there), *_FAST]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout is not None
        keeper.stdout.readline()
        yield {"PYTEST_XDIST_TESTRUNUID": run}
        keeper.communicate(b"", timeout=60)


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 100))
