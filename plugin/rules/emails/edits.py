"""What staff do to the blocks of an email: each gives the design as it is afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final

from plugin.errors import BadInput
from plugin.rules.emails.block_types import TYPES
from plugin.rules.emails.design import Block, Design, Override, Texts, fingerprint
from plugin.rules.emails.stored import MAX_BLOCKS
from plugin.rules.words.texts import Said

HEAD_ID: Final = "email"
"""Stands for the email as a whole, beside the ids of blocks: its subject and preheader."""
Defaults = Mapping[str, Mapping[str, str]]
"""The texts by default in one language: by block, then by field; those of the email under HEAD_ID."""


def moved(design: Design, block_id: str, places: int) -> Design:
    """The block so many places further down (or up), as far as there are places."""
    blocks = list(design.blocks)
    at = _place(design, block_id)
    one = blocks.pop(at)
    blocks.insert(max(0, min(len(blocks), at + places)), one)
    return replace(design, blocks=tuple(blocks))


def turned(design: Design, block_id: str) -> Design:
    """The block hidden, or shown again. Raises BadInput for one that every email needs."""
    one = design.blocks[_place(design, block_id)]
    if not one.type.shape.removable:
        raise BadInput(Said("messages.editor.must_stay"))
    return _with(design, replace(one, hidden=not one.hidden))


def removed(design: Design, block_id: str) -> Design:
    """Without the block. Raises BadInput for one that every email needs."""
    at = _place(design, block_id)
    if not design.blocks[at].type.shape.removable:
        raise BadInput(Said("messages.editor.must_stay"))
    return replace(design, blocks=design.blocks[:at] + design.blocks[at + 1 :])


def added(design: Design, kind: str, new_id: str) -> Design:
    """With a block of that type above the footer. Raises BadInput: no such type, one that isn't added, or too many."""
    known = TYPES.get(kind)
    if known is None or not known.shape.addable:
        raise BadInput(Said("messages.editor.no_type"))
    if len(design.blocks) >= MAX_BLOCKS:
        raise BadInput(Said("emails.wrong.blocks", limit=MAX_BLOCKS))
    last = next((at for at, one in enumerate(design.blocks) if not one.type.shape.removable), len(design.blocks))
    made = Block(id=new_id, type=known)
    return replace(design, blocks=(*design.blocks[:last], made, *design.blocks[last:]))


def put_back(design: Design, block_id: str, field: str, language: str) -> Design:
    """With the default of one text again, in one language."""
    return _edited(design, block_id, lambda texts: _without(texts, language, field))


def chosen_as_usual(design: Design, block_id: str, name: str) -> Design:
    """With the default of what is chosen for a block again: of one of its options, its alignment or its background."""
    one = design.blocks[_place(design, block_id)]
    if name == "align":
        return _with(design, replace(one, align=""))
    if name == "ground":
        return _with(design, replace(one, ground=""))
    return _with(design, replace(one, options={key: value for key, value in one.options.items() if key != name}))


def copied(
    design: Design, source: str, targets: Collection[str], defaults: Mapping[str, Defaults], block_id: str = ""
) -> Design:
    """With the texts that were changed in one language in others, too: of one block, or of the whole email."""
    for one in (block_id,) if block_id else (HEAD_ID, *(block.id for block in design.blocks)):
        known = {language: each.get(one, {}) for language, each in defaults.items()}
        design = _edited(design, one, _copier(source, targets, known))
    return design


def texts_of(design: Design, block_id: str) -> Texts:
    """The changed texts of one block, or of the email as a whole."""
    return design.texts if block_id == HEAD_ID else design.blocks[_place(design, block_id)].texts


def _copier(source: str, targets: Collection[str], known: Mapping[str, Mapping[str, str]]) -> Callable[[Texts], Texts]:
    def copies(texts: Texts) -> Texts:
        mine = texts.get(source, {})
        made = dict(texts)
        for language in targets:
            if mine and language != source:
                defaults = known.get(language, {})
                new = {name: Override(text=one.text, was=_was(defaults, name)) for name, one in mine.items()}
                made[language] = {**texts.get(language, {}), **new}
        return made

    return copies


def _was(defaults: Mapping[str, str], name: str) -> str:
    return fingerprint(defaults[name]) if name in defaults else ""


def _without(texts: Texts, language: str, field: str) -> Texts:
    own = {name: one for name, one in texts.get(language, {}).items() if name != field}
    rest = {key: each for key, each in texts.items() if key != language}
    return {**rest, language: own} if own else rest


def _edited(design: Design, block_id: str, change: Callable[[Texts], Texts]) -> Design:
    if block_id == HEAD_ID:
        return replace(design, texts=change(design.texts))
    one = design.blocks[_place(design, block_id)]
    return _with(design, replace(one, texts=change(one.texts)))


def _with(design: Design, block: Block) -> Design:
    return replace(design, blocks=tuple(block if one.id == block.id else one for one in design.blocks))


def _place(design: Design, block_id: str) -> int:
    for at, one in enumerate(design.blocks):
        if one.id == block_id:
            return at
    raise BadInput(Said("messages.editor.no_block"))
