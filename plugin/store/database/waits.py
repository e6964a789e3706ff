"""What PostgreSQL gives up because of others: nobody's fault, and worth trying again a little later."""

from __future__ import annotations

from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled, SerializationFailure

LOCK_TIMEOUT_MS = 500
"""How long a statement waits for what another transaction holds; longer than any of ours works on one row."""
IN_LINE_MS = 1200
"""The same where somebody waits for what they did themselves: behind their own clicks, and those of other tabs."""
WAITS = (LockNotAvailable, DeadlockDetected, QueryCanceled, SerializationFailure)


def is_wait(error: BaseException) -> bool:
    """Whether a transaction was undone by somebody else's lock, by a deadlock or a time limit."""
    return isinstance(_cause(error), WAITS)


def is_cut_short(error: BaseException) -> bool:
    """Whether a statement took longer than it may, or somebody cancelled it: a lock alone does not explain it."""
    return isinstance(_cause(error), QueryCanceled)


def reason(error: BaseException) -> str:
    """PostgreSQL's name for it, as metrics and log lines give it."""
    return type(_cause(error)).__name__


def pause_seconds(error: BaseException, waited_seconds: float) -> float:
    """When to try again what was undone: 2 to 15 s later by how long it waits already; what was cut short, which
    keeps a connection busy each time, 1 minute to an hour."""
    least, most = (60.0, 3600.0) if is_cut_short(error) else (2.0, 15.0)
    return min(most, max(least, waited_seconds / 4))


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "orig", None) or error
