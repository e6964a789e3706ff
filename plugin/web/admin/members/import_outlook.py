"""What a file of members comes to: what its points are worth, which tiers it brings, and who came as a guest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from plugin.actions.imports.check_file import tier_of
from plugin.actions.programme.recommend_start import order_amounts
from plugin.rules.imports.choices import Choices
from plugin.rules.programme import Programme
from plugin.rules.versions import programme_cost
from plugin.store.imports import people
from plugin.store.imports.files import Import
from plugin.web.current import shop


def worth(conn: Connection, file: Import, rules: Programme) -> int | None:
    """What the points that the file gives are worth in rewards, in minor units; None where nothing is known of it."""
    given = int(file.totals.get("given") or 0)
    if not given or file.state not in ("checked", "checking"):
        return None
    amounts, _ = order_amounts(conn, shop())
    value = programme_cost.worth_of_a_point(rules, shop().currency, sorted(amounts)[len(amounts) // 2])
    return round(given * value) if value else None


def lines_with_a_tier(tiers: Mapping[str, Any], chosen: Choices, rules: Programme) -> int:
    """How many lines have a tier that the programme has, too, or that staff said it is."""
    return sum(int(count) for name, count in tiers.items() if tier_of(name, chosen, rules.tiers))


def guests(conn: Connection, file: Import) -> int:
    """How many of those who came with the file have no account."""
    return people.guests(conn, shop().id, file.id) if file.state in ("done", "undone") else 0
