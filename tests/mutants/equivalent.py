"""Mutants that no test can tell from the original, each with the reason."""

from __future__ import annotations

from typing import NamedTuple

from tests.mutants.mutant import Mutant


class Same(NamedTuple):
    """One of them, by its file, function and change."""

    file: str
    function: str
    before: str
    after: str
    reason: str


SAME: tuple[Same, ...] = ()


def reason_of(mutant: Mutant) -> str:
    """Why it changes nothing; empty for all others."""
    for one in SAME:
        if (one.file, one.function, one.before, one.after) == (
            mutant.file, mutant.function, mutant.before, mutant.after
        ):  # fmt: skip
            return one.reason
    return ""
