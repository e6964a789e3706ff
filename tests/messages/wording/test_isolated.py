"""In a language that is written from the right, whatever Latin letters or money stand in a sentence are isolated: names
of shops, rewards and goods, amounts, order numbers. So no bracket, quotation mark or colon changes its side."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from html import unescape
from typing import Any, Final

import pytest

from plugin.messages.kinds import KINDS
from plugin.messages.render import render
from plugin.rules.brand import Brand
from plugin.rules.emails.member_facts import MemberFacts
from plugin.rules.formats import isolated, listed, one_line, reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.rewards.next_reward import NextReward
from plugin.rules.words import catalogues
from plugin.rules.words.texts import filled
from tests.messages.test_emails import NENA

LATIN: Final = "Ana's Café (2)"
NAMES: Final = MemberFacts(
    balance=188,
    reward=NextReward("Free shipping", 300, 112),
    tier_key="gold",
    tier="Gold",
    next_tier="Platinum",
    tier_missing="₱800.00",
    perks=("Free gift wrapping",),
    rewards_in_reach=("₱100 off", "Free mug"),
    rewards_url="https://nena.example/apps/suki/rewards",
    account_url="https://nena.example/account",
    invitation_url="https://nena.example/apps/suki/r/ANA",
    preferences_url="https://nena.example/preferences",
)
FSI, PDI = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_ISOLATE: Final = re.compile(f"{FSI}[^{FSI}{PDI}]*{PDI}")
_HIDDEN: Final = re.compile(r"<(head|style|title)\b.*?</\1>|<!--.*?-->|<bdi\b.*?</bdi>", re.DOTALL)
_BLOCK: Final = re.compile(r"</?(?:p|div|td|tr|li|h1|h2|table|br|a)\b[^>]*>|<span style=\"display:block[^>]*>")
_MARKUP: Final = re.compile(r"<[^>]+>")
_ADDRESS: Final = re.compile(r"https?://\S+|[A-Z]+(?:-[A-Z0-9]+)+")


def is_arabic(text: str) -> bool:
    return any(unicodedata.bidirectional(char) == "AL" for char in text)


def loose(line: str) -> str:
    """The Latin letters of a line that nothing isolates."""
    bare = _ADDRESS.sub("", line.replace("\N{LEFT-TO-RIGHT MARK}", ""))
    while (less := _ISOLATE.sub("", bare)) != bare:
        bare = less
    return "".join(char for char in bare if unicodedata.bidirectional(char) == "L")


@pytest.mark.parametrize("kind", MessageKind)
def test_every_name_and_every_amount_in_an_arabic_sentence_is_isolated(kind: MessageKind) -> None:
    for made in KINDS[kind].samples(replace(NENA, locale="ar")):
        known: Any = made
        named = {"first_name": "Ana", "reward": "Free mug", "tier": "Gold"}
        fields = {name: value for name, value in named.items() if isinstance(getattr(known, name, None), str)}
        mail = render(kind, replace(known, facts=NAMES, **fields), Brand())
        seen = unescape(_MARKUP.sub("", _BLOCK.sub("\n", _HIDDEN.sub("", mail.html))))
        for line in (mail.subject, *mail.text.splitlines(), *seen.splitlines()):
            assert not is_arabic(line) or (line, loose(line)) == (line, "")


def test_every_place_of_every_arabic_text_isolates_what_is_filled_in() -> None:
    locale = reader_locale("ar")
    for key, said_as in catalogues.catalogue("ar").texts.items():
        for pattern in [said_as] if isinstance(said_as, str) else said_as:
            places = set(re.findall(r"\{([a-z_]+)\}", pattern))
            said = filled(pattern, dict.fromkeys(places, LATIN), locale)
            assert said.count(f"{FSI}{LATIN}{PDI}") == sum(pattern.count(f"{{{place}}}") for place in places), key


def test_names_in_a_list_are_isolated_each_and_the_list_follows_the_sentence() -> None:
    said = listed(["Mug", "₱100 off"], reader_locale("ar"))
    assert said == f"{FSI}Mug{PDI} و{FSI}₱100 off{PDI}"


@pytest.mark.parametrize(
    ("said", "one"),
    [(f"a{FSI}b", f"a{FSI}b{PDI}"), (f"a{PDI}b", "ab"), (f"{FSI}{FSI}a{PDI}", f"{FSI}{FSI}a{PDI}{PDI}"),
     ("\N{RIGHT-TO-LEFT ISOLATE}a\N{RIGHT-TO-LEFT OVERRIDE}", "a"),
     (f"{FSI}{'x' * 300}{PDI}", f"{FSI}{'x' * 198}…{PDI}")],
)  # fmt: skip
def test_what_comes_from_outside_can_not_leave_an_isolate_open(said: str, one: str) -> None:
    assert one_line(said) == one


def test_readers_from_the_left_see_their_own_letters_as_they_are() -> None:
    assert isolated(LATIN, reader_locale("fr")) == LATIN
    assert isolated("متجر", reader_locale("fr")) == f"{FSI}متجر{PDI}"
