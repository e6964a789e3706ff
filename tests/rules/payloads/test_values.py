"""Single values of a body, at both sides of each bound."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from plugin.rules.orders.bounds import within_bounds
from plugin.rules.payloads.payload_values import (
    currency,
    identifier,
    moment,
    optional,
    pieces,
    short_text,
    thing,
    things,
)
from plugin.rules.types import Buyer, Line, OrderView

LARGEST_ID = 2**63 - 1


@pytest.mark.parametrize(
    ("value", "read"),
    [(1, 1), ("1", 1), (LARGEST_ID, LARGEST_ID), (str(LARGEST_ID), LARGEST_ID), ("gid://shopify/Order/12?x=1/", None)]
    + [("gid://shopify/Order/12", 12), ("gid://shopify/Order/12?x=1", 12), (0, None), ("0", None), (2**63, None)]
    + [(str(2**63), None), ("0" * 18 + "1", 1), ("0" * 19 + "1", None), (True, None), ("٧", None), ("²", None)],
)
def test_an_id(value: object, read: int | None) -> None:
    assert outcome(identifier, value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [(0, 0), (10**9, 10**9), (10**9 + 1, None), (-1, None), ("0", 0), ("1000000000", 10**9), ("1000000001", None)]
    + [("0000000002", 2), ("00000000002", None), ("2.0", 2), (2.0, 2), ("2.", 2), ("2.000", 2), ("2.5", None)]
    + [("2.05", None), (True, None), ("", None), (".0", None), ("٣", None), ("²", None)],
)
def test_pieces(value: object, read: int | None) -> None:
    assert outcome(pieces, value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [("1900-12-31T23:59:59Z", None), ("1901-01-01T00:00:00Z", datetime(1901, 1, 1, tzinfo=UTC)), ("2200-01-01", None)]
    + [("2199-12-31T00:00:00Z", datetime(2199, 12, 31, tzinfo=UTC)), ("soon", None), (None, None)]
    + [("2026-11-20T10:00:00", datetime(2026, 11, 20, 10, tzinfo=UTC))]
    + [("2026-11-20T10:00:00+08:00", datetime(2026, 11, 20, 2, tzinfo=UTC))],
)
def test_a_moment(value: object, read: datetime | None) -> None:
    found = outcome(moment, value)
    assert found == read
    assert found is None or found.tzinfo is UTC  # type: ignore[attr-defined]


@pytest.fixture
def manila(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands there."""
    monkeypatch.setenv("TZ", "Asia/Manila")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("manila")
def test_a_moment_without_a_zone_is_of_utc_wherever_the_machine_stands() -> None:
    at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert datetime(2026, 11, 20, 10).astimezone(UTC) != at  # noqa: DTZ001  # the machine really stands elsewhere
    for said in ("2026-11-20T10:00:00", "2026-11-20T10:00:00Z", "2026-11-20T18:00:00+08:00"):
        assert (moment(said), moment(said).tzinfo) == (at, UTC)


@pytest.mark.parametrize("value", ["", "US", "USDX", "usd", "U D", "U1D", "ÜSD", None, 840])
def test_a_currency_is_three_capital_letters(value: object) -> None:
    assert outcome(currency, value) is None
    assert currency("XTS") == "XTS"


def outcome(read: Callable[[object], object], value: object) -> object:
    """What is read; None where it is refused."""
    try:
        return read(value)
    except ValueError as error:
        assert len(str(error)) < 200
        return None


def test_a_short_text_is_cut_and_can_be_stored() -> None:
    assert short_text("x" * 501) == "x" * 500
    assert (short_text(None), short_text(0), short_text("a\x00")) == ("", "0", "a\ufffd")


def test_what_is_not_needed_is_read_as_nothing() -> None:
    assert [thing(value) for value in ({"a": 1}, [], None, "x")] == [{"a": 1}, {}, {}, {}]
    assert [things(value) for value in ([{"a": 1}, 7], {"a": 1}, None)] == [[{"a": 1}], [], []]
    assert [optional(identifier, value) for value in (7, "", None, "x", 0)] == [7, None, None, None, None]


@pytest.mark.parametrize(
    ("billed", "allowed"),
    [
        ({"lines": (Line(1, "", 1, 1, 10**15 - 1),)}, True),
        ({"lines": (Line(1, "", 1, 1, 10**15),)}, False),
        ({"lines": (Line(1, "", 2, 1, 5 * 10**14),)}, False),
        ({"lines": (Line(1, "", 1, 2, -5 * 10**14),)}, False),
        ({"lines": (Line(1, "", 1, 1, 1), Line(2, "", 1, 1, 0, tax_minor=-(10**15) + 1))}, False),
        ({"lines": (), "shipping_minor": 10**15 - 2, "shipping_tax_minor": -1}, True),
        ({"lines": (), "shipping_minor": 10**15 - 1, "shipping_tax_minor": -1}, False),
        ({"lines": (), "shipping_minor": -(10**15)}, False),
    ],
)
def test_an_order_bills_less_than_the_largest_amount_in_all(billed: dict[str, object], allowed: bool) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    view = OrderView(1, "", at, at, at, "USD", "paid", Buyer(), **billed)  # type: ignore[arg-type]
    if allowed:
        assert within_bounds(view) is view
    else:
        with pytest.raises(ValueError, match="out of range"):
            within_bounds(view)
