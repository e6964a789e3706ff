"""What a request works with: the process's parts, and the shop and staff member behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import cast

from flask import current_app, g, request
from sqlalchemy import Connection, Engine

from plugin.actions.shops import access_log
from plugin.actions.shops.own_keys import REFERRAL_MARKS, kept_key
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.access.roles import Role, Scope, allows
from plugin.rules.names import actors
from plugin.settings import Settings
from plugin.store.database import db
from plugin.store.database.waits import IN_LINE_MS
from plugin.store.reports.health import Watch
from plugin.store.shops.access_log import Access
from plugin.store.shops.shops import Shop
from plugin.store.shops.staff import Account
from plugin.web.read_pace import ReadPace

KEY = "suki"
SHOPIFYS = ("customer_id", "order_id")


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

    @cached_property
    def watch(self) -> Watch:
        """Whether this process can do its work."""
        return Watch(self.engine)

    @cached_property
    def reads(self) -> ReadPace:
        """How often shoppers' surfaces asked this process."""
        return ReadPace()

    @cached_property
    def work(self) -> Work:
        """What a request carries out itself while somebody waits for it (`carry_out_now`)."""
        return Work(self.engine, self.clients, Mailer.from_settings(self.settings), self.clock)

    @cached_property
    def marks_key(self) -> bytes:
        """What traces of fraud are hashed with."""
        return kept_key(self.engine, self.settings, REFERRAL_MARKS)


@dataclass(frozen=True)
class Seen:
    """What a request shows of people."""

    what: str
    how_many: int | None
    fields: tuple[str, ...]
    search: str
    about: str


@dataclass(frozen=True)
class Staff:
    """Who sent the request, as a verified ID token says."""

    domain: str
    user_id: str
    id_token: str = field(repr=False)

    @property
    def actor(self) -> str:
        """How the staff log and programme versions name this person."""
        return str(actors.Staff(str(self.user_id)))


def parts() -> Parts:
    """The parts of this process."""
    return cast(Parts, current_app.extensions[KEY])


def staff() -> Staff:
    """Who is asking; only on routes for sessions."""
    return cast(Staff, g.staff)


def account() -> Account:
    """The account that is asking, with its role; only on routes for sessions."""
    return cast(Account, g.account)


def colleagues() -> dict[str, Account]:
    """Everybody of the shop's staff whom we know, by account."""
    if "colleagues" not in g:
        g.colleagues = {}
    return cast("dict[str, Account]", g.colleagues)


def may(least: Role) -> bool:
    """Whether who asks has at least this role."""
    return allows(account().role, least)


def may_call(scope: Scope | None) -> bool:
    """Whether the key that asks is for this; only on routes for keys. No key is for what names no scope."""
    return scope in g.scopes


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
    """A transaction on the rows of the open shop, with the request's line in the access log where one is due.

    What staff or a program read is written down with it, and what they change commits together with its line.
    """
    with db.shop_transaction(parts().engine, shop().id) as conn:
        yield conn
        _write_down(conn)


@contextmanager
def acting() -> Iterator[Connection]:
    """The same for an act on one member that is waited for: it stands in line behind other acts on this member."""
    with db.shop_transaction(parts().engine, shop().id, lock_timeout_ms=IN_LINE_MS) as conn:
        yield conn
        _write_down(conn)


def reading(
    what: str,
    how_many: int | None = 1,
    *,
    fields: Mapping[str, object] | None = None,
    search: str = "",
    about: str = "",
) -> None:
    """Say, within the transaction, what is shown of people, a key of `words.access.READS`, and of how many.

    `fields` are the filters: the names of those that are set are kept, not what they are set to. `search` is the
    text that was looked for: only its keyed hash is kept. `about` names one member where the address does not.
    """
    g.seen = Seen(what, how_many, tuple(name for name, value in (fields or {}).items() if value), search, about)


def _write_down(conn: Connection) -> None:
    """Write the request's line, once: what it shows, or the change that it makes."""
    seen: Seen | None = g.get("seen")
    if "written_down" in g or not ("changes" in g or ("reads" in g and seen)):
        return
    if seen is None:
        one = Access(actor(), "change", g.changes, _subject())
    else:
        mark = access_log.search_mark(parts().settings, shop().id, seen.search)
        one = Access(actor(), "read", seen.what, seen.about or _subject(), seen.how_many, seen.fields, mark)
    if access_log.record_access(conn, shop().id, one, now()):
        g.written_down = True


def actor() -> str:
    """Who is asking, as logs and entries name them."""
    return str(actors.ApiKey(g.api_key_id)) if "api_key_id" in g else staff().actor


def _subject() -> str:
    """What the address names, by our own numbers and keys: `member 5`. Shopify's stay out: they outlive an erasure."""
    named = (request.view_args or {}).items()
    return " ".join(f"{name.removesuffix('_id')} {value}" for name, value in named if name not in SHOPIFYS)[:200]
