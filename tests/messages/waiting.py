"""A shop with members whose welcome emails wait to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, text

from plugin.rules.programme import Programme
from plugin.rules.subjects import Welcome
from plugin.store.database.db import shop_transaction
from plugin.store.points.accounts import Entry
from plugin.store.points.ledger import Ledger
from plugin.store.versions import programmes
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind


def welcomes(engine: Engine, shop_id: int, addresses: Sequence[str], now: datetime) -> list[int]:
    """One member for each address, 25 points each, and an email each that is due; answers the messages' ids."""
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(conn, shop_id, Programme(welcome_points=25), "test", "", now - timedelta(days=1))
        people = [_member(conn, shop_id, address, now) for address in addresses]
        entries = [
            Entry(one, kind="earned", points=25, subject=str(Welcome()), line=1, effective_at=now, actor="test")
            for one in people
        ]
        ledger = Ledger(conn, shop_id, people)
        ledger.post(entries, now)
        ledger.write()
        rows = [
            {"shop_id": shop_id, "member_id": one, "kind": "welcome", "subject": f"member:{one}", "state": "queued"}
            for one in people
        ]
        made = [row[0] for row in messages.queue(conn, rows, now)]
        jobs.queue(conn, shop_id, JobKind.SEND_MESSAGE, made, now)
    return made


def _member(conn: object, shop_id: int, address: str, now: datetime) -> int:
    found = conn.execute(  # type: ignore[attr-defined]
        text(
            "INSERT INTO members (shop_id, customer_id, email, email_key, first_name, state, joined_at,"
            " last_activity_at) SELECT :shop, coalesce(max(customer_id), 100) + 1, :email, lower(:email), 'Ana',"
            " 'member', :now, :now FROM members RETURNING id"
        ),
        {"shop": shop_id, "email": address, "now": now},
    )
    return int(found.scalar_one())
