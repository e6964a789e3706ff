"""Staff save the tiers: a draft becomes a checked ladder, and that the next version; everyone is placed anew."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from plugin.actions.programme.edits import Draft, Edit
from plugin.actions.programme.save_programme import save_part
from plugin.rules.tiers.tier_rules import Tier, problems
from plugin.store.shops import shops

PART = "tiers"


def save_tiers(conn: Connection, shop_id: int, draft: Draft, edit: Edit) -> int:
    """Store the ladder in the next version and answer its number; the number there is if nothing changed.

    BadInput names every field that is wrong.
    """
    wrong = _between(draft.values, shops.get(conn, shop_id).currency)
    return save_part(conn, shop_id, PART, draft.values, edit, wrong, draft.at)


def _between(raw: Mapping[str, Any], currency: str) -> dict[str, str]:
    """What is wrong between those tiers that are good by themselves."""
    good = {}
    for place, level in enumerate(raw["levels"]):
        with suppress(ValidationError):  # the programme says what is wrong with it
            good[place] = Tier.model_validate(level)
    return {f"{PART}.levels.{name}": words for name, words in problems(good, raw["metric"], currency).items()}
