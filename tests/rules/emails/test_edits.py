"""What staff do to blocks, and what is told to be different afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.errors import BadInput
from plugin.rules.emails import edits
from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.design import Block, Conditions, Design, Override, Source, fingerprint
from plugin.rules.emails.differences import differences
from plugin.rules.emails.edits import HEAD_ID
from plugin.rules.emails.stored import MAX_BLOCKS
from tests.reached import reach, reaches

TEXT = Block(id="intro", type=BlockType.TEXT, texts={"en": {"title": Override(text="Hi", was="abc")}})
BALANCE = Block(id="balance", type=BlockType.BALANCE)
FOOTER = Block(id="footer", type=BlockType.FOOTER)
DESIGN = Design(texts={"en": {"subject": Override(text="Mine")}}, blocks=(TEXT, BALANCE, FOOTER))


def order(design: Design) -> list[str]:
    return [block.id for block in design.blocks]


def test_a_block_moves_as_far_as_there_are_places() -> None:
    assert order(edits.moved(DESIGN, "intro", 1)) == ["balance", "intro", "footer"]
    assert order(edits.moved(DESIGN, "intro", -1)) == order(DESIGN)
    assert order(edits.moved(DESIGN, "footer", 9)) == order(DESIGN)
    with pytest.raises(BadInput, match="couldn't find this block"):
        edits.moved(DESIGN, "nobody", 1)


def test_a_block_is_hidden_and_shown_and_the_footer_stays() -> None:
    hidden = edits.turned(DESIGN, "balance")
    assert [block.hidden for block in hidden.blocks] == [False, True, False]
    assert edits.turned(hidden, "balance") == DESIGN
    for act in (edits.turned, edits.removed):
        with pytest.raises(BadInput, match="Every email needs this block"):
            act(DESIGN, "footer")


def test_a_block_is_added_above_the_footer_and_removed_again() -> None:
    added = edits.added(DESIGN, "button", "b1234abcd")
    assert order(added) == ["intro", "balance", "b1234abcd", "footer"]
    assert edits.removed(added, "b1234abcd") == DESIGN


@pytest.mark.parametrize("kind", ["nothing_of_the_kind", "", "footer", "order_lines"])
def test_what_is_no_block_or_none_to_add_is_refused(kind: str) -> None:
    with pytest.raises(BadInput, match="don't know this type"):
        edits.added(DESIGN, kind, "b1234abcd")


def test_more_blocks_than_an_email_may_have_are_refused() -> None:
    full = replace(DESIGN, blocks=tuple(replace(BALANCE, id=f"b{at}") for at in range(MAX_BLOCKS)))
    with pytest.raises(BadInput):
        edits.added(full, "text", "b1234abcd")


def test_a_text_is_put_back_in_one_language_only() -> None:
    both = replace(TEXT, texts={**TEXT.texts, "fil": {"title": Override(text="Uy")}})
    back = edits.put_back(replace(DESIGN, blocks=(both, FOOTER)), "intro", "title", "en")
    assert back.blocks[0].texts == {"fil": {"title": Override(text="Uy")}}
    assert edits.put_back(DESIGN, HEAD_ID, "subject", "en").texts == {}
    assert edits.put_back(DESIGN, "intro", "body", "en") == DESIGN


def test_changed_texts_are_copied_to_other_languages_and_know_which_default_they_replace() -> None:
    defaults = {"fil": {"intro": {"title": "Kumusta"}}, "en": {"intro": {"title": "Hello"}}}
    copied = edits.copied(DESIGN, "en", ["fil", "en"], defaults)
    assert copied.texts["fil"] == {"subject": Override(text="Mine")}
    assert copied.blocks[0].texts["fil"] == {"title": Override(text="Hi", was=fingerprint("Kumusta"))}
    assert copied.blocks[0].texts["en"] == TEXT.texts["en"]
    assert copied.blocks[1] == BALANCE
    one = edits.copied(DESIGN, "en", ["fil"], defaults, "intro")
    assert one.texts == DESIGN.texts
    assert one.blocks == copied.blocks


def test_copying_leaves_other_texts_of_the_other_language_alone() -> None:
    there = replace(TEXT, texts={**TEXT.texts, "fil": {"body": Override(text="Akin")}})
    copied = edits.copied(replace(DESIGN, blocks=(there, FOOTER)), "en", ["fil"], {"fil": {}})
    assert copied.blocks[0].texts["fil"] == {"body": Override(text="Akin"), "title": Override(text="Hi")}


def test_every_kind_of_difference_is_told() -> None:
    new = Design(
        blocks=(
            replace(BALANCE, hidden=True, align="center", ground="plain", when=Conditions(guest=True)),
            replace(TEXT, texts={"en": {"title": Override(text="")}}, options={"link": "https://example.com"}),
            Block(id="b1", type=BlockType.BUTTON, texts={"en": {"button": Override(text="Go")}}),
        )
    )
    told = [
        (one.what, one.block.id if one.block else "", one.name, one.old, one.new) for one in differences(DESIGN, new)
    ]
    assert told == [
        ("text", "", "subject", "Mine", None),
        ("removed", "footer", "", None, None),
        ("hidden", "balance", "", None, None),
        ("align", "balance", "", "", "center"),
        ("ground", "balance", "", "", "plain"),
        ("when", "balance", "", None, None),
        ("moved", "intro", "", None, None),
        ("option", "intro", "link", "", "https://example.com"),
        ("text", "intro", "title", "Hi", ""),
        ("added", "b1", "", None, None),
        ("text", "b1", "button", None, "Go"),
    ]


def test_a_source_differs_from_blocks_and_from_another_source_part_by_part() -> None:
    one, other = (Source(subject="A", preheader="", mjml=mjml, text="") for mjml in ("<mjml/>", "<mjml></mjml>"))
    assert [(each.name, each.old, each.new) for each in differences(one, other)] == [
        ("mjml", "<mjml/>", "<mjml></mjml>")
    ]
    assert [each.name for each in differences(DESIGN, one)] == ["subject", "mjml"]


@reaches(moved=0.5)
@given(st.permutations(["a", "b", "c", "d", "e"]))
def test_of_blocks_that_changed_places_no_more_are_named_than_need_be(after: list[str]) -> None:
    before = tuple(Block(id=name, type=BlockType.TEXT) for name in "abcde")
    told = differences(Design(blocks=before), Design(blocks=tuple(before["abcde".index(name)] for name in after)))
    moved = {one.block.id for one in told if one.block}
    if moved:
        reach("moved")
    rest = [name for name in after if name not in moved]
    assert rest == sorted(rest)
    assert all(one.what == "moved" for one in told)
    assert (after == list("abcde")) == (told == [])


def test_what_was_chosen_for_a_block_is_put_back_one_by_one() -> None:
    chosen = replace(TEXT, align="end", ground="plain", options={"link": ""})
    design = replace(DESIGN, blocks=(chosen, FOOTER))
    for name in ("align", "ground", "link"):
        design = edits.chosen_as_usual(design, "intro", name)
    assert design.blocks == (TEXT, FOOTER)
    assert edits.chosen_as_usual(design, "intro", "nothing_of_the_kind") == design
