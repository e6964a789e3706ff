"""In which tier a member stands: a pure function of what they did, the rules, the day and what they held.

A tier is reached on the day its mark is met. It lasts while its keep mark is met; with a validity, also
that long after the last order that met it. Then come the grace days, and only then it is lost, or a little later where
its warning is still on the way (`tier_warnings`). Days are days of the shop's zone. Amounts are minor units for
`spend`, points or orders otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from plugin.rules.money import minor_digits
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.types import Reason

DAY = timedelta(days=1)
NEVER = 10**18
"""More than anybody does: the mark of a tier that only a tag gives."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one order counts for: on which day, how much."""

    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Held:
    """What a member held before: the tier's key, since when, from when it is lost with grace days
    running, until when a step down holds, and until when staff have set it."""

    tier: str = ""
    since: date | None = None
    below_since: date | None = None
    stepped_until: date | None = None
    pinned: bool = False
    pinned_until: date | None = None


NOTHING = Held()


@dataclass(frozen=True, slots=True)
class Aim:
    """What is missing, to reach or to keep a tier, and the last day for it (None: no last day)."""

    tier: str
    missing: int
    by: date | None = None


Change = Literal["", "reached", "lowered"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the member stands: `lost_on` is the first day without the tier, unless something is done. `kept_until`:
    it would be lost already, but is kept until that day for a warning."""

    held: Held
    value: int
    change: Change = ""
    lost_on: date | None = None
    reach: Aim | None = None
    keep: Aim | None = None
    reasons: tuple[Reason, ...] = ()
    kept_until: date | None = None


def marks(tiers: Tiers, currency: str) -> tuple[tuple[int, int], ...]:
    """(enter, keep) of each step in the units that are counted."""
    unit = Decimal(10 ** minor_digits(currency)) if tiers.metric == "spend" else Decimal(1)
    return tuple((_up(tier.enter, unit), _up(tier.keep_mark, unit)) for tier in tiers.levels)


def _up(mark: Decimal | None, unit: Decimal) -> int:
    return NEVER if mark is None else int((mark * unit).to_integral_value("ROUND_CEILING"))


def value(done: Iterable[Done], tiers: Tiers, on: date) -> int:
    """What counts on that day."""
    return sum(each.amount for each in done if window_start(tiers, on) <= each.on <= on)


def window_start(tiers: Tiers, on: date) -> date:
    """The first day that counts for somebody looked at on that day."""
    if tiers.window == "lifetime":
        return date.min
    return on - DAY * (tiers.window_days - 1) if tiers.window == "rolling" else date(on.year, 1, 1)


def earned(done: Iterable[Done], tiers: Tiers, steps: Sequence[tuple[int, int]], on: date) -> int:
    """The highest step whose enter mark is met; -1 for none."""
    have = value(done, tiers, on)
    return sum(have >= enter for enter, _ in steps) - 1


def standing(
    done: Sequence[Done],
    tiers: Tiers,
    currency: str,
    today: date,
    held: Held = NOTHING,
    tagged: int = -1,
    kept_until: date | None = None,
) -> Standing:
    """Where the member stands today. More spend never means a lower tier; grace days always pass first.

    `tagged` is the step that the customer's tags give, for as long as they carry them. `kept_until`: no tier is lost
    before that day.
    """
    steps = marks(tiers, currency)
    deserved = max(earned(done, tiers, steps, today), tagged)
    was = _unpinned(held, today)
    now_held, change = _hold(done, tiers, steps, today, was, deserved, tagged)
    kept = change == "lowered" and tiers.rank(held.tier) >= 0 and kept_until is not None and today < kept_until
    if kept:
        now_held, change = replace(was, below_since=was.below_since or today), ""
    rank = tiers.rank(now_held.tier)
    safe = _safe(done, tiers, steps, rank, today, tagged) if rank >= 0 else None
    lost_on = kept_until if kept else _lost_on(tiers, today, now_held, safe)
    have = value(done, tiers, today)
    return Standing(
        held=now_held,
        value=have,
        change=change,
        lost_on=lost_on,
        reach=_reach(done, tiers, steps, today, max(rank, deserved), have),
        keep=_keep(done, tiers, steps, today, now_held, lost_on),
        reasons=_reasons(tiers, currency, now_held, have, change, lost_on, tagged >= rank >= 0),
        kept_until=kept_until if kept else None,
    )


def _unpinned(held: Held, today: date) -> Held:
    """A tier that staff set ends with its last day; what was held goes on as any tier does."""
    if held.pinned and held.pinned_until is not None and today > held.pinned_until:
        return replace(held, pinned=False, pinned_until=None)
    return held


def _hold(
    done: Sequence[Done],
    tiers: Tiers,
    steps: Sequence[tuple[int, int]],
    today: date,
    held: Held,
    deserved: int,
    tagged: int,
) -> tuple[Held, Change]:
    rank = tiers.rank(held.tier)
    if held.pinned and rank >= 0:
        return held, ""
    if deserved > rank:
        return Held(tiers.levels[deserved].key, today), "reached"
    if rank < 0:
        return Held(), "lowered" if held.tier else ""
    safe = _safe(done, tiers, steps, rank, today, tagged) or date.min
    if safe >= today or (held.stepped_until and today <= held.stepped_until):
        return replace(held, below_since=None), ""
    below_since = max(held.below_since or today, safe + DAY)  # kept meanwhile, though nobody looked
    if today < below_since + DAY * tiers.grace_days:
        return replace(held, below_since=below_since), ""
    return _lower(tiers, rank, deserved, today), "lowered"


def _lower(tiers: Tiers, rank: int, deserved: int, today: date) -> Held:
    """To the earned tier, or by one step, which then holds for one period."""
    stepped = _step_until(tiers, today) if tiers.downgrade == "one" else None
    to = max(deserved, rank - 1) if stepped else deserved
    if to < 0:
        return Held()
    return Held(tiers.levels[to].key, today, stepped_until=stepped if to > deserved else None)


def _step_until(tiers: Tiers, today: date) -> date | None:
    if tiers.validity != "window":
        return _valid_until(tiers, today)
    if tiers.window == "rolling":
        return today + DAY * tiers.window_days
    return date(today.year, 12, 31) if tiers.window == "calendar" else None


def _valid_until(tiers: Tiers, on: date) -> date:
    """The last day of a validity that began with an order on that day."""
    if tiers.validity == "days":
        return on + DAY * tiers.validity_days
    return date(on.year + 1, 12, 31) if tiers.validity == "next_year" else on


def _safe(
    done: Sequence[Done], tiers: Tiers, steps: Sequence[tuple[int, int]], rank: int, today: date, tagged: int
) -> date | None:
    """The last day on which the step is safe; for ever while the customer's tags give it."""
    return date.max if tagged >= rank else _safe_until(done, tiers, steps[rank][1], today)


def _safe_until(done: Sequence[Done], tiers: Tiers, keep: int, today: date) -> date | None:
    """The last day on which the keep mark is met or its validity runs, if nothing more is done; None
    when neither was ever so. A lifetime's sum never drops by itself: the last day there is."""
    days = sorted({each.on for each in done if each.on <= today}, reverse=True)
    met = next((day for day in days if value(done, tiers, day) >= keep), None)
    if met is None or tiers.window == "lifetime":
        return None if met is None else date.max
    return max(_valid_until(tiers, met), _lasts(done, tiers, keep, met))


def _lasts(done: Sequence[Done], tiers: Tiers, keep: int, day: date) -> date:
    """The last day until which the sum of `day` stays at the mark by itself."""
    if tiers.window == "calendar":
        return date(day.year, 12, 31)
    have, start = value(done, tiers, day), window_start(tiers, day)
    for each in sorted((each for each in done if start <= each.on <= day), key=lambda each: each.on):
        have -= each.amount
        if have < keep:
            return each.on + DAY * (tiers.window_days - 1)
    return day


def _lost_on(tiers: Tiers, today: date, held: Held, safe: date | None) -> date | None:
    rank = tiers.rank(held.tier)
    if rank < 0 or (held.pinned and held.pinned_until is None):
        return None
    if held.below_since is not None:
        return held.below_since + DAY * tiers.grace_days
    ends = [day for day in (safe, held.stepped_until, held.pinned_until if held.pinned else None) if day is not None]
    last = max(ends, default=today)
    return None if last == date.max else last + DAY * (1 + tiers.grace_days)


def _reach(
    done: Sequence[Done], tiers: Tiers, steps: Sequence[tuple[int, int]], today: date, rank: int, have: int
) -> Aim | None:
    """What the next visible step takes, and until when what is there counts."""
    for place in range(rank + 1, len(steps)):
        if not tiers.levels[place].hidden and steps[place][0] < NEVER:
            return Aim(tiers.levels[place].key, max(0, steps[place][0] - have), _counts_until(done, tiers, today))
    return None


def _counts_until(done: Sequence[Done], tiers: Tiers, today: date) -> date | None:
    if tiers.window == "lifetime":
        return None
    if tiers.window == "calendar":
        return date(today.year, 12, 31)
    start = window_start(tiers, today)
    oldest = min((each.on for each in done if start <= each.on <= today and each.amount), default=today)
    return oldest + DAY * (tiers.window_days - 1)


def _keep(
    done: Sequence[Done],
    tiers: Tiers,
    steps: Sequence[tuple[int, int]],
    today: date,
    held: Held,
    lost_on: date | None,
) -> Aim | None:
    """What keeps the tier beyond the day on which it would be lost; None where nothing can, or need be."""
    rank = tiers.rank(held.tier)
    if rank < 0 or lost_on is None or lost_on <= today or steps[rank][1] >= NEVER:
        return None
    keep, last = steps[rank][1], lost_on - DAY
    end = last if held.below_since else last - DAY * tiers.grace_days
    counts_after = window_start(tiers, end + DAY) <= end
    if (counts_after or tiers.validity != "window") and (missing := keep - value(done, tiers, end)) > 0:
        return Aim(held.tier, missing, end)
    if (missing := keep - value(done, tiers, end + DAY)) <= 0:
        return None
    if counts_after:
        return Aim(held.tier, missing, end)
    return Aim(held.tier, missing, last) if last > end else None


def _reasons(
    tiers: Tiers, currency: str, held: Held, have: int, change: Change, lost_on: date | None, by_tag: bool
) -> tuple[Reason, ...]:
    tier = tiers.named(held.tier)
    values: dict[str, object] = {"value": have, "metric": tiers.metric, "currency": currency, "window": tiers.window}
    if tiers.window == "rolling":
        values["window_days"] = tiers.window_days
    found = [Reason("tier_value", values)]
    if tier is None:
        return (*found, Reason("tier_none"))
    if held.pinned:
        until = held.pinned_until.isoformat() if held.pinned_until else ""
        return (*found, Reason("tier_pinned_until" if until else "tier_pinned", {"tier": tier.name, "until": until}))
    if by_tag:
        return (*found, Reason("tier_by_tag", {"tier": tier.name}))
    found.append(Reason(f"tier_{change}" if change else "tier_held", {"tier": tier.name}))
    if lost_on is not None:
        found.append(Reason("tier_until", {"tier": tier.name, "until": (lost_on - DAY).isoformat()}))
    return tuple(found)
