"""The extensions' own tests, by Shopify's tester: each state of each target. They run once, together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.extensions.node import FOLDER, ROOT, needs_node, node

pytestmark = needs_node
TESTED = sorted(
    str(file.relative_to(ROOT)) for suffix in ("js", "jsx") for file in FOLDER.glob(f"*/tests/**/*.test.{suffix}")
)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What came of each test of each file."""
    report = tmp_path_factory.mktemp("vitest") / "report.json"
    done = node("node_modules/vitest/vitest.mjs", "run", "--reporter=json", f"--outputFile={report}", "--maxWorkers=2")
    assert report.is_file(), done.stdout + done.stderr
    said = json.loads(report.read_text())
    return {
        each["name"].removeprefix(f"{ROOT}/"): each["assertionResults"]
        or [{"fullName": each["name"], "status": "failed", "failureMessages": [each["message"]]}]
        for each in said["testResults"]
    }


@pytest.mark.parametrize("file", TESTED)
def test_the_extensions_own_tests_pass(file: str, outcomes: dict[str, list[dict[str, Any]]]) -> None:
    failed = [each for each in outcomes[file] if each["status"] != "passed"]
    assert failed == [], "\n".join(f"{each['fullName']}: {' '.join(each['failureMessages'])}" for each in failed)


def test_every_file_of_tests_ran(outcomes: dict[str, list[dict[str, Any]]]) -> None:
    assert sorted(outcomes) == TESTED
