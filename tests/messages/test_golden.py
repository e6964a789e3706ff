"""Every email is what it was, in every language."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from plugin.messages.kinds import KINDS
from plugin.messages.render import render
from plugin.rules.brand import Brand
from plugin.rules.message_kinds import MessageKind
from tests.messages.golden import GOLDEN, TELL, said
from tests.messages.test_designs import FACTS
from tests.messages.test_emails import NENA


@pytest.mark.parametrize("kind", MessageKind)
def test_an_email_says_what_it_said(kind: MessageKind) -> None:
    file = GOLDEN / f"{kind}.txt"
    assert file.is_file(), f"{kind} is new.{TELL}"
    assert said(kind) == file.read_text(encoding="utf-8"), TELL


def test_no_kind_that_is_gone_has_a_file() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(MessageKind)


@pytest.mark.parametrize("kind", MessageKind)
def test_no_email_leads_twice_in_a_row_to_the_same_place_by_the_same_words(kind: MessageKind) -> None:
    """But to the shop: by a button of its own, and by the footer."""
    for sample in KINDS[kind].samples(NENA):
        told: Any = sample
        lines = render(kind, replace(told, facts=FACTS, locale="en"), Brand()).text.split("\n")
        leading = [line for line in lines if "https://" in line and not line.endswith("//nena.example")]
        assert [one for one, other in pairwise(leading) if one == other] == []
