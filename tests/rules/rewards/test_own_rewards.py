"""Rewards that need nothing from Shopify: how they begin, and when they can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from plugin.rules.fields import of_shop
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff, worth
from plugin.rules.rewards.own_rewards import Custom, Donation, PartnerCode, start, undo_refusal
from plugin.rules.rewards.redemption import Standing, left, refusal
from plugin.rules.types import Reason
from plugin.rules.words.texts import text

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TREES = Donation(id="rtree", name="A tree", points=50, value=2, cause="Trees")
TOUR = Custom(id="rtour", name="Tour of the bakery", points=50)
VOUCHER = PartnerCode(id="rpool", name="Cinema", points=50)
FIVE = AmountOff(id="rfive", name="5 off", points=50, value=5)


def test_a_programme_holds_them_and_reads_them_back() -> None:
    programme = Programme(rewards=(TREES, TOUR, VOUCHER, FIVE))
    assert Programme.model_validate(programme.model_dump(mode="json")) == programme
    assert [worth(one, 50) for one in programme.rewards] == [2, None, None, 5]


def test_how_each_begins() -> None:
    used = {"state": "captured", "code_state": "none", "ended_at": NOW}
    assert [start(one, NOW) for one in (FIVE, TOUR, TREES, VOUCHER)] == [
        {"state": "reserved", "code_state": "wanted", "ended_at": None},
        {"state": "reserved", "code_state": "none", "ended_at": None},
        used,
        used,
    ]


def test_what_is_not_said_of_one_has_its_default() -> None:
    assert [one.undo_minutes for one in (TREES, TOUR, VOUCHER)] == [60, 60, 0]
    assert (VOUCHER.warn_below, TREES.description, TOUR.instructions) == (10, "", "")
    assert [one.kind for one in (TREES, TOUR, VOUCHER)] == ["donation", "custom", "pool_code"]


@pytest.mark.parametrize(("field", "most"), [("undo_minutes", 43_200), ("warn_below", 1_000_000)])
def test_its_numbers_have_limits(field: str, most: int) -> None:
    made = {"id": "r1", "name": "Cinema", "points": 50}
    assert [getattr(PartnerCode(**{**made, field: number}), field) for number in (0, most)] == [0, most]  # type: ignore[arg-type]
    for wrong in (-1, most + 1):
        with pytest.raises(ValidationError):
            PartnerCode(**{**made, field: wrong})  # type: ignore[arg-type]


def test_what_nobody_knows_of_a_member_keeps_nothing_from_them() -> None:
    assert Standing(5) == Standing(
        available=5, pending=0, used=0, used_in_total=0, has_account=True, tier="", codes_left=None, channel="",
        tier_names={}, forbidden=False, currency="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "state", "minutes_gone", "staff", "paid_out", "code"),
    [
        ("donation", "captured", 59, False, False, None),
        ("donation", "captured", 60, False, False, "undo_too_late"),
        ("donation", "captured", 9999, True, False, None),
        ("donation", "captured", 1, True, True, "already_paid_out"),
        ("custom", "reserved", 59, False, False, None),
        ("custom", "reserved", 60, False, False, "undo_too_late"),
        ("custom", "reserved", 9999, True, False, None),
        ("custom", "captured", 1, True, False, "already_fulfilled"),
        ("pool_code", "captured", 59, False, False, None),
        ("pool_code", "captured", 60, True, False, "code_is_known"),
        ("donation", "released", 1, True, False, "already_back"),
    ],
)
def test_when_it_can_be_taken_back(
    kind: str, state: str, minutes_gone: int, staff: bool, paid_out: bool, code: str | None
) -> None:
    if kind == "pool_code" and code is None:
        assert undo_refusal({"kind": kind}, state, NOW, NOW, by_staff=staff) == Reason("code_is_known")
    terms, made_at = {"kind": kind, "undo_minutes": 60}, NOW - timedelta(minutes=minutes_gone)
    why = undo_refusal(terms, state, made_at, NOW, by_staff=staff, paid_out=paid_out)
    assert (why and why.code) == code


def test_a_partners_code_is_known_at_once_unless_a_time_is_set() -> None:
    why = undo_refusal(VOUCHER.model_dump(), "captured", NOW, NOW, by_staff=True)
    assert why is not None
    assert why.code == "code_is_known"


def test_a_pool_without_codes_is_gone_whatever_the_limit_says() -> None:
    why = refusal(VOUCHER, 50, Standing(100, codes_left=0), NOW)
    assert why is not None
    assert why.code == "no_codes_left"
    limited = VOUCHER.model_copy(update={"in_total": 5})
    assert [left(limited, 2, codes) for codes in (0, 2, 9)] == [0, 2, 3]
    assert left(VOUCHER, 2, 9) == 9


@pytest.mark.parametrize(
    ("said", "refused"),
    [({}, True), ({"description": "  "}, True), ({"description": "A tour"}, False), ({"instructions": "Call"}, False),
     ({"description": "x" * 501}, False)],
)  # fmt: skip
def test_what_staff_do_says_somewhere_what_it_is(said: dict[str, str], refused: bool) -> None:
    """A description that is wrong itself is named alone."""
    raw = {"id": "rtour", "name": "Tour", "points": 50, **said}
    told = []
    try:
        Custom.model_validate(raw, context=of_shop("USD"))
    except ValidationError as error:
        told = [(one["loc"], one["msg"]) for one in error.errors() if one["loc"] != ("description",)]
    words = f"Value error, {text('en', 'programme.rewards.no_instructions')}"
    assert told == ([(("instructions",), words)] if refused else [])
    if refused:
        assert Custom.model_validate(raw).instructions == ""  # what is stored stays readable


def test_a_reward_of_tiers_that_are_no_more_is_paused() -> None:
    old = FIVE.model_copy(update={"tiers": frozenset({"gone"})})
    names = {"gold": "Gold"}
    assert refusal(old, 50, Standing(100, tier="gold", tier_names=names), NOW) == Reason("reward_paused")
    ours = FIVE.model_copy(update={"tiers": frozenset({"gone", "gold"})})
    assert refusal(ours, 50, Standing(100, tier_names=names), NOW) == Reason("only_for_tiers", {"tiers": ["Gold"]})
    elsewhere = FIVE.model_copy(update={"channels": frozenset({"pos"})})
    assert refusal(elsewhere, 50, Standing(100, channel="online"), NOW) == Reason(
        "only_elsewhere", {"channels": ["pos"]}
    )
    assert refusal(FIVE, 50, Standing(100, forbidden=True), NOW) == Reason("shop_forbids")


def test_what_is_used_up_says_its_limit() -> None:
    monthly = FIVE.model_copy(update={"per_member": 2, "per_member_every": "month", "in_total": 9})
    assert refusal(monthly, 50, Standing(100, used=2), NOW) == Reason("reward_used_this_month", {"limit": 2})
    assert refusal(monthly, 50, Standing(100, used=1), NOW) is None
    ever = monthly.model_copy(update={"per_member_every": "ever"})
    assert refusal(ever, 50, Standing(100, used=2), NOW) == Reason("reward_used", {"limit": 2})
    assert refusal(monthly, 50, Standing(100, used_in_total=9), NOW) == Reason("reward_gone", {"limit": 9})
    assert refusal(monthly, 50, Standing(49, pending=7), NOW) == Reason("too_few_points", {"points": 1, "pending": 7})
