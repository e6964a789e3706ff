"""What the editor shows of a block in one language: nothing that was found in another."""

from __future__ import annotations

from plugin.messages.designs import default_of
from plugin.rules.emails.findings import Finding
from plugin.rules.message_kinds import MessageKind
from plugin.web.admin.messages import shown_blocks


def test_what_is_wrong_in_another_language_is_not_said_in_the_block() -> None:
    kind = MessageKind.WELCOME
    design = default_of(kind)
    block = design.blocks[0].id
    found = [Finding(code="blank_variable", block=block, language=language) for language in ("en", "fil", "")]
    shown = {language: shown_blocks._findings(block, language, found) for language in ("en", "fil", "de")}
    assert {key: [one.language for one in each] for key, each in shown.items()} == {
        "en": ["en", ""],
        "fil": ["fil", ""],
        "de": [""],
    }
