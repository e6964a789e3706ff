"""Faults put into the product on purpose, at least one for each fact and property of an order's worth; each must fail
a test of tests/worth. `python -m tests.worth.mutations` tries them all, or those whose clause has a word given.

A text that is no longer in its file is a fault of this list: it is named, and fails as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.worth.mutation_list import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("plugin", "webhooks", "tests", "sandbox")
SUITE = ("test_worked_cases.py", "test_properties.py", "test_histories.py")
LINKED = ("pyproject.toml", "node_modules", "shopify.app.toml")


@dataclass(frozen=True)
class Outcome:
    """What became of a mutation."""

    mutation: Mutation
    caught: bool
    by: str


def tried(mutation: Mutation) -> Outcome:
    """Mutate a copy of the project, and run the suite there until a test fails."""
    with tempfile.TemporaryDirectory() as there:
        copy = Path(there)
        for name in COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in LINKED:
            (copy / name).symlink_to(ROOT / name)
        file = copy / mutation.file
        before = file.read_text()
        if before.count(mutation.text) != 1:
            return Outcome(mutation, False, f"{mutation.file} has the text {before.count(mutation.text)} times")
        file.write_text(before.replace(mutation.text, mutation.instead))
        return _run(mutation, copy)


def _run(mutation: Mutation, copy: Path) -> Outcome:
    tests = [f"tests/worth/{name}" for name in SUITE]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider",
               "--hypothesis-seed=1", *tests]  # fmt: skip
    said = subprocess.run(
        command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy), "WORTH_QUICK": "1"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    failed = next((line for line in said.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))), "")
    if said.returncode not in (0, 1):
        return Outcome(
            mutation, False, f"pytest ended with {said.returncode}: {said.stdout[-300:]}{said.stderr[-300:]}"
        )
    return Outcome(mutation, said.returncode == 1, failed.split(" - ")[0].removeprefix("FAILED tests/worth/"))


def main(words: list[str]) -> int:
    """Try them two at a time; the number that no test caught."""
    chosen = [one for one in MUTATIONS if not words or any(word in one.clause for word in words)]
    missed = 0
    with ThreadPoolExecutor(max_workers=int(os.environ.get("WORTH_WORKERS", "2"))) as pool:
        for outcome in pool.map(tried, chosen):
            missed += not outcome.caught
            print(f"{'caught' if outcome.caught else 'MISSED'}  {outcome.mutation.clause}: {outcome.by}", flush=True)
    print(f"{len(chosen)} mutations, {missed} missed")
    return missed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
