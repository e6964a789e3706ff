"""What a request works with: the process's parts, and the shop and staff member behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from flask import current_app, g
from sqlalchemy import Connection, Engine

from plugin.actions.tokens import AdminClients
from plugin.settings import Settings
from plugin.store.database import db
from plugin.store.shops import Shop

KEY = "suki"


def present() -> datetime:
    """The process's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """What one web process holds."""

    settings: Settings
    engine: Engine
    clients: AdminClients
    clock: Callable[[], datetime] = present


@dataclass(frozen=True)
class Staff:
    """Who sent the request, as a verified ID token says."""

    domain: str
    user_id: str
    id_token: str = field(repr=False)

    @property
    def actor(self) -> str:
        """How the staff log and programme versions name this person."""
        return f"staff:{self.user_id}"


def parts() -> Parts:
    """The parts of this process."""
    return cast(Parts, current_app.extensions[KEY])


def staff() -> Staff:
    """Who is asking; only on routes for sessions."""
    return cast(Staff, g.staff)


def shop() -> Shop:
    """The shop that is open; only on routes for sessions."""
    return cast(Shop, g.shop)


def now() -> datetime:
    """One moment for the whole request."""
    if "now" not in g:
        g.now = parts().clock()
    return cast(datetime, g.now)


@contextmanager
def transaction() -> Iterator[Connection]:
    """A transaction on the rows of the open shop."""
    with db.shop_transaction(parts().engine, shop().id) as conn:
        yield conn
