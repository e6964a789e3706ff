"""Staff know better: something is sent to an address again, and the reason is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from plugin.errors import BadInput
from plugin.rules.formats import one_line
from plugin.rules.names import staff_log
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.members.members import Member, email_key
from plugin.store.sending import suppressions
from plugin.store.work import activity_pages

LONGEST_REASON = 200


def lift(conn: Connection, shop_id: int, address: str, why: str, actor: str, now: datetime) -> bool:
    """Send there again; says whether nothing was sent there. BadInput: there is no reason."""
    reason = one_line(why, LONGEST_REASON).strip()
    if not reason:
        said = Said("settings.suppressed.why_wanted")
        raise BadInput(said, {"why": said})
    if "\0" in address or not suppressions.lift(conn, shop_id, address, actor, reason, now):
        return False
    found = owners(conn, shop_id, [address])
    subject = next((str(staff_log.Member(one.id)) for one in found.values()), "")
    activity_pages.note_staff_act(conn, shop_id, actor, "lift_suppression", subject, {"note": reason}, now)
    return True


def owners(conn: Connection, shop_id: int, addresses: Iterable[str]) -> dict[str, Member]:
    """Whose addresses these are, by `email_key`: members with an account before guests."""
    keys = [email_key(one) for one in addresses]
    return members.guests_by_email(conn, shop_id, keys) | members.by_email(conn, shop_id, keys)
