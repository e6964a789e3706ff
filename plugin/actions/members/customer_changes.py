"""What changes with a customer's tags or consent: who wants to know it is told here.

A change comes by webhook, or is found when the customer is fetched; the same one may come twice. Whoever is
told must therefore be able to hear it again, as with everything that has a key of its own in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.activities import reward_consent
from plugin.actions.sending import refuse_emails
from plugin.actions.tiers import tier_tags
from plugin.rules.types import CustomerFacts
from plugin.store.members import customer_facts
from plugin.store.shops.shops import Shop

ON_CONSENT: Final[tuple[Callable[[Connection, Shop, int, str, datetime | None, datetime], None], ...]] = (
    reward_consent.consent_told,
)
"""Told `(conn, shop, customer_id, consent, at, now)`: the e-mail consent is `consent` since `at`, None where nobody
knows since when. Add your own here."""

ON_TAGS: Final[tuple[Callable[[Connection, Shop, int, datetime], None], ...]] = (tier_tags.heard,)
"""Told `(conn, shop, customer_id, now)`: the customer's tags may have changed. Add your own here."""


def tags_changed(
    conn: Connection,
    shop: Shop,
    customer_id: int,
    added: Collection[str],
    removed: Collection[str],
    at: datetime,
    now: datetime,
) -> None:
    """A webhook told of tags: kept where we know the customer, and fetched, for webhooks come in any order."""
    if not customer_facts.at_hand(conn, shop.id, [customer_id]):
        if tier_tags.watched(conn, shop, (*added, *removed), now):
            customer_facts.want(conn, shop.id, [customer_id], now)
        return
    customer_facts.change_tags(conn, shop.id, customer_id, added, removed, at)
    customer_facts.want(conn, shop.id, [customer_id], now)
    tell_tags(conn, shop, customer_id, now)


def consent_changed(conn: Connection, shop: Shop, customer_id: int, consent: str, at: datetime, now: datetime) -> None:
    """A webhook told of a consent: kept where we know the customer, and told on in any case."""
    refuse_emails.consent_told(conn, shop, customer_id, consent, at)
    if customer_facts.at_hand(conn, shop.id, [customer_id]):
        if not customer_facts.change_consent(conn, shop.id, customer_id, consent, at):
            return
        customer_facts.want(conn, shop.id, [customer_id], now)
    tell_consent(conn, shop, customer_id, consent, at, now)


def learned(
    conn: Connection, shop: Shop, customer_id: int, before: CustomerFacts | None, after: CustomerFacts, now: datetime
) -> None:
    """The customer was fetched: tell what is different from what was known."""
    if before is None or before.tags != after.tags:
        tell_tags(conn, shop, customer_id, now)
    if before is None or before.email_consent != after.email_consent:
        tell_consent(conn, shop, customer_id, after.email_consent, now if before is not None else None, now)


def tell_tags(conn: Connection, shop: Shop, customer_id: int, now: datetime) -> None:
    """Tell everyone who depends on tags."""
    for told in ON_TAGS:
        told(conn, shop, customer_id, now)


def tell_consent(
    conn: Connection, shop: Shop, customer_id: int, consent: str, at: datetime | None, now: datetime
) -> None:
    """Tell everyone who depends on the consent."""
    for told in ON_CONSENT:
        told(conn, shop, customer_id, consent, at, now)
