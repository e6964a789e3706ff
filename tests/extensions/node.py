"""Node, for what only Shopify's own packages can say of the extensions."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "extensions"
NODE = shutil.which("node")
OLDEST = 20


def _version() -> int:
    """Node's major version; 0 without Node."""
    if NODE is None:
        return 0
    said = subprocess.run([NODE, "--version"], capture_output=True, text=True, timeout=60).stdout
    return int(said.removeprefix("v").partition(".")[0] or 0)


needs_node = pytest.mark.skipif(
    _version() < OLDEST or not (ROOT / "node_modules" / "esbuild").is_dir(),
    reason=f"needs Node {OLDEST} or newer and the packages of package.json (make install)",
)
NAMES = sorted(toml.parent.name for toml in FOLDER.glob("*/shopify.extension.toml"))
"""Every extension."""


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a script of `scripts/extensions/` says."""
    return node(f"scripts/extensions/{script}.mjs", *arguments, **environment)


def node(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What Node says; from the root of the project, with nothing of the machine but its path."""
    return subprocess.run(
        [NODE or "node", *arguments],
        cwd=ROOT,
        env={"PATH": str(Path(NODE or "node").parent) + ":/usr/bin:/bin", "CI": "true", **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
