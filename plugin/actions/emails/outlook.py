"""What a member gets next of each kind of email, and why not: what waits, and what comes if nothing else happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails.coming.forecast import Coming, forecast
from plugin.actions.emails.keeping import Keeping
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work import messages
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True)
class Outlook:
    """One kind for one member: what waits or comes of it (the next first), or why nothing does, the last there was, and
    what would keep one from going now; `held` says that it would only be later."""

    kind: MessageKind
    coming: Sequence[Coming] = ()
    nothing: Said | Reason | None = None
    last: Message | None = None
    why: str = ""
    held: bool = False

    @property
    def goes(self) -> bool:
        """Whether one that is due now would go now."""
        return not self.why

    @property
    def next_at(self) -> datetime | None:
        """When the next is due, of what waits and what comes."""
        return min((one.at for one in self.coming), default=None)


def outlook(conn: Connection, shop: Shop, programme: Programme, member: Member, now: datetime) -> list[Outlook]:
    """Every kind; what is next comes first."""
    last = messages.last_of_kinds(conn, shop.id, member.id)
    keeping = Keeping(conn, shop, programme, member, now)
    calendar = forecast(conn, shop, programme, member, now)
    found = []
    for kind in MessageKind:
        coming = [one for one in calendar.coming if one.kind is kind]
        kept, nothing = keeping.now(kind), None if coming else calendar.nothing.get(kind)
        found.append(Outlook(kind, coming, nothing, last.get(kind), kept.why, kept.held))
    return sorted(found, key=lambda one: (one.next_at is None, one.next_at or now))
