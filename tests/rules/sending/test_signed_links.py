"""Links of emails: what we made is known, whatever else is made of it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.message_kinds import MessageKind
from plugin.rules.sending.signed_links import LASTS_DAYS, EmailLinks, Link
from tests.reached import reach, reaches

NOW = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
OURS = EmailLinks("https://loyalty.example.com", b"k" * 32)
NUMBERS = st.integers(1, 10**15)
KINDS = st.sampled_from(["", *MessageKind])


@reaches(changed=0.5)
@given(NUMBERS, NUMBERS, KINDS, st.integers(0, 10**6), st.text("0123456789abcdef._-welcomé", min_size=1, max_size=3))
def test_a_link_says_what_it_was_made_of_and_nothing_else_can_be_made_of_it(
    shop: int, member: int, kind: str, place: int, other: str
) -> None:
    token = OURS.token(shop, member, kind, NOW)
    assert OURS.read(token) == Link(shop, member, kind, (NOW + timedelta(days=LASTS_DAYS)).date())
    assert EmailLinks(OURS.app_url, b"x" * 32).read(token) is None
    at = place % len(token)
    changed = token[:at] + other + token[at + 1 :]
    if changed != token:
        reach("changed")
        assert OURS.read(changed) is None


def test_it_lasts_to_the_end_of_its_last_day() -> None:
    link = OURS.read(OURS.token(1, 2, "welcome", NOW))
    assert link is not None
    last = NOW + timedelta(days=LASTS_DAYS)
    assert not link.over(last)
    assert link.over(last + timedelta(minutes=1))


def test_the_mark_of_a_message_is_none_of_a_link_and_survives_small_and_large_letters() -> None:
    ref = OURS.ref(12, 345)
    assert OURS.message_of(ref) == OURS.message_of(ref.upper()) == (12, 345)
    shop, message, mark = ref.split(".")
    for wrong in (f"13.{message}.{mark}", f"{shop}.346.{mark}", f"0{ref}", ref[:-1], "", f"{ref}.1", "1.2.3"):
        assert OURS.message_of(wrong) is None
    token = OURS.token(12, 345, "", NOW).split(".")
    assert OURS.message_of(f"12.345.{token[-1]}") is None


@pytest.mark.parametrize("kind", list(MessageKind))
def test_only_what_can_be_refused_has_a_link_to_unsubscribe(kind: MessageKind) -> None:
    links = OURS.links(1, 2, kind, NOW)
    ends = not kind.about.always and (kind.about.optional or kind.about.nature != "transactional")
    assert links.unsubscribe_url == (f"{links.preferences_url}/unsubscribe" if ends else "")
    assert links.preferences_url.startswith("https://loyalty.example.com/email/1.2.")
