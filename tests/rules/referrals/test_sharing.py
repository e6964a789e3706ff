"""Where a link can be shared: the words and the link come through whole, and people are offered what they use."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.referrals.sharing import CHANNELS, NONE, channels
from plugin.rules.words import catalogues

LINK = "https://shop.example/apps/suki/r/abc123?x=1&y=2#z"


@given(words=st.text(min_size=1, max_size=80).filter(lambda text: text.isprintable()))
@pytest.mark.parametrize("key", list(CHANNELS))
def test_the_link_and_the_words_come_through_whole_whatever_stands_in_them(key: str, words: str) -> None:
    address = CHANNELS[key].opens(LINK, words)
    assert "#" not in address and " " not in address
    values = [value for _, value in parse_qsl(urlsplit(address).query)] or [unquote(address.partition("=")[2])]
    whole = [f"{words} {LINK}"], [LINK], [LINK, words]
    assert values in whole
    assert CHANNELS[key].is_page == address.startswith("https://")


def keys(share: str, currency: str) -> list[str]:
    return [one.key for one in channels(share, currency)]


def test_people_are_offered_what_they_use_where_the_shop_is() -> None:
    assert keys("", "PHP") == ["messenger", "viber", "facebook", "sms", "email"]
    assert keys("", "JPY")[:1] == ["line"]
    assert keys("", "EUR")[:1] == ["whatsapp"]


def test_a_merchant_chooses_some_or_none() -> None:
    assert keys("viber,email", "EUR") == ["viber", "email"]
    assert keys(NONE, "PHP") == []


def test_a_channel_without_a_name_of_its_own_has_one_in_the_catalogues() -> None:
    for one in CHANNELS.values():
        assert bool(one.name) != catalogues.knows(f"shopper.friends.by.{one.key}")
