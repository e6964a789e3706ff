"""The demo builds the extensions, or says in one line which surfaces it leaves out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from demo import extensions
from demo.processes import DemoStopped


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with what a build needs."""
    (tmp_path / "node_modules" / "esbuild").mkdir(parents=True)
    return tmp_path


def program(folder: Path, script: str) -> str:
    """A program that stands where Node would."""
    path = folder / "node"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_the_extensions_are_built_for_the_app_where_it_is(project: Path):
    node = program(project, 'echo "$1 $SUKI_APP_URL" > built')
    assert extensions.build("http://127.0.0.1:8300", project, node) == ""
    assert (project / "built").read_text() == f"{extensions.SCRIPT} http://127.0.0.1:8300\n"


def test_without_node_or_its_packages_one_line_says_what_is_left_out(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", os.fspath(project))
    assert extensions.build("http://127.0.0.1:8300", project) == extensions.LEFT_OUT
    (project / "node_modules" / "esbuild").rmdir()
    assert extensions.build("http://127.0.0.1:8300", project, program(project, "exit 0")) == extensions.LEFT_OUT
    assert "\n" not in extensions.LEFT_OUT


def test_a_build_that_fails_stops_the_demo_and_says_why(project: Path):
    with pytest.raises(DemoStopped, match="no such target"):
        extensions.build("http://127.0.0.1:8300", project, program(project, "echo no such target >&2; exit 1"))
