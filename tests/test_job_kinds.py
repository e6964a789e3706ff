"""Kinds of jobs are one list: what is asked for is carried out and has words, and nobody spells one out."""

from __future__ import annotations

import ast
from datetime import UTC, datetime

import pytest

from plugin.jobs import ALWAYS, KINDS
from plugin.rules.words import catalogues
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.job_subjects import _FOUND_BY
from plugin.store.work.jobs import Job
from tests.test_house_rules import shown, sources

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KINDS_OF_JOBS = set(JobKind)
TAKE_A_KIND = {"queue": 2, "queue_each": 2, "drop": 2, "one": 2, "claim": 2, "due_subjects": 2}
"""Functions of the store's jobs, and the place of the kind among their arguments."""


def test_every_kind_is_carried_out_in_one_way_and_has_words() -> None:
    assert set(KINDS) == KINDS_OF_JOBS
    assert [kind for kind in JobKind if not catalogues.knows(f"activity.job.{kind}")] == []
    ways = {name: (kind.one, kind.together, kind.side_by_side) for name, kind in KINDS.items()}
    assert [name for name, each in ways.items() if sum(way is not None for way in each) != 1] == []
    assert {*_FOUND_BY, *ALWAYS} <= KINDS_OF_JOBS


def spelled_out(node: ast.AST) -> bool:
    """Whether a call of the store's jobs names its kind by a text of its own."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if not isinstance(node.func.value, ast.Name) or node.func.value.id != "jobs":
        return False
    place = TAKE_A_KIND.get(node.func.attr)
    return place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant | ast.JoinedStr)


def test_nobody_spells_a_kind_out() -> None:
    wrong = [
        f"{shown(path)}:{node.lineno}"  # type: ignore[attr-defined]
        for path in sources("plugin", "webhooks")
        for node in ast.walk(ast.parse(path.read_text()))
        if spelled_out(node)
    ]
    assert wrong == []


def test_a_job_about_a_number_says_it_and_one_about_something_else_does_not() -> None:
    assert Job(1, 1, JobKind.REFERRAL, "12", {}, 0, 0, NOW).number == 12
    with pytest.raises(ValueError, match="nightly"):
        _ = Job(1, 1, JobKind.RECONCILE, "nightly", {}, 0, 0, NOW).number
