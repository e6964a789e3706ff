"""One grammar writes and reads subjects: what was stored once is read for ever, and nonsense is refused."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules import subjects
from plugin.rules.names import actors, news, staff_log, turns
from plugin.rules.names.subject_grammar import MOST, BadSubject, Subject
from tests.reached import reach, reaches

FORMS = [
    kind
    for module in (subjects, news, staff_log, actors, turns)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Subject) and kind.__module__ == module.__name__
]
MONDAY = date(2026, 11, 30)
STORED = {
    "order:5550001": subjects.Order(5550001),
    "redemption:12": subjects.Redemption(12),
    "expiry:7": subjects.Expiry(7),
    "entry:7": subjects.Entry(7),
    "staff:0b1c-22": subjects.ByHand("0b1c-22"),
    "import:3": subjects.ImportedFile(3),
    "import:3:7": subjects.ImportedFor(3, 7),
    "merge:4:9": subjects.Merge(4, 9),
    "welcome": subjects.Welcome(),
    "activity:8": subjects.Activity(8),
    "milestone:m1x": subjects.Milestone("m1x"),
    "automatic:a1x:order:5550001": subjects.Automatic("a1x", "order:5550001"),
    "automatic:a1x:2026": subjects.Automatic("a1x", "2026"),
    "tier:gold": subjects.Tier("gold"),
    "tier:gold:once": subjects.TierBonus("gold", "once"),
    "tier:gold:2026": subjects.TierBonus("gold", "2026"),
    "tier:4:gold-2:2026-11-30": subjects.TierNews(4, "gold-2", MONDAY),
    "tier:4:gold:2026-11-30:0": subjects.TierNews(4, "gold", MONDAY, 0),
    "lot:7:1767225600:30": subjects.LotEnding(7, datetime(2026, 1, 1, tzinfo=UTC), 30),
    "gift:6:1": subjects.Gift(6, 1),
    "referral:2": subjects.Referral(2),
    "referral:2:0": subjects.Referral(2, 0),
    "member:4": subjects.Member(4),
    "domain:example.com": subjects.Domain("example.com"),
    "step:11": subjects.Step(11),
    "4:my key: with colons": subjects.Asked(4, "my key: with colons"),
    "4:2026-11-30T10:00:00+00:00": subjects.OwnCopy(4, "2026-11-30T10:00:00+00:00"),
    "4:2026": subjects.Yearly(4, 2026),
    "day:4:2026-11-30": news.MemberDay(4, MONDAY),
    "quiet:4:2026-11-30:1": news.Quiet(4, MONDAY, 1),
    "reach:4:rmug:0": news.InReach(4, "rmug", 0),
    "mailing:3:4": news.Mailed(3, 4),
    "checkout:12": news.Checkout(12),
    "social:instagram:follow": subjects.SocialDeed("instagram", "follow"),
    "answer:3": subjects.SurveyAnswer(3),
    "answered:2026-11:4": subjects.SurveyPoints("2026-11", 4),
    "5550001:24": subjects.PendingRefund(5550001, 24),
    "set:3:17": subjects.SetCode(3, 17),
    "replay:00ff": subjects.ReplayedErasure("00ff"),
    "suki:5550001:2026-11-30T10:00:00Z:1767225600000": subjects.OwnDelivery.fetched(
        5550001, "2026-11-30T10:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)
    ),
    "suki:5550001::1767225600000": subjects.OwnDelivery(5550001, ":1767225600000"),
    "member 4": staff_log.Member(4),
    "+1,000 for member 4": staff_log.Points("+1,000", 4),
    "batch 3": staff_log.Batch(3),
    "2: refused": staff_log.Decision(2, "refused"),
    "staff:88000123": actors.Staff("88000123"),
    "api:5": actors.ApiKey(5),
    "link:abc": turns.ClaimsOfLink("abc"),
    "reward:r1": turns.UsesOfReward("r1"),
    "credits:4": turns.CreditOfMember(4),
    "claim:from:203.0.113.0/24": turns.ClaimsFrom("203.0.113.0/24"),
    "claim:link:4": turns.ClaimsOfAdvocate(4),
    "redeem:4": turns.Redeeming(4),
    "refused:4": turns.Refused(4),
    "step:4": turns.Confirming(4),
    "post:77": turns.Posting(77),
    "once:0a1b": turns.ActByKey("0a1b"),
    "test:email:9": turns.TestEmails("9"),
    "email:welcome": turns.ChangesOfEmail("welcome"),
    "act:77": turns.Acting(77),
    "act:unknown:0a1b": turns.ActingUnknown("0a1b"),
}
WAYS = {
    "int": st.integers(0, MOST),
    "Word": st.text(st.characters(exclude_characters=":", exclude_categories=["Z", "C"]), min_size=1),
    "Rest": st.text(),
    "date": st.dates(),
    "datetime": st.datetimes(datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None), timezones=st.just(UTC)).map(
        lambda at: at.replace(microsecond=0)
    ),
    "int | None": st.none() | st.integers(0, MOST),
}


def made_up(kind: type[Subject]) -> st.SearchStrategy[Subject]:
    return st.builds(kind, **{field.name: WAYS[str(field.type)] for field in fields(kind)})


def test_every_form_is_among_those_that_were_stored_before() -> None:
    assert {type(one) for one in STORED.values()} == set(FORMS)


@pytest.mark.parametrize(("text", "value"), STORED.items())
def test_what_is_stored_is_written_and_read_as_ever(text: str, value: Subject) -> None:
    assert (str(value), type(value).parse(text)) == (text, value)
    assert type(value).begins(text)


@given(value=st.sampled_from(FORMS).flatmap(made_up))
@settings(max_examples=400)
def test_whatever_is_written_is_read_as_the_same(value: Subject) -> None:
    assert type(value).parse(str(value)) == value


@reaches(read=0.15, refused=0.15)
@given(value=st.sampled_from(FORMS).flatmap(made_up), at=st.integers(0, 30), put=st.text(":0 -a٣", max_size=2))
@settings(max_examples=400)
def test_a_text_that_was_tampered_with_is_refused_or_is_another_subject(value: Subject, at: int, put: str) -> None:
    text = str(value)
    tampered = text[:at] + put + text[at + 1 :]
    try:
        found = type(value).parse(tampered)
    except BadSubject:
        return reach("refused")
    reach("read")
    assert str(found) == tampered
    assert (found == value) == (tampered == text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (subjects.Welcome, "welcome "),
        (subjects.Welcome, "welcome\n"),
        (subjects.Order, "order"),
        (subjects.Order, "order:"),
        (subjects.Order, "order:5:6"),
        (subjects.Order, "order:05"),
        (subjects.Order, "order:-5"),
        (subjects.Order, "order:٣"),
        (subjects.Order, "order:5 "),
        (subjects.Order, "order:9223372036854775808"),
        (subjects.Order, "referral:5"),
        (subjects.Order, "order:5:forgiven"),
        (subjects.TierNews, "tier:gold:once"),
        (subjects.TierNews, "tier:4:gold:20261130"),
        (subjects.TierNews, "tier:4:gold:2026-02-30"),
        (subjects.TierNews, "tier:4::2026-11-30"),
        (subjects.TierBonus, "tier:4:gold:2026-11-30"),
        (subjects.LotEnding, "lot:7:1767225600"),
        (subjects.LotEnding, "lot:7:9223372036854775807:30"),
        (subjects.Gift, "gift:6"),
        (subjects.Referral, "referral:2:"),
        (subjects.Referral, "referral:2:forgiven"),
        (subjects.Welcome, "welcome:1"),
        (subjects.PendingRefund, "5550001"),
        (staff_log.Member, "member:4"),
    ],
)
def test_nonsense_is_refused(kind: type[Subject], text: str) -> None:
    with pytest.raises(BadSubject):
        kind.parse(text)


@pytest.mark.parametrize(
    "value",
    [
        subjects.Order(-1),
        subjects.Order(MOST + 1),
        subjects.Milestone(""),
        subjects.TierNews(4, "gold:silver", MONDAY),
        subjects.TierBonus("gold", "two words"),
        subjects.LotEnding(7, datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), 30),
    ],
)
def test_a_value_that_could_not_be_read_again_is_not_written(value: Subject) -> None:
    with pytest.raises(BadSubject):
        str(value)


def test_what_was_forgiven_stands_beside_its_clawback() -> None:
    assert subjects.forgiven(subjects.Order(5)) == "order:5:forgiven"
    assert subjects.forgiven("automatic:a1:order:5") == "automatic:a1:order:5:forgiven"


def test_members_are_found_in_texts_for_staff_and_named_there() -> None:
    assert staff_log.members_in(["member 4", "+50 for member 7", "member:9", "domain:member.com"]) == {4, 7, 9}
    assert staff_log.with_members("+50 for member 7", lambda number: f"Ana ({number})") == "+50 for Ana (7)"
    assert subjects.without_domain("domain:example.com") == "example.com"


def test_an_account_is_read_from_who_acted() -> None:
    assert [actors.account_of(who) for who in ("staff:88", "api:5", "cli", "suki")] == ["88", "", "", ""]
