"""What carrying out an effect needs: the database, the shop's API, the mail server."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Engine

from plugin.actions.privacy.forgetting_key import forgetting_key
from plugin.actions.shops.own_keys import REFERRAL_MARKS, kept_key
from plugin.actions.shops.tokens import AdminClients, access_token, token_at_hand
from plugin.clients.smtp.provider import Provider
from plugin.errors import OutOfTime, TokenRejected
from plugin.store.shops.shops import Shop


def execute(
    engine: Engine, clients: AdminClients, shop: Shop, document: str, variables: Mapping[str, Any], leave: float = 0.0
) -> dict[str, Any]:
    """Carry out one document in the shop. A token that Shopify no longer takes is refreshed once."""
    token = access_token(engine, clients, shop.id)
    try:
        return clients.admin.execute(shop.domain, token, document, variables, leave)
    except TokenRejected:
        fresh = access_token(engine, clients, shop.id, rejected=token)
        return clients.admin.execute(shop.domain, fresh, document, variables, leave)


def _in_time(
    engine: Engine, clients: AdminClients, shop: Shop, document: str, variables: Mapping[str, Any], seconds: float
) -> dict[str, Any]:
    """The same within so many seconds. OutOfTime, and nothing was done: the token has to be refreshed first."""
    token = token_at_hand(engine, clients, shop.id)
    try:
        return clients.admin.execute(shop.domain, token, document, variables, seconds=seconds)
    except TokenRejected:
        raise OutOfTime("Shopify wants a fresh token first") from None


@dataclass(frozen=True)
class Work:
    """One worker's connections to the world. Effects open their own transactions: write down, act, record.

    `ends_at`: the monotonic time by which Shopify's answers are waited for, where somebody waits for ours.
    """

    engine: Engine
    clients: AdminClients
    mailer: Provider
    clock: Callable[[], datetime]
    guards: Engine | None = None
    bodies_kept_days: int = 90
    ends_at: float | None = None

    @property
    def guard_engine(self) -> Engine:
        """Where runners hold their locks, beside the connections that do the work."""
        return self.guards or self.engine

    @cached_property
    def forgetting_key(self) -> bytes:
        """What people are recognised by who were forgotten."""
        return forgetting_key(self.engine, self.clients.settings)

    @cached_property
    def marks_key(self) -> bytes:
        """What traces of fraud are hashed with."""
        return kept_key(self.engine, self.clients.settings, REFERRAL_MARKS)

    def execute(self, shop: Shop, document: str, variables: Mapping[str, Any], *, leave: float = 0.0) -> dict[str, Any]:
        """Carry out one document in the shop, leaving the share `leave` of its budget to others."""
        if self.ends_at is not None:
            seconds = self.ends_at - time.monotonic()
            return _in_time(self.engine, self.clients, shop, document, variables, seconds)
        return execute(self.engine, self.clients, shop, document, variables, leave)
