"""Bold and italic cost little of what mail programs show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.messages.check import CUT_OFF_BYTES
from plugin.messages.designs import default_of
from plugin.messages.render import render
from plugin.rules.brand import Brand
from plugin.rules.emails.block_types import RICH, BlockType
from plugin.rules.emails.design import Block, Override
from plugin.rules.message_kinds import MessageKind
from tests.messages.test_designs import KNOWN


@pytest.mark.parametrize("mark", ["**", "*"])
def test_three_of_the_longest_texts_in_bold_stay_far_from_where_mail_programs_cut_off(mark: str) -> None:
    words = f"{mark}a{mark} " * (RICH // (2 + 2 * len(mark)) - 1)
    texts = {"en": {"body": Override(text=words.strip())}}
    own = [Block(id=f"own{place}", type=BlockType.TEXT, texts=texts) for place in range(3)]
    design = default_of(MessageKind.WELCOME)
    full = replace(design, blocks=(*design.blocks[:-1], *own, design.blocks[-1]))
    assert len(render(MessageKind.WELCOME, KNOWN, Brand(), full).html.encode()) < CUT_OFF_BYTES * 2 // 3
