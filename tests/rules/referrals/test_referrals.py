"""A referral is judged by its facts: golden cases of fraud, and properties of the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from plugin.rules import explain
from plugin.rules.programme import Programme
from plugin.rules.referrals.email_addresses import mailbox, masked, similar, well_formed
from plugin.rules.referrals.judging import (
    WEIGHTS,
    Case,
    Evidence,
    FriendsOrder,
    capped,
    in_order,
    score,
    signs,
    verdict,
)
from plugin.rules.referrals.referral_marks import Marks, Traces, address_of, digits, marks, plain
from plugin.rules.referrals.referral_rules import ADVOCATES_REWARD, FRIENDS_REWARD, CodeOffer, Referrals, Thanks
from plugin.rules.words.catalogues import knows
from plugin.rules.words.reasons import REASONS
from plugin.rules.words.referrals import SIGNS
from tests.reached import reach, reaches

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = Referrals(enabled=True)
CLEAN = Evidence(advocate_email="ana@example.com", claim_email="ben@example.org", order_email="ben@example.org")
ORDER = FriendsOrder(stands=True, paid=True, first=True, enough=True, due_at=NOW - timedelta(days=1))
DONE = Case(rules=RULES, at=NOW, order=ORDER)


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"claim_email": "Ana+friend@Example.com", "order_email": ""}, "same_email"),
        ({"order_email": "ana@example.com"}, "same_email"),
        ({"advocate_email": "juan.cruz@gmail.com", "claim_email": "j.u.a.n.cruz+1@googlemail.com"}, "same_email"),
        ({"advocate_email": "anareyes@example.com", "claim_email": "ana.reyes2@mail.example"}, "similar_email"),
        ({"advocate_email": "anareyes1@example.com", "claim_email": "anareyess@example.com"}, "similar_email"),
        ({"order_email": "carla@example.org"}, "other_email"),
        ({"own_order": True}, "own_order"),
        ({"blocked": True}, "blocked"),
        ({"shared": frozenset({"name"})}, "same_name"),
        ({"shared": frozenset({"address"})}, "same_address"),
        ({"shared": frozenset({"phone"})}, "same_phone"),
        ({"shared": frozenset({"net"})}, "same_net"),
        ({"claims_from_place": 5}, "many_from_one_place"),
        ({"claims_on_link": 10}, "many_on_one_link"),
        ({"minutes_since_joining": 3}, "just_joined"),
    ],
)
def test_each_sign_of_fraud_is_seen_and_has_words(change: dict[str, object], sign: str) -> None:
    found = signs(replace(CLEAN, **change))  # type: ignore[arg-type]
    assert sign in found
    assert sign in WEIGHTS
    assert knows(f"staff.sign.{sign}")


def test_an_advocate_without_an_address_resembles_nobody() -> None:
    assert signs(Evidence(claim_email="", order_email="", advocate_email="")) == frozenset()
    assert "similar_email" not in signs(Evidence(claim_email="anareyes@example.com", advocate_email=""))


def test_two_strangers_show_no_sign() -> None:
    known = replace(CLEAN, claims_from_place=4, claims_on_link=9, minutes_since_joining=10)
    assert signs(known) == frozenset()
    assert signs(Evidence(claim_email="ben@example.org")) == frozenset()
    assert signs(replace(CLEAN, minutes_since_joining=-5)) == frozenset()  # an account made after the claim
    assert set(SIGNS) == WEIGHTS.keys()


def test_a_family_at_one_address_is_not_held_and_a_self_referral_is_refused() -> None:
    assert score(frozenset({"same_address"})) < RULES.hold_score
    assert score(frozenset({"same_address", "same_name"})) >= RULES.hold_score
    assert score(frozenset({"same_email"})) >= RULES.refuse_score
    assert in_order(frozenset({"just_joined", "same_email"})) == ("same_email", "just_joined")
    assert score(frozenset({"of_an_older_version"})) == 0


@pytest.mark.parametrize(
    ("case", "state", "why"),
    [
        (replace(DONE, order=None), "claimed", ""),
        (replace(DONE, order=None, code_over=True), "expired", "code_unused"),
        (DONE, "paid", "referral"),
        (replace(DONE, order=replace(ORDER, due_at=NOW + timedelta(seconds=1))), "approved", "in_return_window"),
        (replace(DONE, order=replace(ORDER, paid=False)), "ordered", "friends_order_unpaid"),
        (replace(DONE, order=replace(ORDER, stands=False)), "reversed", "friends_order_lost"),
        (replace(DONE, order=replace(ORDER, first=False)), "refused", "not_first_order"),
        (replace(DONE, order=replace(ORDER, enough=False)), "refused", "friends_order_small"),
        (replace(DONE, order=replace(ORDER, enough=False), were_paid=True), "reversed", "friends_order_small"),
        (replace(DONE, order=replace(ORDER, test=True)), "refused", "friends_test_order"),
        (replace(DONE, order=replace(ORDER, own=True)), "refused", "suspicious"),
        (replace(DONE, score=49), "paid", "referral"),
        (replace(DONE, score=50), "held", "in_review"),
        (replace(DONE, score=100), "refused", "suspicious"),
        (replace(DONE, score=500, rules=RULES.model_copy(update={"shadow": True})), "paid", "referral"),
        (replace(DONE, score=500, decision="approved"), "paid", "referral"),
        (replace(DONE, decision="refused"), "refused", "refused_by_staff"),
        (capped(DONE, "month"), "refused", "cap_month"),
        (capped(DONE, "total"), "refused", "cap_total"),
    ],
)
def test_the_facts_decide(case: Case, state: str, why: str) -> None:
    found = verdict(case)
    assert (found.state, found.why.code if found.why else "") == (state, why)
    assert found.pays == (state == "paid")


def test_every_reason_has_words_for_staff_and_shopper() -> None:
    assert {"referral", "suspicious", "own_link"} <= set(REASONS["referrals"])
    assert explain.KINDS.count("referral") == 1


SPOILED_ORDERS: list[dict[str, object]] = [
    {"stands": False}, {"paid": False}, {"first": False}, {"enough": False}, {"test": True}, {"own": True},
    {"due_at": NOW + timedelta(days=1)},
]  # fmt: skip
SPOILED_CASES: list[dict[str, object]] = [
    {"order": None}, {"score": 50}, {"score": 300}, {"decision": "refused"}, {"decision": "approved"},
    {"over_cap": "month"}, {"over_cap": "total"},
]  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """One that pays, but for at most two facts."""
    rules = draw(st.builds(Referrals, enabled=st.just(True), shadow=st.booleans(), first_order_only=st.booleans()))
    case = Case(rules, NOW, ORDER, draw(st.booleans()), draw(st.integers(0, 49)), were_paid=draw(st.booleans()))
    for spoiled in draw(st.lists(st.sampled_from(SPOILED_ORDERS + SPOILED_CASES), max_size=2)):
        if spoiled in SPOILED_CASES:
            case = replace(case, **spoiled)  # type: ignore[arg-type]
        elif case.order is not None:
            case = replace(case, order=replace(case.order, **spoiled))  # type: ignore[arg-type]
    return case


@reaches(pays=0.2, does_not=0.08)
@given(cases())
def test_only_a_paid_standing_order_that_is_old_enough_pays(case: Case) -> None:
    found = verdict(case)
    reach("pays" if found.pays else "does_not")
    if found.pays:
        assert case.order is not None
        assert case.order.stands
        assert case.order.paid
        assert case.order.enough
        assert case.order.due_at <= case.at
        assert not case.over_cap
        assert case.decision != "refused"


@reaches(over_a_cap=0.1)
@given(cases())
def test_whether_a_referral_counts_does_not_depend_on_the_caps(case: Case) -> None:
    if verdict(capped(case, "")).state != verdict(capped(case, "total")).state:
        reach("over_a_cap")
    assert len({verdict(capped(case, cap)).counts for cap in ("", "month", "total")}) == 1


@reaches(pays_no_more=0.01, pays_still=0.05, never_paid=0.1)
@given(cases(), st.sampled_from([1, 50, 300]) | st.integers(0, 300))
def test_more_suspicion_never_pays_more(case: Case, more: int) -> None:
    before, worse = verdict(case), verdict(replace(case, score=case.score + more))
    assert before.pays or not worse.pays
    reach("never_paid" if not before.pays else "pays_still" if worse.pays else "pays_no_more")


@given(st.sets(st.sampled_from(sorted(WEIGHTS))), st.sets(st.sampled_from(sorted(WEIGHTS))))
def test_signs_add_up(one: set[str], other: set[str]) -> None:
    assert score(frozenset(one | other)) >= max(score(frozenset(one)), score(frozenset(other)))


@pytest.mark.parametrize(
    "text",
    ["", "ben", "ben@", "@example.com", "ben@example", "b en@example.com", "ben@exa mple.com", "ben@@example.com",
     "a\nb@example.com", "ben@example.com\n", "ben@-example.com", "é@example.com", "x" * 65 + "@example.com",
     ".ben@example.com", "be..n@example.com", "ben@example..com", "ben@" + "a." * 130 + "com", "<b>@example.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    assert not well_formed(text)


@pytest.mark.parametrize(
    "text",
    ["ben@example.com", "b.en+x@mail.example.co", "o'neil@example.com", "B@E-X.COM"]
    + ["be..n@docomo.ne.jp", "ben.@EZWEB.ne.jp", "be..n.@au.com"],
)
def test_an_address_is_taken(text: str) -> None:
    assert well_formed(text)


def test_mailboxes() -> None:
    assert mailbox("Ana@Example.com ") == "ana@example.com"
    assert mailbox("a.na@example.com") != mailbox("ana@example.com")  # only Gmail ignores dots
    assert mailbox("+x@example.com") == "+x@example.com"
    assert not similar("ana@example.com", "ana2@example.com")  # too short to say
    assert masked("ben@example.com") == "b•••@example.com"
    assert masked("") == ""


@settings(max_examples=40)
@given(st.emails())
def test_a_mailbox_is_its_own_mailbox(email: str) -> None:
    assert mailbox(mailbox(email)) == mailbox(email)


def test_marks_say_only_whether_two_things_are_the_same() -> None:
    one = marks(b"key", 1, Traces(name="José Cruz", address="12 Mabini St. 1200", phone="+63 917 123 4567",
                                  ip="203.0.113.9", agent="Mozilla"))  # fmt: skip
    other = marks(b"key", 1, Traces(name="jose  CRUZ", address="12 mabini st 1200", phone="0917-1234567",
                                    ip="203.0.113.9", agent="Safari"))  # fmt: skip
    assert (one.name, one.address, one.phone, one.ip) == (other.name, other.address, other.phone, other.ip)
    assert one.net != other.net
    assert marks(b"key", 2, Traces(name="José Cruz")).name != one.name
    assert marks(b"other", 1, Traces(name="José Cruz")).name != one.name
    assert marks(b"key", 1, Traces(ip="203.0.113.9")).net == ""
    assert marks(b"key", 1, Traces(phone="12345", name="•")) == Marks()
    assert marks(b"", 1, Traces(name="José")) == Marks()


def test_addresses_and_numbers() -> None:
    assert address_of({"address1": "12 Mabini", "zip": "1200", "country_code": "PH"}) == "12 Mabini  1200 PH"
    assert address_of({"zip": "1200"}) == address_of(None) == ""
    assert plain("Ñandú-42, Straße") == "nandu42strasse"
    assert digits("(02) 8123-4567") == "281234567"
    assert [digits(said) for said in ("123456", "1234567", "1234567890")] == ["", "1234567", "234567890"]


def test_a_programme_from_before_has_no_referrals() -> None:
    assert not Programme.model_validate({"points_name": "stars"}).referrals.enabled


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"refuse_score": 40}, "refuse_score"),
        ({"friend": {"value": 101}}, "percentage"),
        ({"friend": {"value": "10.001"}}, "Use up to 2 decimals"),
        ({"friend": {"prefix": "so long a prefix"}}, "prefix"),
        ({"hold_days": -1}, "hold_days"),
        ({"claims_per_day": 0}, "claims_per_day"),
        ({"advocate": {"points": 0}}, "points"),
        ({"minimum_order": -1}, "minimum_order"),
    ],
)
def test_wrong_rules_are_refused(raw: dict[str, object], where: str) -> None:
    with pytest.raises(ValidationError, match=where):
        Referrals.model_validate(raw)


def test_offers_become_rewards() -> None:
    made = CodeOffer(kind="amount_off", value=Decimal(5)).as_reward(FRIENDS_REWARD, "A welcome", Decimal(20))
    assert (made.kind, made.minimum_order, made.back_on_refund) == ("amount_off", Decimal(20), "none")
    assert CodeOffer(kind="free_shipping").as_reward("rfriend", "x", Decimal(0)).kind == "free_shipping"
    assert CodeOffer().as_reward("rfriend", "x", Decimal(0)).kind == "percent_off"
    assert Thanks().kind == "points"
    assert (FRIENDS_REWARD, ADVOCATES_REWARD) == ("rfriend", "radvocate")  # as redemptions have stored them
