"""A shop's access to the Admin API: kept encrypted, refreshed ahead of time, by one refresher per shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from plugin.clients.shopify import tokens as token_client
from plugin.clients.shopify.admin import Admin
from plugin.clients.shopify.tokens import Person, TokenPair
from plugin.errors import OutOfTime, Refused, SukiError, TokenRejected, Unreadable
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.seal import Seal, of_token
from plugin.store.shops.shops import StoredTokens

AHEAD = timedelta(minutes=5)
"""An access token that ends sooner than this is refreshed before it is used."""
REFRESH_TAKES_MS = 20_000
"""How long the others wait for the one that asks Shopify."""
IDLE_FOR = timedelta(days=60)
"""A pair this old is refreshed although nobody needs it: refresh tokens end after 90 days."""


@dataclass(frozen=True)
class AdminClients:
    """What it takes to speak to shops: the settings and one pooled client."""

    settings: Settings
    admin: Admin

    @classmethod
    def of(cls, settings: Settings) -> AdminClients:
        """Clients for one process."""
        return cls(settings, Admin(settings))

    def refresh(self, domain: str, refresh_token: str) -> TokenPair:
        """Ask Shopify for a new pair."""
        return token_client.refresh(self.settings, self.admin.session, domain, refresh_token)

    def exchange(self, domain: str, id_token: str) -> TokenPair:
        """Ask Shopify for the shop's pair, for a verified ID token."""
        return token_client.exchange(self.settings, self.admin.session, domain, id_token)

    def person(self, domain: str, id_token: str) -> Person:
        """Ask Shopify who opened the app, for a verified ID token."""
        return token_client.person(self.settings, self.admin.session, domain, id_token)


def encrypted(settings: Settings, shop_id: int, pair: TokenPair) -> StoredTokens:
    """The shop's pair as it is stored."""
    keys = Seal.of(settings)
    return StoredTokens(
        access_token=keys.close(pair.access_token.encode(), of_token("access_token", shop_id)),
        access_expires_at=pair.access_expires_at,
        refresh_token=keys.close(pair.refresh_token.encode(), of_token("refresh_token", shop_id)),
        refresh_expires_at=pair.refresh_expires_at,
    )


def _decrypted(settings: Settings, value: bytes, column: str, shop_id: int) -> str:
    try:
        return Seal.of(settings).open(value, of_token(column, shop_id)).decode()
    except Unreadable:
        message = "The shop's token was encrypted with a key that isn't in ENCRYPTION_KEYS. Open the app again"
        raise TokenRejected(message) from None


def access_token(engine: Engine, clients: AdminClients, shop_id: int, *, rejected: str = "") -> str:
    """A token for the shop's Admin API that lives at least five more minutes, and is not the `rejected` one.

    Opens its own transactions. TokenRejected: the merchant has to open the app again (the panel says so).
    Unavailable: Shopify does not answer now.
    """
    with shop_transaction(engine, shop_id) as conn:
        pair = shops.tokens(conn, shop_id)
    if pair is not None and (token := _usable(clients.settings, shop_id, pair, rejected)):
        return token
    return _refreshed(engine, clients, shop_id, rejected)


def token_at_hand(engine: Engine, clients: AdminClients, shop_id: int) -> str:
    """A token that needs no asking. OutOfTime: it has to be refreshed first, which nobody is to wait for."""
    with shop_transaction(engine, shop_id) as conn:
        pair = shops.tokens(conn, shop_id)
    token = _usable(clients.settings, shop_id, pair, "") if pair is not None else ""
    if not token:
        raise OutOfTime("The shop's token has to be refreshed first")
    return token


def _usable(settings: Settings, shop_id: int, pair: StoredTokens, rejected: str) -> str:
    """The access token if it lives long enough and Shopify has not refused it, else nothing."""
    if pair.access_expires_at - datetime.now(UTC) < AHEAD:
        return ""
    token = _decrypted(settings, pair.access_token, "access_token", shop_id)
    return "" if token == rejected else token


def _refreshed(engine: Engine, clients: AdminClients, shop_id: int, rejected: str | None) -> str:
    """Refresh under the row's lock; whoever waited for the lock finds the new pair and takes that."""
    with shop_transaction(engine, shop_id, lock_timeout_ms=REFRESH_TAKES_MS) as conn:
        stored = shops.tokens(conn, shop_id, lock=True)
        if stored is None:
            raise TokenRejected("This shop has no token. The merchant needs to open the app")
        if rejected is not None and (token := _usable(clients.settings, shop_id, stored, rejected)):
            return token
        try:
            return _replace(conn, clients, shop_id, stored)
        except TokenRejected as error:
            refused: SukiError = error
            shops.set_needs_reopen(conn, shop_id, True)
    raise refused


def refused_pair(engine: Engine, clients: AdminClients, shop_id: int) -> StoredTokens | None:
    """Ask Shopify for a new pair now: the stored one where it is refused with invalid grant, else None.

    A pair that ended by itself, or that we cannot read, says nothing about the app: Refused. So does Unavailable.
    """
    with shop_transaction(engine, shop_id, lock_timeout_ms=REFRESH_TAKES_MS) as conn:
        stored = shops.tokens(conn, shop_id, lock=True)
        if stored is None or stored.refresh_expires_at <= datetime.now(UTC):
            raise Refused("There is no token to use")
        refresh_token = _readable(clients.settings, shop_id, stored)
        try:
            _store(conn, clients, shop_id, clients.refresh(shops.get(conn, shop_id).domain, refresh_token))
        except TokenRejected:
            return stored
    return None


def _readable(settings: Settings, shop_id: int, stored: StoredTokens) -> str:
    try:
        return _decrypted(settings, stored.refresh_token, "refresh_token", shop_id)
    except TokenRejected as error:
        raise Refused(error.message) from None


def _replace(conn: Connection, clients: AdminClients, shop_id: int, stored: StoredTokens) -> str:
    domain = shops.get(conn, shop_id).domain
    pair = clients.refresh(domain, _decrypted(clients.settings, stored.refresh_token, "refresh_token", shop_id))
    _store(conn, clients, shop_id, pair)
    return pair.access_token


def _store(conn: Connection, clients: AdminClients, shop_id: int, pair: TokenPair) -> None:
    shops.save_tokens(conn, shop_id, encrypted(clients.settings, shop_id, pair))
    shops.set_needs_reopen(conn, shop_id, False)


def refresh_if_idle(engine: Engine, clients: AdminClients, shop_id: int, now: datetime) -> None:
    """Refresh a pair that nobody used for 60 days."""
    with shop_transaction(engine, shop_id) as conn:
        idle = shops.idle_since(conn, [shop_id], now - IDLE_FOR)
    if idle:
        _refreshed(engine, clients, shop_id, None)
