"""The ledger: immutable entries, the lots they fill and the draws that empty them.

`Ledger` holds the members of one batch, locked; postings are applied in memory by the pure rules
and written with a handful of statements at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.points import lots as lot_rules
from plugin.rules.points.losses import CLAWBACKS
from plugin.rules.points.lots import Lot
from plugin.store.database import bulk
from plugin.store.points import expiry
from plugin.store.points.accounts import Account, Entry, NewLot, PostedEntry, ended_first
from plugin.store.points.expiry import Calendar, Ended, Owned, calendar
from plugin.store.tables import entries, lot_draws, lots, members

PASSIVE = frozenset(
    (
        "activity expired merged adjusted gift undone returned taken_back forgiven set_off"
        " milestone milestone_back automatic automatic_back referral referral_back expired_back"
    ).split()
)
"""Kinds of entries that keep no points alive: what others do, what time does, and what is not verified."""
NOT_TOLD: Mapping[int, int] = {}
__all__ = ["PASSIVE", "Entry", "Ledger", "lots_of", "open_lots", "sum_of"]


class Ledger:
    """The accounts of one batch's members, locked until the transaction ends."""

    def __init__(self, conn: Connection, shop_id: int, member_ids: Iterable[int]) -> None:
        self.conn = conn
        self.shop_id = shop_id
        self._accounts = self._lock(sorted(set(member_ids)))
        self._posted: list[PostedEntry] = []
        self._entries: list[dict[str, object]] = []
        self._lots: list[NewLot] = []
        self._draws: list[dict[str, object]] = []
        self._left: dict[int, int] = {}
        self._kept: dict[int, dict[str, datetime]] = {}
        self._calendar: Calendar | None = None

    def _lock(self, ids: list[int]) -> dict[int, Account]:
        rows = self.conn.exec_driver_sql(
            "SELECT id, balance, debt, last_activity_at FROM members WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
            " ORDER BY id FOR UPDATE",
            {"shop": self.shop_id, "ids": ids},
        )
        return {row[0]: Account(row[1], row[2], row[3]) for row in rows.fetchall()}

    def debt(self, member_id: int) -> int:
        """What the member owes at this point of the batch."""
        return self._accounts[member_id].debt

    def post(self, batch: list[Entry], now: datetime) -> None:
        """Apply the entries in order. Raises KeyError for a member this ledger does not hold."""
        batch = self._with_ended(batch, now)
        credits = sum(entry.points > 0 and not entry.back_to for entry in batch)
        entry_ids = iter(bulk.next_ids(self.conn, entries, len(batch)))
        lot_ids = iter(bulk.next_ids(self.conn, lots, credits))
        debits = {e.member_id for e in batch if e.points < 0 or e.back_to}
        self._load_lots({key for key in debits if self._accounts[key].lots is None}, now)
        self._load_emptied({draw.lot_id for entry in batch for draw in entry.back_to})
        for entry in batch:
            account = self._accounts[entry.member_id]
            entry_id = next(entry_ids)
            account.balance += entry.points
            if entry.kind not in PASSIVE:
                account.active_at = max(account.active_at, entry.effective_at)
            account.touched = True
            self._posted.append(PostedEntry(entry_id, entry, account.balance))
            self._entries.append(self._entry_row(entry_id, entry, now))
            if entry.back_to:
                self._give_back(account, entry, entry_id, now)
            elif entry.points > 0:
                self._credit(account, entry, entry_id, next(lot_ids), now)
            else:
                self._debit(account, entry, entry_id)

    def _with_ended(self, batch: list[Entry], now: datetime) -> list[Entry]:
        """Nobody loses points twice: of what is taken back, what had ended before comes back first."""
        asked = {(entry.member_id, entry.subject) for entry in batch if entry.kind in CLAWBACKS and entry.points < 0}
        ended = expiry.ended_of(self.conn, self.shop_id, asked) if asked else {}
        if not ended:
            return batch
        self._load_lots({key for key, _ in ended if self._accounts[key].lots is None}, now)
        return [each for entry in batch for each in (*self._ended_before(entry, ended), entry)]

    def _ended_before(self, entry: Entry, ended: Mapping[tuple[int, str], list[Ended]]) -> list[Entry]:
        mine = ended.get((entry.member_id, entry.subject), []) if entry.kind in CLAWBACKS else []
        held = (self._accounts[entry.member_id].lots or {}) if mine else {}
        return ended_first(entry, sum(lot.left for lot in held.values() if lot.subject == entry.subject), mine)

    def _entry_row(self, entry_id: int, entry: Entry, now: datetime) -> dict[str, object]:
        return {
            "id": entry_id,
            "shop_id": self.shop_id,
            "member_id": entry.member_id,
            "kind": entry.kind,
            "points": entry.points,
            "subject": entry.subject,
            "line": entry.line,
            "programme_version": entry.programme_version,
            "effective_at": entry.effective_at,
            "created_at": now,
            "reason": entry.reason,
            "actor": entry.actor,
        }

    def _credit(self, account: Account, entry: Entry, entry_id: int, lot_id: int, now: datetime) -> None:
        left, paid = lot_rules.pay_debt(entry.points, account.debt)
        account.debt -= paid
        available_at = entry.available_at or entry.effective_at
        earned_at = entry.earned_at or entry.effective_at
        ends_at, look_at = self._dates(now).new_lot(earned_at, available_at, account.active_at)
        lot = Lot(lot_id, entry_id, left, available_at, entry.expires_at or ends_at, entry.subject)
        if account.lots is not None:
            account.lots[lot_id] = lot
        self._lots.append(NewLot(entry.member_id, entry.points, lot, available_at <= now, earned_at, look_at))
        if paid:
            self._draws.append(self._draw_row(entry_id, lot_id, paid))

    def _lot_row(self, new: NewLot) -> dict[str, object]:
        lot = new.lot
        return {
            "id": lot.id,
            "shop_id": self.shop_id,
            "member_id": new.member_id,
            "entry_id": lot.entry_id,
            "points": new.points,
            "points_left": self._left.pop(lot.id, lot.left),
            "available_at": lot.available_at,
            "expires_at": lot.expires_at,
            "announced": new.announced,
            "earned_at": new.earned_at,
            "look_at": new.look_at,
        }

    def _draw_row(self, entry_id: int, lot_id: int, points: int) -> dict[str, object]:
        return {"entry_id": entry_id, "lot_id": lot_id, "shop_id": self.shop_id, "points": points}

    def _debit(self, account: Account, entry: Entry, entry_id: int) -> None:
        held = account.lots if account.lots is not None else {}
        usable: Iterable[Lot] = held.values()
        if entry.available_only:
            usable = lot_rules.spendable(usable, entry.effective_at)
        if entry.lot_id is not None:
            usable = [held[entry.lot_id]]
        draws, missing = lot_rules.draw(usable, -entry.points, subject=entry.subject)
        if missing and entry.available_only:
            raise ValueError("more points than can be spent; ask the rules first")
        account.debt += missing
        for draw in draws:
            self._move(held, entry_id, draw.lot_id, draw.points)

    def _give_back(self, account: Account, entry: Entry, entry_id: int, now: datetime) -> None:
        """Fill the lots again; what the member owes is paid first. A lot that has ended gets the grace days."""
        held = account.lots if account.lots is not None else {}
        if sum(draw.points for draw in entry.back_to) != entry.points:
            raise ValueError("what goes back to the lots is not what the entry says")
        for draw in entry.back_to:
            left, paid = lot_rules.pay_debt(draw.points, account.debt)
            account.debt -= paid
            if left:
                self._move(held, entry_id, draw.lot_id, -left)
                if until := self._dates(now).kept_until(held[draw.lot_id].expires_at, now):
                    held[draw.lot_id] = replace(held[draw.lot_id], expires_at=until)
                    self._kept[draw.lot_id] = {"expires_at": until, "kept_until": until, "look_at": now}

    def _move(self, held: dict[int, Lot], entry_id: int, lot_id: int, points: int) -> None:
        lot = held[lot_id]
        held[lot_id] = replace(lot, left=lot.left - points)
        self._left[lot_id] = lot.left - points
        self._draws.append(self._draw_row(entry_id, lot_id, points))

    def _dates(self, now: datetime) -> Calendar:
        if self._calendar is None:
            self._calendar = calendar(self.conn, self.shop_id, now)
        return self._calendar

    def _load_lots(self, member_ids: set[int], now: datetime) -> None:
        for member_id in member_ids:
            self._accounts[member_id].lots = {}
        if not member_ids:
            return
        found = self._select_lots("l.member_id = ANY(%(ids)s) AND l.points_left > 0", sorted(member_ids))
        for member_id, lot in expiry.as_they_end(self.conn, self.shop_id, found, now):
            self._hold(member_id, lot)
        for new in self._lots:
            if new.member_id in member_ids:
                self._hold(new.member_id, new.lot)

    def _load_emptied(self, lot_ids: set[int]) -> None:
        """Lots that points go back to, whatever is left of them."""
        known = {key for account in self._accounts.values() for key in account.lots or ()}
        if missing := sorted(lot_ids - known):
            for member_id, lot in self._select_lots("l.id = ANY(%(ids)s)", missing):
                self._hold(member_id, lot)

    def _select_lots(self, where: str, ids: list[int]) -> list[Owned]:
        rows = self.conn.exec_driver_sql(
            "SELECT l.member_id, l.id, l.entry_id, l.points_left, l.available_at, l.expires_at,"
            " coalesce(e.reason->>'of', e.subject)"
            f" FROM lots l JOIN entries e ON e.id = l.entry_id WHERE l.shop_id = %(shop)s AND {where}",
            {"shop": self.shop_id, "ids": ids},
        )
        return [(member_id, Lot(*values)) for member_id, *values in rows]

    def _hold(self, member_id: int, lot: Lot) -> None:
        held = self._accounts[member_id].lots
        if held is not None:
            held[lot.id] = lot

    @property
    def posted(self) -> list[PostedEntry]:
        """What is not written yet."""
        return self._posted

    def write(self, told: Mapping[int, int] = NOT_TOLD) -> list[PostedEntry]:
        """Write everything posted so far; answers it. Outside tests `write_points` calls it, and records the events.

        `told` is the message of each entry that has one.
        """
        bulk.insert(self.conn, entries, [{**row, "message_id": told.get(int(str(row["id"])))} for row in self._entries])
        bulk.insert(self.conn, lots, [self._lot_row(new) for new in self._lots])
        bulk.insert(self.conn, lot_draws, self._draws)
        left = [{"shop_id": self.shop_id, "id": key, "points_left": value} for key, value in self._left.items()]
        bulk.update(self.conn, lots, left, ("shop_id", "id"))
        kept = [{"shop_id": self.shop_id, "id": key, **dates} for key, dates in self._kept.items()]
        bulk.update(self.conn, lots, kept, ("shop_id", "id"))
        bulk.update(self.conn, members, self._member_rows(), ("shop_id", "id"))
        posted, self._posted = self._posted, []
        self._entries, self._lots, self._draws, self._left, self._kept = [], [], [], {}, {}
        return posted

    def _member_rows(self) -> list[dict[str, object]]:
        return [
            {
                "shop_id": self.shop_id,
                "id": member_id,
                "balance": account.balance,
                "debt": account.debt,
                "last_activity_at": account.active_at,
            }
            for member_id, account in sorted(self._accounts.items())
            if account.touched
        ]


def lots_of(conn: Connection, shop_id: int, member_id: int) -> list[Lot]:
    """Every lot of the member, first expiring first."""
    rows = conn.exec_driver_sql(
        "SELECT l.id, l.entry_id, l.points_left, l.available_at, l.expires_at, e.subject FROM lots l"
        " JOIN entries e ON e.id = l.entry_id WHERE l.shop_id = %(shop)s AND l.member_id = %(member)s"
        " ORDER BY l.expires_at NULLS LAST, l.id",
        {"shop": shop_id, "member": member_id},
    )
    return [Lot(*row) for row in rows]


def open_lots(conn: Connection, shop_id: int, member_ids: Iterable[int], now: datetime) -> dict[int, list[Lot]]:
    """Per member the lots that still hold points, each with its end as of now."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, id, entry_id, points_left, available_at, expires_at FROM lots"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) AND points_left > 0",
        {"shop": shop_id, "ids": list(member_ids)},
    )
    owned = [(member_id, Lot(*values)) for member_id, *values in rows]
    found: dict[int, list[Lot]] = {}
    for member_id, lot in expiry.as_they_end(conn, shop_id, owned, now):
        found.setdefault(member_id, []).append(lot)
    return found


def sum_of(conn: Connection, shop_id: int, member_id: int, subject: str) -> tuple[int, int]:
    """The points posted to the member for one subject, and the last line used."""
    row = conn.exec_driver_sql(
        "SELECT coalesce(sum(points), 0), coalesce(max(line), 0) FROM entries"
        " WHERE shop_id = %(shop)s AND member_id = %(member)s AND subject = %(subject)s",
        {"shop": shop_id, "member": member_id, "subject": subject},
    ).one()
    return int(row[0]), int(row[1])
