"""The panel's scripts keep to the types that they name."""

from __future__ import annotations

import subprocess

from tests.conformance.official import ROOT


def test_the_panels_scripts_have_the_types_that_they_say() -> None:
    command = ["node", "node_modules/typescript/bin/tsc", "-p", "plugin/web/static"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert told.stdout == ""
    assert told.returncode == 0
