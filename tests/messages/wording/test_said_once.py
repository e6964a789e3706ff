"""No email says the same sentence twice: neither by itself, nor with all that may go in it as parts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any, Final

import pytest

from plugin.messages.kind import SampleShop
from plugin.messages.kinds import KINDS
from plugin.messages.render import render, render_piece
from plugin.rules.brand import Brand
from plugin.rules.emails.member_facts import MemberFacts
from plugin.rules.emails.one_mail import Sibling
from plugin.rules.formats import long_date, reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import RenderedMail
from plugin.rules.rewards.next_reward import NextReward
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.texts import text
from tests.messages.test_emails import NENA
from tests.web.figures import NOW

POOR: Final = MemberFacts(
    balance=188,
    pending=60,
    reward=NextReward("Free shipping", 300, 112),
    rewards_url="https://nena.example/apps/suki/rewards",
    account_url="https://nena.example/account",
    preferences_url="https://nena.example/preferences",
)
RICH: Final = replace(
    POOR,
    balance=1000,
    pending=0,
    reward=NextReward("Free shipping", 300, 0),
    rewards_in_reach=("Free mug", "Free shipping"),
)
GOODS: Final = frozenset(text(language, "sample.socks") for language in LANGUAGES)
_TAGS: Final = re.compile(r"<(head|style|title)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_ENDS: Final = re.compile(r"</(?:p|div|td|tr|li|h1|h2|a|table)>|<br ?/?>|<td\b[^>]*>|<span style=\"display:block[^>]*>")
_LINKS: Final = re.compile(r"<a\b.*?</a>", re.DOTALL)
_MARKUP: Final = re.compile(r"<[^>]+>")
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？؟])\s+|\n|\s{2,}")
LEAST: Final = 15
"""Shorter ones are labels and figures, which stand beside several things. Links, and lines of goods, may come again."""


def sentences(text: str) -> list[str]:
    found = (part.strip() for part in _SENTENCE.split(text))
    told = (one for one in found if len(one) >= LEAST and one not in GOODS)
    return [one for one in told if "https://" not in one and " · " not in one]


def of_html(html: str) -> list[str]:
    """What a reader sees, without what only the list of emails shows."""
    seen = re.sub(r"<div style=\"display:none.*?</div>", "", _TAGS.sub("", html), count=1, flags=re.DOTALL)
    return sentences(unescape(_MARKUP.sub("", _ENDS.sub("\n", _LINKS.sub("\n", seen)))))


def twice(said: list[str]) -> list[str]:
    return sorted(one for one, times in Counter(said).items() if times > 1)


def shop(language: str) -> SampleShop:
    return replace(NENA, locale=language)


def samples(kind: MessageKind, language: str, facts: MemberFacts) -> list[Any]:
    made: list[Any] = [replace(one, facts=facts) for one in KINDS[kind].samples(shop(language))]  # type: ignore[type-var]
    return made


def of_codes(language: str) -> frozenset[str]:
    """What is true of each code, and stands beside each."""
    until = long_date(date(2027, 2, 22), reader_locale(language))
    both = text(language, "code.explain"), text(language, "code.until", date=until)
    return frozenset(sentences("\n".join(both)) + sentences(" ".join(both)))


def twice_in(mail: RenderedMail) -> list[str]:
    """What it says again."""
    return twice(sentences(mail.text)) + twice(of_html(mail.html))


@pytest.mark.parametrize("facts", [POOR, RICH], ids=["poor", "rich"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_email_says_a_sentence_twice(language: str, facts: MemberFacts) -> None:
    found = {}
    for kind in MessageKind:
        for sample in samples(kind, language, facts):
            if again := twice_in(render(kind, sample, Brand())):
                found[kind.value] = again
    assert found == {}


CAUSED: Final = tuple(
    MessageKind(name)
    for name in (
        "order_confirmation", "code_ready", "welcome", "tier_reached", "tier_lost", "points_taken_back", "reward_given",
        "referral_ordered", "referral_ended", "points_usable",
    )
)  # fmt: skip
"""What an order may cause, or have with it."""
FIRST: Final = frozenset({MessageKind.ORDER_CONFIRMATION, MessageKind.POINTS_TAKEN_BACK})
"""The ones that most often lead; in the other languages only these are tried."""
PAIRS: Final = [
    (leader, part)
    for leader in CAUSED
    if Sibling(1, leader, True, NOW).leads
    for part in CAUSED
    if part is not leader and part.about.nature != "promotional"
]


@pytest.mark.parametrize("facts", [POOR, RICH], ids=["poor", "rich"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice_where_an_email_goes_with_another_in_it(language: str, facts: MemberFacts) -> None:
    found = {}
    for leader, part in PAIRS:
        if language != "en" and leader not in FIRST:
            continue
        piece = render_piece(part, samples(part, language, facts)[0], Brand())
        mail = render(leader, samples(leader, language, facts)[0], Brand(), None, [piece])
        if again := [one for one in twice_in(mail) if one not in of_codes(language)]:
            found[leader.value, part.value] = again
    assert found == {}
