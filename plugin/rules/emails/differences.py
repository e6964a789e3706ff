"""What is different between two designs of an email, block by block, as staff read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from plugin.rules.emails.design import Block, Content, Design, Override, Source, Texts

What = Literal["added", "removed", "moved", "hidden", "shown", "text", "option", "align", "ground", "when", "source"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `block` is None for the email as a whole; `name` is the field or option; None for `old`
    or `new` is the default, an empty text nothing."""

    what: What
    block: Block | None = None
    name: str = ""
    language: str = ""
    old: str | None = None
    new: str | None = None


def differences(old: Content, new: Content) -> list[Difference]:
    """From one to the other, in the order of the new one's blocks."""
    if isinstance(old, Design) and isinstance(new, Design):
        return list(_designs(old, new))
    parts = ("subject", "preheader", "mjml", "text")
    before, after = ({part: getattr(one, part, "") for part in parts if isinstance(one, Source)} for one in (old, new))
    return [
        Difference("source", name=part, old=before.get(part, ""), new=after.get(part, ""))
        for part in parts
        if before.get(part, "") != after.get(part, "")
    ]


def _designs(old: Design, new: Design) -> Iterator[Difference]:
    yield from _texts(None, old.texts, new.texts)
    before = {block.id: block for block in old.blocks}
    after = {block.id: block for block in new.blocks}
    yield from (Difference("removed", block) for name, block in before.items() if name not in after)
    moved = _moved([name for name in before if name in after], [name for name in after if name in before])
    for name, block in after.items():
        if name not in before:
            yield Difference("added", block)
            yield from _texts(block, {}, block.texts)
            continue
        if name in moved:
            yield Difference("moved", block)
        yield from _blocks(before[name], block)


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Which stand elsewhere: all but a longest run of blocks that kept their order."""
    place = {name: at for at, name in enumerate(before)}
    runs: list[list[str]] = [[]]
    for name in after:
        ahead = [run for run in runs if not run or place[run[-1]] < place[name]]
        runs.append([*_longest(ahead), name])
    return set(after) - set(_longest(runs))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=len)


def _blocks(old: Block, new: Block) -> Iterator[Difference]:
    if old.hidden != new.hidden:
        yield Difference("hidden" if new.hidden else "shown", new)
    if old.align != new.align:
        yield Difference("align", new, old=old.align, new=new.align)
    if old.ground != new.ground:
        yield Difference("ground", new, old=old.ground, new=new.ground)
    if old.when != new.when:
        yield Difference("when", new)
    for name in sorted({*old.options, *new.options}):
        if old.options.get(name, "") != new.options.get(name, ""):
            yield Difference("option", new, name, old=old.options.get(name, ""), new=new.options.get(name, ""))
    yield from _texts(new, old.texts, new.texts)


def _texts(block: Block | None, old: Texts, new: Texts) -> Iterator[Difference]:
    for language in sorted({*old, *new}):
        before, after = _said(old.get(language, {})), _said(new.get(language, {}))
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                yield Difference("text", block, name, language, before.get(name), after.get(name))


def _said(own: Mapping[str, Override]) -> dict[str, str]:
    return {name: one.text for name, one in own.items()}
