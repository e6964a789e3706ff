"""A member takes their own data along: gathered as for the merchant, and without what is about others or of staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import Connection, Engine

from plugin.rules import subjects
from plugin.rules.privacy.kept_for import PERIODS
from plugin.store.database.db import shop_transaction
from plugin.store.members.members import Member
from plugin.store.privacy import export_parts, privacy
from plugin.store.privacy.privacy import PrivacyRequest
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

KIND = "shopper/data_request"
WITHHELD: Final = frozenset({"staff_log", "done_by_staff", "fraud_marks", "files", "lines_of_files"})
"""What staff wrote, how misuse is recognised, and files with other people's lines: those are asked of the shop."""
OF_OTHERS: Final = frozenset({"friend_id", "friend_key", "signs", "score", "note", "decided_by", "actor"})


def latest(conn: Connection, shop: Shop, member: Member, now: datetime) -> PrivacyRequest | None:
    """The newest that can still be opened, or is being gathered; None where there is none."""
    found = privacy.newest_of(conn, shop.id, KIND, subjects.OwnCopy.of_member(member.id))
    if found is None or found.opened_at is not None or (found.done_at is not None and "rows" not in found.result):
        return None
    return found if found.done_at is None or now < ends_at(found) else None


def ends_at(request: PrivacyRequest) -> datetime:
    """Until when it can be opened."""
    return (request.done_at or request.received_at) + timedelta(days=PERIODS["exports"].days)


def prepare(conn: Connection, shop: Shop, member: Member, now: datetime) -> None:
    """Have it gathered, unless it is already; the job is the one that gathers for the merchant."""
    if latest(conn, shop, member, now) is not None:
        return
    who = {"customer_id": member.customer_id, "email": member.email, "phone": ""}
    number = privacy.add(conn, shop.id, KIND, str(subjects.OwnCopy(member.id, now.isoformat())), who, now)
    if number is not None:
        jobs.queue(conn, shop.id, JobKind.EXPORT_CUSTOMER, [number], now)


def open_once(conn: Connection, shop: Shop, request: PrivacyRequest, member: Member, now: datetime) -> bool:
    """Open it for its owner; says whether it was closed until now."""
    return export_parts.open_once(conn, shop.id, request.id, str(subjects.Member(member.id)), now, KIND)


def read(engine: Engine, shop_id: int, request_id: int) -> Iterator[bytes]:
    """The file, part by part."""
    number, before = 1, b"["
    while True:
        with shop_transaction(engine, shop_id) as conn:
            part = export_parts.one(conn, shop_id, request_id, number)
        if part is None:
            break
        if shown := _own(part):
            yield before + b"\n" + shown
            before = b","
        number += 1
    yield b"\n]\n" if before == b"," else b"[]\n"


def _own(part: bytes) -> bytes:
    """A part without what is about others; empty where nothing is left."""
    told = orjson.loads(part)
    if told["section"] in WITHHELD:
        return b""
    rows = [{key: value for key, value in row.items() if key not in OF_OTHERS} for row in told["rows"]]
    return orjson.dumps({"section": told["section"], "rows": rows})
