"""Gather what is kept of a customer in parts, in small steps, for the merchant to hand on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection

from plugin.actions.privacy import index_stored
from plugin.actions.shops.access_log import record_access
from plugin.actions.work.work import Work
from plugin.errors import BadPayload, UnderWay
from plugin.observe import get_logger
from plugin.rules.payloads import json_text
from plugin.rules.privacy.about import REQUESTS
from plugin.rules.privacy.marks import address_key, marks_of
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.privacy import export_parts, export_sections, privacy
from plugin.store.privacy.export_sections import SECTIONS, Whom
from plugin.store.shops.access_log import Access
from plugin.store.shops.shops import Shop
from plugin.store.work import delivery_subjects
from plugin.store.work.deliveries import Delivery
from plugin.store.work.jobs import Job

ROWS, BODIES = 200, 50
DELIVERIES = "deliveries"
ORDERS_AT_ONCE = 500
TURN_SECONDS, STEPS_SECONDS = 20.0, 0.3
log = get_logger()


@dataclass(slots=True)
class Export:
    """One export under way: whom it is about, and how far it has come."""

    customer_id: int | None = None
    email: str = ""
    phone: str = ""
    begun: bool = False
    members: list[int] = field(default_factory=list)
    customers: list[int] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    place: int = 0
    after: str = ""
    subjects: list[int] = field(default_factory=list)
    subjects_after: int = -(2**63)
    delivery: int = 0
    parts: int = 0
    rows: int = 0

    @property
    def whom(self) -> Whom:
        """Whose rows."""
        return Whom(self.members, self.customers, self.emails)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Go on with the export for a while."""
    until = time.monotonic() + TURN_SECONDS
    while one_transaction(work, shop.id, job.number):
        if time.monotonic() > until:
            raise UnderWay("The data is still being exported", retry_after_seconds=0.5)


def one_transaction(work: Work, shop_id: int, request_id: int, seconds: float = STEPS_SECONDS) -> bool:
    """One step, and more while they are quick; says whether anything is left."""
    key, until = work.forgetting_key, time.monotonic() + seconds
    with shop_transaction(work.engine, shop_id) as conn:
        request = privacy.get(conn, shop_id, request_id, lock=True)
        if request is None or request.done_at is not None:
            return False
        export = Export(**{name: value for name, value in request.result.items() if name in Export.__slots__})
        while _step(conn, shop_id, request_id, key, export):
            if time.monotonic() > until:
                privacy.save(conn, shop_id, request_id, asdict(export))
                return True
        outcome = {"parts": export.parts, "rows": export.rows, "known": bool(export.rows)}
        privacy.finish(conn, shop_id, request_id, outcome, work.clock())
        said = Access("suki", "change", "export_customer", f"request {request_id}", export.rows)
        record_access(conn, shop_id, said, work.clock())
    log.info("customer_exported", shop_id=shop_id, request=request_id, **outcome)
    return False


def _step(conn: Connection, shop_id: int, request_id: int, key: bytes, export: Export) -> bool:
    """The next part; says whether there is more to do."""
    if not index_stored.step(conn, shop_id, key):
        return True
    if not export.begun:
        _find(conn, shop_id, request_id, key, export)
        return True
    names = list(SECTIONS)
    if export.place < len(names):
        section = names[export.place]
        export.after, rows = export_sections.page(conn, shop_id, section, export.whom, export.after, ROWS)
        _keep(conn, shop_id, request_id, export, section, rows)
        export.place += not export.after
        return True
    return _deliveries(conn, shop_id, request_id, key, export)


def _find(conn: Connection, shop_id: int, request_id: int, key: bytes, export: Export) -> None:
    """Everybody whom the request means: a merged customer is the same person as the one that was kept."""
    asked = [address_key(export.email)] if export.email else []
    ids = [export.customer_id] if export.customer_id else []
    found = list(members.by_customers(conn, shop_id, ids).values()) + list(
        members.guests_by_email(conn, shop_id, asked).values()
    )
    if not ids:
        found += members.by_email(conn, shop_id, asked).values()
    everyone = list(members.with_merged(conn, shop_id, [one.id for one in found]).values())
    export.members = [one.id for one in everyone]
    export.customers = sorted({*ids, *(one.customer_id for one in everyone if one.customer_id)})
    export.emails = sorted({*asked, *(address_key(one.email) for one in everyone if one.email)})
    phones = [export.phone] if export.phone else []
    privacy.tells_of(conn, shop_id, request_id, marks_of(key, shop_id, export.customers, export.emails, phones))
    export.begun = True


def _keep(
    conn: Connection, shop_id: int, request_id: int, export: Export, section: str, rows: list[dict[str, Any]]
) -> None:
    if rows:
        export_parts.add(conn, shop_id, request_id, export.parts + 1, section, rows)
        export.parts, export.rows = export.parts + 1, export.rows + len(rows)


def _deliveries(conn: Connection, shop_id: int, request_id: int, key: bytes, export: Export) -> bool:
    """What was delivered about their orders and accounts, as it is still stored."""
    if not export.subjects:
        export.subjects = _next_subjects(conn, shop_id, key, export)
        return bool(export.subjects)
    found = delivery_subjects.deliveries_about(conn, shop_id, export.subjects[0], export.delivery, BODIES)
    _keep(conn, shop_id, request_id, export, DELIVERIES, list(_told(found)))
    export.delivery = found[-1].id if len(found) == BODIES else 0
    if not export.delivery:
        export.subjects = export.subjects[1:]
    return True


def _next_subjects(conn: Connection, shop_id: int, key: bytes, export: Export) -> list[int]:
    """First the marks of the person, then what the account was known by: addresses, and the orders that named it."""
    if export.subjects_after == -(2**63):
        export.subjects_after += 1
        if own := marks_of(key, shop_id, export.customers, export.emails):
            return sorted(own)
    found = delivery_subjects.known_of(conn, shop_id, export.customers, export.subjects_after, ORDERS_AT_ONCE)
    if found:
        export.subjects_after = found[-1]
    return found


def _told(found: list[Delivery]) -> Iterator[dict[str, Any]]:
    """Each with its body; not the requests themselves, which say nothing that was kept."""
    for one in found:
        if one.topic in REQUESTS:
            continue
        try:
            body: Any = json_text.read_any(one.body)
        except BadPayload:
            body = json_text.letters(one.body)
        yield {"topic": one.topic, "at": one.triggered_at.isoformat(), "body": body}
