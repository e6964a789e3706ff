"""What jobs are about: their subjects are ids, and staff want to read names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

_MEMBER: Final = "SELECT id::text, '', id FROM members WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
_ORDER: Final = (
    "SELECT order_id::text, name, NULL FROM order_views WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s)"
)
_REDEMPTION: Final = "SELECT id::text, code, member_id FROM redemptions WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
_CODE_SET: Final = "SELECT id::text, name, NULL FROM code_sets WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
_FOUND_BY: Final[Mapping[str, str]] = {
    JobKind.SEND_MESSAGE: "SELECT id::text, kind, member_id FROM messages"
    " WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
    JobKind.PUSH_MEMBER: _MEMBER,
    JobKind.PUSH_PROFILE: _MEMBER,
    JobKind.WRITE_CONSENT: _MEMBER,
    JobKind.LIMITS: _MEMBER,
    JobKind.TIER_TAG: _MEMBER,
    JobKind.CASHBACK: _ORDER,
    JobKind.FETCH_ORDER: _ORDER,
    JobKind.CODE: _REDEMPTION,
    JobKind.POST_REDEMPTION: _REDEMPTION,
    JobKind.MAKE_CODES: _CODE_SET,
    JobKind.FILL_POOL: _CODE_SET,
    JobKind.SEND_CREDIT: "SELECT id::text, '', member_id FROM credits WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
    JobKind.REFERRAL: "SELECT id::text, '', friend_id FROM referrals WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
    JobKind.FETCH_CUSTOMER: "SELECT customer_id::text, '', id FROM members WHERE shop_id = %(shop)s"
    " AND customer_id = ANY(%(ids)s)",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a job is about: a name (of an order, a code, a batch of codes, or the kind of a message) and a member."""

    name: str = ""
    member_id: int | None = None


def about(conn: Connection, shop_id: int, jobs: Iterable[Job]) -> dict[int, About]:
    """By job id; a job is absent whose subject is no longer there, or says enough by itself."""
    by_kind: dict[str, dict[str, int]] = {}
    for job in jobs:
        if job.kind in _FOUND_BY and job.subject.isdecimal() and len(job.subject) < 19:
            by_kind.setdefault(job.kind, {})[job.subject] = job.id
    found = {}
    for kind, wanted in by_kind.items():
        params = {"shop": shop_id, "ids": [int(subject) for subject in wanted]}
        for subject, name, member_id in conn.exec_driver_sql(_FOUND_BY[kind], params):
            found[wanted[subject]] = About(name, member_id)
    return found
