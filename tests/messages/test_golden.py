"""Every email is what it was, in every language."""

from __future__ import annotations

import pytest

from plugin.rules.message_kinds import MessageKind
from tests.messages.golden import GOLDEN, TELL, said


@pytest.mark.parametrize("kind", MessageKind)
def test_an_email_says_what_it_said(kind: MessageKind) -> None:
    file = GOLDEN / f"{kind}.txt"
    assert file.is_file(), f"{kind} is new.{TELL}"
    assert said(kind) == file.read_text(encoding="utf-8"), TELL


def test_no_kind_that_is_gone_has_a_file() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(MessageKind)
