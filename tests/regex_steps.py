"""How much work a regular expression is: a matcher that backtracks as Python's does, and counts its steps.

A clock tells a slow machine from a fast one; steps tell an expression that reads a text once from one that reads
it again from every place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

CATEGORIES = {
    c.CATEGORY_DIGIT: str.isdigit, c.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    c.CATEGORY_SPACE: str.isspace, c.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    c.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    c.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}  # fmt: skip
SINGLE = {c.LITERAL, c.NOT_LITERAL, c.IN, c.ANY}


class Matcher:
    """One expression on one text."""

    def __init__(self, pattern: str, flags: int, text: str) -> None:
        tree = parser.parse(pattern, flags)
        self.ops, self.flags, self.text, self.steps = list(tree), tree.state.flags, text, 0
        self.groups: dict[int | None, str] = {}

    def match_at(self, at: int, *, whole: bool = False) -> int | None:
        """Where a match that begins here ends."""
        ends = self._sequence(self.ops, 0, at)
        return next((end for end in ends if not whole or end == len(self.text)), None)

    def matches(self) -> list[tuple[int, int]]:
        """As `re.finditer` finds them."""
        found, at = [], 0
        while at <= len(self.text):
            end = self.match_at(at)
            if end is not None:
                found.append((at, end))
            at = max(at + 1, end or 0)
        return found

    def _sequence(self, ops: Any, place: int, at: int) -> Iterator[int]:
        if place == len(ops):
            yield at
            return
        for end in self._one(ops[place], at):
            yield from self._sequence(ops, place + 1, end)

    def _one(self, op: Any, at: int) -> Iterator[int]:
        kind, said = op
        self.steps += 1
        if kind in SINGLE:
            if self._fits(op, at):
                yield at + 1
        elif kind in (c.MAX_REPEAT, c.MIN_REPEAT):
            yield from self._repeat(said, at, lazy=kind is c.MIN_REPEAT)
        elif kind is c.POSSESSIVE_REPEAT:
            yield from _first(self._repeat(said, at, lazy=False))
        elif kind is c.ATOMIC_GROUP:
            yield from _first(self._sequence(list(said), 0, at))
        elif kind is c.SUBPATTERN:
            for end in self._sequence(list(said[3]), 0, at):
                self.groups[said[0]] = self.text[at:end]
                yield end
        elif kind is c.GROUPREF:
            if said in self.groups and self.text.startswith(self.groups[said], at):
                yield at + len(self.groups[said])
        elif kind is c.BRANCH:
            for way in said[1]:
                yield from self._sequence(list(way), 0, at)
        elif kind in (c.ASSERT, c.ASSERT_NOT):
            if self._seen(said, at) == (kind is c.ASSERT):
                yield at
        elif kind is c.AT:
            if self._stands(said, at):
                yield at
        else:
            raise NotImplementedError(f"{kind} is not counted")

    def _repeat(self, said: Any, at: int, *, lazy: bool) -> Iterator[int]:
        least, most, body = said[0], said[1], list(said[2])
        if len(body) == 1 and body[0][0] in SINGLE:
            yield from self._run(body[0], least, most, at, lazy=lazy)
        else:
            yield from self._again(body, least, most, at, 0, lazy=lazy)

    def _run(self, op: Any, least: int, most: int, at: int, *, lazy: bool) -> Iterator[int]:
        count = 0
        while lazy and count <= most:
            if count >= least:
                yield at + count
            self.steps += 1
            if count == most or not self._fits(op, at + count):
                return
            count += 1
        while count < most and self._fits(op, at + count):
            self.steps += 1
            count += 1
        for kept in range(count, least - 1, -1):
            self.steps += 1
            yield at + kept

    def _again(self, body: Any, least: int, most: int, at: int, done: int, *, lazy: bool) -> Iterator[int]:
        if lazy and done >= least:
            yield at
        if done < most:
            for end in self._sequence(body, 0, at):
                if end > at:
                    yield from self._again(body, least, most, end, done + 1, lazy=lazy)
        if not lazy and done >= least:
            yield at

    def _seen(self, said: Any, at: int) -> bool:
        direction, tree = said
        start = at if direction > 0 else at - tree.getwidth()[0]
        return start >= 0 and next(self._sequence(list(tree), 0, start), None) is not None

    def _fits(self, op: Any, at: int) -> bool:
        if at >= len(self.text):
            return False
        (kind, said), char = op, self.text[at]
        if kind is c.ANY:
            return bool(self.flags & re.DOTALL) or char != "\n"
        if kind is c.IN:
            return self._within(said, char)
        chars = {char, char.lower(), char.upper()} if self.flags & re.IGNORECASE else {char}
        return (chr(said) in chars) == (kind is c.LITERAL)

    def _within(self, items: Any, char: str) -> bool:
        chars = {char, char.lower(), char.upper()} if self.flags & re.IGNORECASE else {char}
        negated = items[0][0] is c.NEGATE
        for kind, said in items:
            if (
                (kind is c.LITERAL and chr(said) in chars)
                or (kind is c.RANGE and any(said[0] <= ord(each) <= said[1] for each in chars))
                or (kind is c.CATEGORY and CATEGORIES[said](char))
            ):
                return not negated
        return negated

    def _stands(self, where: Any, at: int) -> bool:
        before, after = self.text[at - 1 : at] if at else "", self.text[at : at + 1]
        if where is c.AT_BEGINNING and self.flags & re.MULTILINE:
            return before in ("", "\n")
        if where in (c.AT_BEGINNING, c.AT_BEGINNING_STRING):
            return at == 0
        if where in (c.AT_BOUNDARY, c.AT_NON_BOUNDARY):
            word = [bool(each) and CATEGORIES[c.CATEGORY_WORD](each) for each in (before, after)]
            return (word[0] != word[1]) == (where is c.AT_BOUNDARY)
        if where is c.AT_END:
            return after == "" or (after == "\n" and (at + 1 == len(self.text) or bool(self.flags & re.MULTILINE)))
        return after == ""


def _first(ends: Iterator[int]) -> Iterator[int]:
    end = next(ends, None)
    if end is not None:
        yield end


def steps(pattern: str, flags: int, text: str, *, everywhere: bool) -> int:
    """The steps of `finditer` (everywhere), or of one match from the beginning to the end."""
    matcher = Matcher(pattern, flags, text)
    if everywhere:
        matcher.matches()
    else:
        matcher.match_at(0, whole=True)
    return matcher.steps
