"""What is known of one member when we ask what comes: read once, and only what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection

from plugin.actions.emails.by_the_day import first_day
from plugin.rules.message_kinds import MessageKind
from plugin.rules.points.expiry import start_of_day
from plugin.rules.points.lots import Lot
from plugin.rules.programme import Programme
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.members.members import Member
from plugin.store.points import balances, ledger
from plugin.store.points.balances import Balance
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True)
class Planned:
    """An email that is to be written down at a moment if nothing else happens, and what brings it about. `subject`: as
    it will be stored, where that is known; `promotional`: where it depends; `gone`: it would have nothing to say;
    `waits`: it is written down already, and due at that moment."""

    kind: MessageKind
    at: datetime
    about: Said
    subject: str = ""
    promotional: bool = False
    gone: bool = False
    waits: Message | None = None


@dataclass
class Look:
    """One member, now, and until when we look."""

    conn: Connection
    shop: Shop
    programme: Programme
    member: Member
    now: datetime
    until: datetime
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = self.shop.day(self.now)

    def written(self, day: date) -> datetime:
        """When what comes with a day is written down: as it begins, or now."""
        return max(self.now, start_of_day(day, self.shop.zone))

    def ahead(self, day: date) -> bool:
        """Whether the emails of a day are still to be written down."""
        return day >= self.first_day and self.written(day) <= self.until

    @cached_property
    def first_day(self) -> date:
        """The first day of which the emails are still to be written down: today, until that is done."""
        return first_day(self.shop, self.now)

    @cached_property
    def balance(self) -> Balance:
        """What the member has."""
        return balances.of_one(self.conn, self.shop.id, self.member, self.now)

    @cached_property
    def lots(self) -> Sequence[Lot]:
        """What of it came when."""
        found = ledger.open_lots(self.conn, self.shop.id, [self.member.id], self.now)
        return sorted(found.get(self.member.id, ()), key=lambda one: (one.available_at, one.id))


Found = list[Planned] | Said | Reason
"""What comes, in order; or why nothing does."""
Forecast = Callable[[Look], Found]


def nothing(name: str) -> Said:
    """Why nothing comes."""
    return Said(f"messages.calendar.nothing.{name}")


def about(name: str, /, count: int | None = None, **values: object) -> Said:
    """What brings it about."""
    return Said(f"messages.calendar.about.{name}", count, **values)
