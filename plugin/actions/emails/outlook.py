"""What a member gets next of each kind of email, and why not: what waits, and what comes if nothing else happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails.coming.forecast import Calendar, Coming, forecast
from plugin.actions.emails.keeping import Keeping
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work import messages, one_mail
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True)
class Outlook:
    """One kind for one member: what waits of it and when it is due, what comes (the next first) or why nothing does,
    the last there was, and what would keep one from going now; `held` says that it would only be later."""

    kind: MessageKind
    waiting: Message | None = None
    due_at: datetime | None = None
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
        return min((each for each in (self.due_at, *(one.at for one in self.coming)) if each is not None), default=None)


def outlook(conn: Connection, shop: Shop, programme: Programme, member: Member, now: datetime) -> list[Outlook]:
    """Every kind; what is next comes first."""
    known = messages.of_member(conn, shop.id, member.id)
    due = one_mail.due_of_member(conn, shop.id, member.id)
    keeping = Keeping(conn, shop, programme, member, now)
    calendar = forecast(conn, shop, programme, member, now)
    found = [_of_kind(kind, known, due, keeping, calendar) for kind in MessageKind]
    return sorted(found, key=lambda one: (one.next_at is None, one.next_at or now))


def _of_kind(
    kind: MessageKind, known: list[Message], due: dict[int, datetime], keeping: Keeping, calendar: Calendar
) -> Outlook:
    mine = [one for one in known if one.kind == kind]
    waiting = min((one for one in mine if one.id in due), key=lambda one: due[one.id], default=None)
    kept = keeping.now(kind)
    return Outlook(
        kind,
        waiting,
        due[waiting.id] if waiting else None,
        [one for one in calendar.coming if one.kind is kind],
        calendar.nothing.get(kind),
        next((one for one in mine if one.id not in due), None),
        kept.why,
        kept.held,
    )
