"""Texts that could be missing, or turn their neighbours round."""

from __future__ import annotations

import re

from plugin.messages.render import FOLDER
from plugin.messages.texts import Texts
from plugin.rules.formats import reader_locale
from plugin.rules.words.catalogues import knows


def test_every_reason_of_the_rules_has_words() -> None:
    """Reads the codes from the rules' own sources, so that a new one cannot be forgotten."""
    rules = FOLDER.parent / "rules" / "orders"
    earning = (rules / "earning.py").read_text(encoding="utf-8")
    refusals = set(
        re.findall(r'(?:return|else|and) "([a-z_]+)"', earning.split("def refusal")[1].split("def deserved")[0])
    )
    basis = (rules / "basis.py").read_text(encoding="utf-8").split("def exclusion(")[1].split("\ndef ")[0]
    exclusions = set(re.findall(r'return "([a-z_]+)"', basis))
    assert {"cancelled", "guest", "not_paid"} <= refusals
    assert {"gift_card", "tag"} <= exclusions
    for key in [f"reason.{code}" for code in refusals] + [f"reason.line.{code}" for code in exclusions]:
        assert knows(key), key


def test_a_name_in_the_other_direction_does_not_turn_its_neighbours() -> None:
    texts = Texts(reader_locale("en"))
    assert texts.text("order_confirmation.thanks", name="مريم") == "Thank you, \u2068مريم\u2069!"
    assert texts.text("order_confirmation.thanks", name="Maña") == "Thank you, Maña!"
