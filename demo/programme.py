"""The programme that the demo begins with, and what staff have changed of it since."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.rules.versions.programme_changes import changes
from plugin.settings import load_settings
from plugin.store.database.db import create_engine, shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from sandbox import clock

PROGRAMME = Programme.model_validate(
    {
        "earning": {"points": 1, "per_amount": 10},
        "welcome_points": 50,
        "activities": [
            {"kind": "birthday", "id": "a1", "name": "Your birthday", "points": 100, "waiting_days": 7},
            {"kind": "anniversary", "id": "a2", "name": "Another year with us", "points": 30},
            {"kind": "newsletter", "id": "a3", "name": "Our letter", "points": 20},
            {"kind": "profile", "id": "a4", "name": "Tell us about you", "points": 15, "questions": ["Coffee or tea?"]},
            {"kind": "visit", "id": "a5", "name": "Read our story", "points": 5, "word": "story", "in_total": 1},
            {"kind": "review", "id": "a6", "name": "Review a product", "points": 25, "word": "review", "per_day": 3},
        ],
        "rewards": [
            {"kind": "free_shipping", "id": "r1", "name": "Free shipping", "points": 300},
            {"kind": "amount_off", "id": "r2", "name": "₱100 off", "points": 500, "value": 100},
            {
                "kind": "slider",
                "id": "r3",
                "name": "As much as you like",
                "points": 100,
                "value": 20,
                "step": 100,
                "most": 5000,
            },
        ],
        "tiers": {
            "levels": [
                {"key": "bronze", "name": "Bronze", "enter": 3000},
                {"key": "silver", "name": "Silver", "enter": 8000, "multiplier": "1.25"},
                {"key": "gold", "name": "Gold", "enter": 25_000, "multiplier": "1.5", "perks": ["Free gift wrapping"]},
            ],
            "window": "rolling",
            "validity": "days",
            "grace_days": 30,
        },
        "referrals": {"enabled": True, "hold_days": 3, "advocate": {"kind": "points", "points": 200}},
        "expiry": {"policy": "after_earning", "period": 90, "first_warning_days": 14, "last_warning_days": 3},
    }
)


def changed(domain: str, parts: Iterable[str]) -> list[str]:
    """What is different in these parts of the programme that is in force, a sentence each; additions do not count."""
    live = _in_force(domain)
    taken = {part: _known(getattr(live, part), getattr(PROGRAMME, part)) for part in parts}
    return [change.sentence for change in changes(PROGRAMME, PROGRAMME.model_copy(update=taken))]


def _known(live: Any, own: Any) -> Any:
    """Of a list, what the demo's own programme has, too; everything else as it is."""
    if not isinstance(own, tuple):
        return live
    ids = {one.id for one in own}
    return tuple(one for one in live if one.id in ids)


def _in_force(domain: str) -> Programme:
    with system_transaction(_engine()) as conn:
        shop = shops.by_domain(conn, domain)
    if shop is None:
        raise ValueError("The app is not installed.")
    with shop_transaction(_engine(), shop.id) as conn:
        return programmes.at(programmes.versions(conn, shop.id), clock.now()).programme


@cache
def _engine() -> Engine:
    return create_engine(load_settings(), "suki-stories", pool_size=1)
