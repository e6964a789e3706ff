"""Whether points may be spent on a reward, on what terms, and what a redemption holds of the balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from plugin.rules.programme import Programme
from plugin.rules.rewards.as_shown import Shown, is_changed
from plugin.rules.rewards.kinds import Reward, worth
from plugin.rules.rewards.reward_settings import Period, Sliding
from plugin.rules.types import Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides beside the reward: the member's points, and how often the reward was used.

    `used` counts within the reward's period; it and `used_in_total` leave out what was released or given
    back. `codes_left` are those of a partner's pool. `channel` is where the member redeems; empty for
    staff, who may anywhere. `forbidden`: the shop has not granted what this kind of reward needs.
    `currency` is what the member's newest order was paid in.
    """

    available: int
    pending: int = 0
    used: int = 0
    used_in_total: int = 0
    has_account: bool = True
    tier: str = ""
    codes_left: int | None = None
    channel: str = ""
    tier_names: Mapping[str, str] = field(default_factory=dict)
    forbidden: bool = False
    currency: str = ""


def price(reward: Reward, points: int | None) -> int:
    """What the redemption costs: the reward's price, or the points chosen on a slider."""
    return points if isinstance(reward, Sliding) and points is not None else reward.points


def refusal(reward: Reward, points: int, standing: Standing, now: datetime, seen: Shown | None = None) -> Reason | None:
    """Why the points cannot be spent on the reward now; nothing when they can. `seen`: what was agreed to, if anything
    was shown."""
    if why := _closed(reward, standing, now) or _used_up(reward, standing):
        return why
    if seen is not None and is_changed(reward, points, seen):
        return Reason("price_changed")
    return _too_few(reward, points, standing)


def open_to_all(programme: Programme, now: datetime) -> list[Reward]:
    """What a stranger may read of: not what is paused or over, nor what is for hidden tiers alone."""
    names = {level.key: level.name for level in programme.tiers.levels if not level.hidden}
    found = []
    for one in programme.rewards:
        why = refusal(one, one.points, Standing(available=one.points, tier_names=names), now)
        if why is None or why.code in ("only_for_tiers", "reward_not_yet"):
            found.append(one)
    return found


def _closed(reward: Reward, standing: Standing, now: datetime) -> Reason | None:
    if not standing.has_account:
        return Reason("needs_account")
    if not reward.active:
        return Reason("reward_paused")
    if standing.forbidden:
        return Reason("shop_forbids")
    if reward.starts_at is not None and now < reward.starts_at:
        return Reason("reward_not_yet")
    if reward.ends_at is not None and now >= reward.ends_at:
        return Reason("reward_over")
    return _not_theirs(reward, standing)


def _not_theirs(reward: Reward, standing: Standing) -> Reason | None:
    if standing.channel and standing.channel not in reward.channels:
        return Reason("only_elsewhere", {"channels": sorted(reward.channels)})
    if reward.tiers and standing.tier not in reward.tiers:
        names = [name for key, name in standing.tier_names.items() if key in reward.tiers]
        return Reason("only_for_tiers", {"tiers": names}) if names else Reason("reward_paused")
    return None


def _used_up(reward: Reward, standing: Standing) -> Reason | None:
    if reward.per_member is not None and standing.used >= reward.per_member:
        code = "reward_used" if reward.per_member_every == "ever" else f"reward_used_this_{reward.per_member_every}"
        return Reason(code, {"limit": reward.per_member})
    if standing.codes_left == 0:
        return Reason("no_codes_left")
    if reward.in_total is not None and standing.used_in_total >= reward.in_total:
        return Reason("reward_gone", {"limit": reward.in_total})
    return None


def _too_few(reward: Reward, points: int, standing: Standing) -> Reason | None:
    if isinstance(reward, Sliding) and not (reward.points <= points <= reward.most and points % reward.step == 0):
        return Reason("not_on_slider", {"least": reward.points, "most": reward.most, "step": reward.step})
    if standing.available < points:
        missing = points - standing.available
        return Reason("too_few_points", {"points": missing, "pending": standing.pending})
    return None


def left(reward: Reward, used_in_total: int, codes_left: int | None = None) -> int | None:
    """How many are left of a reward that has an end; None where it has none."""
    if reward.in_total is None:
        return codes_left
    unused = max(0, reward.in_total - used_in_total)
    return unused if codes_left is None else min(unused, codes_left)


def period_began(period: Period, local: datetime) -> datetime | None:
    """When the local day, week (from Monday), month or year began that `local` is in; None for ever."""
    if period == "ever":
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if period == "week":
        return midnight - timedelta(days=midnight.weekday())
    return (
        midnight.replace(month=1, day=1)
        if period == "year"
        else midnight.replace(day=1 if period == "month" else midnight.day)
    )


def affordable(reward: Reward, available: int) -> int:
    """The most points the member can spend on the reward at once; 0 when it is out of reach."""
    if available < reward.points:
        return 0
    return min(available // reward.step * reward.step, reward.most) if isinstance(reward, Sliding) else reward.points


def terms(reward: Reward, points: int, currency: str) -> dict[str, object]:
    """The reward as promised, copied to the redemption; `value` is what these points buy."""
    made = reward.model_dump(mode="json") | {"currency": currency}
    value = worth(reward, points)
    return made if value is None else made | {"value": str(value)}


def held(points: int, state: str, *, given_back: bool, back_points: int = 0, deduct: str = "redeemed") -> int:
    """What the redemption takes of the ledger now.

    Nothing once it is released or given back, nor before an order used one that is deducted then; less by
    what came back for a part of the order.
    """
    if state == "released" or given_back or (deduct == "ordered" and state == "reserved"):
        return 0
    return points - back_points
