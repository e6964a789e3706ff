"""What a reward brings and on what terms: said before points are spent, beside its code, and in the mail of a gift.

`made` is the reward as a redemption copies it, so that what was promised is said for as long as it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from plugin.rules.rewards import redemption
from plugin.rules.rewards.kinds import Reward
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.types import Reason

_BRINGS = {
    "amount_off": "brings_off",
    "slider": "brings_off",
    "percent_off": "brings_percent",
    "free_product": "brings_product",
    "free_shipping": "brings_shipping",
    "gift_card": "brings_card",
    "store_credit": "brings_credit",
    "store_credit_slider": "brings_credit",
}

_EACH = {"brings_off": "brings_off_each", "brings_credit": "brings_credit_each"}


def offers(reward: Reward, currency: str) -> Reason | None:
    """What it is worth before anybody has chosen how many points: of a slider with a choice, for every step of it."""
    if not isinstance(reward, Sliding) or reward.most == reward.points:
        return brings(redemption.terms(reward, reward.points, currency))
    each = brings(redemption.terms(reward, reward.step, currency))
    return Reason(_EACH[each.code], {**each.values, "points": reward.step}) if each else None


def brings(made: Mapping[str, Any]) -> Reason | None:
    """What it is worth, with the value that its points bought; nothing where its name has to say it."""
    code = _BRINGS.get(str(made.get("kind")))
    if code is None:
        return None
    if code == "brings_shipping":
        return Reason(code)
    value = str(made.get("value", ""))
    if not value:
        return None
    if code == "brings_percent":
        return Reason(code, {"percent": value})
    return Reason(code, {"worth": value, "currency": made.get("currency", "")})


def terms(made: Mapping[str, Any]) -> tuple[Reason, ...]:
    """What it can be used for: the least of an order, the goods, where to, up to which cost of shipping."""
    found = []
    money = {"currency": made.get("currency", "")}
    if Decimal(str(made.get("minimum_order") or 0)) > 0:
        found.append(Reason("terms_minimum", {"minimum": str(made["minimum_order"]), **money}))
    if made.get("products"):
        found.append(Reason("terms_products"))
    if made.get("collections"):
        found.append(Reason("terms_collections"))
    if made.get("countries"):
        found.append(Reason("terms_countries", {"countries": sorted(made["countries"])}))
    if made.get("maximum_rate"):
        found.append(Reason("terms_rate", {"maximum": str(made["maximum_rate"]), **money}))
    return tuple(found)


def good_for(made: Mapping[str, Any]) -> Reason | None:
    """How long it can be used once it is there; nothing where it has no end."""
    days = made.get("valid_days")
    return Reason("terms_days", {"days": int(days)}) if days else None


def times_left(reward: Reward, used: int) -> Reason | None:
    """How often the member may still have it in its period; nothing where there is no limit."""
    if reward.per_member is None:
        return None
    return Reason(f"times_left_{reward.per_member_every}", {"left": max(0, reward.per_member - used)})
