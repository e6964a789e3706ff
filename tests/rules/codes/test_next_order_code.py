"""The code for the next order: its name, its terms in Shopify's words, its last day, who gets one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.codes.code_names import code_name, expires_at
from plugin.rules.codes.next_order_code import FRESH_FOR, discount_input, lost, refusal, terms
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.types import Buyer
from tests.rules.generated import PLACED, line, view

NAME = re.compile(r"SUKI-[2-9A-HJKMNP-TV-Z]{5}-[2-9A-HJKMNP-TV-Z]{5}")
ZONES = ["UTC", "Asia/Manila", "America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Pacific/Apia"]
ORDER = view(line(1, 4995))


def test_a_code_is_the_same_again_after_a_crash() -> None:
    assert code_name("SUKI", "salt", 1) == code_name("SUKI", "salt", 1) == "SUKI-N545M-P9YF4"


@given(st.text(min_size=1), st.integers(1, 2**63 - 1))
def test_a_code_holds_no_letter_that_looks_like_another(salt: str, number: int) -> None:
    assert NAME.fullmatch(code_name("SUKI", salt, number))
    assert code_name("SUKI", salt, number) == f"SUKI-{code_name('', salt, number)}"


@given(st.integers(1, 2**63 - 2))
def test_neither_a_neighbour_nor_another_shop_tells_a_code(number: int) -> None:
    names = {code_name("", salt, key) for salt in ("one", "two") for key in (number, number + 1)}
    assert len(names) == 4


def test_ten_thousand_codes_of_a_shop_are_all_different() -> None:
    assert len({code_name("", "salt", number) for number in range(1, 10_001)}) == 10_000


def made(**rules: Any) -> dict[str, Any]:
    ends = PLACED + timedelta(days=60)
    return dict(discount_input(terms(NextOrderCode(**rules), "USD"), "SUKI-1", "Next order", "ours", PLACED, ends))


@given(st.decimals("0.001", "100", places=3))
def test_a_percentage_goes_to_shopify_as_a_share_of_one(value: object) -> None:
    share = made(value=value)["customerGets"]["value"]["percentage"]
    assert 0 < share <= 1
    assert round(share * 100_000) == int(value * 1000)  # type: ignore[operator]


def test_an_amount_goes_to_shopify_as_an_exact_decimal_once_per_order() -> None:
    value = made(kind="amount", value="7.50")["customerGets"]["value"]
    assert value == {"discountAmount": {"amount": "7.50", "appliesOnEachItem": False}}


def test_a_code_is_for_one_use_tagged_as_ours_and_combines_as_set() -> None:
    code = made(combines_with_product_discounts=True, combines_with_shipping_discounts=False)
    assert (code["usageLimit"], code["appliesOncePerCustomer"], code["tags"]) == (1, True, ["ours"])
    assert code["combinesWith"] == {"orderDiscounts": False, "productDiscounts": True, "shippingDiscounts": False}
    assert (code["startsAt"], code["endsAt"]) == ("2026-11-20T10:00:00+00:00", "2027-01-19T10:00:00+00:00")


def test_a_minimum_spend_is_said_only_where_there_is_one() -> None:
    assert "minimumRequirement" not in made()
    assert made(minimum_spend="20")["minimumRequirement"] == {"subtotal": {"greaterThanOrEqualToSubtotal": "20"}}


@given(st.integers(1_577_836_800, 2_051_222_400), st.integers(1, 3650), st.sampled_from(ZONES))
def test_a_code_ends_with_its_last_local_day_whatever_the_clocks_do(second: int, days: int, zone: str) -> None:
    """The last moment is on the promised day there, the end itself no longer."""
    moment = datetime.fromtimestamp(second, UTC)
    ends = expires_at(days, moment, zone)
    promised = moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    local = ends.astimezone(ZoneInfo(zone))
    assert local.date() == promised + timedelta(days=1)
    assert (ends - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() == promised
    assert ends.tzinfo is UTC


@pytest.mark.parametrize(
    ("days", "ends"), [(1, datetime(2026, 3, 8, 5, tzinfo=UTC)), (2, datetime(2026, 3, 9, 4, tzinfo=UTC))]
)
def test_the_last_day_in_new_york_ends_an_hour_earlier_once_summer_time_began(days: int, ends: datetime) -> None:
    assert expires_at(days, datetime(2026, 3, 6, 17, tzinfo=UTC), "America/New_York") == ends
    assert ends.astimezone(ZoneInfo("America/New_York")).date() == date(2026, 3, 7 + days)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"buyer": Buyer(email="guest@example.com")}, ""),
        ({"buyer": Buyer(7)}, ""),
        ({"financial_status": "authorized"}, ""),
        ({"buyer": Buyer()}, "no_customer"),
        ({"financial_status": "pending"}, "awaiting_payment"),
        ({"financial_status": "refunded"}, "cancelled"),
        ({"cancelled_at": PLACED}, "cancelled"),
        ({"test": True}, "test_order"),
        ({"processed_at": PLACED - FRESH_FOR - timedelta(seconds=1)}, "too_old"),
    ],
)
def test_who_gets_a_code_and_who_does_not(change: dict[str, object], reason: str) -> None:
    assert refusal(replace(ORDER, **change), Programme(), PLACED) == reason  # type: ignore[arg-type]


def test_nobody_gets_a_code_while_it_is_switched_off() -> None:
    off = Programme(next_order_code=NextOrderCode(enabled=False))
    assert refusal(ORDER, off, PLACED) == "switched_off"


def test_a_code_is_taken_back_only_from_an_order_that_no_longer_stands() -> None:
    gone = [{"cancelled_at": PLACED}, {"financial_status": "refunded"}, {"financial_status": "voided"}]
    assert [lost(replace(ORDER, **change), deleted=False) for change in gone] == [True] * 3  # type: ignore[arg-type]
    assert [lost(ORDER, deleted=True), lost(None, deleted=True)] == [True, True]
    assert [lost(ORDER, deleted=False), lost(None, deleted=False)] == [False, False]
    assert not lost(replace(ORDER, financial_status="partially_refunded"), deleted=False)
