"""Sessions of the database: how they are set up, and whether they are ours alone.

Set up by SET after connecting, for a pooler drops or refuses startup options. Ours alone they must be: the worker
listens, and advisory locks belong to sessions.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import psycopg
from psycopg import waiting
from psycopg.abc import RV, PQGen

from plugin.errors import SettingsError

Conn = TypeVar("Conn", bound=psycopg.Connection[Any])
ANSWER_SECONDS = 5.0
BEGINNING: Final[Mapping[str, object]] = {"suki.scope": "", "suki.shop_id": ""}
"""What every session begins with: a session of a pooler may have been somebody else's before."""
SHARED: Final = (
    "The pooler at DATABASE_URL gives one session to several clients in turn (transaction or statement mode). Suki"
    " listens for notifications and holds advisory locks: set pool_mode = session, or connect to PostgreSQL directly."
)
NOT_RESET: Final = (
    "The pooler at DATABASE_URL hands sessions on as they were left. Set server_reset_query = DISCARD ALL, its default."
)


class Impatient(psycopg.Connection[Any]):
    """Waits for the server in C, without the event loop, and not for ever."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Until the generator is done. OperationalError when the server says nothing for ANSWER_SECONDS."""
        limit = ANSWER_SECONDS if timeout is None else timeout
        answer: RV = waiting.wait_c(gen, self.pgconn.socket, interval, limit)
        return answer


def set_up(conn: Conn, settings: Mapping[str, object]) -> Conn:
    """The connection with these settings, for as long as its session lasts. It is in no transaction afterwards."""
    sets = "; ".join(f"SET {name} = {_quoted(value)}" for name, value in {**BEGINNING, **settings}.items())
    usual = conn.autocommit
    try:
        conn.autocommit = True  # one message, and no transaction around it
        conn.execute(sets.encode(), prepare=False)
        conn.autocommit = usual
    except BaseException:
        conn.close()
        raise
    return conn


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def refuse_shared(address: str | None) -> None:
    """SettingsError where a pooler shares sessions, or hands them on as they were left.

    The private server (no address) has none before it. A database that does not answer now is not judged: whoever
    needs it will say so.
    """
    if not address:
        return
    try:
        problem = _problem(address)
    except psycopg.OperationalError:
        return
    if problem:
        raise SettingsError(problem)


def _problem(address: str) -> str:
    mark = secrets.token_hex(8)
    with _connected(address) as other:
        with _connected(address) as one:
            # Whichever way a pooler chooses, by turns or the last one first, one of these meets.
            pids = [(client, _pid(client)) for client in (one, other, other, one, one, other)]
            if len({pid for _, pid in pids}) != 2 or len(set(pids)) != 2:
                return SHARED
            one.execute("SELECT set_config('suki.mark', %s, false)", (mark,))
        with _connected(address) as next_one:
            left = next_one.execute("SELECT current_setting('suki.mark', true)").fetchone()
    return NOT_RESET if left and left[0] == mark else ""


def _connected(address: str) -> Impatient:
    return Impatient.connect(address, autocommit=True, connect_timeout=3, application_name="suki-check")


def _pid(conn: Impatient) -> int:
    row = conn.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    return int(row[0])
