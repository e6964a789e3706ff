"""The privacy requests: export to the merchant, erasure of one customer, erasure of a shop.

Each request is a row of `privacy_requests`; its result says what was done, and holds no personal data once it
is done. An export lies in parts beside it, and is the merchant's to hand on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.privacy import erasing, erasing_shop, exporting
from plugin.actions.privacy.forget_stored import STAGES
from plugin.actions.work.work import Work
from plugin.store.privacy import privacy
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

MOST_ORDERS = 100_000
EXPORT, ERASE, ERASE_SHOP = "customers/data_request", "customers/redact", "shop/redact"


def request_export(
    conn: Connection,
    shop: Shop,
    customer_id: int | None,
    email: str,
    webhook_id: str,
    now: datetime,
    phone: str = "",
) -> None:
    """Write the request down; a job gathers the data."""
    who = {"customer_id": customer_id, "email": email, "phone": phone}
    _request(conn, shop, EXPORT, webhook_id, who, JobKind.EXPORT_CUSTOMER, now)


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
    _request(conn, shop, ERASE, str(delivery_id), who, JobKind.ERASE_CUSTOMER, now)


def erase_shop(conn: Connection, shop: Shop, subject: str, now: datetime, *, not_before: datetime) -> None:
    """Unless the merchant comes back before then, everything of the shop goes but the anonymous sums."""
    number = privacy.add(conn, shop.id, ERASE_SHOP, subject, {}, now)
    if number is not None:
        jobs.queue(conn, shop.id, JobKind.ERASE_SHOP, [number], not_before)


def resume_shop_erasure(conn: Connection, shop_id: int, now: datetime) -> None:
    """Have an erasure that was asked for and not carried out tried again."""
    jobs.queue(conn, shop_id, JobKind.ERASE_SHOP, privacy.open_requests(conn, shop_id, ERASE_SHOP), now)


def _request(
    conn: Connection, shop: Shop, kind: str, subject: str, who: Mapping[str, object], job: JobKind, now: datetime
) -> None:
    number = privacy.add(conn, shop.id, kind, subject, who, now)
    if number is not None:
        jobs.queue(conn, shop.id, job, [number], now)


def carry_out_export(work: Work, shop: Shop, job: Job) -> None:
    """Gather everything that is kept of the customer, in parts; the panel hands it to the merchant."""
    exporting.carry_out(work, shop, job)


def carry_out_erasure(work: Work, shop: Shop, job: Job) -> None:
    """Forget the customer: who they were, their orders' names and addresses, the deliveries' bodies.

    Entries and lots stay: they hold numbers, and the member's row no longer says whose.
    """
    erasing.carry_out(work, shop, job, STAGES)


def carry_out_shop_erasure(work: Work, shop: Shop, job: Job) -> None:
    """Delete the shop's rows, but for the entries, which hold no name."""
    erasing_shop.carry_out(work, shop, job)
