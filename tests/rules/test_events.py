"""The list of events: complete, checked both ways, and with nothing in it that could name anybody."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.actions.points import write_points
from plugin.rules import events, explain
from plugin.rules.events import KINDS, TYPES, Event, EventKind, Key, PointsEarned, RewardUsed, TierAtRisk
from plugin.store.work import event_values

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
KEYS = st.from_regex(r"\A[A-Za-z0-9_.:/-]{0,40}\Z")
MOMENTS = st.datetimes(timezones=st.just(UTC))
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    Key: KEYS,
    datetime: MOMENTS,
    date: st.dates(),
    int | None: st.none() | st.integers(0, 2**63 - 1),
}


@st.composite
def happened(draw: st.DrawFn) -> Event:
    """Any event of any kind."""
    type_ = draw(st.sampled_from(list(KINDS)))
    hints = get_type_hints(type_, include_extras=True)
    payload = type_(**{one.name: draw(VALUES[hints[one.name]]) for one in dataclasses.fields(type_)})
    return Event(payload, draw(KEYS), draw(st.none() | st.integers(1, 2**60)))


def test_every_kind_has_a_payload_of_its_own_and_no_payload_is_without_a_kind() -> None:
    assert set(TYPES) == set(EventKind)
    assert set(TYPES.values()) == set(get_args(events.Payload))
    assert len(set(TYPES.values())) == len(EventKind)


def test_payloads_hold_numbers_moments_and_keys_and_no_text() -> None:
    """Whatever a field's type says, it is one of those that a name, an address or a sentence does not pass."""
    for type_ in TYPES.values():
        assert dataclasses.is_dataclass(type_)
        assert set(get_type_hints(type_, include_extras=True).values()) <= set(VALUES), type_


@given(happened())
def test_what_is_written_can_be_read_again(event: Event) -> None:
    stored = orjson.loads(orjson.dumps(event_values.written(event)))
    assert event_values.read(event.kind, stored) == event.payload


@pytest.mark.parametrize("text", ["ana@example.com", "Ana Reyes", "12 Mabini St.", "señor", "x" * 201, "a\n"])
def test_a_text_is_no_key(text: str) -> None:
    for event in (Event(PointsEarned(1, 2, 3, text, AT), "order:1"), Event(RewardUsed(1, "r"), text)):
        with pytest.raises(ValueError, match="no key"):
            event_values.written(event)
    with pytest.raises(ValueError, match="no key"):
        event_values.read(EventKind.REWARD_USED, {"redemption": 1, "reward": text})


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (RewardUsed("1", "r"), "no whole number"),  # type: ignore[arg-type]
        (RewardUsed(True, "r"), "no whole number"),
        (RewardUsed(1, 5), "no key"),  # type: ignore[arg-type]
        (PointsEarned(1, 2, 3, "earned", AT.replace(tzinfo=None)), "no moment"),
        (TierAtRisk("gold", AT, 3), "no day"),
    ],
)
def test_a_value_of_another_type_is_not_written(payload: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        event_values.written(Event(payload, "x"))


def test_what_is_read_is_of_a_known_kind_and_whole() -> None:
    assert event_values.read(EventKind.REWARD_USED, {"redemption": 1, "reward": "r"}) == RewardUsed(1, "r", None)
    with pytest.raises(ValueError, match="is not a valid EventKind"):
        event_values.read("points_lent", {})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"reward_used has no \['name'\]"):
        event_values.read(EventKind.REWARD_USED, {"redemption": 1, "reward": "r", "name": "Ana"})
    with pytest.raises(ValueError, match=r"reward_used needs \['reward'\]"):
        event_values.read(EventKind.REWARD_USED, {"redemption": 1})
    with pytest.raises(ValueError, match="no whole number"):
        event_values.read(EventKind.REWARD_USED, {"redemption": 1.5, "reward": "r"})


def test_every_kind_of_entry_is_one_kind_of_event() -> None:
    one = [write_points.EARNED, write_points.TAKEN_BACK, write_points.RETURNED, write_points.CORRECTED]
    kinds = [kind for group in one for kind in group] + [write_points.SPENT, write_points.EXPIRED]
    assert sorted(kinds) == sorted(set(explain.KINDS) - {"goodwill"})
