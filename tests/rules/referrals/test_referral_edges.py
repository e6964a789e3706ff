"""Referrals to the letter: what is stored of strangers, what each sign weighs, each state with its reason."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from plugin.rules.message_kinds import MessageKind
from plugin.rules.referrals import referral_marks
from plugin.rules.referrals.email_addresses import domain_of, mailbox, masked, similar, well_formed
from plugin.rules.referrals.judging import WEIGHTS, Case, Evidence, FriendsOrder, Verdict, in_order, signs, verdict
from plugin.rules.referrals.news import NEWS
from plugin.rules.referrals.referral_marks import Marks, Traces, address_of, digits, marks, plain
from plugin.rules.referrals.referral_rules import CodeOffer, Referrals, Thanks
from plugin.rules.types import Reason
from plugin.rules.words.texts import text

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = Referrals(enabled=True)
ORDER = FriendsOrder(stands=True, paid=True, first=True, enough=True, due_at=NOW)
DONE = Case(rules=RULES, at=NOW, order=ORDER)


def mark(kind: str, said: str) -> str:
    """As rows have it: a change would let no stored mark be found again."""
    return hmac.digest(b"key", f"1|{kind}|{said}".encode(), hashlib.sha256).hex()[:32]


def test_marks_are_those_that_are_stored() -> None:
    traces = Traces("José Cruz", "12 Mabini St. 1200", "+63 917 123 4567", "203.0.113.9", "Mozilla")
    assert marks(b"key", 1, traces) == Marks(
        name=mark("name", "josecruz"), address=mark("address", "12mabinist1200"), phone=mark("phone", "171234567"),
        net=mark("net", "203.0.113.9|Mozilla"), ip=mark("ip", "203.0.113.9"),
    )  # fmt: skip
    assert marks(b"key", 1, traces).name == "a2e479104f0211e69b34605e44aaf4d9"
    assert marks(b"key", 1, Traces()) == Marks() == Marks("", "", "", "", "")
    for one in (Traces(ip="203.0.113.9"), Traces(agent="Mozilla")):
        assert marks(b"key", 1, one).net == ""


def test_only_the_first_three_hundred_letters_are_looked_at() -> None:
    long = Traces("n" * 301, "a" * 301, "1" * 290 + "2" * 11, "i" * 301, "x" * 400)
    shown = marks(b"key", 1, long)
    assert shown == Marks(
        name=mark("name", "n" * 300), address=mark("address", "a" * 300), phone=mark("phone", "2" * 9),
        net=mark("net", "i" * 300), ip=mark("ip", "i" * 300),
    )  # fmt: skip
    assert (plain("n" * 301), digits("1" * 300 + "2")) == ("n" * 300, "1" * 9)
    assert (referral_marks.KEPT_DAYS, referral_marks.TEXT_LIMIT) == (90, 300)


def test_an_address_has_a_street() -> None:
    whole = {"address1": "12 Mabini", "address2": "Unit 3", "zip": "1200", "country_code": "PH", "city": "Manila"}
    assert address_of(whole) == "12 Mabini Unit 3 1200 PH"
    assert address_of({"address1": "12 Mabini", "zip": None}) == "12 Mabini   "
    for none in ({**whole, "address1": ""}, {}, None, ["12 Mabini"]):
        assert address_of(none) == ""  # type: ignore[arg-type]


def test_what_each_sign_weighs_heaviest_first() -> None:
    weights = {
        "blocked": 100, "own_order": 100, "same_email": 100, "same_phone": 60, "other_email": 40, "same_address": 40,
        "same_net": 40, "many_from_one_place": 30, "similar_email": 30, "same_name": 25, "many_on_one_link": 20,
        "just_joined": 15,
    }  # fmt: skip
    assert dict(WEIGHTS) == weights
    assert in_order(frozenset(weights)) == tuple(weights)
    assert in_order(frozenset({"of_an_older_version", "just_joined"})) == ("just_joined", "of_an_older_version")


def test_signs_are_seen_from_exactly_where_they_begin() -> None:
    found = [signs(Evidence(**{name: number})) for name, number in (
        ("claims_from_place", 4), ("claims_from_place", 5), ("claims_on_link", 9), ("claims_on_link", 10),
        ("minutes_since_joining", -1), ("minutes_since_joining", 0), ("minutes_since_joining", 9),
        ("minutes_since_joining", 10),
    )]  # fmt: skip
    joined = {"just_joined"}
    assert found == [set(), {"many_from_one_place"}, set(), {"many_on_one_link"}, set(), joined, joined, set()]
    assert Evidence() == Evidence("", "", "", False, False, frozenset(), 1, 1, None)
    other = Evidence(advocate_email="x@example.com", claim_email="Ben@example.org", order_email="ben+1@example.org")
    assert signs(other) == frozenset()
    assert signs(replace(other, order_email="carla@example.org")) == {"other_email"}


RETURN = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (replace(DONE, order=None), Verdict("claimed")),
        (replace(DONE, order=None, code_over=True), Verdict("expired", Reason("code_unused"))),
        (replace(DONE, decision="refused", order=None), Verdict("refused", Reason("refused_by_staff"))),
        (replace(DONE, order=replace(ORDER, stands=False, test=True)),
         Verdict("reversed", Reason("friends_order_lost"))),
        (replace(DONE, order=replace(ORDER, test=True, paused=True)), Verdict("refused", Reason("friends_test_order"))),
        (replace(DONE, order=replace(ORDER, paused=True, paid=False)),
         Verdict("refused", Reason("friends_order_paused"))),
        (replace(DONE, order=replace(ORDER, paid=False, enough=False)),
         Verdict("ordered", Reason("friends_order_unpaid"))),
        (replace(DONE, order=replace(ORDER, enough=False), decision="approved"),
         Verdict("refused", Reason("friends_order_small"))),
        (replace(DONE, order=replace(ORDER, first=False, own=True)), Verdict("refused", Reason("not_first_order"))),
        (replace(DONE, order=replace(ORDER, first=False, own=True), decision="approved"),
         Verdict("paid", Reason("referral"), True)),
        (replace(DONE, order=replace(ORDER, first=False), rules=RULES.model_copy(update={"first_order_only": False})),
         Verdict("paid", Reason("referral"), True)),
        (replace(DONE, order=replace(ORDER, own=True), rules=RULES.model_copy(update={"shadow": True})),
         Verdict("refused", Reason("suspicious"))),
        (replace(DONE, score=50), Verdict("held", Reason("in_review"), True)),
        (replace(DONE, score=99), Verdict("held", Reason("in_review"), True)),
        (replace(DONE, score=100), Verdict("refused", Reason("suspicious"), False)),
        (replace(DONE, advocate_left=True), Verdict("refused", Reason("advocate_left"))),
        (replace(DONE, advocate_left=True, were_paid=True), Verdict("paid", Reason("referral"), True)),
        (replace(DONE, advocate_left=True, over_cap="month"), Verdict("refused", Reason("advocate_left"))),
        (replace(DONE, over_cap="month"), Verdict("refused", Reason("cap_month"), True)),
        (replace(DONE, at=NOW - RETURN), Verdict("approved", Reason("in_return_window"), True)),
        (DONE, Verdict("paid", Reason("referral"), True)),
    ],
)  # fmt: skip
def test_each_state_has_its_reason_and_counts_or_not(case: Case, expected: Verdict) -> None:
    assert verdict(case) == expected
    assert Verdict("claimed") == Verdict("claimed", None, False)


def test_what_is_not_said_of_a_case_speaks_for_it() -> None:
    assert Case(RULES, NOW) == Case(RULES, NOW, None, False, 0, "", "", False, False)
    assert FriendsOrder(True, True, True, True, NOW) == FriendsOrder(True, True, True, True, NOW, False, False, False)


def test_an_advocate_hears_of_what_ends_or_goes_on() -> None:
    assert dict(NEWS) == {
        "approved": MessageKind.REFERRAL_ORDERED, "held": MessageKind.REFERRAL_ORDERED,
        "paid": MessageKind.REFERRAL_PAID, "refused": MessageKind.REFERRAL_ENDED,
        "reversed": MessageKind.REFERRAL_ENDED,
    }  # fmt: skip


def test_as_they_come_referrals_are_off() -> None:
    rules = Referrals()
    assert (rules.enabled, rules.first_order_only, rules.shadow, rules.minimum_order) == (False, True, False, 0)
    assert (rules.hold_days, rules.claims_per_day, rules.per_month, rules.in_total) == (14, 20, 10, None)
    assert (rules.hold_score, rules.refuse_score) == (50, 100)
    friend = CodeOffer(
        kind="percent_off", value=10, valid_days=30, prefix="FRIEND", combines_with_order_discounts=False,
        combines_with_product_discounts=False, combines_with_shipping_discounts=True,
    )  # fmt: skip
    assert rules.friend == friend
    thanks = friend.model_copy(update={"prefix": "THANKS", "valid_days": 90})
    assert rules.advocate == Thanks(kind="points", points=500, code=thanks)


def test_the_score_that_refuses_is_no_less_than_the_one_that_holds() -> None:
    assert Referrals(hold_score=70, refuse_score=70).refuse_score == 70
    with pytest.raises(ValidationError) as refused:
        Referrals(hold_score=70, refuse_score=69)
    [error] = refused.value.errors()
    assert (error["loc"], error["msg"]) == (
        ("refuse_score",), f"Value error, {text('en', 'programme.referrals.refuse_below')}",
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "words"), [
    ("percent_off", "10.01", ""), ("percent_off", "100", ""), ("percent_off", "100.01", "frame.wrong.percent"),
    ("amount_off", "100.01", ""), ("amount_off", "10.001", ""),
])  # fmt: skip
def test_an_offer_is_as_fine_as_a_reward(kind: Any, value: str, words: str) -> None:
    if words:
        with pytest.raises(ValidationError) as refused:
            CodeOffer(kind=kind, value=Decimal(value))
        assert [error["msg"] for error in refused.value.errors()] == [f"Value error, {text('en', words)}"]
    else:
        assert CodeOffer(kind=kind, value=Decimal(value)).value == Decimal(value)


def test_an_offer_becomes_a_reward_of_one_point_with_all_that_it_says() -> None:
    offer = CodeOffer(
        kind="amount_off", value=Decimal(5), valid_days=9, prefix="HEY", combines_with_order_discounts=True,
        combines_with_product_discounts=True, combines_with_shipping_discounts=False,
    )  # fmt: skip
    made = offer.as_reward("rfriend", "A welcome", Decimal(20))
    told = {*offer.model_dump(), "id", "name", "points", "minimum_order", "back_on_refund"}
    assert made.model_dump(include=told) == {
        **offer.model_dump(), "id": "rfriend", "name": "A welcome", "points": 1, "minimum_order": Decimal(20),
        "back_on_refund": "none",
    }  # fmt: skip


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("abcde@a.example", "abcde@b.example", True), ("abcd@a.example", "abcd@b.example", False),
    ("abcde@a.example", "abcd@b.example", False), ("abcde@a.example", "ABCDE+1@a.example", False),
    ("abcdefghij@a.example", "abcdefghix@b.example", True), ("abcdefgh@a.example", "abcdefgx@b.example", False),
    ("abcdefgh@a.example", "abcdefghi@b.example", True), ("ab.c-d_e9@a.example", "abcde@b.example", True),
])  # fmt: skip
def test_two_addresses_are_alike_by_nearly_all_of_their_letters(one: str, other: str, alike: bool) -> None:
    assert similar(one, other) is similar(other, one) is alike


def test_an_address_has_two_hundred_and_fifty_four_letters_at_most() -> None:
    def of(length: int) -> str:
        domain = ".".join(["d" * 60] * 3) + ".com"
        return "x" * 64 + "@" + "e" * (length - 65 - len(domain) - 1) + "." + domain

    assert [(len(of(length)), well_formed(of(length))) for length in (254, 255)] == [(254, True), (255, False)]
    assert mailbox(" Juan.Cruz+x@GoogleMail.com") == "juancruz@gmail.com"
    assert mailbox("juan.cruz@googlemail.com.example") == "juan.cruz@googlemail.com.example"
    assert domain_of(" Ana@Mail.Example ") == "mail.example"
    assert [masked(one) for one in ("b@example.com", "ben", "@x.example")] == ["b•••@example.com", "", "•••@x.example"]
