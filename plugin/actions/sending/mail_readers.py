"""Members as readers of emails: with what they refused, and whether anything arrives at their address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from plugin.rules.reach import Person
from plugin.store.members.members import Member, email_key
from plugin.store.sending import optouts, suppressions


def readers(conn: Connection, shop_id: int, people: Iterable[Member]) -> dict[int, Person]:
    """Whom `rules.reach` is asked about where an email is to go, by the member's id; two queries for all of them."""
    known = list(people)
    refused = optouts.refused(conn, shop_id, (one.id for one in known))
    dead = {key for key, one in suppressions.known(conn, shop_id, (one.email for one in known)).items() if one.why}
    return {
        one.id: replace(one.person, refused=refused.get(one.id, frozenset()), suppressed=email_key(one.email) in dead)
        for one in known
    }
