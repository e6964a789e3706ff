"""Staff read of a member, not of themselves: at the till and in the admin nothing says "your code" to them."""

from __future__ import annotations

import re

import pytest

from plugin.rules.words.catalogues import ENGLISH, catalogue

PLACE = re.compile(r"\{([a-z_]+)\}")
TO_SHOPPERS = re.compile(r"\b(you|your|you'll|you've|we'll)\b", re.IGNORECASE)
TEXTS = catalogue(ENGLISH).texts
OWN = sorted(key for key in TEXTS if key.startswith("staff.told."))
TOLD = ("shopper.reward.brings_", "shopper.reward.thanks_", "shopper.reward.can_undo", "shopper.held.",
        "shopper.api.cart_", "shopper.api.code_ready", "shopper.tier.multiplier")  # fmt: skip
"""What answers to staff are made of, too."""
NEUTRAL = {"shopper.reward.brings_donation"}
"""It says what the shop does."""


def _said(key: str) -> str:
    text = TEXTS[key]
    return text if isinstance(text, str) else " ".join(text)


@pytest.mark.parametrize("key", OWN)
def test_what_staff_read_fills_the_places_that_the_shopper_s_text_has_and_speaks_of_the_member(key: str) -> None:
    shoppers = f"shopper.{key.removeprefix('staff.told.')}"
    assert set(PLACE.findall(_said(key))) == set(PLACE.findall(_said(shoppers)))
    assert isinstance(TEXTS[key], str) is isinstance(TEXTS[shoppers], str)
    assert not TO_SHOPPERS.search(_said(key))


def test_whatever_speaks_to_the_shopper_has_words_for_staff() -> None:
    spoken = {key for key in TEXTS if key.startswith(TOLD) and TO_SHOPPERS.search(_said(key))} - NEUTRAL
    assert spoken <= {f"shopper.{key.removeprefix('staff.told.')}" for key in OWN}
