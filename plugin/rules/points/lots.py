"""Lots: the points of one crediting entry and what is left of them; first expiring, first out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plugin.rules.values.quick import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class Lot:
    """`left` of the `points` of one crediting entry, spendable from `available_at`."""

    id: int
    entry_id: int
    left: int
    available_at: datetime
    expires_at: datetime | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """`points` taken from one lot."""

    lot_id: int
    points: int


def draw(lots: Iterable[Lot], points: int, *, subject: str = "") -> tuple[tuple[Draw, ...], int]:
    """Take `points` from the lots; returns the draws and what no lot could cover.

    A clawback takes from its own subject's lots first, then from what expires first, then from what
    was credited first.
    """
    draws = []
    for lot in sorted(lots, key=lambda lot: (lot.subject != subject, *_soonest(lot))):
        if points <= 0:
            break
        if taken := min(points, lot.left):
            draws.append(Draw(lot.id, taken))
            points -= taken
    return tuple(draws), points


def spendable(lots: Iterable[Lot], now: datetime) -> tuple[Lot, ...]:
    """The lots that can be spent now: past their pending window and not past their date."""
    return tuple(lot for lot in lots if lot.available_at <= now and not (lot.expires_at and lot.expires_at <= now))


def _soonest(lot: Lot) -> tuple[bool, float, int]:
    when = lot.expires_at.timestamp() if lot.expires_at else 0.0
    return lot.expires_at is None, when, lot.id


def pay_debt(points: int, debt: int) -> tuple[int, int]:
    """What a credit leaves for spending, and what it pays of the debt first."""
    paid = min(points, debt)
    return points - paid, paid


def balances(lots: Iterable[Lot], debt: int, now: datetime) -> tuple[int, int]:
    """Points that can be spent now (below zero by the debt), and pending ones; those past their date are neither."""
    held = tuple(lots)
    pending = sum(lot.left for lot in held if lot.available_at > now)
    return sum(lot.left for lot in spendable(held, now)) - debt, pending
