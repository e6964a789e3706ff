"""Nobody stumbles over a sentence: none of the turns of phrase that docs/extending/words.md warns of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plain_english import BANNED, NOT_WORDS, ROOT, files, stumbles


def test_no_sentence_for_people_has_a_turn_that_one_stumbles_over() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words!r}: {better}"
        for path in files()
        for line, words, better in stumbles(path)
    ]
    assert found == []


def test_every_exception_is_a_file_that_is_there() -> None:
    assert [name for name in NOT_WORDS if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "There is no such thing in this shop.",
        "Nothing was ticked.",
        "That page was too old.",
        "It is done by itself.",
        "{points} to go.",
        "What is paid out can no longer be undone.",
        "Tiers stand in the order of their marks.",
        "A code that is out works online.",
        "A gift card over {worth}.",
        "It tells stories at the press of a button.",
    ],
)
def test_the_turns_of_the_style_sheet_are_found(sentence: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<p>{sentence}</p>")
    assert list(stumbles(page)) != [] and len(BANNED) > 30
