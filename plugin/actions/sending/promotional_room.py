"""How much room there is for promotional emails, for a whole batch: the night of each reader, their cap, the shop's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.sending.reader_zones import reader_zones
from plugin.errors import HeldBack, LeftOut
from plugin.rules.message_kinds import MessageKind
from plugin.rules.sending import promotional as rules
from plugin.store.sending import promotional as store
from plugin.store.shops.shops import Shop

LOOK_AGAIN: Final = timedelta(hours=1)
"""When one is looked at again that the day's emails by the shared sender left no room for."""


@dataclass(frozen=True, slots=True)
class SharedRoom:
    """How many promotional emails the shop may send in 24 hours by the sender that it shares, and how many are left."""

    most: int
    left: int


def shared_room(conn: Connection, shop: Shop, now: datetime) -> SharedRoom | None:
    """None for a shop with a sender of its own."""
    if rules.has_own_sender(shop.settings):
        return None
    most = rules.shared_a_day(store.orders_of_a_month(conn, shop.id, now))
    return SharedRoom(most, max(0, most - store.handed_by_shop(conn, shop.id, now - rules.DAY)))


class Room:
    """What is left for these members, as of `now`; each that `takes` a place leaves less."""

    def __init__(self, conn: Connection, shop: Shop, member_ids: Iterable[int], now: datetime) -> None:
        self._conn, self._shop, self._now = conn, shop, now
        self._ids = sorted(set(member_ids))
        self._rules = rules.stored(shop.settings)
        self._taken = 0

    def insist_on_day(self, member_id: int) -> None:
        """HeldBack while it is night where the member's newest order went, else where the shop is."""
        zone = self.zone(member_id)
        if (until := rules.quiet_until(self._rules, self._now, zone)) is not None:
            raise HeldBack(rules.QUIET, (until - self._now).total_seconds())

    def zone(self, member_id: int) -> ZoneInfo:
        """The zone whose night it is."""
        return self._zones.get(member_id, self._shop.zone)

    def insist_on_room(self, member_id: int, kind: MessageKind) -> None:
        """LeftOut, or HeldBack until there is room, as the kind says, for who got enough; HeldBack where the shop has
        used up what the shared sender allows in a day."""
        free = rules.room_from(self._rules, self._handed.get(member_id, ()), self._now)
        if free is not None and kind.about.over_cap == "skip":
            raise LeftOut(rules.TOO_OFTEN)
        if free is not None:
            raise HeldBack(rules.TOO_OFTEN, (free - self._now).total_seconds())
        if self._shared is not None and self._shared.left <= self._taken:
            raise HeldBack(rules.SHARED_FULL, LOOK_AGAIN.total_seconds())

    def takes(self, member_id: int) -> None:
        """One more is on its way to the member."""
        self.took(member_id, self._now)
        self._taken += 1

    def took(self, member_id: int, at: datetime) -> None:
        """One more went, or will have gone, to the member at a moment."""
        self._handed.setdefault(member_id, []).append(at)

    @cached_property
    def _zones(self) -> dict[int, ZoneInfo]:
        return reader_zones(self._conn, self._shop, self._ids)

    @cached_property
    def _handed(self) -> dict[int, list[datetime]]:
        since = self._now - timedelta(days=self._rules.days)
        return store.handed(self._conn, self._shop.id, self._ids, since)

    @cached_property
    def _shared(self) -> SharedRoom | None:
        return shared_room(self._conn, self._shop, self._now)
