"""Worked cases, 1 point for 1.00: what happened, and the points after each act."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.worth.script import DOLLARS_FOR_YEN, Script
from tests.worth.setting import Style

FIFTH = Fraction(1, 5)
NEW, OLD, BOTH, NO_KIND = (Style(shipping_refund=way) for way in ("new", "old", "both", "both_without_kind"))
LATER = Style(pending="pair", settled="rows")


def two() -> Script:
    """Two lines of 100, paid."""
    return Script(("A", 100, 1), ("B", 100, 1)).pay()


def half() -> Script:
    """48.00 × 2 with 20 % off, paid, then edited to one unit."""
    return Script(("A", 38.4, 2), off=9.6).pay().remove("A")


def fifties() -> Script:
    """Two lines of 50, paid."""
    return Script(("A", 50, 1), ("B", 50, 1)).pay()


def hundred(**more: object) -> Script:
    """100, paid."""
    return Script(("A", 100, 1), **more).pay()  # type: ignore[arg-type]


CASES: dict[str, tuple[Script, list[int]]] = {
    "edited, then paid back without a line": (half().back(38.4), [76, 38, 38]),
    "edited, then paid back with the line": (half().back(38.4, A=1, left_before=True), [76, 38, 38]),
    "returned, then paid back": (two().back(B=1).back(100), [200, 100, 100]),
    "by line, then by amount": (
        Script(("A", 500, 1), ("B", 100, 1)).pay().back(500, A=1).back(50),
        [600, 100, 50],
    ),
    "by amount, then returned, then the rest": (two().back(50).back(A=1).back(50), [200, 150, 100, 100]),
    "goods added, open, shipping paid": (hundred(shipping=10).add("B", 20), [100, 100]),
    "goods added, then paid": (hundred().add("B", 20).pay(), [100, 100, 120]),
    "duties": (
        Script(("A", 200, 1), shipping=10, duties=30).pay().back(30, duties=30),
        [200, 200],
    ),
    "duties bear their part of an amount": (
        Script(("A", 200, 1), shipping=10, duties=30).pay().back(24), [200, 180]),
    "fees": (Script(("A", 200, 1), shipping=10, fees=30).pay().back(30, fees=30), [200, 200]),
    "by amount, shipping and tax bear their part": (hundred(shipping=20, tax=FIFTH).back(14.4), [100, 90]),
    "a gift card added, open": (hundred().add("gift_card", 20), [100, 100]),
    "edited up, paid, paid back": (hundred().add("B", 100).pay().back(100), [100, 100, 200, 100]),
    "a restocking fee": (fifties().back(40, B=1), [100, 50]),
    "a restocking fee, then goodwill": (fifties().back(40, B=1).back(10), [100, 50, 50]),
    "a cent too much": (fifties().back(50.01, B=1, cent=True), [100, 50]),
    "a cent too little": (fifties().back(49.99, B=1, cent=True), [100, 50]),
    "a cent too much, both lines": (fifties().back(50.01, B=1, cent=True).back(49.99, A=1), [100, 50, 0]),
    "five too much is no rounding, whatever it is called": (fifties().back(55, B=1, cent=True), [100, 45]),
    "pending, by amount": (two().back(50, pending=True).settle(), [200, 200, 150]),
    "pending, by amount, failed": (two().back(50, pending=True).settle(arrives=False), [200, 200, 200]),
    "pending, by line": (two().back(100, B=1, pending=True).settle(), [200, 100, 100]),
    "pending, by line, failed": (two().back(100, B=1, pending=True).settle(arrives=False), [200, 100, 100]),
    "pending in two rows": (Script(("A", 100, 1), ("B", 100, 1), style=LATER).pay().back(100, B=1, pending=True)
                            .settle(), [200, 100, 100]),
    "pending by amount in three rows": (Script(("A", 200, 1), style=LATER).pay().back(50, pending=True).settle(),
                                        [200, 200, 150]),
    "a tip beside": (hundred(tip=10).back(50), [100, 50]),
    "a tip line beside": (hundred(tip=10, style=Style(tip="both")).back(50), [100, 50]),
    "a tip line goes back": (hundred(tip=10, style=Style(tip="both")).back(10, tip=1), [100, 100]),
    "shipping replaced": (hundred(shipping=10).ship(20).pay(), [100, 100, 100]),
    "shipping replaced, its price still stated": (
        hundred(shipping=10, style=Style(removed_price="as it was")).ship(20).pay().back(60), [100, 100, 100, 50]),
    "a deposit": (Script(("A", 100, 1)).pay(40).pay(), [0, 100]),
    "owed money pays for what was added": (fifties().remove("B").add("C", 50), [100, 50, 100]),
    "a restocking fee does not": (fifties().back(40, B=1).add("C", 20), [100, 50, 50]),
    "cancelled and re-opened": (hundred().cancel().reopen(), [100, 0, 100]),
    "deleted and seen again": (hundred().delete().revive(), [100, 0, 100]),
    "everything by amount": (hundred(shipping=10).back(110), [100, 0]),
    "everything returned, nothing paid back": (hundred().back(A=1), [100, 0]),
}  # fmt: skip
for name, style in (
    ("new", NEW),
    ("old", OLD),
    ("both", BOTH),
    ("both, without kind", NO_KIND),
    ("old, without kind", Style(shipping_refund="old", kind=False)),
):
    CASES |= {
        f"shipping, {name}": (
            Script(("A", 100, 1), ("B", 100, 1), shipping=10, style=style).pay().back(10, shipping=10), [200, 200]),
        f"shipping without its present price, {name}": (
            Script(("A", 100, 2), shipping=10, style=replace(style, current_shipping=False)).pay().back(10, shipping=10)
            .back(100, A=1), [200, 200, 100]),
        f"shipping with its tax, {name}": (hundred(shipping=20, tax=FIFTH, style=style).back(24, shipping=20),
                                           [100, 100]),
        f"shipping with its tax within, {name}": (
            Script(("A", 120, 1), shipping=24, tax=FIFTH, included=True, style=style).pay().back(24, shipping=24),
            [100, 100]),
        f"shipping for yen, {name}": (hundred(shipping=10, market=DOLLARS_FOR_YEN, style=style).back(10, shipping=10),
                                      [100, 100]),
    }  # fmt: skip
