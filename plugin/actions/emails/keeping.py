"""What keeps emails from one member, now or at a moment to come: by the same questions that the sender asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.members.tell_members import mail_of, waits
from plugin.actions.sending import consents, mail_readers
from plugin.actions.sending.promotional_room import Room
from plugin.actions.sending.reader_zones import reader_zones
from plugin.errors import HeldBack, LeftOut
from plugin.rules import reach
from plugin.rules.emails import kind_settings
from plugin.rules.message_kinds import KIND_OFF, NO_CONSENT, NOT_ORDERED, MessageKind
from plugin.rules.programme import Programme
from plugin.rules.reach import Surface
from plugin.rules.sending import promotional as night
from plugin.rules.words import reach_words
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop

ASK_FIRST: Final = "we ask Shopify whether the customer agreed to marketing before it goes"


@dataclass(frozen=True, slots=True)
class Kept:
    """When an email would go, and what keeps it from going; `held`: it would only be later."""

    at: datetime
    why: str = ""
    held: bool = False


class Keeping:
    """One member, as of now. Emails to come are asked about in their order: each that goes counts towards the cap."""

    def __init__(self, conn: Connection, shop: Shop, programme: Programme, member: Member, now: datetime) -> None:
        self._conn, self._shop, self._programme, self._member, self._now = conn, shop, programme, member, now
        self._person = mail_readers.readers(conn, shop.id, [member])[member.id]
        self._before: list[datetime] = []

    def now(self, kind: MessageKind) -> Kept:
        """Whether one that is due now would go now."""
        promotional = kind.about.nature == "promotional"
        refused = self._refused(kind, promotional=promotional)
        if refused is not None or not promotional:
            return refused or Kept(self._now)
        return self._room(kind, self._now)

    def at(self, kind: MessageKind, moment: datetime, *, promotional: bool = False) -> Kept:
        """What becomes of one that is due at a moment: it goes when its reader's night is over, if there is room."""
        promotional = promotional or kind.about.nature == "promotional"
        refused = self._refused(kind, promotional=promotional)
        if refused is not None or not promotional:
            return replace(refused, at=moment) if refused else Kept(moment)
        kept = self._room(kind, moment)
        while kept.held and kept.why != night.SHARED_FULL:
            kept = self._room(kind, kept.at)
        if not kept.why:
            self._before.append(kept.at)
        return kept

    @cached_property
    def zone(self) -> ZoneInfo:
        """The reader's."""
        return reader_zones(self._conn, self._shop, [self._member.id])[self._member.id]

    def _refused(self, kind: MessageKind, *, promotional: bool) -> Kept | None:
        if not kind_settings.switched_on(self._shop.settings, kind):
            return Kept(self._now, KIND_OFF)
        mail = replace(mail_of(kind, self._shop.settings, self._programme), promotional=promotional)
        refused = reach.ask(self._shop.launch, self._person, Surface.MAIL, mail).why
        if refused is not None:
            return Kept(self._now, reach_words.left_out(refused), waits(kind, refused))
        if promotional and self._stranger:
            return Kept(self._now, NOT_ORDERED)
        if not promotional or self._agreed:
            return None
        known = self._known or self._member.customer_id is None
        return Kept(self._now, NO_CONSENT) if known else Kept(self._now, ASK_FIRST, held=True)

    def _room(self, kind: MessageKind, moment: datetime) -> Kept:
        room = Room(self._conn, self._shop, [self._member.id], moment)
        for before in self._before:
            room.took(self._member.id, before)
        try:
            room.insist_on_day(self._member.id)
            room.insist_on_room(self._member.id, kind)
        except LeftOut as error:
            return Kept(moment, error.message)
        except HeldBack as error:
            return Kept(moment + timedelta(seconds=error.retry_after_seconds), error.message, held=True)
        return Kept(moment)

    @cached_property
    def _agreed(self) -> bool:
        return bool(consents.agreed(self._conn, self._shop.id, [self._member], self._now))

    @cached_property
    def _stranger(self) -> bool:
        return bool(consents.strangers(self._conn, self._shop.id, [self._member]))

    @cached_property
    def _known(self) -> bool:
        return bool(consents.fresh(self._conn, self._shop.id, [self._member], self._now))
