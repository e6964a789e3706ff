"""A stored design: read as it was written, and doubted wherever it could be something else."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.errors import BadInput
from plugin.rules.emails.block_types import TYPES, BlockType, align_label, ground_label
from plugin.rules.emails.default_texts import Case, Text, Verbatim, fields_of
from plugin.rules.emails.design import Block, Conditions, Content, Design, Override, Source
from plugin.rules.emails.stored import MAX_BLOCKS, read_stored, to_stored
from plugin.rules.emails.variables import COMMON
from plugin.rules.words.catalogues import knows

FOOTER = {"id": "footer", "type": "footer"}
FULL = Design(
    texts={"en": {"subject": Override(text="Hi {{ first_name }}", was="0123456789ab")}},
    blocks=(
        Block(
            id="hero",
            type=BlockType.TEXT,
            when=Conditions(tiers=frozenset({"gold"}), guest=False, has_balance=True),
            align="center",
            ground="primary",
            texts={"en": {"title": Override(text="Hello")}, "fil": {"body": Override(text="**Kumusta**\nikaw")}},
            options={"link": "https://a.example/x"},
        ),
        Block(id="b1a2b3c4d", type=BlockType.DIVIDER, hidden=True, options={"space": "large"}),
        Block(id="footer", type=BlockType.FOOTER),
    ),
)


@pytest.mark.parametrize("content", [FULL, Source(subject="s", preheader="p", mjml="<mjml></mjml>", text="t")])
def test_content_comes_back_as_it_was_stored(content: Content) -> None:
    assert read_stored(to_stored(content)) == content


def refused(stored: object) -> dict[str, str]:
    with pytest.raises(BadInput) as wrong:
        read_stored(stored)
    return wrong.value.fields


def with_block(**parts: Any) -> dict[str, Any]:
    return {"blocks": [{"id": "a", "type": "text", **parts}, FOOTER]}


@pytest.mark.parametrize(
    ("stored", "place"),
    [
        ({"blocks": []}, "blocks"),
        ({"blocks": [FOOTER] * (MAX_BLOCKS + 1)}, "blocks"),
        ({"blocks": [{"id": "a", "type": "text"}]}, "blocks"),
        ({"blocks": [{**FOOTER, "id": "f"}, FOOTER]}, "blocks.1.type"),
        ({"blocks": [{"id": "footer", "type": "text"}, FOOTER]}, "blocks.1.id"),
        (with_block(type="script"), "blocks.0.type"),
        (with_block(id="../x"), "blocks.0.id"),
        (with_block(align="left; color:red"), "blocks.0.align"),
        (with_block(ground="#fff"), "blocks.0.ground"),
        (with_block(options={"link": "javascript:alert(1)"}), "blocks.0.options.link"),
        (with_block(options={"onclick": "x"}), "blocks.0.options.onclick"),
        (with_block(options={"link": 7}), "blocks.0.options.link"),
        (with_block(type="image", options={"image": "http://a.example/a.png"}), "blocks.0.options.image"),
        (with_block(type="image", options={"image": "{{ shop_url }}"}), "blocks.0.options.image"),
        (with_block(type="image", options={"width": "9999px"}), "blocks.0.options.width"),
        (with_block(when={"tiers": ["gold' or true"]}), "blocks.0.when.tiers"),
        (with_block(when={"guest": "yes"}), "blocks.0.when.guest"),
        (with_block(texts={"xx": {"title": {"text": "a"}}}), "blocks.0.texts.xx"),
        (with_block(texts={"en": {"nothing": {"text": "a"}}}), "blocks.0.texts.en.nothing"),
        (with_block(texts={"en": {"title": {"text": "{% raw %}"}}}), "blocks.0.texts.en.title"),
        (with_block(texts={"en": {"title": "text"}}), "blocks.0.texts.en.title"),
        (with_block(texts={"en": {"body": {"text": "x" * 5001}}}), "blocks.0.texts.en.body"),
        (with_block(texts=[]), "blocks.0.texts"),
        ({"blocks": [FOOTER], "texts": {"fil": {"subject": {"text": "x" * 10_000}}}}, "texts.fil.subject"),
        ({"blocks": [FOOTER], "texts": {"en": {"subject": {"text": "a\r\nBcc: b"}}}}, "texts.en.subject"),
        ({"source": {"mjml": "x" * 1_000_000}}, "source.mjml"),
        ({"source": {"text": 7}}, "source.text"),
        ({"source": []}, "source"),
        ({"blocks": "x"}, "blocks"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place(stored: object, place: str) -> None:
    assert place in refused(stored)


@pytest.mark.parametrize("stored", [None, [], "x", 7])
def test_what_is_no_content_at_all_is_refused(stored: object) -> None:
    assert refused(stored) == {}


def test_a_picture_may_come_from_the_sandbox_and_from_nowhere_else_without_tls() -> None:
    local = with_block(type="image", options={"image": "http://127.0.0.1:8541/files/a.png?v=1"})
    assert isinstance(read_stored(local), Design)
    for other in ("http://127.0.0.1.evil.example/a.png", "http://localhost@evil.example/", 'http://localhost/"x'):
        assert refused(with_block(type="image", options={"image": other}))


def test_the_footer_is_never_hidden_and_has_no_conditions() -> None:
    design = read_stored({"blocks": [{**FOOTER, "hidden": True, "when": {"guest": True}}]})
    assert isinstance(design, Design)
    assert design.blocks == (Block(id="footer", type=BlockType.FOOTER),)


def test_everything_that_staff_read_of_blocks_and_variables_has_words() -> None:
    labels = [kind.label for kind in TYPES.values()]
    labels += [field.label for kind in TYPES.values() for field in kind.shape.fields]
    options = [option for kind in TYPES.values() for option in kind.shape.options]
    labels += [option.label for option in options]
    labels += [option.choice_label(choice) for option in options for choice in option.choices]
    labels += [variable.label for variable in COMMON]
    labels += [ground_label(each) for each in ("", "card", "primary", "plain")]
    labels += [align_label(each) for each in ("", "start", "center", "end")]
    assert [label for label in labels if not knows(label)] == []


def test_a_default_text_is_shown_as_a_merchant_would_write_it() -> None:
    missing = Text("reward.missing", {"points": "reward.missing", "name": "reward.name"})
    assert missing.shown("en") == "You need {{ reward.missing }} more for {{ reward.name }}."
    assert Text("order_confirmation.guest").shown("en").startswith("Your {{ points_name }} are saved")
    assert fields_of("note", (Case("now", "state == 'now'", missing),)) == {"note.now": missing}
    assert fields_of("title", Verbatim("{{ why }}")) == {"title": Verbatim("{{ why }}")}
