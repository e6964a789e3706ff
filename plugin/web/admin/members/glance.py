"""A member in one glance: what they can have next, what ends, what they bought, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from plugin.rules.programme import Programme
from plugin.store.members import member_list
from plugin.store.members.members import Member
from plugin.store.reports import buyers
from plugin.store.reports.buyers import Bought
from plugin.web.current import shop


@dataclass(frozen=True)
class Glance:
    """`next` is the cheapest reward out of reach, for which so many points are `missing`; `within`: how many are in
    reach. So many points are `ending` on the day `ends`, the first of all."""

    next: str
    missing: int
    within: int
    ends: date | None
    ending: int
    bought: Bought | None
    consent: str
    source: str


def of(
    conn: Connection, member: Member, programme: Programme, available: int, lots: Any, ends: Mapping[int, Any]
) -> Glance:
    """For this member; `ends` is when each of the lots ends, by its number."""
    offered = sorted((one.points, one.name) for one in programme.rewards if one.active)
    beyond = [(points, name) for points, name in offered if points > available]
    first = min((ends[lot.id].last_day for lot in lots if lot.id in ends), default=None)
    consent, source = member_list.known_of(conn, shop().id, member.id)
    return Glance(
        next=beyond[0][1] if beyond else "",
        missing=beyond[0][0] - available if beyond else 0,
        within=len(offered) - len(beyond),
        ends=first,
        ending=sum(lot.left for lot in lots if lot.id in ends and ends[lot.id].last_day == first),
        bought=buyers.of_members(conn, shop().id, [member.id]).get(member.id),
        consent=consent,
        source=source,
    )
