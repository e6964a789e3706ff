"""What PostgreSQL gives up because of others: nobody's fault, and worth trying again a little later."""

from __future__ import annotations

from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled, SerializationFailure

LOCK_TIMEOUT_MS = 500
"""How long a statement waits for what another transaction holds; longer than any of ours works on one row."""
WAITS = (LockNotAvailable, DeadlockDetected, QueryCanceled, SerializationFailure)


def is_wait(error: BaseException) -> bool:
    """Whether a transaction was undone by somebody else's lock, by a deadlock or a time limit."""
    cause = getattr(error, "orig", None) or error
    return isinstance(cause, WAITS)
