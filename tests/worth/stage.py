"""An order that is placed and paid, and ways in which the same can happen to it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.worth.acts import Hands, place
from tests.worth.boxes import Boxes, GivenBack, Line
from tests.worth.history import History, Step, told
from tests.worth.setting import a_setting
from tests.worth.till import Happened


class Stage:
    """One order by one seed: the same seed is the same order, whatever happens to it afterwards."""

    def __init__(self, seed: int, *, paid: bool = True) -> None:
        dice = Random(seed).randrange
        self.boxes = Boxes(a_setting(dice))
        self.hands = Hands(self.boxes, dice)
        self.steps: list[Step] = []
        self.keep(place(self.hands))
        if paid:
            self.keep(self.hands.pay())
        self.choice = dice

    def keep(self, happened: Happened) -> None:
        """Write an act down."""
        self.boxes.settle()
        self.steps.append(told(self.boxes, happened, self.hands.hour))
        self.hands.hour += 1

    @property
    def history(self) -> History:
        """What happened so far."""
        return History(self.boxes.setting, tuple(self.steps))

    def line(self) -> tuple[Line, int]:
        """Some goods, and how many units of them."""
        some = [one for one in self.boxes.lines if one.kind != "tip"]
        line = some[self.choice(len(some))]
        return line, 1 + self.choice(line.kept)

    def give(self, money: int, *lines: tuple[Line, int, bool]) -> None:
        """Money goes back at once, for these units; whether they leave with it is said."""
        refund = GivenBack(self.hands.id(), self.hands.hour, list(lines))
        self.hands.draw = lambda _: 0
        self.hands.strip(refund)
        self.keep(self.hands.give(refund, money, "back"))

    def edit_out(self, line: Line, units: int) -> None:
        """They leave with an edit."""
        line.removed += units
        self.boxes.edited = True
        self.keep(Happened("removed", ("orders/edited", "orders/updated"), removals=[(line.id, units)]))


def _by_line(stage: Stage, line: Line, units: int, money: int) -> None:
    stage.give(money, (line, units, True))


def _returned_then_money(stage: Stage, line: Line, units: int, money: int) -> None:
    stage.give(0, (line, units, True))
    stage.give(money)


def _money_then_returned(stage: Stage, line: Line, units: int, money: int) -> None:
    stage.give(money)
    stage.give(0, (line, units, True))


def _edited_then_money(stage: Stage, line: Line, units: int, money: int) -> None:
    stage.edit_out(line, units)
    stage.give(money)


def _edited_then_money_in_parts(stage: Stage, line: Line, units: int, money: int) -> None:
    stage.edit_out(line, units)
    for part in _parts(stage, money):
        stage.give(part)


def _returned_then_money_in_parts(stage: Stage, line: Line, units: int, money: int) -> None:
    first, *rest = _parts(stage, money)
    stage.give(first, (line, units, True))
    for part in rest:
        stage.give(part)


def _edited_then_named(stage: Stage, line: Line, units: int, money: int) -> None:
    stage.edit_out(line, units)
    line.named += units
    stage.give(money, (line, units, False))


def _money_then_edited(stage: Stage, line: Line, units: int, money: int) -> None:
    stage.give(money)
    stage.edit_out(line, units)


def _parts(stage: Stage, money: int) -> list[int]:
    third = money // 3 // stage.hands.grain * stage.hands.grain
    return [part for part in (third, third, money - 2 * third) if part]


WAYS: dict[str, Callable[[Stage, Line, int, int], None]] = {
    "refunded by line": _by_line,
    "returned, then money": _returned_then_money,
    "money, then returned": _money_then_returned,
    "returned, money in parts": _returned_then_money_in_parts,
    "edited, then money": _edited_then_money,
    "edited, then money in parts": _edited_then_money_in_parts,
    "edited, then named by a refund": _edited_then_named,
    "money, then edited": _money_then_edited,
}
"""Each ends with the same units gone and the same money back."""
