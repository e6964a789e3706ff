"""What becomes of a lot if nothing happens to it: its warnings and its end, by the rule that decides each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from plugin.rules.points import expiry
from plugin.rules.points.expiry import Held, Policy


@dataclass(frozen=True, slots=True)
class Ahead:
    """At a moment a lot is warned of (`warning`: which of the two), or lost (0); with the end that it is about."""

    lot: Held
    at: datetime
    ends_at: datetime
    warning: int


def ahead(lot: Held, policy: Policy, zone: ZoneInfo, now: datetime, until: datetime) -> list[Ahead]:
    """In order, up to a moment; as if each warning had its outcome on its day."""
    found: list[Ahead] = []
    at: datetime | None = now
    while at is not None and at <= until:
        verdict = expiry.judge(lot, policy, zone, at)
        if verdict.act != "wait" and verdict.ends_at is not None:
            found.append(Ahead(lot, at, verdict.ends_at, verdict.warning))
        if verdict.act == "expire":
            break
        lot = replace(lot, kept_until=verdict.kept_until or lot.kept_until)
        if verdict.warning:
            lot = replace(lot, warned_for=verdict.ends_at, warned_at=at, told_at=at, warnings=verdict.warning)
        at = verdict.look_at if verdict.look_at is not None and verdict.look_at > at else None
    return found
