"""Programmes to start from: each changes the parts that it is about, and leaves the rest as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from plugin.rules.formats import bare_money
from plugin.rules.money import minor_digits, rough_unit, to_minor
from plugin.rules.orders.cashback_rules import Cashback
from plugin.rules.orders.earning_rules import OrderEarning
from plugin.rules.programme import Earning, Programme
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.rewards.kinds import AmountOff, FreeShipping
from plugin.rules.tiers import tier_rules


@dataclass(frozen=True, slots=True)
class Preset:
    """A programme to start from: which parts it sets, in a currency. Its words are in the panel's catalogue."""

    parts: Callable[[Decimal, str], Mapping[str, Any]]


def _points(unit: Decimal, currency: str) -> Mapping[str, Any]:
    earning = Earning(points=1, per_amount=unit)
    return {"earning": earning, "welcome_points": 50, "rewards": _rewards(unit, currency)}


def _rewards(unit: Decimal, currency: str) -> tuple[Any, ...]:
    return (
        AmountOff(id="rfive", name=_off(5 * unit, currency), points=100, value=5 * unit),
        AmountOff(id="rtwelve", name=_off(12 * unit, currency), points=200, value=12 * unit),
        FreeShipping(id="rship", name="Free shipping", points=150),
    )


def _off(amount: Decimal, currency: str) -> str:
    return f"{bare_money(to_minor(amount, minor_digits(currency)), currency)} off"


def _tiers(unit: Decimal, currency: str) -> Mapping[str, Any]:
    return {**_points(unit, currency), "tiers": tier_rules.preset("yearly_spend", unit)}


def _no_points() -> Mapping[str, Any]:
    """Neither orders nor activities earn, and there is nothing to spend points on."""
    nothing = {"welcome_points": 0, "rewards": (), "goals": (), "activities": (), "milestones": (), "automatic": ()}
    return {"earning": Earning(points=0), "orders": OrderEarning(), "referrals": Referrals(), **nothing}


def _vip_only(unit: Decimal, _: str) -> Mapping[str, Any]:
    ladder = tier_rules.preset("yearly_spend", unit)
    levels = tuple(
        tier.model_copy(update={"multiplier": Decimal(1), "bonus": 0, "perks": perks})
        for tier, perks in zip(
            ladder.levels,
            (("Early access to new things",), ("Free gift wrapping",), ("A present on your birthday",)),
            strict=True,
        )
    )
    return {**_no_points(), "tiers": ladder.model_copy(update={"levels": levels})}


def _cashback(_: Decimal, __: str) -> Mapping[str, Any]:
    return {**_no_points(), "cashback": Cashback(enabled=True, percent=Decimal(5), after_days=14)}


PRESETS: Final[Mapping[str, Preset]] = {
    "points": Preset(_points),
    "tiers": Preset(_tiers),
    "vip": Preset(_vip_only),
    "cashback": Preset(_cashback),
}
"""What the panel offers to a shop that begins; staff see what changes before they save."""


def started(programme: Programme, preset: Preset, currency: str) -> Programme:
    """The programme with the preset's parts in place of its own, in amounts of the currency's size."""
    return Programme.model_validate({**programme.model_dump(), **_dumped(preset.parts(rough_unit(currency), currency))})


def _dumped(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in parts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.model_dump() if hasattr(value, "model_dump") else value
