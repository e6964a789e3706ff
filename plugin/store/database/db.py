"""The database's door: the engine, and the kinds of transaction.

A transaction names the shop it works for (`shop_transaction`), or it sees no shop's rows. PostgreSQL
enforces it with row-level security on `suki.shop_id` (NULL or '' when no shop is named); the setting is
local to the transaction, so that one pool and one database role serve all shops. Only the outermost layer
(web, webhooks, worker, cli) opens transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from plugin.errors import NoDatabase
from plugin.settings import Settings
from plugin.store.database import embedded, roles
from plugin.store.database.sessions import set_up
from plugin.store.database.waits import LOCK_TIMEOUT_MS, is_wait
from plugin.store.shops import seal

CONNECT_TIMEOUT_SECONDS = 3
POOL_TIMEOUT_SECONDS = 3
STATEMENT_TIMEOUT_MS = 30_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000
_SET_SHOP = text("SELECT set_config('suki.shop_id', :shop_id, true), set_config('lock_timeout', :lock_timeout, true)")
_SET_SCOPE = text("SELECT set_config('suki.scope', :scope, true), set_config('lock_timeout', :lock_timeout, true)")


def libpq_url(settings: Settings) -> str:
    """The address for psycopg and Procrastinate; starts the private server where no DATABASE_URL is set."""
    return settings.database_url or embedded.join(settings.data_dir)


def owner_url(settings: Settings) -> str:
    """The address of whoever makes tables: the owner where there is one, else the role that the processes work as."""
    return settings.database_owner_url or libpq_url(settings)


def create_engine(
    settings: Settings, application_name: str = "suki", *, address: str | None = None, **options: Any
) -> Engine:
    """A pooled engine on the settings' database; it connects when first used."""
    engine = engine_at(
        address or libpq_url(settings),
        application_name,
        **{"pool_size": settings.database_pool_size} | options,
    )
    engine.update_execution_options(**seal.option(seal.Seal.of(settings)))
    if settings.database_url is None:
        event.listen(engine, "handle_error", _revive_private_server(settings.data_dir))
    else:
        roles.watch(engine)
    return engine


def engine_at(url: str, application_name: str = "suki", *, search_path: str = "", **options: Any) -> Engine:
    """A pooled engine on a libpq address; `search_path` names the schema, where it is not the usual one."""
    session: dict[str, object] = {
        "timezone": "UTC",
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT_MS,
    }
    if search_path:
        session["search_path"] = search_path
    arguments = {
        "application_name": application_name,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
    }
    pool = {
        "pool_pre_ping": True,
        "pool_timeout": POOL_TIMEOUT_SECONDS,
        "pool_use_lifo": True,
        "max_overflow": 5,
    }
    made = sa.create_engine(_sqlalchemy_url(url), connect_args=arguments, hide_parameters=True, **pool | options)
    event.listen(made, "connect", lambda conn, _record: set_up(conn, session))
    return made


def _sqlalchemy_url(url: str) -> sa.URL:
    return sa.make_url(url).set(drivername="postgresql+psycopg")


def _revive_private_server(data_dir: str) -> Any:
    def revive(context: sa.ExceptionContext) -> None:
        if context.is_disconnect or context.connection is None:
            embedded.revive(data_dir)

    return revive


@contextmanager
def shop_transaction(engine: Engine, shop_id: object, *, lock_timeout_ms: int | None = None) -> Iterator[Connection]:
    """A transaction that sees and writes the rows of one shop; commits at the end, rolls back on an error.

    What another transaction holds is waited for shortly (`waits.is_wait` knows the error).
    """
    with _transaction(engine) as connection:
        enter_shop(connection, shop_id, lock_timeout_ms)
        yield connection


@contextmanager
def system_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction outside all shops: it sees no shop's rows."""
    with _transaction(engine) as connection:
        enter_shop(connection, "")
        yield connection


@contextmanager
def dispatch_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that may see the inbox and the jobs of all shops, to decide what to do next."""
    with _transaction(engine) as connection:
        connection.execute(_SET_SCOPE, {"scope": "dispatch", "lock_timeout": str(LOCK_TIMEOUT_MS)})
        yield connection


def enter_shop(connection: Connection, shop_id: object, lock_timeout_ms: int | None = None) -> None:
    """Make the rest of this transaction work for one shop."""
    connection.execute(_SET_SHOP, {"shop_id": str(shop_id), "lock_timeout": str(lock_timeout_ms or LOCK_TIMEOUT_MS)})


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """BEGIN … COMMIT; NoDatabase when the database cannot be reached or went away.

    Where it went away during COMMIT the outcome is unknown; what is written is keyed, so repeat it.
    """
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except PoolTimeout as error:
        raise NoDatabase("no database connection is free", retry_after_seconds=1) from error
    except DBAPIError as error:
        if is_wait(error):
            raise
        if error.connection_invalidated or error.statement is None:
            raise NoDatabase("the database does not answer", retry_after_seconds=1) from error
        raise
