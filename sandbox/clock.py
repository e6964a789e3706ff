"""The sandbox's clock: how far it was moved ahead is kept in a file, so that all processes of a demo agree.

Without SANDBOX_CLOCK in the environment it is the machine's own clock, and cannot be moved.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "SANDBOX_CLOCK"
_READ_AGAIN_SECONDS = 0.05


class _Known:
    """What was read last, and when."""

    ahead = timedelta()
    read_at = float("-inf")


def now() -> datetime:
    """The moment that it is in the sandbox."""
    return datetime.now(UTC) + ahead()


def ahead() -> timedelta:
    """How far the clock was moved."""
    path = os.environ.get(FILE)
    if path and time.monotonic() - _Known.read_at > _READ_AGAIN_SECONDS:
        _Known.ahead, _Known.read_at = _read(Path(path)), time.monotonic()
    return _Known.ahead


def movable() -> bool:
    """Whether there is a file to move it by."""
    return bool(os.environ.get(FILE))


def move(by: timedelta) -> None:
    """Ahead only: what has happened stays past."""
    if by < timedelta():
        raise ValueError("The clock goes forward only.")
    _write(Path(os.environ[FILE]), ahead() + by)
    _Known.read_at = float("-inf")


def seen() -> timedelta | None:
    """Up to where the worker has caught up with the clock; None where there is no worker."""
    path = _seen_file()
    return _read(path) if path.exists() else None


def next_due() -> datetime | None:
    """When the worker has something to do next, as it said when it had caught up; None where it knows of nothing."""
    try:
        said = json.loads(_seen_file().read_text()).get("next")
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(said) if said else None


def say_seen(moved: timedelta, due: datetime | None = None) -> None:
    """The worker has done everything that was due, and has something to do again at a moment."""
    _write(_seen_file(), moved, {"next": due.isoformat()} if due else {})


def _seen_file() -> Path:
    return Path(os.environ[FILE]).with_suffix(".seen")


def _read(path: Path) -> timedelta:
    try:
        return timedelta(seconds=float(json.loads(path.read_text())["seconds"]))
    except FileNotFoundError:
        return timedelta()


def _write(path: Path, moved: timedelta, more: dict[str, str] | None = None) -> None:
    """In one piece, so that nobody reads half of it."""
    fresh = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    fresh.write_text(json.dumps({"seconds": moved.total_seconds(), **(more or {})}))
    fresh.replace(path)
