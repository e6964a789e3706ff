"""Staff add, change, pause and remove rewards: each time a new version of the programme."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection

from plugin.actions.programme.edits import Draft, Edit
from plugin.actions.programme.listed_rules import Part, change_one, noted, switched, with_saved
from plugin.actions.programme.needed_scopes import check_allowed
from plugin.actions.programme.save_programme import save_part
from plugin.actions.rewards import turn_points
from plugin.errors import BadInput, NotFound
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.rewards import kinds
from plugin.rules.words.texts import Said
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

PART: Part = "rewards"


def new_id() -> str:
    """An id for a new reward: given when its form is opened, so that sending the form twice adds it once."""
    return f"r{secrets.token_hex(5)}"


def save_reward(conn: Connection, shop: Shop, draft: Draft, edit: Edit) -> int:
    """Store the drafted reward in the next version; BadInput names each field that is wrong."""
    known = programmes.edited(conn, shop.id, edit.based_on, edit.now).programme.rewards
    check_allowed(shop, str(draft.values["kind"]))
    raw = {**draft.values, "id": draft.values["id"] or new_id()}
    number = save_part(conn, shop.id, PART, with_saved(known, raw), edit, draft.wrong, draft.at)
    if raw.get("by_itself"):
        turn_points.queue_hourly(conn, shop, edit.now)
    return noted(conn, shop, number, edit.based_on, "save_reward", str(raw.get("name") or ""))


def change_reward(conn: Connection, shop: Shop, reward_id: str, what: str, edit: Edit) -> int:
    """Pause, resume or remove a reward. What was redeemed stays as it is: its terms were copied."""
    return change_one(conn, shop, PART, reward_id, what, switched(what), edit)


def refill(conn: Connection, shop: Shop, reward_id: str, more: str, edit: Edit) -> int:
    """Raise how often the reward can be had in total by `more`."""
    reward = kinds.find(programmes.edited(conn, shop.id, edit.based_on, edit.now).programme.rewards, reward_id)
    if reward is None:
        raise NotFound(Said("frame.error.not_found"))
    if not (more.isascii() and more.isdigit() and 0 < len(more) < 9 and int(more)):
        raise BadInput(NOT_RIGHT, {"more": Said("programme.rewards.above_zero")})
    change = {"in_total": (reward.in_total or 0) + int(more)}
    return change_one(conn, shop, PART, reward_id, "refill", change, edit)
