"""The privacy requests: export to the merchant, erasure of one customer, erasure of a shop.

Each request is a row of `privacy_requests`; its result says what was done, and holds no personal data
except an export, which is the merchant's to hand on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.members import forget_member
from plugin.actions.work import Work
from plugin.errors import NotYet
from plugin.store import (
    access_log,
    activities,
    corrections,
    customer_facts,
    erasure,
    imports,
    jobs,
    ledger,
    members,
    messages,
    orders,
    privacy,
    profiles,
    shops,
    tiers,
)
from plugin.store.database.db import shop_transaction
from plugin.store.jobs import Job
from plugin.store.members import Member, email_key
from plugin.store.rewards import credits, fulfilments, gifts, redemptions
from plugin.store.shops import Shop

WAIT_FOR_DELIVERIES_SECONDS = 15.0
EXPORT, ERASE, ERASE_SHOP = "customers/data_request", "customers/redact", "shop/redact"


def request_export(
    conn: Connection, shop: Shop, customer_id: int | None, email: str, webhook_id: str, now: datetime
) -> None:
    """Write the request down; a job gathers the data."""
    _request(conn, shop, EXPORT, webhook_id, {"customer_id": customer_id, "email": email}, "export_customer", now)


def erase_customer(
    conn: Connection, shop: Shop, customer_id: int | None, email: str, delivery_id: int, now: datetime
) -> None:
    """Write the request down; a job erases, for it reads every delivery of the shop."""
    who = {"customer_id": customer_id, "email": email}
    _request(conn, shop, ERASE, str(delivery_id), who, "erase_customer", now)


def erase_shop(conn: Connection, shop: Shop, delivery_id: int, now: datetime) -> None:
    """Unless the merchant has come back meanwhile, everything of the shop goes but the anonymous sums."""
    if shop.state == "installed":
        return
    _request(conn, shop, ERASE_SHOP, str(delivery_id), {}, "erase_shop", now)


def _request(
    conn: Connection, shop: Shop, kind: str, subject: str, who: Mapping[str, object], job: str, now: datetime
) -> None:
    number = privacy.add(conn, shop.id, kind, subject, who, now)
    if number is not None:
        jobs.queue(conn, shop.id, job, [number], now)


def _members_of(conn: Connection, shop_id: int, who: Mapping[str, Any]) -> list[Member]:
    """Everybody whom the request means: a merged customer is the same person as the one that was kept."""
    found: list[Member] = []
    if who.get("customer_id"):
        found += members.by_customers(conn, shop_id, [int(who["customer_id"])]).values()
    if key := email_key(str(who.get("email") or "")):
        found += members.guests_by_email(conn, shop_id, [key]).values()
    return list(members.with_merged(conn, shop_id, [member.id for member in found]).values())


def _locked(conn: Connection, shop_id: int, who: Mapping[str, Any]) -> list[Member]:
    """The same, with their orders and then themselves locked: in this order does everybody who settles orders.

    Where somebody was merged with them meanwhile, the locks are given back and taken anew for all of them.
    """
    while True:
        wanted = {member.id for member in _members_of(conn, shop_id, who)}
        attempt = conn.begin_nested()
        orders.lock_of_members(conn, shop_id, wanted)
        members.by_ids(conn, shop_id, wanted, lock=True)
        found = _members_of(conn, shop_id, who)
        if {member.id for member in found} == wanted:
            attempt.commit()
            return found
        attempt.rollback()


def carry_out_export(work: Work, shop: Shop, job: Job) -> None:
    """Gather everything that is kept of the customer; the panel hands it to the merchant."""
    with shop_transaction(work.engine, shop.id) as conn:
        request = privacy.get(conn, shop.id, int(job.subject))
        if request is None or request.done_at is not None:
            return
        export = [_export(conn, shop.id, member) for member in _members_of(conn, shop.id, request.result)]
        privacy.finish(conn, shop.id, request.id, {"members": export}, work.clock())


def _export(conn: Connection, shop_id: int, member: Member) -> dict[str, object]:
    redeemed = redemptions.of_member(conn, shop_id, member.id, 10_000)
    return {
        "customer_id": member.customer_id,
        "email": member.email,
        "first_name": member.first_name,
        "last_name": member.last_name,
        "locale": member.locale,
        "joined_at": member.joined_at.isoformat(),
        "balance": member.balance,
        "entries": privacy.entries_of(conn, shop_id, member.id),
        "orders": privacy.orders_of(conn, shop_id, member.id),
        "codes": [{"code": r.code, "reward": r.title, "state": r.state} for r in redeemed],
        "done_by_staff": [
            {"state": each.state, "note": each.note, "told": each.told}
            for each in fulfilments.by_ids(conn, shop_id, [r.id for r in redeemed]).values()
        ],
        "messages": [
            {"kind": m.kind, "state": m.state, "sent_at": m.sent_at.isoformat() if m.sent_at else None}
            for m in messages.of_member(conn, shop_id, member.id, 10_000)
        ],
        "tiers": [
            {"at": each.at.isoformat(), "tier": each.to_tier, "because": each.because, "reasons": list(each.reasons)}
            for each in tiers.events(conn, shop_id, [member.id]).get(member.id, [])
        ],
        "gifts": [
            {"at": each.at.isoformat(), "rule": each.terms.get("name", ""), "why": each.why.code, "state": each.state}
            for each in gifts.of_members(conn, shop_id, [member.id])
        ],
        "store_credit": [
            {"amount_minor": each.moved_minor, "currency": each.currency, "subject": each.subject, "state": each.state}
            for each in credits.of_member(conn, shop_id, member.id, 10_000)
        ],
        "notes": [each.note for each in corrections.notes(conn, shop_id, member.id).values()],
        "activities": [
            {"activity": each.activity, "key": each.key, "points": each.points, "at": each.happened_at.isoformat()}
            for each in activities.of_member(conn, shop_id, member.id)
        ],
        "profile": profiles.export(conn, shop_id, member.id),
        "referrals": privacy.referrals_of(conn, shop_id, member.id),
        "customer": privacy.facts_of(conn, shop_id, member.customer_id),
        "lots": [{"points_left": lot.left} for lot in ledger.lots_of(conn, shop_id, member.id)],
    }


def carry_out_erasure(work: Work, shop: Shop, job: Job) -> None:
    """Forget the customer: who they were, their orders' names and addresses, the deliveries' bodies.

    Entries and lots stay: they hold numbers, and the member's row no longer says whose. While deliveries that
    name them wait to be processed nothing is done yet: what they say of the customer would stay.
    """
    with shop_transaction(work.engine, shop.id) as conn:
        request = privacy.get(conn, shop.id, int(job.subject))
        if request is None or request.done_at is not None:
            return
        done = forget_customer(conn, shop, request.result)
        if done.pop("waiting"):
            raise NotYet("deliveries that name the customer are processed first", WAIT_FOR_DELIVERIES_SECONDS)
        privacy.finish(conn, shop.id, request.id, done, work.clock())


def forget_customer(conn: Connection, shop: Shop, who: Mapping[str, Any]) -> dict[str, object]:
    """Take everybody whom the request means out of every table; answers how many members and deliveries.

    `waiting` deliveries name them and were left as they are, for they are not processed yet.
    """
    found = _locked(conn, shop.id, who)
    for member in found:
        forget_member.forget(conn, shop.id, member.id)
    imports.forget_people(conn, shop.id)
    emails = {email_key(member.email) for member in found} | {email_key(str(who.get("email") or ""))}
    ids = {member.customer_id for member in found} | {who.get("customer_id")}
    customer_facts.forget(conn, shop.id, {key for key in ids if key})
    erasure.scrub_exports(conn, shop.id, emails - {""}, ids - {None})
    scrubbed, waiting = erasure.scrub_deliveries(conn, shop.id, ids - {None}, emails - {""})
    return {"members": len(found), "deliveries": scrubbed, "waiting": waiting}


def carry_out_shop_erasure(work: Work, shop: Shop, job: Job) -> None:
    """Delete the shop's rows, but for the entries, which hold no name."""
    with shop_transaction(work.engine, shop.id) as conn:
        if shops.get(conn, shop.id, lock=True).state == "installed":
            return
        accesses = access_log.digest(conn, shop.id)
        counts = {**erasure.delete_shop(conn, shop.id, work.clock()), "access_log": accesses}
        privacy.finish(conn, shop.id, int(job.subject), counts, work.clock())
        erasure.forget_shop(conn, shop.id, work.clock())
