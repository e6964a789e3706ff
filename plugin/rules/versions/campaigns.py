"""Rules of a period: which of them hold at a moment, and when that changes; and when anything else offered does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from plugin.rules.programme import Programme


def running(programme: Programme, at: datetime) -> frozenset[str]:
    """The keys of the campaigns that hold at a moment; one that is paused does not."""
    return frozenset(
        rule.key
        for rule in programme.orders.live
        if rule.campaign
        and (rule.starts_at is None or rule.starts_at <= at)
        and (rule.ends_at is None or at < rule.ends_at)
    )


def turns(programmes: Iterable[Programme], after: datetime, until: datetime) -> list[datetime]:
    """The moments after one and up to another at which a campaign begins or ends, by any of these programmes."""
    edges = {edge for one in programmes for rule in one.orders.live for edge in (rule.starts_at, rule.ends_at)}
    return sorted(edge for edge in edges if edge is not None and after < edge <= until)


def offers_turn(programme: Programme, after: datetime, until: datetime) -> bool:
    """Whether a reward or a way to earn begins or ends after one moment and up to another."""
    edges = {edge for one in (*programme.rewards, *programme.activities) for edge in (one.starts_at, one.ends_at)}
    return any(edge is not None and after < edge <= until for edge in edges)
