"""A member leaves the programme, comes back, or does not want their purchases to decide what they are offered.

Nothing is taken away from who leaves: points stay until they end, and can be spent after coming back. What is ordered
meanwhile earns nothing, also when it is heard of later.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.record_event import record
from plugin.rules import subjects
from plugin.rules.events import Event, MemberCameBack, MemberLeft
from plugin.store.members import absences, members, wishes
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

LEFT = "left"


def leave(conn: Connection, shop: Shop, member_id: int, now: datetime) -> bool:
    """They are out from now on; says whether they were in."""
    member = members.by_ids(conn, shop.id, [member_id], lock=True).get(member_id)
    if member is None or member.state != "member" or member.customer_id is None:
        return False
    members.be(conn, shop.id, member_id, LEFT)
    record(conn, shop.id, [Event(MemberLeft(), str(subjects.Member(member_id)), member_id)], now)
    absences.begin(conn, shop.id, member.customer_id, now)
    return True


def come_back(conn: Connection, shop: Shop, member_id: int, now: datetime) -> bool:
    """They are in again; says whether they were out."""
    member = members.by_ids(conn, shop.id, [member_id], lock=True).get(member_id)
    if member is None or member.state != LEFT or member.customer_id is None:
        return False
    members.be(conn, shop.id, member_id, "member")
    record(conn, shop.id, [Event(MemberCameBack(), str(subjects.Member(member_id)), member_id)], now)
    absences.end(conn, shop.id, member.customer_id, now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [member_id], now)
    return True


def want_emails(conn: Connection, shop: Shop, member_id: int, *, wants: bool) -> None:
    """The programme's own emails go to them from now on; or no longer do. What they ask for themselves still does."""
    wishes.want_emails(conn, shop.id, member_id, wants=wants)


def object_to_profiling(conn: Connection, shop: Shop, member_id: int, *, objects: bool) -> None:
    """Rules that look at what somebody bought, or no longer buys, pass them over from now on; or no longer do."""
    wishes.object_to_profiling(conn, shop.id, member_id, objects=objects)
