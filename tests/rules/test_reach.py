"""One function answers whether something reaches somebody, and says why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules import explain, reach
from plugin.rules.reach import PROGRAMME, Launch, Mail, Pause, Person, Surface, Verdict, ask
from plugin.rules.words import reach_words
from tests.reached import reach as reached
from tests.reached import reaches

OPEN = Launch(launched=True)
ANA = Person()
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LAUNCHES = st.builds(Launch, launched=st.booleans(), paused=st.frozensets(st.sampled_from([str(one) for one in Pause])))
PEOPLE = st.builds(
    Person,
    state=st.sampled_from(["member", "guest", "left", "merged", "erased"]),
    test=st.booleans(),
    has_address=st.booleans(),
    has_account=st.booleans(),
    wants_emails=st.booleans(),
    held_out=st.frozensets(st.sampled_from([PROGRAMME, "welcome", "campaign:3"])),
)
MAILS = st.builds(
    Mail,
    kind=st.sampled_from(["welcome", "second_step"]),
    always=st.booleans(),
    silent=st.booleans(),
    off=st.booleans(),
    optional=st.booleans(),
)
SURFACES = st.sampled_from(list(Surface))


def why(verdict: Verdict) -> str:
    return verdict.why.code if verdict.why else ""


@pytest.mark.parametrize("surface", Surface)
def test_a_launched_programme_reaches_a_member_by_every_surface(surface: Surface) -> None:
    assert ask(OPEN, ANA, surface) == Verdict()
    assert ask(OPEN, ANA, surface).reaches


def test_who_wants_no_emails_gets_those_that_they_ask_for_and_everything_else() -> None:
    ben = replace(ANA, wants_emails=False)
    assert why(ask(OPEN, ben, Surface.MAIL, Mail("welcome", optional=True))) == "no_emails"
    assert ask(OPEN, ben, Surface.MAIL, Mail("claim")).reaches
    assert [one for one in Surface if not ask(OPEN, ben, one).reaches] == []


@pytest.mark.parametrize("surface", Surface)
def test_a_draft_reaches_test_members_only(surface: Surface) -> None:
    assert why(ask(Launch(), ANA, surface)) == "not_launched"
    assert ask(Launch(), ANA, surface).before_launch
    assert ask(Launch(), replace(ANA, test=True), surface).reaches


@pytest.mark.parametrize(
    ("pause", "stopped"),
    [
        (Pause.EARNING, {Surface.EARNING, Surface.REFERRAL}),
        (Pause.SPENDING, {Surface.SPENDING}),
        (Pause.MAILS, {Surface.MAIL}),
    ],
)
def test_a_pause_stops_its_own_and_nothing_else(pause: Pause, stopped: set[Surface]) -> None:
    paused = replace(OPEN, paused=frozenset({str(pause)}))
    found = {surface: why(ask(paused, ANA, surface)) for surface in Surface}
    assert found == {surface: f"{pause}_paused" if surface in stopped else "" for surface in Surface}
    assert all(ask(paused, replace(ANA, test=True), surface).reaches for surface in Surface)


def test_proofs_and_mails_about_ones_own_data_go_whatever_is_paused_or_left() -> None:
    paused = replace(OPEN, paused=frozenset({"mails"}))
    link = Mail("second_step", always=True)
    for person in (ANA, replace(ANA, state="left"), replace(ANA, held_out=frozenset({PROGRAMME}))):
        assert ask(paused, person, Surface.MAIL, link).reaches
    assert why(ask(paused, replace(ANA, has_address=False), Surface.MAIL, link)) == "no_address"
    assert why(ask(Launch(), ANA, Surface.MAIL, link)) == "not_launched"


@pytest.mark.parametrize("surface", Surface)
def test_who_left_gets_what_was_promised_and_the_page_that_leads_back(surface: Surface) -> None:
    expected = "" if surface in {Surface.CODE, Surface.PAGE, Surface.SETTLING} else "left_programme"
    assert why(ask(OPEN, replace(ANA, state="left"), surface)) == expected


@pytest.mark.parametrize("surface", Surface)
def test_nothing_reaches_who_was_erased_but_the_books_go_on(surface: Surface) -> None:
    erased = Person("erased", test=True, has_address=False, has_account=False)
    assert why(ask(OPEN, erased, surface)) == ("" if surface is Surface.SETTLING else "forgotten")


def test_guests_have_no_metafields_and_no_tags() -> None:
    guest = Person("guest", has_account=False)
    refused = {surface for surface in Surface if why(ask(OPEN, guest, surface)) == "no_account"}
    assert refused == {Surface.METAFIELD, Surface.TAG}


@pytest.mark.parametrize("surface", Surface)
def test_who_is_held_out_of_the_programme_sees_nothing_and_earns_all_the_same(surface: Surface) -> None:
    person = replace(ANA, held_out=frozenset({PROGRAMME}))
    expected = "" if surface in {Surface.EARNING, Surface.SETTLING} else "held_out"
    assert why(ask(OPEN, person, surface)) == expected


def test_who_is_held_out_of_one_kind_of_mail_gets_the_others() -> None:
    person = replace(ANA, held_out=frozenset({"welcome"}))
    assert why(ask(OPEN, person, Surface.MAIL, Mail("welcome"))) == "held_out"
    assert ask(OPEN, person, Surface.MAIL, Mail("tier_reached")).reaches
    assert ask(OPEN, person, Surface.PAGE).reaches


def test_a_programme_without_mails_says_so_after_everything_else() -> None:
    assert why(ask(OPEN, ANA, Surface.MAIL, Mail(silent=True))) == "mails_off"
    assert why(ask(OPEN, replace(ANA, test=True), Surface.MAIL, Mail(silent=True))) == "mails_off"
    assert why(ask(Launch(), ANA, Surface.MAIL, Mail(silent=True))) == "not_launched"
    assert why(ask(OPEN, replace(ANA, has_address=False), Surface.MAIL, Mail(silent=True))) == "no_address"


def test_a_kind_that_the_shop_switched_off_says_so_to_everybody() -> None:
    assert why(ask(OPEN, ANA, Surface.MAIL, Mail("welcome", off=True))) == "kind_off"
    assert why(ask(OPEN, replace(ANA, test=True), Surface.MAIL, Mail("welcome", off=True))) == "kind_off"
    assert why(ask(OPEN, ANA, Surface.MAIL, Mail("welcome", off=True, silent=True))) == "mails_off"


@reaches(refused=0.4, reaches=0.04)
@given(LAUNCHES, PEOPLE, SURFACES, MAILS)
def test_every_refusal_has_words_for_staff_shoppers_and_the_log(
    launch: Launch, person: Person, surface: Surface, mail: Mail
) -> None:
    verdict = ask(launch, person, surface, mail)
    if verdict.why is None:
        reached("reaches")
        return
    reached("refused")
    for audience in ("staff", "shopper"):
        words = explain.words(verdict.why, Locale("en"), "staff" if audience == "staff" else "shopper")
        assert words.endswith(".")
        assert words != verdict.why.code.replace("_", " ")
    if surface is Surface.MAIL:
        assert reach_words.left_out(verdict.why)


@reaches(stopped=0.04)
@given(LAUNCHES, PEOPLE | st.sampled_from([ANA, replace(ANA, test=True)]), SURFACES, MAILS | st.just(Mail()))
def test_launching_and_resuming_never_takes_anything_away(
    launch: Launch, person: Person, surface: Surface, mail: Mail
) -> None:
    opened, now = ask(OPEN, person, surface, mail), ask(launch, person, surface, mail)
    if opened.reaches and not now.reaches:
        reached("stopped")
    assert opened.reaches or not now.reaches


def test_an_interval_holds_its_beginning_and_not_its_end() -> None:
    end = AT + timedelta(hours=1)
    moments = [AT - timedelta.resolution, AT, end - timedelta.resolution, end]
    assert [reach.covers([(AT, end)], moment) for moment in moments] == [False, True, True, False]
    assert [reach.covers([(AT, None)], moment) for moment in moments] == [False, True, True, True]
    assert not reach.covers([], AT)


def test_what_happened_in_a_pause_earns_nothing_later_and_what_happened_before_does() -> None:
    pauses = [(AT, AT + timedelta(hours=1))]
    for paused_now, (moment, earns) in product(
        (frozenset[str](), frozenset({"earning"})), [(AT - timedelta(1), True), (AT, False), (AT + timedelta(1), True)]
    ):
        then = reach.then(Launch(launched=True, paused=paused_now | {"mails"}), pauses, moment)
        assert ask(then, ANA, Surface.EARNING).reaches is earns
        assert why(ask(then, ANA, Surface.MAIL)) == "mails_paused"
