"""What a member would get next of each kind of email, and why not: by the same questions that the sender asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import mail_of
from plugin.actions.sending import consents, mail_readers
from plugin.actions.sending.promotional_room import Room
from plugin.errors import HeldBack, LeftOut
from plugin.rules import reach
from plugin.rules.message_kinds import NO_CONSENT, NOT_ORDERED, MessageKind
from plugin.rules.programme import Programme
from plugin.rules.reach import Person, Surface
from plugin.rules.words import reach_words
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work import messages, one_mail
from plugin.store.work.messages import Message

ASK_FIRST = "we ask Shopify whether the customer agreed to marketing before it goes"


@dataclass(frozen=True, slots=True)
class Outlook:
    """One kind for one member: the next that waits and when it is due, the last there was, and what would keep one
    from going now; `held` says that it would only be later."""

    kind: MessageKind
    waiting: Message | None = None
    due_at: datetime | None = None
    last: Message | None = None
    why: str = ""
    held: bool = False

    @property
    def goes(self) -> bool:
        """Whether one that is due now would go now."""
        return not self.why


def outlook(conn: Connection, shop: Shop, programme: Programme, member: Member, now: datetime) -> list[Outlook]:
    """Every kind; what waits comes first, by when it is due."""
    known = messages.of_member(conn, shop.id, member.id)
    due = one_mail.due_of_member(conn, shop.id, member.id)
    person = mail_readers.readers(conn, shop.id, [member])[member.id]
    keeps = _Keeps(conn, shop, programme, member, person, now)
    found = [_of_kind(kind, known, due, keeps) for kind in MessageKind]
    return sorted(found, key=lambda one: (one.waiting is None, one.due_at or now))


def _of_kind(kind: MessageKind, known: list[Message], due: dict[int, datetime], keeps: _Keeps) -> Outlook:
    mine = [one for one in known if one.kind == kind]
    waiting = min((one for one in mine if one.id in due), key=lambda one: due[one.id], default=None)
    last = next((one for one in mine if one.id not in due), None)
    why, held = keeps.why(kind)
    return Outlook(kind, waiting, due[waiting.id] if waiting else None, last, why, held)


class _Keeps:
    """What keeps emails from one member now."""

    def __init__(
        self, conn: Connection, shop: Shop, programme: Programme, member: Member, person: Person, now: datetime
    ) -> None:
        self._shop, self._programme, self._member, self._person = shop, programme, member, person
        self._agreed = bool(consents.agreed(conn, shop.id, [member], now))
        self._stranger = bool(consents.strangers(conn, shop.id, [member]))
        self._known = bool(consents.fresh(conn, shop.id, [member], now))
        self._room = Room(conn, shop, [member.id], now)

    def why(self, kind: MessageKind) -> tuple[str, bool]:
        """As it would be noted at a message, or nothing; and whether it would only be later."""
        mail = mail_of(kind, self._shop.settings, self._programme)
        refused = reach.ask(self._shop.launch, self._person, Surface.MAIL, mail).why
        if refused is not None:
            return reach_words.left_out(refused), False
        if not mail.promotional:
            return "", False
        if self._stranger:
            return NOT_ORDERED, False
        if not self._agreed:
            return (NO_CONSENT, False) if self._known or self._member.customer_id is None else (ASK_FIRST, True)
        try:
            self._room.insist_on_day(self._member.id)
            self._room.insist_on_room(self._member.id, kind)
        except LeftOut as error:
            return error.message, False
        except HeldBack as error:
            return error.message, True
        return "", False
