"""Time zones, shops that left, currencies, kinds of email and of events: each at its edges."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest

from plugin.errors import UnknownKind
from plugin.rules import events, leaving, message_kinds, money, subjects, types, zones
from plugin.rules.message_kinds import LABELS, MessageKind, kind_of
from plugin.rules.programme import Basis, Goal, Programme, ToReach
from plugin.rules.rewards.kinds import AmountOff

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "known"),
    [("UTC", True), ("Asia/Manila", True), ("", False), ("America", False), ("../UTC", False), ("/etc/passwd", False),
     ("x" * 64, False), ("x" * 65, False), ("a\0b", False), ("Asia/" * 20, False)],
)  # fmt: skip
def test_a_zone_is_one_that_days_can_be_counted_in(name: str, known: bool) -> None:
    assert zones.is_known(name) is known
    assert zones.or_usual(name) == (name if known else "UTC")


def test_a_name_that_is_too_long_is_not_even_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(zones, "ZoneInfo", asked.append)
    names = ["y" * 64, "y" * 65, "y"]
    zones.is_known.cache_clear()
    assert [zones.is_known(name) for name in names] == [True, False, True]
    assert asked == ["y" * 64, "y"]
    zones.is_known.cache_clear()


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("waited", "again"),
    [(0, 1 / 60), (1 / 120, 1 / 60), (0.5, 0.5), (1, 1), (5, 1), (46.9, 1), (47.5, 0.5), (48, None), (100, None)],
)
def test_shopify_is_asked_ever_later_for_two_days(waited: float, again: float | None) -> None:
    assert leaving.asked_again_after(AT, AT + hours(waited)) == (None if again is None else hours(again))
    assert leaving.erased_from(AT) == AT + hours(48)


@pytest.mark.parametrize(
    ("currency", "digits", "unit"),
    [("JPY", 0, 100), ("USD", 2, 1), ("KWD", 3, "0.5"), ("PHP", 2, 50), ("XOF", 0, 500), ("IDR", 2, 10000),
     ("TND", 3, 5), ("CNY", 2, 10), ("THB", 2, 20), ("HUF", 2, 200), ("KRW", 0, 1000), ("UGX", 0, 5000),
     ("", 2, 1)],
)  # fmt: skip
def test_each_currency_has_its_decimals_and_what_is_about_a_dollar(currency: str, digits: int, unit: int | str) -> None:
    assert (money.minor_digits(currency), money.rough_unit(currency)) == (digits, Decimal(unit))
    step = Decimal(1).scaleb(-digits)
    assert not money.finer_than(Decimal(5) + step, currency)
    assert money.finer_than(Decimal(5) + step / 2, currency)


def test_currencies_are_those_of_iso() -> None:
    assert [money.known_currency(code) for code in ("USD", "DEM", "QQQ", "usd", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "minor"),
    [("9999999999999.99", 10**15 - 1), ("0.05", 5), ("00.50", 50), ("12.5", 1250), (".50", 50),
     ("1234567890123.45", 123456789012345)],
)  # fmt: skip
def test_an_amount_with_two_decimals(text: str, minor: int) -> None:
    assert money.to_minor(text, 2) == minor


def test_what_is_wrong_with_an_amount_names_its_first_forty_letters() -> None:
    with pytest.raises(ValueError) as wrong:  # noqa: PT011  # the words are asked for below
        money.to_minor("x" * 50, 2)
    assert str(wrong.value) == f"not an amount of money: {'x' * 40!r}"
    with pytest.raises(ValueError) as large:  # noqa: PT011  # the words are asked for below
        money.to_minor("9" * 20 + "." + "0" * 30, 2)
    assert str(large.value) == f"amount out of range: {'9' * 20 + '.' + '0' * 19!r}"
    assert money.to_decimal(12345, "USD") == Decimal("123.45")


PROMOTIONAL = (
    MessageKind.THANK_YOU, MessageKind.WIN_BACK, MessageKind.CART_LEFT, MessageKind.REWARD_IN_REACH,
    MessageKind.INVITE_FRIENDS,
    MessageKind.SURVEY_ASKED, MessageKind.STATEMENT, MessageKind.MAILING,
)  # fmt: skip


def test_each_kind_of_email_goes_with_its_settings() -> None:
    ways = ("ours", "shopify", "none")
    silent = {kind: [way for way in ways if not kind.goes_with(way)] for kind in MessageKind}  # type: ignore[arg-type]
    unless_ours, no_mail = ["shopify", "none"], ["none"]
    assert silent == {
        MessageKind.ORDER_CONFIRMATION: unless_ours, MessageKind.CODE_READY: [], MessageKind.WELCOME: unless_ours,
        MessageKind.POINTS_EXPIRING: [], MessageKind.POINTS_EXPIRED: no_mail,
        MessageKind.POINTS_TAKEN_BACK: no_mail, MessageKind.REWARD_DONE: [], MessageKind.REWARD_GIVEN: no_mail,
        MessageKind.REFERRAL_CODE: [], MessageKind.REFERRAL_ORDERED: no_mail, MessageKind.REFERRAL_PAID: no_mail,
        MessageKind.REFERRAL_ENDED: no_mail, MessageKind.TIER_REACHED: no_mail, MessageKind.TIER_ENDING: no_mail,
        MessageKind.TIER_LOST: no_mail,
        MessageKind.CLAIM: [], MessageKind.SECOND_STEP: [], MessageKind.REWARD_READY: [],
        **dict.fromkeys(
            (
                MessageKind.REWARD_RETURNED, MessageKind.REWARD_ENDING, MessageKind.POINTS_GIVEN,
                MessageKind.POINTS_USABLE, MessageKind.ACTIVITY_DONE, MessageKind.BIRTHDAY, MessageKind.ANNIVERSARY,
                *PROMOTIONAL,
            ),
            no_mail,
        ),
    }  # fmt: skip
    assert [kind for kind in MessageKind if kind.about.always] == [MessageKind.SECOND_STEP]
    assert {kind for kind in MessageKind if kind.about.nature == "promotional"} == set(PROMOTIONAL)
    assert [kind for kind in MessageKind if not kind.about.optional] == [
        MessageKind.ORDER_CONFIRMATION, MessageKind.CODE_READY, MessageKind.REWARD_DONE, MessageKind.REFERRAL_CODE,
        MessageKind.CLAIM, MessageKind.REWARD_READY, *PROMOTIONAL, MessageKind.SECOND_STEP,
    ]  # fmt: skip
    assert timedelta(minutes=30) == message_kinds.CODE_WAIT


def test_a_kind_is_stored_by_its_name_and_has_one_label() -> None:
    assert {kind: kind_of(kind.value) for kind in MessageKind} == {kind: kind for kind in MessageKind}
    assert len(set(LABELS.values())) == len(MessageKind)
    assert LABELS["welcome"] == "Welcome"
    with pytest.raises(UnknownKind) as unknown:
        kind_of("x" * 100)
    assert unknown.value.message == f"this version of Suki knows no email of the kind “{'x' * 59}…”"


def test_the_name_of_each_kind_is_its_own_in_small_letters() -> None:
    assert [kind.value for kind in MessageKind] == [kind.name.lower() for kind in MessageKind]
    assert [kind.value for kind in events.EventKind] == [kind.name.lower() for kind in events.EventKind]


def test_each_kind_of_event_has_the_payload_of_its_name() -> None:
    named = {kind: found.__name__ for kind, found in events.TYPES.items()}
    assert named == {kind: kind.value.title().replace("_", "") for kind in events.EventKind}
    assert {kind for found, kind in events.KINDS.items()} == set(events.EventKind)
    assert set(events.TYPES.values()) == set(get_args(events.Payload))
    event = events.Event(events.MemberJoined(guest=True), "member:1", 1)
    assert (event.kind, event.happened_at, events.Event(event.payload, "x").member_id) == (
        events.EventKind.MEMBER_JOINED, None, None,
    )  # fmt: skip
    assert events.SurveyAnswered("s", 1).score is events.RewardUsed(1, "r").order is None


def test_a_delivery_of_our_own_is_named_by_its_state_and_millisecond() -> None:
    at = datetime(2026, 1, 1, 0, 0, 0, 123_456, tzinfo=UTC)
    assert (
        str(subjects.OwnDelivery.fetched(5, "2026-11-30T10:00:00Z", at)) == "suki:5:2026-11-30T10:00:00Z:1767225600123"
    )
    assert subjects.TierNews.of_tier("gold") == "tier:%:gold:%"
    assert subjects.OwnCopy.of_member(4) == "4:"
    assert subjects.told_apart("order:5:6") == ("order", "5:6")
    assert subjects.told_apart("welcome") == ("welcome", "")


def test_what_nothing_is_said_of_is_nothing() -> None:
    line = types.Line(1, "Mug", 1, 1, 1000)
    assert (line.discount_minor, line.tax_minor, line.gift_card, line.tip) == (0, 0, False, False)
    assert (types.Parcel(1, 5).tax_minor, types.Parcel(1, 5).removed) == (0, False)
    assert (types.RefundedShipping(1, 5).tax_minor, types.RefundedShipping(1, 5).beside) == (0, False)
    abroad = types.Abroad("EUR")
    assert (abroad.named_minor, abroad.tax_minor, abroad.discrepancy_minor) == (0, 0, 0)
    refund = types.Refund(1)
    assert (refund.duties_minor, refund.balancing_minor, refund.pending) == (0, 0, False)
    order = types.OrderView(1, "#1", AT, AT, AT, "USD", "paid", types.Buyer(), ())
    sums = (order.shipping_minor, order.shipping_tax_minor, order.tip_minor, order.total_minor, order.duties_minor)
    assert (sums, order.test, order.taxes_included, order.sent_in_part) == ((0,) * 5, False, False, False)
    assert (order.source, order.reading, types.READING, types.PLACED_SINCE, types.Buyer().verified) == ("web", 2, 2, 2,
                                                                                                   False)  # fmt: skip
    assert (types.NOTHING_KNOWN.zone, types.CustomerFacts().orders_count, types.SUBSCRIBED) == ("UTC", 0, "subscribed")
    with pytest.raises(FrozenInstanceError):
        order.name = "#2"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("minor", "tax", "beside", "included", "whole"),
    [
        (100, 10, False, False, 110),
        (100, 10, False, True, 100),
        (100, 10, True, True, 110),
        (100, 10, True, False, 110),
    ],
)
def test_refunded_shipping_goes_with_its_tax(minor: int, tax: int, beside: bool, included: bool, whole: int) -> None:
    shipping = types.RefundedShipping(1, minor, tax, beside)
    assert shipping.with_tax(included) == whole
    assert types.Refund(1, shipping=(shipping, shipping)).shipping_minor(included) == 2 * whole


def test_what_a_member_can_reach_is_the_active_rewards_for_everyone_or_else_the_goals() -> None:
    goals = (Goal(name="Old", points=5),)
    reward = AmountOff(id="r1", name="New", points=10, value=Decimal(1))
    assert Programme(goals=goals).to_reach == (ToReach(name="Old", points=5),)
    for silent in ({"active": False}, {"tiers": ("gold",)}):
        other = reward.model_copy(update={"id": "r2", **silent})
        assert Programme(goals=goals, rewards=(reward, other)).to_reach == (ToReach(name="New", points=10),)
        assert Programme(goals=goals, rewards=(other,)).to_reach == ()


def test_products_are_asked_for_only_where_collections_or_tags_are_left_out() -> None:
    asked = [Basis(), Basis(excluded_products=frozenset({1})), Basis(excluded_collections=frozenset({1})),
             Basis(excluded_tags=frozenset({"a"}))]  # fmt: skip
    assert [basis.needs_product_facts for basis in asked] == [False, False, True, True]
