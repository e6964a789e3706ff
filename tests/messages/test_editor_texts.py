"""What the editor shows of every kind: each text of each block, with variables that the kind has."""

from __future__ import annotations

from dataclasses import replace

from plugin.messages.designs import block_fields, default_of, default_text, head_fields, variables_of
from plugin.messages.kinds import KINDS
from plugin.messages.render import render
from plugin.rules.brand import Brand
from plugin.rules.emails.default_design import FOOTER, SOCIAL
from plugin.rules.emails.design import Override
from plugin.rules.emails.rich_text import parse, parse_line, paths
from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.catalogues import knows
from tests.messages.test_designs import FACTS
from tests.messages.test_emails import NENA


def test_the_editor_knows_every_text_of_every_kind() -> None:
    for kind in MessageKind:
        known = {variable.path for variable in variables_of(kind)}
        assert all(knows(variable.label) for variable in variables_of(kind)), kind
        fields = [(None, field) for field in head_fields(kind)]
        fields += [(block, field) for block in default_of(kind).blocks for field in block_fields(kind, block)]
        for block, field in fields:
            assert not field.case or knows(field.case_label), field.case_label
            for language in LANGUAGES:
                shown = default_text(kind, block, field.name, language)
                read = parse if field.field.writing == "rich" else parse_line
                inner = {"line.quantity", "more_lines"}
                assert {one.path for one in paths(read(shown))} <= known | inner, (kind, field.name, shown)


def test_every_kind_ends_with_the_social_links_and_the_footer() -> None:
    for kind in MessageKind:
        assert default_of(kind).blocks[-2:] == (SOCIAL.block(), FOOTER.block()), kind


def test_a_default_text_written_as_an_override_changes_nothing() -> None:
    """What the editor shows is what is sent, once it is saved unchanged."""
    for kind in MessageKind:
        design = default_of(kind)
        blocks = []
        for block in design.blocks:
            fields = block_fields(kind, block)
            texts = {one.name: Override(text=one.default("en")) for one in fields if one.words is not None}
            texts = {
                name: one
                for name, one in texts.items()
                if "more_lines" not in name and "{{ minutes }}" not in one.text and "{{ count }}" not in one.text
            }
            blocks.append(replace(block, texts={"en": texts}))
        for sample in KINDS[kind].samples(NENA):
            named = replace(
                sample, facts=FACTS, first_name="Ana", **({"advocate": "Maria"} if kind == "referral_code" else {})
            )
            assert (
                render(kind, named, Brand(), replace(design, blocks=tuple(blocks))).text
                == render(kind, named, Brand()).text
            )
