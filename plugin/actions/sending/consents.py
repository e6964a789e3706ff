"""Who agreed to marketing: whom promotional emails go to, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.types import SUBSCRIBED
from plugin.store.members import customer_facts, imported
from plugin.store.members.members import Member
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind


def agreed(conn: Connection, shop_id: int, people: Iterable[Member], now: datetime, *, hold: bool = False) -> set[int]:
    """Those of whom it is known, and was for a day at most, that they agreed to marketing mails.

    `hold`: whoever takes it back meanwhile waits until the transaction ends; what they said before counts.
    """
    by_customer = {one.customer_id: one.id for one in people if one.customer_id is not None}
    known = customer_facts.known(conn, shop_id, by_customer, now, hold=hold)
    return {by_customer[key] for key, facts in known.items() if facts.email_consent == SUBSCRIBED}


def fresh(conn: Connection, shop_id: int, people: Iterable[Member], now: datetime) -> set[int]:
    """Those of whom it is known whether they did."""
    by_customer = {one.customer_id: one.id for one in people if one.customer_id is not None}
    return {by_customer[key] for key in customer_facts.known(conn, shop_id, by_customer, now)}


def strangers(conn: Connection, shop_id: int, people: Iterable[Member]) -> set[int]:
    """Those whom a file brought, and who have not ordered here since: whatever they agreed to, they don't know us."""
    return imported.without_order(conn, shop_id, [one.id for one in people])


def being_asked(conn: Connection, shop_id: int, people: Iterable[Member]) -> dict[int, str]:
    """Of which of their customers Shopify is, or was in vain, being asked: `queued` or `failed`, by customer."""
    subjects = [one.customer_id for one in people if one.customer_id is not None]
    return {int(subject): state for subject, state in jobs.states(conn, shop_id, JobKind.FETCH_CUSTOMER, subjects)}
