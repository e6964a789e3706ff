"""The bundles of the UI extensions, built where Node is there; and which surfaces are left out where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from demo.processes import DemoStopped

ROOT = Path(__file__).parents[1]
SCRIPT = Path("scripts/extensions/build.mjs")
LEFT_OUT = "Left out, as they need Node 20 or newer: the app's parts of checkout, thank-you, account, till and admin."


def build(app_url: str, root: Path = ROOT, node: str | None = None) -> str:
    """Build all extensions for an app at an address; a line for the person where that cannot be, else nothing."""
    program = node or shutil.which("node")
    if program is None or not (root / "node_modules" / "esbuild").is_dir():
        return LEFT_OUT
    answer = subprocess.run(
        [program, str(SCRIPT)],
        cwd=root,
        env={**os.environ, "SUKI_APP_URL": app_url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if answer.returncode:
        raise DemoStopped(f"The extensions cannot be built:\n{answer.stderr.strip()[-2000:]}")
    return ""
