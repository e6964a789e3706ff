"""Which campaigns hold at a moment, and at which moments that changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.programme import Programme
from plugin.rules.versions.campaigns import running, turns

START, END = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def rule(key: str, **more: Any) -> OrderRule:
    return OrderRule(key=key, name=key, **more)


WEEK = rule("week", starts_at=START, ends_at=END)
SINCE, UNTIL, ALWAYS = rule("since", starts_at=START), rule("until", ends_at=END), rule("always")
PAUSED, SILENT = (
    rule("paused", starts_at=START - TICK, active=False), rule("one", ends_at=END + TICK, multiplier=1),
)  # fmt: skip
ALL = Programme(orders=OrderEarning(rules=(WEEK, SINCE, UNTIL, ALWAYS, PAUSED, SILENT)))


def test_a_campaign_holds_from_its_first_moment_to_before_its_last() -> None:
    moments = (START - TICK, START, END - TICK, END)
    assert [running(ALL, at) for at in moments] == [
        {"until"}, {"week", "since", "until"}, {"week", "since", "until"}, {"since"},
    ]  # fmt: skip


def test_moments_of_change_are_told_once_in_their_order() -> None:
    other = Programme(orders=OrderEarning(rules=(rule("late", starts_at=END, ends_at=END + timedelta(days=1)),)))
    assert turns([ALL, other], START - TICK, END + timedelta(days=9)) == [START, END, END + timedelta(days=1)]
    assert turns([ALL], START, END) == [END]
    assert turns([ALL], START - TICK, END - TICK) == [START]
    assert turns([], START, END) == turns([Programme()], START, END) == []
