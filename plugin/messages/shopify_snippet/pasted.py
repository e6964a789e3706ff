"""Finds our snippets in a template that somebody pastes back, and says what of them is out of date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plugin.errors import BadInput
from plugin.messages.shopify_snippet.snippet import SnippetKind, fingerprint
from plugin.rules.words.texts import Said

MOST_BYTES: Final = 1_000_000
_MARK: Final = re.compile(
    r"\{%-?\s*comment\s*-?%\}\s*Suki (?P<kind>[a-z_]{1,40})(?:, version (?P<version>\d{1,9}), (?P<mark>[0-9a-f]{10})\."
    r"[^{}]{0,200}| (?P<ends>ends)\s*)\{%-?\s*endcomment\s*-?%\}"
)
_FIRST_FORM: Final = re.compile(r"Suki: points and the next code\.[^{}]{0,120}Made for version (?P<version>\d{1,9})")
"""How snippets began before they had an end."""
_NAMES: Final = re.compile(r"\bsuki_(?:points|balance|code)\b")


class Standing(StrEnum):
    """How a pasted snippet stands."""

    CURRENT = "current"
    OUT_OF_DATE = "out_of_date"
    CHANGED = "changed"  # by hand: it is not what we wrote, whatever its first line says
    CUT = "cut"  # its last line is missing
    COMMENTED_OUT = "commented_out"
    TWICE = "twice"
    ELSEWHERE = "elsewhere"  # it is the snippet for another of Shopify's emails
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to say of a template; `version` is that of the programme, 0 where none is named."""

    kind: SnippetKind
    standing: Standing
    version: int = 0


def look(template: str, kind: SnippetKind, current: str) -> tuple[Found, ...]:
    """What of ours stands in the template of that email; `current` is the snippet as it is now.

    Raises BadInput for a template beyond a megabyte.
    """
    if len(template) > MOST_BYTES or len(template.encode("utf-8", "replace")) > MOST_BYTES:
        raise BadInput(Said("frame.wrong.fields"), {"template": Said("messages.shopify_mail.check.too_long")})
    found = _marked(template, kind, _body_of(current))
    if found:
        return found
    if old := _FIRST_FORM.search(template):
        return (Found(kind, Standing.OUT_OF_DATE, int(old["version"])),)
    return (Found(kind, Standing.CUT if _NAMES.search(template) else Standing.MISSING),)


def _body_of(current: str) -> str:
    first, last = (list(_MARK.finditer(current))[place] for place in (0, -1))
    return fingerprint(current[first.end() : last.start()])


def _marked(template: str, asked: SnippetKind, current: str) -> tuple[Found, ...]:
    marks = [mark for mark in _MARK.finditer(template) if mark["kind"] in set(SnippetKind)]
    begins = [mark for mark in marks if not mark["ends"]]
    found = []
    for place, mark in enumerate(begins):
        kind, version = SnippetKind(mark["kind"]), int(mark["version"])
        last = next((one for one in marks if one.start() >= mark.end()), None)
        closed = last is not None and bool(last["ends"]) and last["kind"] == kind
        body = fingerprint(template[mark.end() : last.start()]) if closed and last is not None else ""
        standing = _standing(mark["mark"], body, current)
        if kind != asked:
            standing = Standing.ELSEWHERE
        elif _hidden(template[: mark.start()]):
            standing = Standing.COMMENTED_OUT
        elif any(SnippetKind(one["kind"]) == kind for one in begins[:place]):
            standing = Standing.TWICE
        found.append(Found(kind, standing, version))
    return tuple(found)


def _standing(mark: str, body: str, current: str) -> Standing:
    if not body:
        return Standing.CUT
    if body != mark:
        return Standing.CHANGED
    return Standing.CURRENT if body == current else Standing.OUT_OF_DATE


def _hidden(before: str) -> bool:
    """Whether what follows stands within a comment, of the page or of Liquid."""
    if before.rfind("<!--") > before.rfind("-->"):
        return True
    opened = len(re.findall(r"\{%-?\s*comment\s*-?%\}", before))
    return opened > len(re.findall(r"\{%-?\s*endcomment\s*-?%\}", before))
