"""Programmes to start from: each changes the parts that it is about, and leaves the rest as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from plugin.rules.orders.cashback_rules import Cashback
from plugin.rules.programme import Earning, Programme
from plugin.rules.rewards.kinds import AmountOff, FreeShipping
from plugin.rules.tiers import tier_rules


@dataclass(frozen=True, slots=True)
class Preset:
    """A programme to start from: what it is called, what it is for, and which parts it sets in what currency."""

    name: str
    details: str
    parts: Callable[[int], Mapping[str, Any]]


def _points(digits: int) -> Mapping[str, Any]:
    unit = Decimal(1) if digits else Decimal(100)
    return {"earning": Earning(points=1, per_amount=unit), "welcome_points": 50, "rewards": _rewards(unit)}


def _rewards(unit: Decimal) -> tuple[Any, ...]:
    return (
        AmountOff(id="rfive", name=f"{5 * unit} off", points=100, value=5 * unit),
        AmountOff(id="rtwelve", name=f"{12 * unit} off", points=200, value=12 * unit),
        FreeShipping(id="rship", name="Free shipping", points=150),
    )


def _tiers(digits: int) -> Mapping[str, Any]:
    return {**_points(digits), "tiers": _scaled(digits)}


def _scaled(digits: int) -> tier_rules.Tiers:
    """The yearly ladder; a currency without decimals has larger numbers."""
    ladder = tier_rules.PRESETS["yearly_spend"]
    if digits:
        return ladder
    levels = tuple(tier.model_copy(update={"enter": tier.enter and tier.enter * 100}) for tier in ladder.levels)
    return ladder.model_copy(update={"levels": levels})


def _vip_only(digits: int) -> Mapping[str, Any]:
    levels = tuple(
        tier.model_copy(update={"multiplier": Decimal(1), "bonus": 0, "perks": perks})
        for tier, perks in zip(
            _scaled(digits).levels,
            (("Early access to new things",), ("Free gift wrapping",), ("A present on your birthday",)),
            strict=True,
        )
    )
    no_points = Earning(points=0)
    return {
        "earning": no_points,
        "welcome_points": 0,
        "rewards": (),
        "goals": (),
        "tiers": tier_rules.PRESETS["yearly_spend"].model_copy(update={"levels": levels}),
    }


def _cashback(digits: int) -> Mapping[str, Any]:
    rules = Cashback(enabled=True, percent=Decimal(5), after_days=14)
    return {"earning": Earning(points=0), "welcome_points": 0, "rewards": (), "goals": (), "cashback": rules}


PRESETS: Final[Mapping[str, Preset]] = {
    "points": Preset("Points", "One point for each unit spent, a welcome, and three rewards.", _points),
    "tiers": Preset("Points and tiers", "The same, with three tiers by what is spent in a year.", _tiers),
    "vip": Preset(
        "Tiers only", "No points: three tiers with what they bring, and the code for the next order.", _vip_only
    ),
    "cashback": Preset(
        "Cashback",
        "No points: 5 % of each order as store credit, 14 days later. The shop has to allow Suki store credit.",
        _cashback,
    ),
}
"""What the panel offers to a shop that begins; staff see what changes before they save."""


def started(programme: Programme, preset: Preset, digits: int) -> Programme:
    """The programme with the preset's parts in place of its own. `digits` are the currency's decimals."""
    return Programme.model_validate({**programme.model_dump(), **_dumped(preset.parts(digits))})


def _dumped(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in parts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.model_dump() if hasattr(value, "model_dump") else value
