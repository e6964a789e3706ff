"""The privacy requests: export to the merchant, erasure of one customer, erasure of a shop.

Each request is a row of `privacy_requests`; its result says what was done, and holds no personal data
except an export, which is the merchant's to hand on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.privacy import erasing, erasing_shop
from plugin.actions.privacy.forget_stored import STAGES
from plugin.actions.work import Work
from plugin.rules.privacy.marks import marks_of
from plugin.store import (
    activities,
    corrections,
    jobs,
    ledger,
    members,
    messages,
    privacy,
    profiles,
    tiers,
)
from plugin.store.database.db import shop_transaction
from plugin.store.jobs import Job
from plugin.store.members import Member, email_key
from plugin.store.rewards import credits, fulfilments, gifts, redemptions
from plugin.store.shops import Shop

MOST_ORDERS = 100_000
EXPORT, ERASE, ERASE_SHOP = "customers/data_request", "customers/redact", "shop/redact"


def request_export(
    conn: Connection, shop: Shop, customer_id: int | None, email: str, webhook_id: str, now: datetime
) -> None:
    """Write the request down; a job gathers the data."""
    _request(conn, shop, EXPORT, webhook_id, {"customer_id": customer_id, "email": email}, "export_customer", now)


def erase_customer(
    conn: Connection,
    shop: Shop,
    customer_id: int | None,
    email: str,
    delivery_id: int,
    now: datetime,
    phone: str = "",
    orders: Sequence[int] = (),
) -> None:
    """Write the request down, with the orders that it names; a job erases in steps."""
    who = {"customer_id": customer_id, "email": email, "phone": phone, "orders": list(orders)[:MOST_ORDERS]}
    _request(conn, shop, ERASE, str(delivery_id), who, "erase_customer", now)


def erase_shop(conn: Connection, shop: Shop, subject: str, now: datetime, *, not_before: datetime) -> None:
    """Unless the merchant comes back before then, everything of the shop goes but the anonymous sums."""
    number = privacy.add(conn, shop.id, ERASE_SHOP, subject, {}, now)
    if number is not None:
        jobs.queue(conn, shop.id, "erase_shop", [number], not_before)


def resume_shop_erasure(conn: Connection, shop_id: int, now: datetime) -> None:
    """Have an erasure that was asked for and not carried out tried again."""
    jobs.queue(conn, shop_id, "erase_shop", privacy.open_requests(conn, shop_id, ERASE_SHOP), now)


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


def carry_out_export(work: Work, shop: Shop, job: Job) -> None:
    """Gather everything that is kept of the customer; the panel hands it to the merchant."""
    with shop_transaction(work.engine, shop.id) as conn:
        request = privacy.get(conn, shop.id, int(job.subject))
        if request is None or request.done_at is not None:
            return
        found = _members_of(conn, shop.id, request.result)
        export = [_export(conn, shop.id, member) for member in found]
        customers = [member.customer_id for member in found if member.customer_id]
        told_of = marks_of(work.forgetting_key, shop.id, customers, [member.email for member in found])
        privacy.tells_of(conn, shop.id, request.id, told_of)
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

    Entries and lots stay: they hold numbers, and the member's row no longer says whose.
    """
    erasing.carry_out(work, shop, job, STAGES)


def carry_out_shop_erasure(work: Work, shop: Shop, job: Job) -> None:
    """Delete the shop's rows, but for the entries, which hold no name."""
    erasing_shop.carry_out(work, shop, job)
